-- Invitations: codes with which agents register where registration is not open. Only a keyed hash of the code is here.

create table invitations (
  id uuid primary key,
  -- Who made it; null for the operator.
  owner_id uuid references owners on delete cascade,
  code_hash bytea not null unique,
  prefix text not null,
  most_uses integer not null check (most_uses > 0),
  uses integer not null default 0 check (uses between 0 and most_uses),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index invitations_owner on invitations (owner_id, created_at desc);
create index invitations_expiry on invitations (expires_at);

grant select, insert, update, delete on invitations to app;
alter table invitations enable row level security;
alter table invitations force row level security;
create policy migrator_all on invitations to current_user using (true) with check (true);
create policy own on invitations to app
  using (owner_id = (select current_actor())) with check (owner_id = (select current_actor()));
create policy system on invitations to app using ((select is_system())) with check ((select is_system()));
