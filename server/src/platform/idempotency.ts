/**
 * Idempotency-Key: the first answer is kept for a day, in the transaction that earned it, and given to every repeat.
 * Only a keyed hash of the header is stored; the answer is sealed under a key that the header itself yields.
 */
import type { Pool } from "pg";
import { AppError } from "../errors.js";
import { bytes, int2, int2s, int4, manyBytes, nullable, type Queryable, sql, time, times } from "./db.js";
import type { Vault } from "./secrets.js";

/** Answers are repeated this long. */
const KEPT_HOURS = 24;
/** Without authentication anybody could guess a short key and read the answer. */
const SHORTEST_ANONYMOUS = 22;

/** A write's Idempotency-Key with what it is bound to. */
export interface IdempotencyClaim {
  key: string;
  hash: Buffer;
  fingerprint: Buffer;
}

/** The kept answer. */
export interface KeptAnswer {
  status: number;
  body: string;
}

const insertClaim = sql({ key_hash: bytes, fingerprint: bytes, now: time }, {})`
  insert into idempotency_keys (key_hash, fingerprint, created_at) values (${"key_hash"}, ${"fingerprint"}, ${"now"})
  on conflict (key_hash) do nothing`;
const dropStale = sql({ key_hash: bytes, before: time }, {})`
  delete from idempotency_keys where key_hash = ${"key_hash"} and created_at < ${"before"}`;
const readClaim = sql(
  { key_hash: bytes },
  { fingerprint: bytes, status: nullable(int2), answer_sealed: nullable(bytes), created_at: time },
)`select fingerprint, status, answer_sealed, created_at from idempotency_keys where key_hash = ${"key_hash"}`;
const keepAnswer = sql({ key_hash: bytes, status: int4, answer: bytes }, {})`
  update idempotency_keys set status = ${"status"}::int, answer_sealed = ${"answer"} where key_hash = ${"key_hash"}`;
const sweep = sql({ before: time }, {})`delete from idempotency_keys where created_at < ${"before"}`;

/**
 * Reads the header of a write.
 * @param caller agent id, or undefined without authentication
 * @param route method and path as declared; anonymous keys are bound to it
 * @param request everything that makes the request what it is: method, path, body
 * @throws AppError IDEMPOTENCY_KEY_INVALID
 */
export function claimOf(
  vault: Vault,
  header: string | string[] | undefined,
  caller: string | undefined,
  route: string,
  request: string,
): IdempotencyClaim | undefined {
  if (header === undefined) return undefined;
  const shortest = caller === undefined ? SHORTEST_ANONYMOUS : 1;
  if (typeof header !== "string" || header.length > 255 || header.length < shortest || !/^[\x21-\x7e]+$/.test(header)) {
    throw new AppError("IDEMPOTENCY_KEY_INVALID");
  }
  return {
    key: header,
    hash: vault.hmac("idempotency-key", `${caller ?? `anonymous ${route}`}\n${header}`),
    fingerprint: vault.hmac("idempotency-request", request),
  };
}

/**
 * Claims the key within the write's transaction; a twin waits here until the first has ended.
 * @returns the kept answer if there is one, undefined if the caller shall do the work
 * @throws AppError IDEMPOTENCY_KEY_REUSED
 */
export async function claimKey(
  tx: Queryable,
  vault: Vault,
  claim: IdempotencyClaim,
  now: Date,
): Promise<KeptAnswer | undefined> {
  await dropStale.run(tx, { key_hash: claim.hash, before: keptSince(now) });
  const mine = await insertClaim.run(tx, { key_hash: claim.hash, fingerprint: claim.fingerprint, now });
  if (mine === 1) return undefined;
  const kept = openKept(vault, claim, await readClaim.maybe(tx, { key_hash: claim.hash }));
  if (kept instanceof Error) throw kept;
  return kept;
}

/** Keeps the answer, in the same transaction as the work. */
export async function keep(tx: Queryable, vault: Vault, claim: IdempotencyClaim, answer: KeptAnswer): Promise<void> {
  const sealed = vault.sealWith(claim.key, "idempotent-answer", answer.body);
  await keepAnswer.run(tx, { key_hash: claim.hash, status: answer.status, answer: sealed });
}

// In the order of the keys, so that two batches never wait for each other. What is older than a day is taken over.
const insertClaims = sql(
  { key_hashes: manyBytes, fingerprints: manyBytes, at: times, before: time },
  { key_hash: bytes },
)`insert into idempotency_keys as k (key_hash, fingerprint, created_at)
  select c.key_hash, c.fingerprint, c.at
  from unnest(${"key_hashes"}::bytea[], ${"fingerprints"}::bytea[], ${"at"}::timestamptz[]) c(key_hash, fingerprint, at)
  order by c.key_hash
  on conflict (key_hash) do update set fingerprint = excluded.fingerprint, created_at = excluded.created_at,
    status = null, answer_sealed = null where k.created_at < ${"before"}
  returning key_hash`;
const readClaims = sql(
  { key_hashes: manyBytes },
  { key_hash: bytes, fingerprint: bytes, status: nullable(int2), answer_sealed: nullable(bytes) },
)`select key_hash, fingerprint, status, answer_sealed from idempotency_keys where key_hash = any(${"key_hashes"})`;
const dropAll = sql({ key_hashes: manyBytes }, {})`
  delete from idempotency_keys where key_hash = any(${"key_hashes"})`;
const keepAnswers = sql({ key_hashes: manyBytes, statuses: int2s, answers: manyBytes }, {})`
  update idempotency_keys k set status = a.status, answer_sealed = a.answer
  from unnest(${"key_hashes"}::bytea[], ${"statuses"}::smallint[], ${"answers"}::bytea[]) a(key_hash, status, answer)
  where k.key_hash = a.key_hash`;

/**
 * {@link claimKey} of many writes at once, none of which share a key.
 * @returns for each the kept answer, the error that ends it, or undefined if its work shall be done
 */
export async function claimKeys(
  tx: Queryable,
  vault: Vault,
  writes: readonly { claim: IdempotencyClaim; now: Date }[],
): Promise<readonly (KeptAnswer | Error | undefined)[]> {
  const key_hashes = writes.map(({ claim }) => claim.hash);
  const mine = await insertClaims.all(tx, {
    key_hashes,
    fingerprints: writes.map(({ claim }) => claim.fingerprint),
    at: writes.map(({ now }) => now),
    before: keptSince(new Date(Math.max(...writes.map(({ now }) => now.getTime())))),
  });
  const names = new Set(mine.map(({ key_hash }) => key_hash.toString("hex")));
  if (names.size === writes.length) return writes.map(() => undefined);
  const rows = await readClaims.all(tx, { key_hashes });
  const kept = new Map(rows.map((row) => [row.key_hash.toString("hex"), row]));
  return writes.map(({ claim }) => {
    const name = claim.hash.toString("hex");
    return names.has(name) ? undefined : openKept(vault, claim, kept.get(name));
  });
}

function openKept(
  vault: Vault,
  claim: IdempotencyClaim,
  row: { fingerprint: Buffer; status: number | null; answer_sealed: Buffer | null } | undefined,
): KeptAnswer | Error {
  if (!row?.answer_sealed || row.status === null) return new Error("A twin committed without its answer");
  if (!vault.equal(row.fingerprint, claim.fingerprint)) return new AppError("IDEMPOTENCY_KEY_REUSED");
  const body = vault.openWith(claim.key, "idempotent-answer", row.answer_sealed).toString("utf8");
  return { status: row.status, body };
}

/** Gives claimed keys back, as the end of a refused write's own transaction would. */
export async function dropClaims(tx: Queryable, claims: readonly IdempotencyClaim[]): Promise<void> {
  await dropAll.run(tx, { key_hashes: claims.map(({ hash }) => hash) });
}

/** {@link keep} of many answers at once. */
export async function keepAll(
  tx: Queryable,
  vault: Vault,
  kept: readonly { claim: IdempotencyClaim; answer: KeptAnswer }[],
): Promise<void> {
  await keepAnswers.run(tx, {
    key_hashes: kept.map(({ claim }) => claim.hash),
    statuses: kept.map(({ answer }) => answer.status),
    answers: kept.map(({ claim, answer }) => vault.sealWith(claim.key, "idempotent-answer", answer.body)),
  });
}

/** Forgets answers older than a day. */
export async function sweepIdempotencyKeys(pool: Pool, now: Date): Promise<void> {
  await sweep.run(pool, { before: keptSince(now) });
}

function keptSince(now: Date): Date {
  return new Date(now.getTime() - KEPT_HOURS * 3_600_000);
}
