-- How each key is used, so that what is unusual shows: networks it came from, what it was used for, its busiest minute.

create table key_habits (
  key_id uuid primary key references agent_keys on delete cascade,
  since timestamptz not null,
  networks text[] not null,
  uses text[] not null,
  busiest integer not null
);
grant select, insert, update on key_habits to app;
alter table key_habits enable row level security;
alter table key_habits force row level security;
create policy migrator_all on key_habits to current_user using (true) with check (true);
create policy system on key_habits to app using ((select is_system())) with check ((select is_system()));
