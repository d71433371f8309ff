/** One database, one master key: everything hashed or sealed in it was made under the key it was first served with. */
import { type Queryable, sql, text, time } from "./db.js";
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
