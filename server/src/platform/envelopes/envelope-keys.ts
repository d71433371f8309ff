/**
 * The envelope keys of a database: made at the first start and by each rotation, kept sealed under the master key. A
 * running server looks for new ones every few seconds, well before any of them begins to seal.
 */
import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import { bytes, type Queryable, sql, time } from "../db.js";
import type { EnvelopeKey, Vault } from "../secrets.js";

const PURPOSE = "envelope-key";
const ID_BYTES = 4;
const KEY_BYTES = 32;
/** How often a server looks for new keys, in milliseconds. */
const LOOK_MS = 10_000;
/** A new key is known to all servers when it begins to seal: some looks later, clocks that differ included. */
export const LEAD_MS = 30_000;

const findKeys = sql({}, { id: bytes, key_sealed: bytes, current_from: time })`
  select id, key_sealed, current_from from envelope_keys order by current_from, id`;
const insertKey = sql({ id: bytes, key_sealed: bytes, current_from: time }, {})`
  insert into envelope_keys (id, key_sealed, current_from) values (${"id"}, ${"key_sealed"}, ${"current_from"})`;

/** Tells a vault of all envelope keys; answers with them, the newest last. */
export async function loadEnvelopes(db: Queryable, vault: Vault): Promise<EnvelopeKey[]> {
  const keys = (await findKeys.all(db, {})).map(({ id, key_sealed, current_from }) => ({
    id,
    key: vault.openWith(id.toString("hex"), PURPOSE, key_sealed),
    currentFrom: current_from,
  }));
  vault.takeEnvelopes(keys);
  return keys;
}

/** Makes an envelope key that seals from a moment on. */
export async function addEnvelope(db: Queryable, vault: Vault, currentFrom: Date): Promise<void> {
  const id = randomBytes(ID_BYTES);
  const key_sealed = vault.sealWith(id.toString("hex"), PURPOSE, randomBytes(KEY_BYTES));
  await insertKey.run(db, { id, key_sealed, current_from: currentFrom });
}

const replaceSealed = sql({ id: bytes, key_sealed: bytes }, {})`
  update envelope_keys set key_sealed = ${"key_sealed"} where id = ${"id"}`;

/** Seals the envelope keys under the master key of another vault. */
export async function rewrapEnvelopes(db: Queryable, from: Vault, to: Vault): Promise<void> {
  for (const { id, key } of await loadEnvelopes(db, from)) {
    await replaceSealed.run(db, { id, key_sealed: to.sealWith(id.toString("hex"), PURPOSE, key) });
  }
}

/** Keeps the vault of a running server up to date. */
export class Envelopes {
  #timer: NodeJS.Timeout | undefined;

  /** @param report hears why the keys could not be looked at */
  constructor(
    private readonly pool: Pool,
    private readonly vault: Vault,
    private readonly report: (error: unknown) => void,
  ) {}

  /** Loads the keys, making the first one in a new database. Whoever loses a race there has one more than it needs. */
  async start(): Promise<void> {
    if ((await this.refresh()).length === 0) {
      await addEnvelope(this.pool, this.vault, new Date());
      await this.refresh();
    }
    this.#timer = setInterval(() => void this.refresh().catch(this.report), LOOK_MS);
    this.#timer.unref();
  }

  /** Looks for new keys now. */
  refresh(): Promise<EnvelopeKey[]> {
    return loadEnvelopes(this.pool, this.vault);
  }

  /** Stops looking. */
  close(): void {
    clearInterval(this.#timer);
  }
}
