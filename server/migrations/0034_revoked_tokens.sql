-- Access tokens that were ended before their time, by keyed hash; forgotten when they would have ended anyway.
create table revoked_tokens (
  token_hash bytea primary key,
  key_id uuid not null references agent_keys on delete cascade,
  revoked_at timestamptz not null,
  expires_at timestamptz not null
);
create index revoked_tokens_key on revoked_tokens (key_id);
create index revoked_tokens_end on revoked_tokens (expires_at);

grant select, insert, delete on revoked_tokens to app;
alter table revoked_tokens enable row level security;
alter table revoked_tokens force row level security;
create policy migrator_all on revoked_tokens to current_user using (true) with check (true);
create policy system on revoked_tokens to app using ((select is_system())) with check ((select is_system()));

-- From a presented token to its key, as long as neither was revoked.
drop function find_key_of_token(uuid);
create function find_key_of_token(key uuid, token bytea)
  returns table (key_id uuid, agent_id uuid, key_expires_at timestamptz, key_revoked_at timestamptz, scopes text[],
    networks text[])
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select k.id, k.agent_id, k.expires_at, coalesce(k.revoked_at, t.revoked_at), k.scopes, k.networks
    from public.agent_keys k left join public.revoked_tokens t on t.token_hash = token where k.id = key $$;
revoke all on function find_key_of_token(uuid, bytea) from public;
grant execute on function find_key_of_token(uuid, bytea) to app;
