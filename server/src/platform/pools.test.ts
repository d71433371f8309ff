/** The pools against a real database: limits of their sessions, and what happens when connections are lost. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { type TestDatabase, testDatabase } from "../../test/harness-db.js";
import { isUnavailable } from "./db-errors.js";
import { openPools, type Pools } from "./pools.js";
import { transaction } from "./transaction.js";

let database: TestDatabase;
let pools: Pools;
const logged: string[] = [];

before(async () => {
  database = await testDatabase("empty");
  await asRole(database.migrator, "create table notes (id integer); grant select, insert on notes to app, reader");
  pools = openPools({
    app: database.app,
    reader: database.reader,
    sizes: { app: 2 },
    log: (line) => logged.push(line),
  });
});
after(async () => {
  await pools.end();
  await database.drop();
});

async function asRole(login: pg.ClientConfig, text: string, values?: unknown[]): Promise<void> {
  const client = new pg.Client(login);
  await client.connect();
  await client.query(text, values).finally(() => client.end());
}

async function settings(pool: pg.Pool): Promise<Record<string, string>> {
  const names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "TimeZone"];
  names.push("default_transaction_read_only", "application_name", "jit");
  const { rows } = await pool.query<{ name: string; setting: string }>(
    "select name, current_setting(name) as setting from unnest($1::text[]) as name",
    [names],
  );
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

const APP = {
  statement_timeout: "30s",
  lock_timeout: "10s",
  idle_in_transaction_session_timeout: "15s",
  TimeZone: "UTC",
  jit: "off",
  default_transaction_read_only: "off",
  application_name: "openmolt-app",
};
const READER = {
  ...APP,
  statement_timeout: "2s",
  default_transaction_read_only: "on",
  application_name: "openmolt-reader",
};

test("every session has time limits and UTC, and the reader's transactions are read-only", async () => {
  assert.deepEqual(await settings(pools.app), APP);
  assert.deepEqual(await settings(pools.reader), READER);
});

test("the reader cannot write even where it has the grant; the app can", async () => {
  await pools.app.query("insert into notes values (1)");
  await assert.rejects(pools.reader.query("insert into notes values (2)"), { code: "25006" });
  assert.equal((await pools.reader.query("select from notes")).rowCount, 1);
});

test("a login given as a URL gets the same limits, beside options of its own", async () => {
  const url = (login: pg.ClientConfig, more = ""): string =>
    `postgresql:///${login.database}?host=${encodeURIComponent(login.host ?? "")}&port=${login.port}` +
    `&user=${login.user}&password=${encodeURIComponent(String(login.password))}${more}`;
  const own = openPools({
    app: { connectionString: url(database.app, "&options=-c%20work_mem%3D7MB") },
    reader: { connectionString: url(database.reader) },
    log: () => undefined,
  });
  try {
    assert.deepEqual(await settings(own.app), APP);
    assert.deepEqual(await settings(own.reader), READER);
    assert.deepEqual((await own.app.query("show work_mem")).rows, [{ work_mem: "7MB" }]);
  } finally {
    await own.end();
  }
});

test("a lost connection, idle or in use, is a log line, and the next query gets a new one", async () => {
  const idle = await pools.app.connect();
  const busy = await pools.app.connect();
  const pids = await Promise.all(
    [idle, busy].map(
      async (client) => (await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid,
    ),
  );
  idle.release();
  logged.length = 0;
  const broken = assert.rejects(busy.query("select pg_sleep(60)"));
  await asRole(database.app, "select pg_terminate_backend(pid) from unnest($1::int[]) as pid", [pids]);
  await broken;
  busy.release(true);
  // The idle one hears of its end a moment later.
  for (const deadline = Date.now() + 10_000; logged.length < 2 && Date.now() < deadline; await delay(5));
  assert.equal((await pools.app.query("select 1")).rowCount, 1);
  assert.ok(logged.length >= 2, logged.join("\n"));
  for (const line of logged) {
    assert.match(line, /^A database connection of app was lost: /);
    assert.equal(line.includes(String(database.app.password)), false);
  }
});

test("a pool without a free connection says so after its patience instead of waiting for ever", async () => {
  const held = await Promise.all([pools.app.connect(), pools.app.connect()]);
  await assert.rejects(pools.app.query("select 1"), /timeout/);
  for (const client of held) client.release();
});

test("a connection that leads nowhere any more is given up, and the next query gets a new one", async () => {
  const { host, port, user, password, database: name } = new pg.Client(database.app);
  let isDead = false;
  const sockets = new Set<Socket>();
  const wire = createServer((near) => {
    const far = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    for (const socket of [near, far]) sockets.add(socket.on("error", () => undefined));
    // Nobody hears that it is dead: bytes just do not arrive.
    near.on("data", (bytes) => isDead || far.write(bytes));
    far.on("data", (bytes) => near.write(bytes));
    near.on("close", () => far.destroy());
  });
  await once(wire.listen(0, "127.0.0.1"), "listening");
  const login = { user, password, database: name } as pg.ClientConfig;
  const app = { ...login, host: "127.0.0.1", port: (wire.address() as AddressInfo).port };
  const patient = openPools({ app, reader: app, sizes: { app: 1 }, silence: 300, log: () => undefined });
  const ask = () => transaction(patient.app, {}, (tx) => tx.query({ text: "select 1", values: [] }));
  await ask();
  isDead = true;
  await assert.rejects(ask(), isUnavailable);
  isDead = false;
  assert.equal((await ask()).rowCount, 1);
  await patient.end();
  for (const socket of sockets) socket.destroy();
  wire.close();
});

test("ending the pools twice is harmless", async () => {
  const own = openPools({ app: database.app, reader: database.reader, log: () => undefined });
  await own.app.query("select 1");
  await Promise.all([own.end(), own.end()]);
  await assert.rejects(own.app.query("select 1"));
});
