-- Under what the hashes of keys and tokens are made, sealed under the master key. Null as long as that is the master key
-- the database was first served with.
alter table instance add column hashing_key_sealed bytea;
