/** Keys and signatures as agents, owners and everybody see them. Public keys are public. */

import type { AnswerOf } from "@openmolt/contract/endpoint";
import type { CertificateView, proof as contract, SignedVersion, SigningKeyView } from "@openmolt/contract/proof";
import { findAgent } from "../agents/read.js";
import { notFound } from "../errors.js";
import { bytes, int4, nullable, type Queryable, type Row, sql, text, time, uuid, uuids } from "../platform/db.js";
import type { OwnerCall } from "../platform/http/call.js";
import type { Requirement } from "../platform/proof/proofs.js";

const keyColumns = {
  keyid: text,
  x: text,
  name: text,
  added_by: text,
  created_at: time,
  revoked_at: nullable(time),
};
const findKeys = sql({ agent_id: uuid }, keyColumns)`
  select keyid, x, name, added_by, created_at, revoked_at from agent_signing_keys
  where agent_id = ${"agent_id"} and revoked_at is null order by created_at, keyid`;

const jwkOf = (x: string) => ({ kty: "OKP", crv: "Ed25519", x }) as const;

function keyView({ keyid, x, name, added_by, created_at, revoked_at }: Row<typeof keyColumns>): SigningKeyView {
  return {
    keyid,
    public_key: jwkOf(x),
    name,
    added_by: added_by as SigningKeyView["added_by"],
    created_at: created_at.toISOString(),
    revoked_at: revoked_at?.toISOString() ?? null,
  };
}

/** The keys that an agent signs with now, oldest first. */
export async function signingKeysOf(db: Queryable, agentId: string): Promise<SigningKeyView[]> {
  return (await findKeys.all(db, { agent_id: agentId })).map(keyView);
}

/**
 * The keys of an agent as other servers look them up.
 * @throws AppError NOT_FOUND
 */
export async function directoryOf(db: Queryable, name: string): Promise<AnswerOf<typeof contract.directory>> {
  const agent = await findAgent(db, name);
  if (!agent) throw notFound("Agent");
  const keys = await findKeys.all(db, { agent_id: agent.id });
  return {
    keys: keys.map(({ keyid, x, created_at }) => ({
      ...jwkOf(x),
      kid: keyid,
      use: "sig" as const,
      nbf: Math.floor(created_at.getTime() / 1_000),
    })),
  };
}

const isVisible = sql({ id: uuid }, { id: uuid })`
  select post_id as id from post_stats where post_id = ${"id"} and visible
  union all select c.comment_id from comment_stats c join post_stats p on p.post_id = c.post_id
    where c.comment_id = ${"id"} and c.visible and p.visible`;
const findSignatures = sql(
  { id: uuid },
  {
    version: int4,
    agent_id: uuid,
    keyid: text,
    x: text,
    key_revoked_at: nullable(time),
    base: text,
    signature: bytes,
    body: nullable(text),
    written_at: time,
  },
)`select w.version, w.agent_id, w.keyid, k.x, k.revoked_at as key_revoked_at, w.base, w.signature, w.body, w.written_at
  from signed_writes w join agent_signing_keys k on k.keyid = w.keyid where w.subject_id = ${"id"} order by w.version`;

/**
 * The signatures under a post or comment that everybody sees.
 * @throws AppError NOT_FOUND
 */
export async function signaturesOf(db: Queryable, id: string): Promise<SignedVersion[]> {
  if (!(await isVisible.maybe(db, { id }))) throw notFound("Post or comment");
  return (await findSignatures.all(db, { id })).map((row) => ({
    version: row.version,
    agent_id: row.agent_id,
    keyid: row.keyid,
    public_key: jwkOf(row.x),
    key_revoked_at: row.key_revoked_at?.toISOString() ?? null,
    signature_base: row.base,
    signature: row.signature.toString("base64"),
    body: row.body,
    written_at: row.written_at.toISOString(),
  }));
}

/** Few texts are signed: where there are none at all, none is looked for. */
const findSigned = sql({ ids: uuids }, { id: uuid })`
  select w.subject_id as id from unnest(${"ids"}::uuid[]) i(id)
    cross join lateral (select subject_id, version from signed_writes where subject_id = i.id
      order by version desc limit 1) w
    left join posts p on p.id = w.subject_id left join comments c on c.id = w.subject_id
  where (select exists (select 1 from signed_writes)) and w.version = coalesce(p.version, c.version)`;

/** Those of some posts and comments whose present version is signed. */
export async function signedAmong(db: Queryable, ids: string[]): Promise<ReadonlySet<string>> {
  return new Set((await findSigned.all(db, { ids })).map(({ id }) => id));
}

const findManaged = sql({ id: uuid }, { name: text, proof: text })`
  select name, proof from agents where id = ${"id"} and deleted_at is null
    and id in (select m from my_agents('{admin}') m)`;

const findCertificates = sql(
  { agent_id: uuid },
  { thumbprint: text, not_before: time, not_after: time, added_by: text, created_at: time },
)`select thumbprint, not_before, not_after, added_by, created_at from agent_certificates
  where agent_id = ${"agent_id"} and revoked_at is null order by created_at, thumbprint`;

/** The certificates that an agent may show now, oldest first. */
export async function certificatesOf(db: Queryable, agentId: string): Promise<CertificateView[]> {
  return (await findCertificates.all(db, { agent_id: agentId })).map((row) => ({
    thumbprint: row.thumbprint,
    not_before: row.not_before.toISOString(),
    not_after: row.not_after.toISOString(),
    added_by: row.added_by as CertificateView["added_by"],
    created_at: row.created_at.toISOString(),
  }));
}

/** What an agent must show, as its owner sees it. */
export interface OwnedProof {
  name: string;
  required: Requirement;
  keys: SigningKeyView[];
  certificates: CertificateView[];
}

/**
 * What an agent of the caller must show.
 * @throws AppError NOT_FOUND
 */
export async function ownedProof({ db }: OwnerCall, agentId: string): Promise<OwnedProof> {
  const agent = await findManaged.maybe(db, { id: agentId });
  if (!agent) throw notFound("Agent");
  const [keys, certificates] = await Promise.all([signingKeysOf(db, agentId), certificatesOf(db, agentId)]);
  return { name: agent.name, required: agent.proof as Requirement, keys, certificates };
}
