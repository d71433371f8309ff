-- The keys that seal what must be read again. Each rests sealed under the master key, which never enters the database;
-- the newest whose time has come seals, all of them open.

create table envelope_keys (
  id bytea primary key check (octet_length(id) = 4),
  key_sealed bytea not null,
  current_from timestamptz not null
);
grant select, insert on envelope_keys to app;
