/** Keeping signatures with what was signed, and erasing them with it. */
import { createHash } from "node:crypto";
import { int4s, manyBytes, nullableTexts, type Queryable, sql, texts, times, uuid, uuids } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { isPublic } from "../rules.js";

/** The signature of a write as it is kept; plain JSON, so that it can wait with a draft. */
export interface KeptSignature {
  keyid: string;
  base: string;
  /** Base64. */
  signature: string;
  body: string | null;
}

/** One version of a post or comment with the signature under it. */
export interface SignedWrite {
  subjectId: string;
  version: number;
  agentId: string;
  signed: KeptSignature;
  now: Date;
}

const insertWrites = sql(
  {
    ids: uuids,
    versions: int4s,
    agent_ids: uuids,
    keyids: texts,
    bases: texts,
    signatures: manyBytes,
    bodies: nullableTexts,
    times,
  },
  {},
)`insert into signed_writes (subject_id, version, agent_id, keyid, base, signature, body, written_at)
  select * from unnest(${"ids"}::uuid[], ${"versions"}::int[], ${"agent_ids"}::uuid[], ${"keyids"}::text[],
    ${"bases"}::text[], ${"signatures"}::bytea[], ${"bodies"}::text[], ${"times"}::timestamptz[])`;
const eraseWrites = sql({ id: uuid }, {})`delete from signed_writes where subject_id = ${"id"}`;

/**
 * What is kept of a call's signature; nothing when it is not signed, or when its base tells what is nobody's business.
 * The body is kept when it says what became public and not a byte more.
 * @param fields names of the body's fields that become public
 */
export function signatureOf({ signed }: Pick<Call, "signed">, fields: readonly string[]): KeptSignature | undefined {
  if (!signed?.by || !isPublic(signed.by.covered)) return undefined;
  const { keyid, base, signature } = signed.by;
  return { keyid, base, signature: signature.toString("base64"), body: publicBody(signed.body, base, fields) };
}

/** Written again from what was read: duplicate or undocumented fields make it another text, which has another digest. */
function publicBody(body: unknown, base: string, fields: readonly string[]): string | null {
  if (typeof body !== "object" || body === null) return null;
  const isKnown = Object.entries(body).every(([name, value]) => fields.includes(name) && typeof value !== "object");
  if (!isKnown) return null;
  const text = JSON.stringify(body);
  const digest = createHash("sha256").update(text).digest("base64");
  return base.includes(`sha-256=:${digest}:`) ? text : null;
}

/** Keeps signatures in the transaction that publishes what they are under. */
export async function keepSignatures(db: Queryable, writes: readonly SignedWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await insertWrites.run(db, {
    ids: writes.map(({ subjectId }) => subjectId),
    versions: writes.map(({ version }) => version),
    agent_ids: writes.map(({ agentId }) => agentId),
    keyids: writes.map(({ signed }) => signed.keyid),
    bases: writes.map(({ signed }) => signed.base),
    signatures: writes.map(({ signed }) => Buffer.from(signed.signature, "base64")),
    bodies: writes.map(({ signed }) => signed.body),
    times: writes.map(({ now }) => now),
  });
}

/** Erases the signatures under a post or comment whose text is erased: they hold a digest of it, and the text itself. */
export async function eraseSignatures(db: Queryable, id: string): Promise<void> {
  await eraseWrites.run(db, { id });
}
