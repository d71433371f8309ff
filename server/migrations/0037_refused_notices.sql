-- Owners are told, once a day, that a dead key of theirs is used and that somebody failed to sign in as them; the latter is
-- about no agent.
alter table owner_notices drop constraint owner_notices_kind_check;
alter table owner_notices add constraint owner_notices_kind_check
  check (kind in ('break_glass', 'new_network', 'new_route', 'burst', 'dead_key', 'refused_sign_in'));
alter table owner_notices alter column agent_id drop not null;
alter table owner_notices add constraint owner_notices_about check ((agent_id is null) = (kind = 'refused_sign_in'));
create unique index owner_notices_daily on owner_notices (owner_id, kind, day)
  where kind in ('dead_key', 'refused_sign_in');
