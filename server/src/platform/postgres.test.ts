/**
 * The embedded server as an operator meets it: started, stopped, killed, moved under root and closed directories.
 * Every case starts real servers in directories of its own.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
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
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { findBinaries, openBinaries } from "./postgres/binaries.js";
import { chooseIdentity, runAs } from "./postgres/identity.js";
import { type DatabaseLogin, type EmbeddedPostgres, startEmbedded } from "./postgres.js";

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === "linux";
const cleanUps: (() => unknown)[] = [];
after(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "openmolt-embedded-"));
  chmodSync(dir, 0o711);
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Killed processes lose nothing by it; only a power failure would show the difference. */
const FAST = { fsync: "off" };

/** Starts a server that is stopped at the end of this file if the test did not. */
async function start(
  dataDir: string,
  log: string[] = [],
  settings: Record<string, string> = FAST,
): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ dataDir, log: (line) => log.push(line), settings });
  cleanUps.push(() => server.stop());
  return server;
}

async function ask(login: DatabaseLogin, text: string): Promise<unknown[][]> {
  const client = new pg.Client(login);
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query({ text, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

const serverPid = (dataDir: string): number =>
  Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);

/** Whether a process runs; one that ended and was not yet collected by its parent does not. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isLinux || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await holds()); await delay(10)) {
    assert.ok(Date.now() < deadline, `waited in vain: ${what}`);
  }
}

interface App {
  child: ChildProcess;
  /** The next line it prints. */
  line(): Promise<string>;
  ended: Promise<number | null>;
}

/** A process of its own that runs code with `start` (startEmbedded on dataDir), `ask` and `say` at hand. */
function app(
  dataDir: string,
  code: string,
  options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {},
): App {
  const prelude = `
    const { startEmbedded } = await import(${JSON.stringify(new URL("./postgres.js", import.meta.url).href)});
    const pg = (await import(${JSON.stringify(import.meta.resolve("pg"))})).default;
    const say = (line) => process.stdout.write(line + "\\n");
    const start = () => startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: () => undefined, settings: { fsync: "off" } });
    const ask = async (login, text) => {
      const client = new pg.Client(login);
      await client.connect();
      try { return await client.query(text); } finally { await client.end(); }
    };`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", prelude + code], {
    ...options,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  cleanUps.push(() => child.kill("SIGKILL"));
  const ended = new Promise<number | null>((resolve) => child.once("exit", (status) => resolve(status)));
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let rest = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const next = waiting.shift();
      if (next === undefined) lines.push(part);
      else next(part);
    }
  });
  const line = (): Promise<string> => {
    const known = lines.shift();
    if (known !== undefined) return Promise.resolve(known);
    const failed = ended.then((status) => Promise.reject(new Error(`The app ended with ${status}.`)));
    return Promise.race([new Promise<string>((resolve) => waiting.push(resolve)), failed]);
  };
  return { child, line, ended };
}

test("what was committed is there after a stop and a start, and only private things lie in the directory", async () => {
  const dataDir = join(tempDir(), "data");
  const log: string[] = [];
  const first = await start(dataDir, log);
  await ask(first.connection, "create table notes as select 'kept' as body");
  const socketDir = first.connection.host;
  assert.ok(Buffer.byteLength(join(socketDir, ".s.PGSQL.5432")) < 107);
  assert.equal(statSync(socketDir).mode & 0o777, 0o700);
  assert.equal(statSync(join(dataDir, "postgres")).mode & 0o777, 0o700);
  assert.equal(statSync(join(dataDir, "secrets")).mode & 0o777, 0o700);
  assert.equal(statSync(join(dataDir, "secrets", "postgres.password")).mode & 0o777, 0o600);
  assert.equal(statSync(dataDir).mode & 0o066, 0);
  await Promise.all([first.stop(), first.stop()]);
  assert.equal(existsSync(socketDir), false);
  assert.equal(existsSync(join(dataDir, "postgres", "postmaster.pid")), false);
  const second = await start(dataDir, log);
  assert.deepEqual(await ask(second.connection, "select body from notes"), [["kept"]]);
  assert.equal(second.mode, first.mode);
  await second.stop();
  assert.deepEqual(
    log.map((line) => line.split(" ")[0]),
    ["Made", "Started"],
  );
});

test("the server is version 18, listens on no network, wants a password, and does not depend on the system's locale", async () => {
  const server = await start(join(tempDir(), "data"), [], {});
  const shown = await ask(
    server.connection,
    `select current_setting('server_version_num')::int / 10000, current_setting('listen_addresses'),
       current_setting('fsync'), current_setting('synchronous_commit'), current_setting('data_checksums'), current_setting('TimeZone'),
       datlocprovider::text, datlocale, pg_encoding_to_char(encoding)::text
     from pg_database where datname = 'postgres'`,
  );
  assert.deepEqual(shown, [[18, "", "on", "on", "on", "UTC", "b", "C.UTF-8", "UTF8"]]);
  await assert.rejects(ask({ ...server.connection, password: "guess" }, "select 1"), { code: "28P01" });
  await assert.rejects(ask({ ...server.connection, password: "" }, "select 1"));
  await server.stop();
});

test("a second start on the same directory is refused at once and does not disturb the first", async () => {
  const dataDir = join(tempDir(), "data");
  const server = await start(dataDir);
  await assert.rejects(
    start(dataDir),
    new RegExp(`already running on the data directory .* \\(process ${process.pid}\\)`),
  );
  const other = app(
    dataDir,
    "await start().then(() => say('started'), (error) => say(error.message)); process.exit(3)",
  );
  assert.match(await other.line(), new RegExp(`already running on the data directory .* \\(process ${process.pid}\\)`));
  assert.equal(await other.ended, 3);
  assert.equal((await ask(server.connection, "select 1")).length, 1);
  await server.stop();
});

test("after SIGKILL of the app nothing acknowledged is lost and the next start needs no help", async () => {
  const dataDir = join(tempDir(), "data");
  const killed = app(
    dataDir,
    `const { connection } = await start();
     await ask(connection, "create table notes (id integer)");
     const client = new pg.Client(connection);
     await client.connect();
     for (let id = 1; ; id++) { await client.query("insert into notes values ($1)", [id]); say(String(id)); }`,
  );
  let acknowledged = 0;
  while (acknowledged < 200) acknowledged = Number(await killed.line());
  killed.child.kill("SIGKILL");
  const server = await start(dataDir);
  await killed.ended;
  const [[kept] = []] = await ask(server.connection, "select count(*)::int from notes");
  assert.ok(Number(kept) >= acknowledged, `${kept} kept of ${acknowledged}`);
  await server.stop();
});

test("a database that outlived its killed app is stopped and started again", async () => {
  const dataDir = join(tempDir(), "data");
  // Started from a worker thread, the database cannot be tied to the life of the process.
  const killed = app(
    dataDir,
    `const { Worker } = await import("node:worker_threads");
     const worker = new Worker(\`
       const { parentPort, workerData } = require("node:worker_threads");
       import(workerData.module).then(async ({ startEmbedded }) => {
         await startEmbedded({ dataDir: workerData.dataDir, log: () => undefined });
         parentPort.postMessage("started");
         setInterval(() => undefined, 60_000);
       });\`, { eval: true, execArgv: [], workerData: { module: ${JSON.stringify(new URL("./postgres.js", import.meta.url).href)}, dataDir: ${JSON.stringify(dataDir)} } });
     worker.on("message", say);
     setInterval(() => undefined, 60_000);`,
  );
  assert.equal(await killed.line(), "started");
  const pid = serverPid(dataDir);
  killed.child.kill("SIGKILL");
  await killed.ended;
  assert.equal(runs(pid), true);
  const log: string[] = [];
  const server = await start(dataDir, log);
  assert.equal(log[0], `Stopped the database that a killed run left behind (process ${pid}).`);
  assert.equal(runs(pid), false);
  assert.equal((await ask(server.connection, "select 1")).length, 1);
  await server.stop();
});

test("when the app is killed the database follows it", { skip: isLinux ? false : "needs Linux" }, async () => {
  const dataDir = join(tempDir(), "data");
  const killed = app(dataDir, "await start(); say('started'); setInterval(() => undefined, 60_000);");
  await killed.line();
  const pid = serverPid(dataDir);
  killed.child.kill("SIGKILL");
  await until("the database ends", () => !runs(pid));
  assert.equal(existsSync(join(dataDir, "postgres", "postmaster.pid")), false);
  const socketDir = readFileSync(join(dataDir, "lock", "socket-dir"), "utf8");
  assert.equal(existsSync(socketDir), true);
  await (await start(dataDir)).stop();
  assert.equal(existsSync(socketDir), false);
});

test("an app that exits without stopping takes the database with it", async () => {
  const dataDir = join(tempDir(), "data");
  const careless = app(dataDir, "await start(); say('started'); process.exit(0);");
  await careless.line();
  await careless.ended;
  await until("the database ends", () => !existsSync(join(dataDir, "postgres", "postmaster.pid")));
});

test("Ctrl-C reaches the app alone, which can still use the database and then stops it", async () => {
  const dataDir = join(tempDir(), "data");
  const interrupted = app(
    dataDir,
    `const server = await start();
     process.on("SIGINT", async () => {
       await new Promise((resolve) => setTimeout(resolve, 300));
       say(String((await ask(server.connection, "select 1")).rowCount));
       await server.stop();
       process.exit(0);
     });
     say("started");
     setInterval(() => undefined, 60_000);`,
  );
  await interrupted.line();
  // A terminal signals the whole group.
  process.kill(-(interrupted.child.pid ?? 0), "SIGINT");
  assert.equal(await interrupted.line(), "1");
  assert.equal(await interrupted.ended, 0);
  assert.equal(existsSync(join(dataDir, "postgres", "postmaster.pid")), false);
});

test("a database that ends on its own is started again at the same place, and again", async () => {
  const dataDir = join(tempDir(), "data");
  const log: string[] = [];
  const server = await start(dataDir, log);
  await ask(server.connection, "create table notes as select 'kept' as body");
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    const pid = serverPid(dataDir);
    process.kill(pid, signal);
    const again = (): number => log.filter((line) => line === "The database runs again.").length;
    const before = again();
    await until("another server answers", async () => {
      if (again() === before) return false;
      return (await ask(server.connection, "select body from notes")).length === 1 && serverPid(dataDir) !== pid;
    });
  }
  const last = serverPid(dataDir);
  await server.stop();
  assert.equal(runs(last), false);
});

test("a pid file whose pid now belongs to a stranger neither stops the start nor the stranger", async () => {
  const dataDir = join(tempDir(), "data");
  await (await start(dataDir)).stop();
  const stranger = spawn("sleep", ["600"]);
  cleanUps.push(() => stranger.kill("SIGKILL"));
  const lines = [
    stranger.pid,
    join(dataDir, "postgres"),
    1_700_000_000,
    5432,
    "/tmp",
    "",
    "  5432001         0",
    "ready",
  ];
  const pidFile = join(dataDir, "postgres", "postmaster.pid");
  writeFileSync(pidFile, `${lines.join("\n")}\n`, { mode: 0o600 });
  const { uid, gid } = statSync(join(dataDir, "postgres"));
  chownSync(pidFile, uid, gid);
  const server = await start(dataDir);
  assert.notEqual(serverPid(dataDir), stranger.pid);
  assert.equal(runs(stranger.pid ?? 0), true);
  await server.stop();
});

test("a start that was killed while it made the cluster is forgotten", async () => {
  const dataDir = join(tempDir(), "data");
  mkdirSync(join(dataDir, "postgres.new", "base"), { recursive: true });
  chmodSync(dataDir, 0o711);
  writeFileSync(join(dataDir, "postgres.new", "PG_VERSION"), "18\n");
  const server = await start(dataDir);
  assert.equal(existsSync(join(dataDir, "postgres.new")), false);
  await server.stop();
});

test("data of another major version is refused with both numbers", async () => {
  const dataDir = join(tempDir(), "data");
  await (await start(dataDir)).stop();
  writeFileSync(join(dataDir, "postgres", "PG_VERSION"), "17\n");
  await assert.rejects(start(dataDir), /was made by PostgreSQL 17, the embedded one is 18/);
});

test("a setting PostgreSQL does not know is an error with its words, and the directory is free again", async () => {
  const dataDir = join(tempDir(), "data");
  const wrong = { dataDir, log: () => undefined, settings: { no_such_setting: "1" } };
  await assert.rejects(startEmbedded(wrong), /did not start: .*no_such_setting/);
  await (await start(dataDir)).stop();
});

test("none of the app's environment reaches the database", { skip: isLinux ? false : "needs Linux" }, async () => {
  const dataDir = join(tempDir(), "data");
  const env = { ...process.env, OPENMOLT_PEPPER: "swordfish" };
  const child = app(dataDir, "await start(); say('started'); setInterval(() => undefined, 60_000);", { env });
  await child.line();
  assert.equal(readFileSync(`/proc/${serverPid(dataDir)}/environ`, "utf8").includes("swordfish"), false);
  child.child.kill("SIGKILL");
  await child.ended;
  await (await start(dataDir)).stop();
});

/** A package copy without library links, as `npm install --ignore-scripts` leaves it. */
async function nativeWithoutLinks(dir: string): Promise<string> {
  const { home } = await findBinaries(dir);
  const native = join(dir, "native");
  cpSync(home, native, { recursive: true, verbatimSymlinks: true });
  for (const name of readdirSync(join(native, "lib"))) {
    const path = join(native, "lib", name);
    if (lstatSync(path).isSymbolicLink()) rmSync(path);
  }
  assert.throws(
    () => execFileSync(join(native, "bin", "postgres"), ["--version"], { stdio: "pipe" }),
    /cannot open shared|Library not loaded/,
  );
  return native;
}

test("library links that no install script made are made at the first start", async () => {
  const dir = tempDir();
  const binaries = await openBinaries(await nativeWithoutLinks(dir), dir);
  assert.match(execFileSync(binaries.postgres, ["--version"], { env: binaries.env }).toString(), /PostgreSQL\) 18/);
  assert.equal(binaries.env.LD_LIBRARY_PATH, undefined);
});

test("where the package may not be written to, the links lie in the data directory", {
  skip: isLinux ? false : "needs Linux",
}, async () => {
  const dir = tempDir();
  const native = await nativeWithoutLinks(dir);
  chmodSync(join(native, "lib"), 0o555);
  const dataDir = join(dir, "data");
  mkdirSync(dataDir);
  const who = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  if (isRoot) chownSync(dataDir, 65_534, 65_534);
  const child = app(
    dataDir,
    `const { openBinaries } = await import(${JSON.stringify(new URL("./postgres/binaries.js", import.meta.url).href)});
     const { execFileSync } = await import("node:child_process");
     const { postgres, env } = await openBinaries(${JSON.stringify(native)}, ${JSON.stringify(dataDir)});
     say(execFileSync(postgres, ["--version"], { env }).toString().trim() + " with " + env.LD_LIBRARY_PATH);`,
    who,
  );
  const said = await child.line();
  chmodSync(join(native, "lib"), 0o755);
  assert.match(said, /PostgreSQL\) 18.* with .*\/data\/postgres-lib$/);
});

const rootOnly = { skip: isRoot && isLinux ? false : "needs root on Linux" };

test("root gives its rights up for another user where the way is open", rootOnly, async () => {
  const dataDir = join(tempDir(), "data");
  const server = await start(dataDir);
  assert.equal(server.mode, "other-user");
  assert.notEqual(statSync(join(dataDir, "postgres")).uid, 0);
  assert.match(readFileSync(`/proc/${serverPid(dataDir)}/status`, "utf8"), /^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
  assert.match(readFileSync(`/proc/${serverPid(dataDir)}/status`, "utf8"), /^Groups:\s*$/m);
  await server.stop();
});

test(
  "root in a closed home and a path deeper than any socket's works too, and again after a kill",
  rootOnly,
  async (t) => {
    try {
      execFileSync("unshare", ["-U", "true"], { stdio: "ignore" });
    } catch {
      return t.skip("this machine allows no user namespaces");
    }
    const home = tempDir();
    chmodSync(home, 0o700);
    const dataDir = join(home, "d".repeat(60), "e".repeat(60), "data");
    const log: string[] = [];
    const first = await start(dataDir, log);
    assert.equal(first.mode, "user-namespace");
    assert.equal(statSync(join(dataDir, "postgres", "PG_VERSION")).uid, 0);
    await ask(first.connection, "create table notes as select 'kept' as body");
    await first.stop();
    const killed = app(dataDir, "await start(); say('started'); setInterval(() => undefined, 60_000);");
    await killed.line();
    killed.child.kill("SIGKILL");
    // Opened up, the data still belongs to root: its owner decides, not the path.
    chmodSync(home, 0o711);
    const second = await start(dataDir, log);
    assert.equal(second.mode, "user-namespace");
    assert.deepEqual(await ask(second.connection, "select body from notes"), [["kept"]]);
    await second.stop();
  },
);

test("an ordinary user runs the database as itself", rootOnly, async () => {
  const dir = tempDir();
  chownSync(dir, 65_534, 65_534);
  const dataDir = join(dir, "data");
  const child = app(dataDir, "const server = await start(); say(server.mode); await server.stop(); say('stopped')", {
    uid: 65_534,
    gid: 65_534,
  });
  assert.equal(await child.line(), "own-user");
  assert.equal(await child.line(), "stopped");
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  assert.equal(statSync(join(dataDir, "postgres")).uid, 65_534);
  const stranger = app(dataDir, "await start().catch((error) => say(error.message))", { uid: 1_234, gid: 1_234 });
  assert.match(await stranger.line(), /EACCES|belongs to user/);
});

test(
  "programs the owner of the data cannot reach are copied beside the data, whatever the umask",
  rootOnly,
  async () => {
    const dir = tempDir();
    const closed = join(dir, "closed");
    const dataDir = join(dir, "data");
    const clusterDir = join(dataDir, "postgres");
    const { home } = await findBinaries(dir);
    mkdirSync(closed, { mode: 0o700 });
    cpSync(home, join(closed, "native"), { recursive: true, verbatimSymlinks: true });
    cpSync(join(home, "..", "package.json"), join(closed, "package.json"));
    mkdirSync(clusterDir, { recursive: true });
    chownSync(clusterDir, 65_534, 65_534);
    const umask = process.umask(0o077);
    try {
      const identity = await chooseIdentity(dataDir, clusterDir, await openBinaries(join(closed, "native"), dataDir));
      assert.equal(identity.mode, "other-user");
      assert.ok(identity.binaries.home.startsWith(join(dataDir, "postgres-programs")));
      const run = await runAs(identity, identity.binaries.initdb, ["--version"]);
      assert.match(run.said, /PostgreSQL\) 18/);
    } finally {
      process.umask(umask);
    }
  },
);

test("where PostgreSQL can run in no way, the error names what was tried and what to do", rootOnly, async () => {
  const dir = tempDir();
  const dataDir = join(dir, "data");
  const clusterDir = join(dataDir, "postgres");
  mkdirSync(clusterDir, { recursive: true });
  chownSync(clusterDir, 65_534, 65_534);
  chmodSync(dataDir, 0o700);
  await assert.rejects(
    chooseIdentity(dataDir, clusterDir, await findBinaries(dir)),
    /cannot run here on .*\n {2}other-user: (.|\n)*set DATABASE_URL/,
  );
});
