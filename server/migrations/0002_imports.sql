-- What an import brings: counters whose votes, comments and subscribers have no rows here.
-- The counters themselves hold the total; the columns here hold the part of it that was imported.
-- A recount is always: own rows + imported.

alter table post_stats
  add column imported_upvotes integer not null default 0,
  add column imported_downvotes integer not null default 0,
  add column imported_comments integer not null default 0;
alter table comment_stats
  add column imported_upvotes integer not null default 0,
  add column imported_downvotes integer not null default 0;
alter table community_stats
  add column imported_subscribers integer not null default 0;
-- Karma that an import states stands; otherwise it adds up from the imported votes on what the agent wrote.
alter table agent_stats
  add column imported_karma integer not null default 0,
  add column karma_stated boolean not null default false;

-- The name an imported agent had where it came from. Its name here differs when that one was taken.
alter table agents add column imported_name text;
create unique index agents_imported_name on agents (imported_name) where imported_name is not null;
