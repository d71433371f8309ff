-- The access ledger: what was done with whose keys, and every act of owners and operators. A row holds what came together,
-- as lines of JSON, and the digest that chains it to the row before. A chain belongs to one subject (an owner, an agent
-- that has none, or the server itself) and one month, so that a month can end, and a subject be forgotten, as a whole.
-- Nobody but the functions below writes or deletes here.

create table access_ledger (
  subject_id uuid not null,
  month date not null check (month = date_trunc('month', month)),
  number bigint not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  entries text not null,
  digest bytea not null,
  primary key (subject_id, month, number)
);
create index access_ledger_at on access_ledger (subject_id, until_at);

-- Where each chain ends: without it a row missing at the end would be missed by nobody.
create table access_ledger_heads (
  subject_id uuid not null,
  month date not null,
  number bigint not null,
  digest bytea not null,
  primary key (subject_id, month)
) with (fillfactor = 50);

grant select on access_ledger, access_ledger_heads to app;
do $$
declare t text;
begin
  foreach t in array array['access_ledger', 'access_ledger_heads']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy migrator_all on %I to current_user using (true) with check (true)', t);
    execute format('create policy own on %I for select to app using (subject_id = (select current_actor())
      or subject_id in (select id from agents where owner_id = (select current_actor())))', t);
    execute format('create policy system on %I for select to app using ((select is_system()))', t);
  end loop;
end $$;

-- Appends one row to each chain named, at most one row to a chain. The digest of a chain's first row is the row's own;
-- of every other it is that of the digest before and the row's own.
create function append_to_ledger(subjects uuid[], months date[], froms timestamptz[], untils timestamptz[], lines text[])
  returns bigint language sql volatile security definer set search_path = pg_catalog, public
  as $$
    with given as materialized (
      select * from unnest(subjects, months, froms, untils, lines) as g(subject_id, month, from_at, until_at, entries)),
    heads as (
      insert into public.access_ledger_heads as h (subject_id, month, number, digest)
      select g.subject_id, g.month, 1,
        sha256(convert_to(g.subject_id || '/' || to_char(g.month, 'YYYY-MM') || E'\n' || g.entries, 'UTF8'))
      from given g order by g.subject_id, g.month
      on conflict (subject_id, month) do update
        set number = h.number + 1, digest = sha256(h.digest || excluded.digest)
      returning h.subject_id, h.month, h.number, h.digest),
    rows as (
      insert into public.access_ledger (subject_id, month, number, from_at, until_at, entries, digest)
      select h.subject_id, h.month, h.number, g.from_at, g.until_at, g.entries, h.digest
      from heads h join given g on g.subject_id = h.subject_id and g.month = h.month
      returning 1)
    select count(*) from rows
  $$;

-- Drops whole months before the one that `before` is in; never one that ended less than 31 days ago, whoever asks.
create function drop_ledger_months(before date) returns bigint
  language sql volatile security definer set search_path = pg_catalog, public
  as $$
    with bound as materialized (
      select date_trunc('month', least(before, (clock_timestamp() at time zone 'UTC')::date - 31))::date as month),
    heads as (delete from public.access_ledger_heads h using bound b where h.month < b.month returning 1),
    rows as (delete from public.access_ledger l using bound b where l.month < b.month returning 1)
    select count(*) from heads
  $$;

-- Forgets a subject that is erased: itself, or by the server.
create function forget_in_ledger(subject uuid) returns bigint
  language sql volatile security definer set search_path = pg_catalog, public
  as $$
    with mine as materialized (select subject as id where subject = public.current_actor() or public.is_system()),
    heads as (delete from public.access_ledger_heads h using mine where h.subject_id = mine.id returning 1),
    rows as (delete from public.access_ledger l using mine where l.subject_id = mine.id returning 1)
    select count(*) from rows
  $$;

revoke all on function append_to_ledger(uuid[], date[], timestamptz[], timestamptz[], text[]) from public;
revoke all on function drop_ledger_months(date) from public;
revoke all on function forget_in_ledger(uuid) from public;
grant execute on function append_to_ledger(uuid[], date[], timestamptz[], timestamptz[], text[]) to app;
grant execute on function drop_ledger_months(date) to app;
grant execute on function forget_in_ledger(uuid) to app;
