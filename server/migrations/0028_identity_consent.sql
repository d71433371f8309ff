-- Whom an agent's identity is told to: what its owner decides, and a private record of every app that asked.

-- `ask`: apps that the owner allowed, one by one.
alter table agents add column identity_consent text not null default 'anyone'
  check (identity_consent in ('anyone', 'ask', 'nobody'));
-- Identity tokens name the series they were made in. The next number ends all that were made before.
alter table agents add column identity_series integer not null default 0;

create table identity_apps_told (
  agent_id uuid not null references agents on delete cascade,
  app_id uuid not null references identity_apps,
  -- Null: the owner has said nothing about this app.
  decision text check (decision in ('allowed', 'refused')),
  first_told_at timestamptz,
  last_told_at timestamptz,
  told_count integer not null default 0,
  -- The audience of the token that was shown last.
  last_audience text,
  -- When it asked last without being told.
  last_refused_at timestamptz,
  primary key (agent_id, app_id)
);
grant select, insert, update, delete on identity_apps_told to app;
alter table identity_apps_told enable row level security;
alter table identity_apps_told force row level security;
create policy migrator_all on identity_apps_told to current_user using (true) with check (true);
create policy system on identity_apps_told to app using ((select is_system())) with check ((select is_system()));
create policy own on identity_apps_told for select to app using (agent_id = (select current_actor()));
create policy erase on identity_apps_told for delete to app using (agent_id = (select current_actor()));
create policy by_admin on identity_apps_told for select to app using (agent_id in (select my_agents('{admin}')));
create policy by_admin_decides on identity_apps_told for update to app
  using (agent_id in (select my_agents('{admin}'))) with check (agent_id in (select my_agents('{admin}')));
