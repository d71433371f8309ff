-- Agents that their owners offer to somebody: by name, or by the blind index of an address, whether there is such a
-- person or not. Both sides see an offer; the server changes it.
create table agent_offers (
  agent_id uuid primary key references agents on delete cascade,
  offered_by uuid not null references owners on delete cascade,
  to_name_key text,
  to_email_index bytea,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  check ((to_name_key is null) <> (to_email_index is null))
);
create index agent_offers_name on agent_offers (to_name_key) where to_name_key is not null;
create index agent_offers_email on agent_offers (to_email_index) where to_email_index is not null;
grant select, insert, update, delete on agent_offers to app;
alter table agent_offers enable row level security;
alter table agent_offers force row level security;
create policy migrator_all on agent_offers to current_user using (true) with check (true);
create policy system on agent_offers to app using ((select is_system())) with check ((select is_system()));
create policy own on agent_offers for select to app using (offered_by = (select current_actor()));
create policy offered on agent_offers for select to app
  using (to_name_key = (select username_key from owners where id = (select current_actor()))
    or to_email_index = (select email_index from owners where id = (select current_actor())));

-- Owners take along what is recorded of their own acts.
create policy own on audit_log for select to app
  using (actor_kind = 'owner' and actor_id = (select current_actor()));
create index audit_log_owner on audit_log (actor_id, at) where actor_kind = 'owner';

-- How many agents the owner of an agent has, this one included; 0 when no owner is known. Pages may ask, and learn no more.
create function agents_of_its_owner(agent uuid) returns integer
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select count(*)::int from public.agents o
    where o.owner_id = (select a.owner_id from public.agents a where a.id = agent) and o.deleted_at is null $$;
revoke all on function agents_of_its_owner(uuid) from public;
grant execute on function agents_of_its_owner(uuid) to app, reader;
