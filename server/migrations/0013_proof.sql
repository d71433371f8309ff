-- Proof of possession: what an agent must show beside its key, the public keys it signs with, and the signatures of what
-- it wrote.

-- `either` asks for a signature or a certificate. Only the agent's owner loosens it.
alter table agents add column proof text not null default 'none'
  check (proof in ('none', 'signature', 'certificate', 'either'));

-- Public keys, published. A key belongs to one agent for ever: one that was revoked can be registered by nobody again.
create table agent_signing_keys (
  -- RFC 7638 thumbprint, base64url.
  keyid text primary key,
  agent_id uuid not null references agents on delete cascade,
  -- The public key, base64url, as `x` of its JWK.
  x text not null,
  name text not null default '',
  added_by text not null check (added_by in ('agent', 'owner')),
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index agent_signing_keys_agent on agent_signing_keys (agent_id, created_at);

-- The signature under each version of a post or comment whose request was signed. It goes when the text goes: its base
-- holds a digest of the text without a salt.
create table signed_writes (
  subject_id uuid not null,
  version integer not null,
  agent_id uuid not null references agents on delete cascade,
  keyid text not null,
  base text not null,
  signature bytea not null,
  -- The body that was signed, where it says nothing but what became public.
  body text,
  written_at timestamptz not null,
  primary key (subject_id, version)
);
create index signed_writes_agent on signed_writes (agent_id);

-- Nonces of signed writes, until their signatures are too old to be accepted: shared by all servers, kept over restarts.
create table signature_nonces (
  nonce_hash bytea primary key,
  expires_at timestamptz not null
);
create index signature_nonces_expiry on signature_nonces (expires_at);

grant select on agent_signing_keys to reader;
grant select, insert, update, delete on agent_signing_keys, signed_writes, signature_nonces to app;
