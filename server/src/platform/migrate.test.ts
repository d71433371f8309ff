/** The migration runner against real databases, with throw-away migrations. */
import assert from "node:assert/strict";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Logger, makeWorkerUtils, runOnce } from "graphile-worker";
import pg from "pg";
import { type TestDatabase, testDatabase } from "../../test/harness-db.js";
import { migrate } from "./migrate.js";

const cleanUps: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "openmolt-migrations-"));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
  return folder;
}

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await testDatabase("empty");
  cleanUps.push(database.drop);
  return database;
}

async function ask(login: pg.ClientConfig, text: string): Promise<unknown[][]> {
  const client = new pg.Client(login);
  await client.connect();
  try {
    return (await client.query({ text, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

const run = (database: TestDatabase, folder: string, logged: string[] = []): Promise<string[]> =>
  migrate({ connection: database.migrator, folder, log: (line) => logged.push(line) });

const FIRST =
  "create table notes (id integer primary key, body text not null);\ninsert into notes values (1, 'one');\n";
const SECOND = "insert into notes values (2, 'two');\ngrant select on notes to reader;\n";

test("applies the files in the order of their numbers, once, and says which", async () => {
  const database = await emptyDatabase();
  const folder = await folderOf({ "0002_more.sql": SECOND, "0001_first.sql": FIRST, "schema.sql": "not sql" });
  const logged: string[] = [];
  assert.deepEqual(await run(database, folder, logged), ["0001_first.sql", "0002_more.sql"]);
  assert.deepEqual(logged, ["Applied 2 migrations, 0001_first.sql to 0002_more.sql."]);
  assert.deepEqual(await run(database, folder), []);
  await writeFile(join(folder, "0003_last.sql"), "insert into notes values (3, 'three')");
  assert.deepEqual(await run(database, folder, logged), ["0003_last.sql"]);
  assert.deepEqual(logged.slice(1), ["Applied migration 0003_last.sql."]);
  assert.deepEqual(await ask(database.migrator, "select id from notes order by id"), [[1], [2], [3]]);
  assert.deepEqual(
    await ask(database.migrator, "select distinct tableowner from pg_tables where schemaname = 'public'"),
    [["migrator"]],
  );
});

test("refuses a file that was changed after it was applied, but not other line ends", async () => {
  const database = await emptyDatabase();
  const folder = await folderOf({ "0001_first.sql": FIRST });
  await run(database, folder);
  await writeFile(join(folder, "0001_first.sql"), FIRST.replaceAll("\n", "\r\n"));
  assert.deepEqual(await run(database, folder), []);
  await writeFile(join(folder, "0001_first.sql"), FIRST.replace("one", "uno"));
  await writeFile(join(folder, "0002_more.sql"), SECOND);
  await assert.rejects(run(database, folder), /0001_first\.sql was changed after it was applied/);
  assert.deepEqual(await ask(database.migrator, "select id from notes"), [[1]]);
});

test("refuses a database that is ahead of the files", async () => {
  const database = await emptyDatabase();
  const folder = await folderOf({ "0001_first.sql": FIRST, "0002_more.sql": SECOND });
  await run(database, folder);
  await rm(join(folder, "0002_more.sql"));
  await assert.rejects(run(database, folder), /has migration 0002_more\.sql, which this version/);
});

test("refuses gaps, twins and strange names before it touches the database", async () => {
  const database = await emptyDatabase();
  for (const [names, expected] of [
    [["0002_a.sql"], /0002_a\.sql should have the number 1/],
    [["0001_a.sql", "0003_b.sql"], /0003_b\.sql should have the number 2/],
    [["0001_a.sql", "0001_b.sql"], /0001_b\.sql should have the number 2/],
    [["0001_a.sql", "two.sql"], /two\.sql is no migration/],
    [["1_a.sql"], /1_a\.sql is no migration/],
  ] as const) {
    const folder = await folderOf(Object.fromEntries(names.map((name) => [name, "select 1"])));
    await assert.rejects(run(database, folder), expected);
  }
  assert.deepEqual(await ask(database.migrator, "select tablename from pg_tables where schemaname = 'public'"), []);
});

test("a file that fails leaves nothing behind and can be corrected", async () => {
  const database = await emptyDatabase();
  const folder = await folderOf({ "0001_first.sql": FIRST, "0002_more.sql": `${SECOND}select 1/0;` });
  await assert.rejects(run(database, folder), /0002_more\.sql failed: division by zero/);
  assert.deepEqual(await ask(database.migrator, "select id from notes"), [[1]]);
  await writeFile(join(folder, "0002_more.sql"), SECOND);
  assert.deepEqual(await run(database, folder), ["0002_more.sql"]);
});

test("a file that ends its own transaction is refused, also the next time", async () => {
  const database = await emptyDatabase();
  const folder = await folderOf({ "0001_first.sql": "commit; select 1" });
  await assert.rejects(run(database, folder), /0001_first\.sql failed: it ends its own transaction/);
  await assert.rejects(run(database, folder), /0001_first\.sql failed: it ends its own transaction/);
});

test("six servers that boot at once apply every file exactly once", async () => {
  const database = await emptyDatabase();
  const folder = await folderOf({
    "0001_first.sql": `${FIRST}select pg_sleep(0.2);`,
    "0002_more.sql": "insert into notes select max(id) + 1, 'next' from notes",
    "0003_more.sql": "insert into notes select max(id) + 1, 'next' from notes",
  });
  const results = await Promise.all(Array.from({ length: 6 }, () => run(database, folder)));
  assert.deepEqual(results.flat().sort(), ["0001_first.sql", "0002_more.sql", "0003_more.sql"]);
  assert.deepEqual(await ask(database.migrator, "select id from notes order by id"), [[1], [2], [3]]);
  assert.deepEqual(
    await ask(database.migrator, "select count(*)::int from pg_policies where policyname = 'app_runs_jobs'"),
    [[4]],
  );
});

test("when the server that claimed a file fails, the one that waited applies it", async () => {
  const database = await emptyDatabase();
  const folder = await folderOf({ "0001_first.sql": FIRST });
  await run(database, await folderOf({}));
  const other = new pg.Client(database.migrator);
  await other.connect();
  await other.query("begin; insert into schema_migrations (id, name, sha256) values (1, '0001_first.sql', 'x')");
  const waiting = run(database, folder);
  const waits = async (): Promise<boolean> =>
    (await ask(database.migrator, "select from pg_stat_activity where wait_event = 'transactionid'")).length > 0;
  while (!(await waits()));
  await other.query("rollback");
  await other.end();
  assert.deepEqual(await waiting, ["0001_first.sql"]);
});

test("app adds and runs jobs, and cannot change the history of the queue; reader sees nothing of it", async () => {
  const database = await emptyDatabase();
  await run(database, await folderOf({}));
  const pool = new pg.Pool(database.app);
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  cleanUps.push(() => pool.end());
  const options = { pgPool: pool, logger: new Logger(() => () => undefined) };
  const utils = await makeWorkerUtils(options);
  await utils.addJob("greet", { id: 7 }, { jobKey: "greet-7", queueName: "greetings" });
  const seen: unknown[] = [];
  await runOnce({ ...options, taskList: { greet: async (payload) => void seen.push(payload) } });
  await utils.addJob("greet", { id: 8 }, { jobKey: "greet-8" });
  await utils.addJob("greet", { id: 9 }, { jobKey: "greet-8", jobKeyMode: "replace" });
  await utils.cleanup({ tasks: ["GC_JOB_QUEUES", "DELETE_PERMAFAILED_JOBS"] });
  await utils.release();
  assert.deepEqual(seen, [{ id: 7 }]);
  assert.deepEqual(await ask(database.app, "select payload from graphile_worker._private_jobs"), [[{ id: 9 }]]);
  await assert.rejects(ask(database.app, "update graphile_worker.migrations set breaking = true"), { code: "42501" });
  await assert.rejects(ask(database.app, "create table graphile_worker.mine ()"), { code: "42501" });
  await assert.rejects(ask(database.reader, "select from graphile_worker._private_jobs"), { code: "42501" });
  await assert.rejects(ask(database.reader, "select graphile_worker.add_job('greet')"), { code: "42501" });
});

test("a folder that vanished is an error, not an empty history", async () => {
  const database = await emptyDatabase();
  const folder = await folderOf({ "0001_first.sql": FIRST });
  await rename(folder, `${folder}-away`);
  cleanUps.push(() => rm(`${folder}-away`, { recursive: true, force: true }));
  await assert.rejects(run(database, folder), { code: "ENOENT" });
});
