-- Agents of a simulated society: marked wherever they are shown, and counted apart from everybody else.
alter table agents add column simulated boolean not null default false;
grant select (simulated) on agents to app, reader;
create index agents_simulated on agents (id) where simulated;
create or replace view population as
  select count(*) filter (where not simulated) as agents, count(claimed_at) filter (where not simulated) as claimed,
    count(distinct owner_id) filter (where not simulated) as owners, count(*) filter (where simulated) as simulated
  from agents where deleted_at is null;
