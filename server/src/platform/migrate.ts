/**
 * Brings a database to the newest schema: the numbered files of a folder, forward only, then the tables of the job
 * queue. Each file runs in one transaction that first claims its number, so several servers may boot at once.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Logger, runMigrations } from "graphile-worker";
import pg from "pg";

/** What migrate wants to know. */
export interface MigrateOptions {
  /** How to log in as the role that owns the schema. */
  connection: pg.ClientConfig;
  /** The folder of the numbered files. */
  folder: string;
  /** Gets one line of plain text per file that was applied. */
  log: (message: string) => void;
}

interface Migration {
  id: number;
  name: string;
  sql: string;
  sha256: string;
}

/**
 * Applies what is missing.
 * @returns the names of the files applied by this call
 * @throws Error when an applied file was changed or is missing here, when numbers have gaps or twins, or when a
 *   statement fails; what that file did is rolled back then
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.folder);
  const client = new pg.Client({
    ...options.connection,
    application_name: "openmolt-migrate",
    options: "-c TimeZone=UTC -c search_path=public -c client_min_messages=warning",
  });
  client.on("error", () => undefined);
  await client.connect();
  const applied: string[] = [];
  try {
    await createLedger(client);
    await assertSameHistory(client, migrations);
    for (const migration of migrations) {
      if (!(await applyOnce(client, migration))) continue;
      applied.push(migration.name);
    }
    await assertSameHistory(client, migrations);
    await client.query("begin");
    // One server at a time goes on to the job queue.
    await client.query("lock table schema_migrations in exclusive mode");
    await migrateJobs(options.connection);
    await client.query("commit");
  } finally {
    if (applied.length > 0) options.log(told(applied));
    await client.end();
  }
  return applied;
}

/** In one line, also on the first day when they are many. */
function told(applied: readonly string[]): string {
  const [first, ...others] = applied;
  const last = others.at(-1);
  return last === undefined
    ? `Applied migration ${first}.`
    : `Applied ${applied.length} migrations, ${first} to ${last}.`;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql") && name !== "schema.sql").sort();
  return await Promise.all(
    names.map(async (name, index) => {
      const number = /^(\d{4})_[a-z0-9_-]+\.sql$/.exec(name)?.[1];
      if (number === undefined) throw new Error(`${name} is no migration: it should be named like 0001_what.sql.`);
      if (Number(number) !== index + 1) {
        throw new Error(`Migration ${name} should have the number ${index + 1}: no gaps, no number twice.`);
      }
      const sql = (await readFile(join(folder, name), "utf8")).replaceAll("\r\n", "\n");
      return { id: index + 1, name, sql, sha256: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

async function createLedger(client: pg.Client): Promise<void> {
  try {
    await client.query(
      `create table if not exists schema_migrations (
         id integer primary key,
         name text not null,
         sha256 text not null,
         applied_at timestamptz not null default now()
       )`,
    );
  } catch (error) {
    // Two that create it at once: "if not exists" is no protection, the loser hears of the table, its type or a key.
    if (!(error instanceof pg.DatabaseError && ["23505", "42P07", "42710"].includes(error.code ?? ""))) throw error;
  }
}

async function assertSameHistory(client: pg.Client, migrations: Migration[]): Promise<void> {
  const { rows } = await client.query<{ id: number; name: string; sha256: string }>(
    "select id, name, sha256 from schema_migrations order by id",
  );
  for (const [index, row] of rows.entries()) {
    if (row.id !== index + 1) throw new Error(`The database lacks migration ${index + 1} but has ${row.name}.`);
    const here = migrations[index];
    if (here === undefined) {
      throw new Error(`The database has migration ${row.name}, which this version of the server does not know.`);
    }
    if (here.sha256 !== row.sha256) {
      throw new Error(`Migration ${row.name} was changed after it was applied. Restore it and add a new one instead.`);
    }
  }
}

/** @returns whether this call applied it; false when it was applied before, or by another server a moment ago */
async function applyOnce(client: pg.Client, migration: Migration): Promise<boolean> {
  const { id, name, sha256, sql } = migration;
  await client.query("begin");
  try {
    // If another server is at it, this waits for its end.
    const claim = await client.query(
      "insert into schema_migrations (id, name, sha256) values ($1, $2, $3) on conflict (id) do nothing",
      [id, name, sha256],
    );
    if (claim.rowCount === 0) {
      await client.query("commit");
      return false;
    }
    const before = await currentTransaction(client);
    await client.query(sql);
    if ((await currentTransaction(client)) !== before) {
      // What it did stays, and the claim with it: without this the next boot would take it for applied.
      await client.query("delete from schema_migrations where id = $1", [id]);
      throw new Error("it ends its own transaction, which the runner does");
    }
    await client.query("commit");
    return true;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw new Error(`Migration ${name} failed: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

async function currentTransaction(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>("select pg_current_xact_id_if_assigned()::text as id");
  return rows[0]?.id;
}

/** Installs or updates the job queue as its owner and lets app run it. */
async function migrateJobs(connection: pg.ClientConfig): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: 1, application_name: "openmolt-migrate" });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  try {
    await runMigrations({ pgPool: pool, schema: "graphile_worker", logger: new Logger(() => () => undefined) });
    await grantJobs(pool);
  } finally {
    await pool.end();
  }
}

async function grantJobs(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(
      `grant usage on schema graphile_worker to app;
       grant select on graphile_worker.migrations to app;
       grant select, insert, update, delete on all tables in schema graphile_worker to app;
       revoke insert, update, delete on graphile_worker.migrations from app`,
    );
    // The queue's tables have row-level security without any policy: nobody but the owner would see a row.
    const { rows } = await client.query<{ statement: string }>(
      `select format('create policy app_runs_jobs on %s to app using (true) with check (true)', c.oid::regclass) as statement
       from pg_class c
       where c.relnamespace = 'graphile_worker'::regnamespace and c.relkind = 'r' and c.relrowsecurity
         and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'app_runs_jobs')`,
    );
    for (const { statement } of rows) await client.query(statement);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
