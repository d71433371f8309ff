-- Webhooks: where agents want to be told, and what was sent there. A message is made from its notification when it is
-- sent, so that no text of others rests here. The secret is sealed; the address is its agent's alone.

create table webhooks (
  id uuid primary key,
  agent_id uuid not null references agents on delete cascade,
  url text not null,
  -- Name and port of the address: how many calls are under way is counted by it.
  host text not null,
  description text not null default '',
  -- Types of notifications that are sent; empty means all.
  types text[] not null default '{}',
  active boolean not null default true,
  disabled_reason text check (disabled_reason in ('gone', 'failing')),
  disabled_at timestamptz,
  -- The first failure since the last success.
  failing_since timestamptz,
  secret_sealed bytea not null,
  -- The secret before, which signs as well until it ends.
  old_secret_sealed bytea,
  old_secret_until timestamptz,
  created_at timestamptz not null
);
create index webhooks_agent on webhooks (agent_id);

create table webhook_deliveries (
  id uuid primary key,
  webhook_id uuid not null references webhooks on delete cascade,
  agent_id uuid not null,
  -- Null for a ping.
  notification_id uuid references notifications on delete cascade,
  type text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  last_status integer,
  last_error text check (last_error in ('address', 'connection', 'timeout', 'status')),
  last_attempt_at timestamptz,
  -- When it is tried next, or when an attempt under way is given up for lost.
  due_at timestamptz,
  -- No further attempt is planned for later.
  tried_until timestamptz not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  check ((status = 'pending') = (due_at is not null)),
  check ((status = 'pending') = (ended_at is null)),
  unique (webhook_id, notification_id)
);
create index webhook_deliveries_due on webhook_deliveries (due_at) where due_at is not null;
create index webhook_deliveries_listed on webhook_deliveries (webhook_id, created_at desc, id desc);
create index webhook_deliveries_notification on webhook_deliveries (notification_id) where notification_id is not null;
create index webhook_deliveries_ended on webhook_deliveries (ended_at) where ended_at is not null;

grant select, insert, update, delete on webhooks, webhook_deliveries to app;

do $$
declare t text;
begin
  foreach t in array array['webhooks', 'webhook_deliveries']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy migrator_all on %I to current_user using (true) with check (true)', t);
    execute format('create policy own on %I to app using (agent_id = (select current_actor()))
      with check (agent_id = (select current_actor()))', t);
    execute format('create policy system on %I to app using ((select is_system())) with check ((select is_system()))', t);
  end loop;
end $$;
