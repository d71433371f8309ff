-- Who runs the network, by name: what each may do hangs on the role. An operator is never deleted, only removed, so that
-- the record of what they did keeps its name.
create table operators (
  id uuid primary key,
  name text not null,
  name_key text not null,
  role text not null check (role in ('admin', 'moderator', 'auditor')),
  -- Whoever opens the link on the console acts by this one account.
  is_console boolean not null default false,
  invited_by uuid references operators,
  created_at timestamptz not null,
  last_seen_at timestamptz,
  removed_at timestamptz
);
create unique index operators_name on operators (name_key) where removed_at is null;
create unique index operators_console on operators (is_console) where is_console;

grant select, insert, update on operators to app;
alter table operators enable row level security;
alter table operators force row level security;
create policy migrator_all on operators to current_user using (true) with check (true);
create policy system on operators to app using ((select is_system())) with check ((select is_system()));

-- Operators' sessions and passkeys are somebody's too. Sessions of before were nobody's.
delete from owner_sessions where is_operator;
alter table owner_sessions
  add column operator_id uuid references operators,
  add check (num_nonnulls(owner_id, operator_id) = 1),
  drop column is_operator;
create index owner_sessions_operator on owner_sessions (operator_id) where operator_id is not null;
alter table magic_links add column operator_id uuid references operators;
alter table passkeys
  alter column owner_id drop not null,
  add column operator_id uuid references operators,
  add check (num_nonnulls(owner_id, operator_id) = 1);
create index passkeys_operator on passkeys (operator_id) where operator_id is not null;

create policy bearer on operators for select to app using (id in (
  select operator_id from owner_sessions
  where token_hash = (select current_token()) or previous_hash = (select current_token())));
