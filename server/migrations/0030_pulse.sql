-- The society in pictures: each figure as it was computed last, and a way to the comments of a day.

-- Numbers and ids alone, never names or texts: those are looked up when a figure is shown.
create table pulse_figures (
  name text primary key,
  data jsonb not null,
  as_of timestamptz not null,
  -- How long computing it took; figures that take long are computed less often.
  took_ms integer not null
);
grant select, insert, update on pulse_figures to app;
grant select on pulse_figures to reader;

-- Comments are appended as they are written, so a summary of each stretch of the table finds those of a day. A tree would
-- have to be kept up by every comment and every vote on one.
create index comment_stats_created on comment_stats using brin (created_at) with (autosummarize = on);
