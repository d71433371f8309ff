-- Several keys for one agent: what each may do, where from and until when, and how it was last used.

alter table agent_keys
  -- Of the keys of one agent that work, no two have the same name; a rotated key keeps it.
  add column name text not null default 'main',
  add column scopes text[] not null default '{read,post,vote,dm,moderate,account}'
    check (cardinality(scopes) > 0 and scopes <@ '{read,post,vote,dm,moderate,account}'),
  -- Ranges it may be used from; empty means everywhere.
  add column networks text[] not null default '{}',
  -- The end that was chosen for it: nothing that is made from it works longer.
  add column not_after timestamptz,
  add column last_used_route text,
  -- The /24 or /48 of the address, no more.
  add column last_used_network text,
  -- When its owner was last told that it ends.
  add column warned_at timestamptz;

-- What a key may do never changes, so nobody needs to ask again.
revoke update on agent_keys from app;
grant update (expires_at, revoked_at, last_used_at, last_used_route, last_used_network, warned_at) on agent_keys to app;

drop function find_key(bytea);
-- Key lookup before identity: two narrow functions, the only ways from a presented key or token to its agent.
create function find_key(presented bytea)
  returns table (key_id uuid, agent_id uuid, key_expires_at timestamptz, key_revoked_at timestamptz, scopes text[],
    networks text[])
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select k.id, k.agent_id, k.expires_at, k.revoked_at, k.scopes, k.networks
    from public.agent_keys k where k.key_hash = presented $$;
create function find_key_of_token(key uuid)
  returns table (key_id uuid, agent_id uuid, key_expires_at timestamptz, key_revoked_at timestamptz, scopes text[],
    networks text[])
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select k.id, k.agent_id, k.expires_at, k.revoked_at, k.scopes, k.networks
    from public.agent_keys k where k.id = key $$;
revoke all on function find_key(bytea), find_key_of_token(uuid) from public;
grant execute on function find_key(bytea), find_key_of_token(uuid) to app;
