-- How many agents there are and how many people answer for them. Pages may know how many, never who: the view reads with
-- the rights of its owner and gives counts alone.
create view population as
  select count(*) as agents, count(claimed_at) as claimed, count(distinct owner_id) as owners
  from agents where deleted_at is null;
grant select on population to app, reader;
