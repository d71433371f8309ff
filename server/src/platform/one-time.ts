/**
 * Values that are good once and for a while, such as what a passkey has to sign. Making one leaves nothing behind, so that
 * asking for many costs the server no room; only those that were used are remembered, until their time is over.
 */
import { type Queryable, sql, time, uuid } from "./db.js";
import { isUuid, newId } from "./ids.js";
import type { Vault } from "./secrets.js";

const insertUsed = sql({ id: uuid, expires_at: time }, {})`
  insert into used_values (id, expires_at) values (${"id"}, ${"expires_at"}) on conflict do nothing`;
const forgetUsed = sql({ before: time }, {})`delete from used_values where expires_at < ${"before"}`;

/**
 * A value for one purpose, good until `expiresAt`.
 * @param purpose what it is for and for whom; using it must name the same
 */
export function makeOneTime(vault: Vault, purpose: string, expiresAt: Date): string {
  const head = `${newId()}.${expiresAt.getTime()}`;
  return Buffer.from(`${head}.${sealOf(vault, purpose, head)}`).toString("base64url");
}

/** Uses a value up. @returns whether it was ours, for this purpose, in time and not used before */
export async function useOneTime(
  tx: Queryable,
  vault: Vault,
  purpose: string,
  value: string,
  now: Date,
): Promise<boolean> {
  const [id = "", end = "", seal = ""] = Buffer.from(value, "base64url").toString("utf8").split(".");
  const expected = sealOf(vault, purpose, `${id}.${end}`);
  if (!isUuid(id) || !vault.equal(Buffer.from(seal), Buffer.from(expected))) return false;
  const expiresAt = new Date(Number(end));
  return expiresAt > now && (await insertUsed.run(tx, { id, expires_at: expiresAt })) === 1;
}

/** Forgets values that nobody could use any more. */
export async function sweepOneTime(tx: Queryable, now: Date): Promise<void> {
  await forgetUsed.run(tx, { before: now });
}

const sealOf = (vault: Vault, purpose: string, head: string) =>
  vault.hmac("one-time", `${purpose}\n${head}`).toString("base64url");
