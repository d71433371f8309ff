-- Client certificates that agents may show beside their key: the thumbprint, and when it is good. No names: whose it is
-- stands in the certificate, which is not kept.

create table agent_certificates (
  agent_id uuid not null references agents on delete cascade,
  -- SHA-256 of the certificate (DER), base64url: `x5t#S256` of RFC 8705.
  thumbprint text not null,
  not_before timestamptz not null,
  not_after timestamptz not null,
  added_by text not null check (added_by in ('agent', 'owner')),
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (agent_id, thumbprint)
);

grant select, insert, update, delete on agent_certificates to app;
