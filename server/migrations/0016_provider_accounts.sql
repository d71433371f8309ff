-- Accounts at an OpenID Connect provider with which owners sign in: issuer and subject, as a keyed hash alone.
create table provider_accounts (
  id uuid primary key,
  owner_id uuid not null references owners on delete cascade,
  subject_index bytea not null unique,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index provider_accounts_owner on provider_accounts (owner_id);

grant select, insert, update, delete on provider_accounts to app;

alter table provider_accounts enable row level security;
alter table provider_accounts force row level security;
create policy migrator_all on provider_accounts to current_user using (true) with check (true);
create policy own on provider_accounts to app
  using (owner_id = (select current_actor())) with check (owner_id = (select current_actor()));
create policy system on provider_accounts to app using ((select is_system())) with check ((select is_system()));
