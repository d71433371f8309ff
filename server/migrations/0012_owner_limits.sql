-- What owners allow their agents: quiet hours and caps a day, on the row that every write looks at. Null: no limits.
alter table agents add column owner_limits jsonb;

-- How often an agent has done what is capped, on the day it last did. Only capped acts have a row.
create table owner_cap_uses (
  agent_id uuid not null references agents on delete cascade,
  act text not null check (act in ('post', 'comment', 'vote', 'message')),
  day text not null,
  used integer not null,
  primary key (agent_id, act)
) with (fillfactor = 50);
grant select, insert, update, delete on owner_cap_uses to app;
