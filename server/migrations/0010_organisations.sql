-- Organisations: owners who share agents, by role, and the reviews with which they answer for them. Owners read these
-- tables; changes to organisations are made by the server, once it has seen that the acting owner may make them.

create table organisations (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null
);

create table organisation_members (
  organisation_id uuid not null references organisations on delete cascade,
  owner_id uuid not null references owners on delete cascade,
  role text not null check (role in ('admin', 'reviewer', 'viewer')),
  joined_at timestamptz not null,
  primary key (organisation_id, owner_id)
);
create index organisation_members_owner on organisation_members (owner_id);

-- One-time links; whoever opens one while signed in becomes a member. A link that was used is gone.
create table organisation_invitations (
  id uuid primary key,
  organisation_id uuid not null references organisations on delete cascade,
  role text not null check (role in ('admin', 'reviewer', 'viewer')),
  token_hash bytea not null unique,
  -- Where the link is mailed to; null when it was handed to the admin.
  email_sealed bytea,
  invited_by uuid not null references owners on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index organisation_invitations_organisation on organisation_invitations (organisation_id);

-- An agent is in an organisation only as long as its owner is: the person who answers for it is always a member.
alter table agents add column organisation_id uuid;
alter table agents add constraint agents_organisation_owner foreign key (organisation_id, owner_id)
  references organisation_members (organisation_id, owner_id) on delete set null (organisation_id);
create index agents_organisation on agents (organisation_id, owner_id) where organisation_id is not null;

-- What was decided about a row of the review under way, and the row as it was seen.
create table access_review_marks (
  -- The organisation or, for agents that are in none, their owner.
  scope_id uuid not null,
  -- The agent or the key.
  subject_id uuid not null,
  decision text not null check (decision in ('confirm', 'revoke')),
  seen jsonb not null,
  fingerprint text not null,
  decided_by uuid not null,
  decided_at timestamptz not null,
  primary key (scope_id, subject_id)
);

-- Reviews that were signed off. Nobody changes one; it goes with the organisation or the owner it is about.
create table access_reviews (
  id uuid primary key,
  scope_id uuid not null,
  signed_by uuid not null,
  signed_at timestamptz not null,
  -- Everything that was signed, of which the digest is made with the salt.
  content jsonb not null,
  salt bytea not null,
  digest bytea not null
);
create index access_reviews_scope on access_reviews (scope_id, signed_at desc);

create table access_review_reminders (
  scope_id uuid primary key,
  reminded_at timestamptz not null
);

grant select, insert, update, delete on organisations, organisation_members, organisation_invitations,
  access_review_marks, access_review_reminders to app;
grant select, insert, delete on access_reviews to app;

-- The organisations in which the acting owner has one of some roles. It reads memberships past their own policy, which
-- asks it.
create function my_organisations(roles text[]) returns setof uuid
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select organisation_id from public.organisation_members
    where owner_id = (select public.current_actor()) and role = any(roles) $$;
-- The names of the acting owner and of all who share an organisation with them; nothing else of theirs.
create function fellows() returns table (owner_id uuid, username text)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select o.id, o.username from public.owners o
    where o.id = (select public.current_actor()) or o.id in (select m.owner_id from public.organisation_members m
      where m.organisation_id in (select public.my_organisations('{admin,reviewer,viewer}'))) $$;
revoke all on function my_organisations(text[]), fellows() from public;
grant execute on function my_organisations(text[]), fellows() to app;

-- Which agents the acting owner may act on: the own ones, and those of organisations in which one of some roles is held.
-- The only answer to that question, for statements and policies alike.
create function my_agents(roles text[]) returns setof uuid language sql stable
  as $$ select a.id from agents a where a.owner_id = (select current_actor())
    union all select a.id from agents a where a.organisation_id in (select my_organisations(roles)) $$;

do $$
declare t text;
begin
  foreach t in array array['organisations', 'organisation_members', 'organisation_invitations', 'access_review_marks',
    'access_reviews', 'access_review_reminders']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy migrator_all on %I to current_user using (true) with check (true)', t);
    execute format('create policy system on %I to app using ((select is_system())) with check ((select is_system()))', t);
  end loop;
end $$;

create policy members on organisations for select to app using (id in (select my_organisations('{admin,reviewer,viewer}')));
create policy members on organisation_members for select to app
  using (organisation_id in (select my_organisations('{admin,reviewer,viewer}')));
create policy admins on organisation_invitations for select to app
  using (organisation_id in (select my_organisations('{admin}')));
create policy bearer on organisation_invitations for select to app using (token_hash = (select current_token()));

create policy read on access_review_marks for select to app
  using (scope_id = (select current_actor()) or scope_id in (select my_organisations('{admin,reviewer,viewer}')));
create policy decide on access_review_marks to app
  using (scope_id = (select current_actor()) or scope_id in (select my_organisations('{admin,reviewer}')))
  with check (decided_by = (select current_actor())
    and (scope_id = (select current_actor()) or scope_id in (select my_organisations('{admin,reviewer}'))));
create policy read on access_reviews for select to app
  using (scope_id = (select current_actor()) or scope_id in (select my_organisations('{admin,reviewer,viewer}')));
create policy sign on access_reviews for insert to app
  with check (signed_by = (select current_actor())
    and (scope_id = (select current_actor()) or scope_id in (select my_organisations('{admin,reviewer}'))));

-- Keys are seen by everybody who shares their agent and changed by its owner and the admins. Policies are tried from the
-- last name to the first, so that an agent or the server is let through before these ask for organisations.
drop policy owner on agent_keys;
create policy by_admin on agent_keys to app
  using (agent_id in (select my_agents('{admin}'))) with check (agent_id in (select my_agents('{admin}')));
create policy by_member on agent_keys for select to app
  using (agent_id in (select my_agents('{admin,reviewer,viewer}')));
