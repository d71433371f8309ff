/**
 * The three logins, made inside the embedded server and inside one that belongs to somebody else (another embedded one
 * and, where it is installed, Debian's PostgreSQL 15).
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { freePort } from "../../test/free-port.js";
import { type TestDatabase, testDatabase } from "../../test/harness-db.js";
import { MIGRATIONS } from "./database.js";
import { migrate } from "./migrate.js";
import { type EmbeddedPostgres, startEmbedded } from "./postgres.js";
import { assertLeastPrivilege, provisionEmbedded, provisionExternal } from "./provision.js";

const cleanUps: (() => unknown)[] = [];
after(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "openmolt-provision-"));
  chmodSync(dir, 0o711);
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

let cluster: Promise<{ server: EmbeddedPostgres; dir: string }> | undefined;
/** A cluster of this file alone: roles belong to whole clusters. */
function ownCluster(): Promise<{ server: EmbeddedPostgres; dir: string }> {
  cluster ??= (async () => {
    const dir = tempDir();
    const server = await startEmbedded({
      dataDir: join(dir, "data"),
      log: () => undefined,
      settings: { fsync: "off" },
    });
    cleanUps.push(() => server.stop());
    return { server, dir };
  })();
  return cluster;
}

async function ask(login: pg.ClientConfig, text: string, values: unknown[] = []): Promise<unknown[][]> {
  const client = new pg.Client(login);
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query({ text, values, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

function urlOf(login: pg.ClientConfig): string {
  const query = new URLSearchParams({ host: login.host ?? "", port: String(login.port), user: login.user ?? "" });
  query.set("password", String(login.password));
  return `postgresql:///${login.database}?${query}`;
}

const random = (): string => randomBytes(6).toString("hex");

test("makes migrator, app and reader in the embedded server, each with no more than it needs", async () => {
  const { server, dir } = await ownCluster();
  const secretsDir = join(dir, "data", "secrets");
  const logins = await provisionEmbedded(server.connection, { secretsDir });
  assert.deepEqual(
    await ask(
      server.connection,
      `select rolname from pg_roles where rolname in ('migrator', 'app', 'reader') and rolcanlogin
         and not (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication) order by 1`,
    ),
    [["app"], ["migrator"], ["reader"]],
  );
  for (const role of ["migrator", "app", "reader", "postgres"]) {
    assert.equal(statSync(join(secretsDir, `${role}.password`)).mode & 0o777, 0o600);
  }
  await ask(logins.migrator, "create extension pg_trgm");
  await ask(logins.migrator, "create table notes (id integer)");
  for (const login of [logins.app, logins.reader]) {
    await assert.rejects(ask(login, "select from notes"), { code: "42501" });
    await assert.rejects(ask(login, "create table mine ()"), { code: "42501" });
    await assert.rejects(ask(login, "create schema mine"), { code: "42501" });
    await assert.rejects(ask(login, "create temporary table mine ()"), { code: "42501" });
    await assert.rejects(ask(login, "set role migrator"), { code: "42501" });
  }
});

test("a second boot changes nothing, and a lost password file is replaced", async () => {
  const { server, dir } = await ownCluster();
  const secretsDir = join(dir, "data", "secrets");
  const first = await provisionEmbedded(server.connection, { secretsDir });
  const hash = () => ask(server.connection, "select rolname, rolpassword from pg_authid where rolname = 'app'");
  const before = await hash();
  assert.deepEqual(await provisionEmbedded(server.connection, { secretsDir }), first);
  assert.deepEqual(await hash(), before);
  rmSync(join(secretsDir, "app.password"));
  const healed = await provisionEmbedded(server.connection, { secretsDir });
  assert.notEqual(healed.app.password, first.app.password);
  assert.deepEqual(await ask(healed.app, "select current_user::text"), [["app"]]);
  await assert.rejects(ask(first.app, "select 1"), { code: "28P01" });
});

test("one cluster can hold several databases with the same roles", async () => {
  const { server, dir } = await ownCluster();
  const options = { secretsDir: join(dir, "data", "secrets"), database: "second" };
  const logins = await provisionEmbedded(server.connection, options);
  assert.deepEqual(await ask(logins.reader, "select current_database()::text, current_user::text"), [
    ["second", "reader"],
  ]);
});

test("no password is in the server's log, even when every statement is logged", async () => {
  const dir = tempDir();
  const settings = { fsync: "off", log_statement: "all", log_min_duration_statement: "0" };
  const server = await startEmbedded({ dataDir: join(dir, "data"), log: () => undefined, settings });
  const secretsDir = join(dir, "data", "secrets");
  const logins = await provisionEmbedded(server.connection, { secretsDir });
  await ask(logins.app, "select 1");
  await server.stop();
  const logDir = join(dir, "data", "postgres", "log");
  const log = readdirSync(logDir)
    .map((name) => readFileSync(join(logDir, name), "utf8"))
    .join("");
  assert.match(log, /create role/);
  for (const name of readdirSync(secretsDir)) {
    assert.equal(log.includes(readFileSync(join(secretsDir, name), "utf8")), false, name);
  }
});

test("the boot check lets the granted roles pass and refuses owner, superuser, BYPASSRLS and their members", async () => {
  const database = await testDatabase();
  cleanUps.push(database.drop);
  const admin = new pg.Client(database.admin);
  await admin.connect();
  const check = async (login: pg.ClientConfig): Promise<void> => {
    const pool = new pg.Pool({ ...login, max: 1 });
    pool.on("error", () => undefined);
    await assertLeastPrivilege(pool).finally(() => pool.end());
  };
  try {
    await check(database.app);
    await check(database.reader);
    await assert.rejects(check(database.migrator), /refuses to serve as the database role "migrator": it is an owner/);
    const password = random();
    const planted = async (attributes: string, alter: (role: string) => string): Promise<pg.ClientConfig> => {
      const role = `planted_${random()}`;
      await admin.query(`create role ${role} login password '${password}' ${attributes}`);
      const more = alter(role);
      if (more !== "") await admin.query(more);
      cleanUps.push(async () => {
        await ask(database.admin, `drop owned by ${role}`);
        await ask(database.admin, `drop role ${role}`);
      });
      return { ...database.app, user: role, password };
    };
    await check(await planted("", () => ""));
    const cases: [string, (role: string) => string, RegExp][] = [
      ["superuser", () => "", /it is a superuser/],
      ["bypassrls", () => "", /BYPASSRLS/],
      ["", (role) => `create table of_${role} (); alter table of_${role} owner to ${role}`, /an owner of tables/],
      [
        "",
        (role) =>
          `create schema of_${role}; create view of_${role}.v as select 1; alter view of_${role}.v owner to ${role}`,
        /an owner of tables/,
      ],
      ["noinherit", (role) => `grant migrator to ${role}`, /an owner of tables/],
      ["", (role) => `grant pg_read_all_data to ${role}`, /sees or writes everything/],
    ];
    for (const [attributes, alter, expected] of cases) {
      const login = await planted(attributes, alter);
      await assert.rejects(check(login), (error) => {
        assert.ok(error instanceof Error);
        assert.match(error.message, expected);
        assert.ok(error.message.includes(`"${login.user}"`));
        return true;
      });
    }
  } finally {
    await admin.end();
  }
});

test("where the roles belong to somebody else, the error prints the SQL, and their passwords stay as they are", async () => {
  const database = await testDatabase("empty");
  cleanUps.push(database.drop);
  const secretsDir = join(tempDir(), "secrets");
  await assert.rejects(
    provisionExternal({ databaseUrl: urlOf(database.migrator), secretsDir }),
    (error) =>
      error instanceof Error &&
      /The role "app" exists in this server/.test(error.message) &&
      /create role reader login password '<another one>';/.test(error.message) &&
      error.message.includes(`grant connect on database ${database.name} to app, reader;`) &&
      /DATABASE_APP_URL and DATABASE_READER_URL/.test(error.message) &&
      !error.message.includes(String(database.migrator.password)),
  );
  assert.equal(existsSync(secretsDir), false);
  const given = await provisionExternal({
    databaseUrl: urlOf(database.migrator),
    appUrl: urlOf(database.app),
    readerUrl: urlOf(database.reader),
    secretsDir,
  });
  assert.deepEqual(await ask(given.reader, "select current_user::text"), [["reader"]]);
  assert.equal(existsSync(secretsDir), false);
});

test("logins made by hand must be the ones they are named for, and both be there", async () => {
  const database: TestDatabase = await testDatabase("empty");
  cleanUps.push(database.drop);
  const [databaseUrl, appUrl, readerUrl] = [database.migrator, database.app, database.reader].map(urlOf) as [
    string,
    string,
    string,
  ];
  const secretsDir = join(tempDir(), "secrets");
  await assert.rejects(provisionExternal({ databaseUrl, appUrl, secretsDir }), /Set both DATABASE_APP_URL and/);
  await assert.rejects(
    provisionExternal({ databaseUrl, appUrl, readerUrl: appUrl, secretsDir }),
    /DATABASE_READER_URL must log in as the role "reader"/,
  );
  const wrong = urlOf({ ...database.app, password: "swordfish" });
  await assert.rejects(
    provisionExternal({ databaseUrl, appUrl: wrong, readerUrl, secretsDir }),
    (error) =>
      error instanceof Error &&
      /^DATABASE_APP_URL does not work/.test(error.message) &&
      !/swordfish/.test(error.message),
  );
});

/** What must hold on any server that is not ours, given the URL of a migrator who may create roles. */
async function assertForeignServerWorks(databaseUrl: string, admin: pg.ClientConfig): Promise<void> {
  const secretsDir = join(tempDir(), "secrets");
  const warnings: string[] = [];
  const first = await provisionExternal({ databaseUrl, secretsDir, warn: (line) => warnings.push(line) });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /^[^\n]*may store large objects[^\n]*revoke execute on function lo_creat[^\n]*;$/);
  assert.equal(statSync(join(secretsDir, "app.password")).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(secretsDir).sort(), ["app.password", "reader.password"]);
  assert.deepEqual(await provisionExternal({ databaseUrl, secretsDir }), first);
  assert.deepEqual(await ask(first.app, "select current_user::text"), [["app"]]);
  assert.deepEqual(await ask(first.reader, "select current_user::text"), [["reader"]]);
  await migrate({ connection: first.migrator, folder: MIGRATIONS, log: () => undefined });
  await ask(first.app, "select from agents");
  await ask(first.app, "select graphile_worker.add_job('greet')");
  await assert.rejects(ask(first.reader, "select from agent_keys"), { code: "42501" });
  // Where row-level security is forced, the owner needs a policy of its own, whatever its name is here.
  assert.deepEqual(
    await ask(
      first.migrator,
      `select distinct c.relname::text from pg_class c where c.relforcerowsecurity
         and not exists (select from pg_policies p where p.tablename = c.relname and p.roles = array[current_user])`,
    ),
    [],
  );
  const pool = new pg.Pool(first.app);
  await assertLeastPrivilege(pool).finally(() => pool.end());
  // Whoever may take large objects from everybody does.
  const { user = "", password } = admin;
  const asAdmin = new URL(databaseUrl);
  for (const [name, value] of Object.entries({ user, password: String(password) }))
    asAdmin.searchParams.set(name, value);
  const store = (login: pg.ClientConfig) => ask(login, "begin; select lo_create(0); rollback");
  await store(first.app);
  await provisionExternal({ databaseUrl: asAdmin.href, secretsDir, warn: (line) => assert.fail(line) });
  for (const login of [first.app, first.reader]) await assert.rejects(store(login), { code: "42501" });
  // Another installation on the same server must not take the roles over.
  await assert.rejects(
    provisionExternal({ databaseUrl, secretsDir: join(tempDir(), "secrets") }),
    /its password is not in/,
  );
  await ask(admin, "drop owned by app, reader");
  await ask(admin, "drop role app");
  await ask(admin, "drop role reader");
  const weak = urlAsWeak(databaseUrl);
  await ask(admin, "create role weak login password 'weak'; grant create on schema public to weak");
  await assert.rejects(
    provisionExternal({ databaseUrl: weak, secretsDir: join(tempDir(), "secrets") }),
    /may not create roles\.\nRun this as an administrator/,
  );
}

function urlAsWeak(url: string): string {
  const weak = new URL(url);
  weak.searchParams.set("user", "weak");
  weak.searchParams.set("password", "weak");
  return weak.href;
}

test("in a server of somebody else a migrator with CREATEROLE gets its serving roles, through a socket URL", async () => {
  const dir = tempDir();
  const server = await startEmbedded({ dataDir: join(dir, "data"), log: () => undefined, settings: { fsync: "off" } });
  cleanUps.push(() => server.stop());
  await ask(server.connection, "create role keeper login createrole password 'pass word/@'");
  await ask(server.connection, "create database network owner keeper");
  const admin = { ...server.connection, database: "network" };
  await assertForeignServerWorks(urlOf({ ...admin, user: "keeper", password: "pass word/@" }), admin);
});

const DEBIAN = "/usr/lib/postgresql/15/bin";
test("Debian's PostgreSQL 15 works the same, through a network URL", {
  skip: existsSync(DEBIAN) && process.getuid?.() === 0 ? false : `needs root and ${DEBIAN}`,
}, async () => {
  const dir = tempDir();
  const [uid = 0, gid = 0] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postgres"]).toString()));
  const data = join(dir, "cluster");
  chownSync(dir, uid, gid);
  writeFileSync(join(dir, "password"), "secret of the owner", { mode: 0o600 });
  chownSync(join(dir, "password"), uid, gid);
  const as = { uid, gid, cwd: "/" };
  const initdb = ["-D", data, "-U", "postgres", "--auth=scram-sha-256", `--pwfile=${dir}/password`, "--no-sync"];
  execFileSync(join(DEBIAN, "initdb"), initdb, { ...as, stdio: "ignore" });
  const port = await freePort();
  const args = ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-k", dir, "-c", "fsync=off"];
  const server = spawn(join(DEBIAN, "postgres"), args, { ...as, stdio: "ignore" });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  cleanUps.push(async () => {
    server.kill("SIGINT");
    await ended;
  });
  const admin = { host: "127.0.0.1", port, user: "postgres", password: "secret of the owner", database: "postgres" };
  for (const deadline = Date.now() + 20_000; ; ) {
    const up = await ask(admin, "select 1").catch((error: unknown) => error);
    if (Array.isArray(up)) break;
    if (Date.now() > deadline) throw up;
  }
  await ask(admin, "create role keeper login createrole password 'pass word/@'");
  await ask(admin, "create database network owner keeper");
  const url = `postgresql://keeper:${encodeURIComponent("pass word/@")}@127.0.0.1:${port}/network`;
  await assertForeignServerWorks(url, { ...admin, database: "network" });
});
