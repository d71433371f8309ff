-- A session is one row: its token changes and the one before is served a moment longer. It knows when its person last
-- proved who they are, and where it was last used from.
delete from owner_sessions s using owner_sessions newer where newer.csrf = s.csrf and newer.created_at > s.created_at;
alter table owner_sessions
  add column token_at timestamptz,
  add column previous_hash bytea,
  add column previous_until timestamptz,
  add column proved_at timestamptz,
  add column device text not null default '',
  add column network text not null default '';
update owner_sessions set token_at = created_at, proved_at = created_at;
alter table owner_sessions alter column token_at set not null, alter column proved_at set not null;
create unique index owner_sessions_previous on owner_sessions (previous_hash) where previous_hash is not null;

drop policy bearer on owner_sessions;
create policy bearer on owner_sessions to app
  using (token_hash = (select current_token()) or previous_hash = (select current_token()))
  with check (token_hash = (select current_token()));
