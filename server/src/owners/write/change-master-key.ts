/**
 * Another master key, while nothing is served: the keys that rest in the database are sealed under it, and what can be
 * hashed anew is. Hashes of what nobody has are kept by keeping the key they were made under. It happens in one transaction.
 */
import pg from "pg";
import { bytes, manyBytes, type Queryable, sql, text, uuid, uuids } from "../../platform/db.js";
import { rewrapEnvelopes } from "../../platform/envelopes/envelope-keys.js";
import { SEALED_COLUMNS } from "../../platform/envelopes/rotate.js";
import { assertSameMasterKey, hashingKeyOf, takeOver } from "../../platform/instance.js";
import { SEALED_BY_MASTER } from "../../platform/sealing.js";
import { openVault, type Vault } from "../../platform/secrets.js";
import { addressKey } from "../rules.js";

const findOther = sql({}, { usename: text })`
  select usename::text from pg_stat_activity join pg_roles on rolname = usename and not rolsuper
  where datname = current_database() and usename <> current_user limit 1`;
const findBelonging = sql({}, { vault_key_id: text })`select vault_key_id from instance for update`;
const nextOwners = sql({ after: uuid }, { id: uuid, email_sealed: bytes })`
  select id, email_sealed from owners where email_sealed is not null and id > ${"after"} order by id limit 500`;
const nextLinks = sql({ after: uuid }, { id: uuid, email_sealed: bytes })`
  select id, email_sealed from magic_links
  where email_sealed is not null and email_index is not null and id > ${"after"} order by id limit 500`;
const moveOffers = sql({ ids: uuids, indexes: manyBytes }, {})`
  update agent_offers f set to_email_index = n.index
  from unnest(${"ids"}::uuid[], ${"indexes"}::bytea[]) as n(id, index) join owners o on o.id = n.id
  where f.to_email_index = o.email_index`;
const indexOwners = sql({ ids: uuids, indexes: manyBytes }, {})`
  update owners o set email_index = n.index from unnest(${"ids"}::uuid[], ${"indexes"}::bytea[]) as n(id, index)
  where o.id = n.id`;
const indexLinks = sql({ ids: uuids, indexes: manyBytes }, {})`
  update magic_links l set email_index = n.index from unnest(${"ids"}::uuid[], ${"indexes"}::bytea[]) as n(id, index)
  where l.id = n.id`;
const dropOffers = sql({}, {})`
  delete from agent_offers f where to_email_index is not null
    and not exists (select from owners o where o.email_index = f.to_email_index)`;
const dropAnswers = sql({}, {})`delete from idempotency_keys`;
const dropRevoked = sql({}, {})`delete from revoked_tokens`;

/**
 * Changes the master key of a database.
 * @param migrator how to log in as the role that owns the tables
 * @returns whether it was done now, and not before
 * @throws Error while the network is served, when the database belongs to neither key, or when something is still sealed
 *   under the master key itself
 */
export async function changeMasterKey(migrator: pg.ClientConfig, present: Buffer, next: Buffer): Promise<boolean> {
  const [from, to] = [openVault(present), openVault(next)];
  const client = new pg.Client(migrator);
  await client.connect();
  try {
    const other = await findOther.maybe(client, {});
    if (other) throw new Error(`The network is being served: stop it first (${other.usename} is connected).`);
    await client.query("begin");
    const belongs = await findBelonging.maybe(client, {});
    if (belongs?.vault_key_id === to.keyId) return false;
    await assertSameMasterKey(client, from, new Date());
    await assertRotated(client);
    await rewrapEnvelopes(client, from, to);
    await takeOver(client, to, (await hashingKeyOf(client, from)) ?? present);
    await indexAddresses(client, from, to);
    // Made under the master key, for minutes or a day.
    await dropAnswers.run(client, {});
    await dropRevoked.run(client, {});
    await client.query("commit");
    return true;
  } finally {
    await client.end();
  }
}

async function assertRotated(client: pg.Client): Promise<void> {
  for (const { table, column } of SEALED_COLUMNS) {
    const { rowCount } = await client.query(`select from ${table} where get_byte(${column}, 0) = $1 limit 1`, [
      SEALED_BY_MASTER,
    ]);
    if (rowCount === 1)
      throw new Error("Something is sealed under the master key itself. Run `openmolt keys rotate` first.");
  }
}

async function indexAddresses(db: Queryable, from: Vault, to: Vault): Promise<void> {
  const indexOf = (purpose: string) => (row: { id: string; email_sealed: Buffer }) =>
    to.hmac("owner-email", addressKey(from.open(purpose, row.email_sealed, row.id).toString("utf8")));
  for (let after = FIRST; ; ) {
    const rows = await nextOwners.all(db, { after });
    const anew = { ids: rows.map(({ id }) => id), indexes: rows.map(indexOf("owner-email")) };
    await moveOffers.run(db, anew);
    await indexOwners.run(db, anew);
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
  for (let after = FIRST; ; ) {
    const rows = await nextLinks.all(db, { after });
    await indexLinks.run(db, { ids: rows.map(({ id }) => id), indexes: rows.map(indexOf("link-email")) });
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
  // To addresses that nobody here has: nobody could find them any more.
  await dropOffers.run(db, {});
}

const FIRST = "00000000-0000-0000-0000-000000000000";
