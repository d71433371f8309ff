/** One database, one master key: everything hashed or sealed in it hangs on the key whose id it names. */
import { bytes, nullable, type Queryable, sql, text, time } from "./db.js";
import type { Vault } from "./secrets.js";

const noteFirst = sql({ key_id: text, now: time }, {})`
  insert into instance (vault_key_id, created_at) values (${"key_id"}, ${"now"}) on conflict do nothing`;
const findInstance = sql({}, { vault_key_id: text })`select vault_key_id from instance`;

/**
 * Notes the master key of the first start, by its id, and refuses to serve with any other.
 * @throws Error when the database belongs to another master key
 */
export async function assertSameMasterKey(db: Queryable, vault: Vault, now: Date): Promise<void> {
  await noteFirst.run(db, { key_id: vault.keyId, now });
  const { vault_key_id: known } = await findInstance.one(db, {});
  if (known === vault.keyId) return;
  throw new Error(
    `This database belongs to the master key ${known}, but the one given is ${vault.keyId}: no API key, session or ` +
      "message could be read with it, and nothing was changed. Restore secrets/master.key in the data directory from " +
      "your backup, or set OPENMOLT_MASTER_KEY to the key that was used before.",
  );
}

const findHashingKey = sql({}, { hashing_key_sealed: nullable(bytes) })`select hashing_key_sealed from instance`;
const setMasterKey = sql({ key_id: text, hashing_key_sealed: bytes }, {})`
  update instance set vault_key_id = ${"key_id"}, hashing_key_sealed = ${"hashing_key_sealed"}`;

/** The key under which lasting hashes are made, once it is another than the master key. */
export async function hashingKeyOf(db: Queryable, vault: Vault): Promise<Buffer | undefined> {
  const { hashing_key_sealed: sealed } = await findHashingKey.one(db, {});
  return sealed === null ? undefined : vault.openWith("instance", "hashing-key", sealed);
}

/** Notes that the database belongs to the master key of a vault from now on, and keeps the hashing key under it. */
export async function takeOver(db: Queryable, vault: Vault, hashingKey: Buffer): Promise<void> {
  const hashing_key_sealed = vault.sealWith("instance", "hashing-key", hashingKey);
  await setMasterKey.run(db, { key_id: vault.keyId, hashing_key_sealed });
}
