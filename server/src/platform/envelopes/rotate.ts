/**
 * Rotation of the envelope keys while the network is served: a new key, and everything sealed sealed anew under it. Each
 * batch is a transaction of its own that replaces a value only where it is still the one that was read, so it can be
 * ended at any moment; the next run goes on where it stopped.
 */
import pg from "pg";
import { assertSameMasterKey } from "../instance.js";
import { envelopeHeader } from "../sealing.js";
import type { Vault } from "../secrets.js";
import { addEnvelope, LEAD_MS, loadEnvelopes } from "./envelope-keys.js";

/** Where something rests sealed, bound to the id of its row. */
interface SealedColumn {
  table: string;
  column: string;
  purpose: string;
}

/** Every sealed column; a test compares the list with the schema. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: "owners", column: "email_sealed", purpose: "owner-email" },
  { table: "magic_links", column: "email_sealed", purpose: "link-email" },
  { table: "organisation_invitations", column: "email_sealed", purpose: "invitation-email" },
  { table: "messages", column: "body_sealed", purpose: "message" },
  { table: "webhooks", column: "secret_sealed", purpose: "webhook-secret" },
  { table: "webhooks", column: "old_secret_sealed", purpose: "webhook-secret" },
];
/** Sealed otherwise: under a key that a caller's header yields, for a day; and keys themselves, under the master key. */
export const SEALED_ELSEWHERE: readonly string[] = [
  "idempotency_keys.answer_sealed",
  "envelope_keys.key_sealed",
  "instance.hashing_key_sealed",
];

const BATCH = 200;
/** A replaced key is kept this long, in milliseconds: a server that slept may still seal with it once. */
const KEPT_MS = 86_400_000;

/** What a rotation did. */
export interface Rotation {
  /** Eight hex digits that name the key everything is sealed under now. */
  keyId: string;
  /** Values that were sealed anew. */
  resealed: number;
  /** An earlier rotation had been interrupted, and this one finished it instead of making a new key. */
  finishedEarlier: boolean;
  /** Keys that sealed nothing any more and were destroyed. */
  destroyed: number;
}

/** What a rotation may be told. */
export interface RotationOptions {
  /** Waits so many milliseconds until the new key seals everywhere. */
  wait?(ms: number): Promise<void>;
  /** Told how many values were sealed anew so far. */
  onProgress?(resealed: number): void;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Rotates the envelope keys.
 * @param migrator how to log in as the role that owns the tables; it alone sees all rows
 * @throws Error when another rotation is under way, or the vault has another master key than the database
 */
export async function rotateEnvelopes(
  migrator: pg.ClientConfig,
  vault: Vault,
  { wait = sleep, onProgress = () => undefined }: RotationOptions = {},
): Promise<Rotation> {
  const client = new pg.Client(migrator);
  await client.connect();
  try {
    // One rotation at a time: two would seal each other's work anew for ever.
    const { rows } = await client.query<{ mine: boolean }>("select pg_try_advisory_lock(7077002) as mine");
    if (rows[0]?.mine !== true) throw new Error("Another rotation is under way.");
    await assertSameMasterKey(client, vault, new Date());
    const known = await loadEnvelopes(client, vault);
    const last = known.at(-1);
    const isUnfinished = last !== undefined && (last.currentFrom > new Date() || (await hasOlder(client, last.id)));
    if (!isUnfinished) await addEnvelope(client, vault, new Date(Date.now() + LEAD_MS));
    const newest = (await loadEnvelopes(client, vault)).at(-1);
    if (!newest) throw new Error("The new key is not there.");
    const early = newest.currentFrom.getTime() - Date.now();
    if (early > 0) await wait(early);
    await loadEnvelopes(client, vault);
    let resealed = 0;
    // Again until nothing is left: what a server sealed before the moment may be written after its table was done.
    do {
      for (const sealed of SEALED_COLUMNS) {
        for await (const done of reseal(client, vault, sealed, envelopeHeader(newest.id))) {
          resealed += done;
          onProgress(resealed);
        }
      }
    } while (await hasOlder(client, newest.id));
    const destroyed = await destroyUnused(client, newest.id);
    return { keyId: newest.id.toString("hex"), resealed, finishedEarlier: isUnfinished, destroyed };
  } finally {
    await client.end();
  }
}

async function hasOlder(client: pg.Client, id: Buffer): Promise<boolean> {
  for (const { table, column } of SEALED_COLUMNS) {
    const { rowCount } = await client.query(
      `select from ${table} where ${column} is not null and substring(${column} from 1 for 5) <> $1 limit 1`,
      [envelopeHeader(id)],
    );
    if (rowCount === 1) return true;
  }
  return false;
}

/** Seals a column anew, batch by batch in the order of the ids; what is written meanwhile has the new key already. */
async function* reseal(client: pg.Client, vault: Vault, { table, column, purpose }: SealedColumn, header: Buffer) {
  const select = `select id, ${column} as sealed from ${table}
    where ${column} is not null and substring(${column} from 1 for 5) <> $1 and ($2::uuid is null or id > $2)
    order by id limit ${BATCH}`;
  const update = `update ${table} t set ${column} = n.sealed
    from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as n(id, was, sealed) where t.id = n.id and t.${column} = n.was`;
  for (let last: string | null = null; ; ) {
    const { rows }: pg.QueryResult<{ id: string; sealed: Buffer }> = await client.query(select, [header, last]);
    const anew = rows.map(({ id, sealed }) => vault.seal(purpose, vault.open(purpose, sealed, id), id));
    const { rowCount } = await client.query(update, [rows.map(({ id }) => id), rows.map(({ sealed }) => sealed), anew]);
    yield rowCount ?? 0;
    last = rows.at(-1)?.id ?? null;
    if (rows.length < BATCH) return;
  }
}

/** Destroys keys that were replaced long ago and seal nothing; until then they are kept for what was written late. */
async function destroyUnused(client: pg.Client, newestId: Buffer): Promise<number> {
  if (await hasOlder(client, newestId)) return 0;
  const { rowCount } = await client.query(
    `delete from envelope_keys k where exists (select from envelope_keys later
      where later.current_from > k.current_from and later.current_from < $1)`,
    [new Date(Date.now() - KEPT_MS)],
  );
  return rowCount ?? 0;
}
