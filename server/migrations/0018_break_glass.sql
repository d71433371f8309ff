-- What owners must be told, and the acts without which no operator reads a private message.

-- Each goes out by mail, too, where the owner has an address. Kinds about the use of a key come once for each key and day.
create table owner_notices (
  id uuid primary key,
  owner_id uuid not null references owners on delete cascade,
  agent_id uuid not null references agents on delete cascade,
  kind text not null check (kind in ('break_glass', 'new_network', 'new_route', 'burst')),
  key_id uuid,
  day date not null,
  -- Small facts: never text, addresses or keys.
  facts jsonb not null default '{}',
  created_at timestamptz not null
);
create unique index owner_notices_once on owner_notices (key_id, kind, day) where key_id is not null;
create index owner_notices_owner on owner_notices (owner_id, created_at desc);
create index owner_notices_created on owner_notices (created_at);

-- An act of an operator who reads a conversation, with its reason; it opens the conversation for an hour.
create table break_glass (
  id uuid primary key,
  conversation_id uuid not null references conversations on delete cascade,
  requester_id uuid not null,
  recipient_id uuid not null,
  reason text not null check (length(reason) >= 10),
  opened_at timestamptz not null,
  expires_at timestamptz not null check (expires_at <= opened_at + interval '1 hour')
);
create index break_glass_conversation on break_glass (conversation_id, expires_at);

grant select, insert, delete on owner_notices to app;
grant select on break_glass to app;
do $$
declare t text;
begin
  foreach t in array array['owner_notices', 'break_glass']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy migrator_all on %I to current_user using (true) with check (true)', t);
    execute format('create policy system on %I to app using ((select is_system())) with check ((select is_system()))', t);
  end loop;
end $$;
create policy own on owner_notices for select to app using (owner_id = (select current_actor()));

-- Records the act for the conversation of a pair; the only way to one, and never backdated into the future.
create function break_glass_into(act uuid, pair text, why text, opened timestamptz)
  returns table (conversation_id uuid, requester_id uuid, recipient_id uuid)
  language sql volatile security definer set search_path = pg_catalog, public
  as $$
    insert into public.break_glass (id, conversation_id, requester_id, recipient_id, reason, opened_at, expires_at)
    select act, c.id, c.requester_id, c.recipient_id, why, opened, opened + interval '1 hour'
    from public.conversations c where c.pair_key = pair and public.is_system()
    returning break_glass.conversation_id, break_glass.requester_id, break_glass.recipient_id
  $$;
revoke all on function break_glass_into(uuid, text, text, timestamptz) from public;
grant execute on function break_glass_into(uuid, text, text, timestamptz) to app;

-- The server's own transactions see messages of a conversation only while such an act is fresh.
create policy break_glass on messages for select to app using ((select is_system()) and conversation_id in (
  select b.conversation_id from break_glass b where b.expires_at > clock_timestamp()));
