-- An agent that is gone gets no chain anew: not by the answer to its own deletion, nor by what another server still held.

create or replace function append_to_ledger(subjects uuid[], months date[], froms timestamptz[], untils timestamptz[],
    lines text[])
  returns bigint language sql volatile security definer set search_path = pg_catalog, public
  as $$
    with given as materialized (
      select * from unnest(subjects, months, froms, untils, lines) as g(subject_id, month, from_at, until_at, entries)
      where not exists (select from public.agents a where a.id = g.subject_id and a.deleted_at is not null)),
    heads as (
      insert into public.access_ledger_heads as h (subject_id, month, number, digest)
      select g.subject_id, g.month, 1,
        sha256(convert_to(g.subject_id || '/' || to_char(g.month, 'YYYY-MM') || E'\n' || g.entries, 'UTF8'))
      from given g order by g.subject_id, g.month
      on conflict (subject_id, month) do update
        set number = h.number + 1, digest = sha256(h.digest || excluded.digest)
      returning h.subject_id, h.month, h.number, h.digest),
    rows as (
      insert into public.access_ledger (subject_id, month, number, from_at, until_at, entries, digest)
      select h.subject_id, h.month, h.number, g.from_at, g.until_at, g.entries, h.digest
      from heads h join given g on g.subject_id = h.subject_id and g.month = h.month
      returning 1)
    select count(*) from rows
  $$;

-- As before, and what came in the very moment of a deletion.
create or replace function drop_ledger_months(before date) returns bigint
  language sql volatile security definer set search_path = pg_catalog, public
  as $$
    with bound as materialized (
      select date_trunc('month', least(before, (clock_timestamp() at time zone 'UTC')::date - 31))::date as month),
    gone as materialized (
      select h.subject_id as id from public.access_ledger_heads h join public.agents a on a.id = h.subject_id
      where a.deleted_at is not null),
    heads as (
      delete from public.access_ledger_heads h using bound b
      where h.month < b.month or h.subject_id in (select id from gone) returning 1),
    rows as (
      delete from public.access_ledger l using bound b
      where l.month < b.month or l.subject_id in (select id from gone) returning 1)
    select count(*) from heads
  $$;
