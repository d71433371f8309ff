-- Public keys with which people sign in (WebAuthn).
create table passkeys (
  id uuid primary key,
  owner_id uuid not null references owners on delete cascade,
  credential_id bytea not null unique,
  public_key bytea not null,
  -- How often it was used, as it says itself: a number that falls back gives a copy away. Many always say 0.
  counter bigint not null,
  transports text not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkeys_owner on passkeys (owner_id);

-- Values that were good once, until the moment at which they would not be good any more.
create table used_values (
  id uuid primary key,
  expires_at timestamptz not null
);
create index used_values_expiry on used_values (expires_at);

grant select, insert, update, delete on passkeys, used_values to app;

alter table passkeys enable row level security;
alter table passkeys force row level security;
create policy migrator_all on passkeys to current_user using (true) with check (true);
create policy own on passkeys to app
  using (owner_id = (select current_actor())) with check (owner_id = (select current_actor()));
create policy system on passkeys to app using ((select is_system())) with check ((select is_system()));
