/** Backups of a network as its operator makes them: the commands and the server are processes of their own. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, readdirSync, statSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findBackup } from "@openmolt/server/platform/backup/restore-backup";
import { type Backup, listBackups, readChunk, readContents } from "@openmolt/server/platform/backup/store";
import { lockDataDir } from "@openmolt/server/platform/postgres/lock-data-dir";

const CLI = fileURLToPath(new URL("../main.js", import.meta.url));
const SERVER = fileURLToPath(new URL("../../../server/dist/src/main.js", import.meta.url));
const WRITERS = 4;
const NOBODY = 65_534;

interface Outcome {
  code: number | null;
  output: string;
  /** What --json printed. */
  json: () => Backup & { events: number; problems: string[]; removed: { backups: number; chunks: number } };
}

/** One post: when it was sent, when it was acknowledged. */
interface Entry {
  title: string;
  sent: number;
  acknowledged: number;
}

const children = new Set<ChildProcess>();

function launch(program: string, words: readonly string[], env: Record<string, string>, uid?: number): ChildProcess {
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH: process.env.PATH, OPENMOLT_CLAIM: "auto", OPENMOLT_LIMITS: "off", LOG_LEVEL: "silent", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    cwd: "/",
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

/** Runs a command to its end. */
async function openmolt(dataDir: string, words: readonly string[], env = {}, uid?: number): Promise<Outcome> {
  const child = launch(CLI, words, { OPENMOLT_DATA: dataDir, ...env }, uid);
  let output = "";
  let told = "";
  child.stdout?.on("data", (text) => {
    output += text;
    told += text;
  });
  child.stderr?.on("data", (text) => {
    output += text;
  });
  const [code] = await once(child, "close");
  return { code, output, json: () => JSON.parse(told) };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

interface Network {
  url: string;
  stop(): Promise<void>;
}

async function serve(dataDir: string, uid?: number): Promise<Network> {
  const port = await freePort();
  const child = launch(SERVER, [], { OPENMOLT_DATA: dataDir, PORT: String(port) }, uid);
  let said = "";
  child.stdout?.on("data", (text) => {
    said += text;
  });
  child.stderr?.on("data", (text) => {
    said += text;
  });
  while (!said.includes("Operator")) {
    assert.equal(child.exitCode, null, `it did not start: ${said}`);
    await delay(20);
  }
  return {
    url: `http://127.0.0.1:${port}/api/v1`,
    stop: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

async function call<T>(url: string, key?: string, body?: unknown): Promise<T> {
  const answer = await fetch(url, {
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    headers: { "content-type": "application/json", ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
  });
  assert.ok(answer.ok, `${url} answered ${answer.status}`);
  return (await answer.json()) as T;
}

async function register(url: string, name: string): Promise<string> {
  const { agent } = await call<{ agent: { api_key: string } }>(`${url}/agents/register`, undefined, { name });
  return agent.api_key;
}

/** Writes post after post until it is told to stop. */
async function keepWriting(url: string, key: string, name: string, until: AbortSignal): Promise<Entry[]> {
  const ledger: Entry[] = [];
  for (let turn = 0; !until.aborted; turn++) {
    const title = `${name} ${turn}`;
    const sent = performance.now();
    await call(`${url}/posts`, key, { submolt_name: "general", title, content: randomBytes(400).toString("base64") });
    ledger.push({ title, sent, acknowledged: performance.now() });
  }
  return ledger;
}

async function titlesOf(url: string, author: string): Promise<Set<string>> {
  const titles = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const page = await call<{ posts: { title: string }[]; next_cursor?: string | null }>(
      `${url}/posts?sort=new&limit=100&author=${author}${cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    for (const { title } of page.posts) titles.add(title);
    if (!page.next_cursor) return titles;
    cursor = page.next_cursor;
  }
}

const chunksOf = (folder: string): string[] =>
  readdirSync(join(folder, "chunks"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Every byte of the newest backup is there as it was. */
async function assertWhole(folder: string): Promise<void> {
  const { files } = await readContents(folder, await findBackup(folder));
  for (const { path, chunks } of files) for (const chunk of chunks) await readChunk(folder, chunk, path);
}

describe("a backup of a network", () => {
  let home: string;
  let dataDir: string;
  let folder: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "openmolt-backup-"));
    // As root the database runs as another user, who has to pass through.
    await chmod(home, 0o711);
    dataDir = join(home, "data");
    folder = join(home, "kept");
  });
  after(async () => {
    for (const child of children) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    }
    await rm(home, { recursive: true, force: true });
  });

  /** A data directory with nothing but the master key of the network. */
  const withKey = async (name: string): Promise<string> => {
    const dir = join(home, name);
    await mkdir(join(dir, "secrets"), { recursive: true });
    await chmod(dir, 0o711);
    await chmod(join(dir, "secrets"), 0o700);
    await copyFile(join(dataDir, "secrets", "master.key"), join(dir, "secrets", "master.key"));
    return dir;
  };

  it("taken while it is written to holds a state that was: whatever was acknowledged before anything in it", async () => {
    const network = await serve(dataDir);
    const authors = Array.from({ length: WRITERS }, (_, index) => `writer_${index}`);
    const keys = await Promise.all(authors.map((name) => register(network.url, name)));
    const stopped = new AbortController();
    const writing = authors.map((name, index) => keepWriting(network.url, keys[index] ?? "", name, stopped.signal));
    const rounds: { begun: number; made: Backup }[] = [];
    for (const words of [[], ["--verify"]]) {
      const begun = performance.now();
      const outcome = await openmolt(dataDir, ["backup", folder, "--json", ...words]);
      assert.equal(outcome.code, 0, outcome.output);
      if (words.length > 0) assert.deepEqual(outcome.json().problems, []);
      rounds.push({ begun, made: outcome.json() });
    }
    stopped.abort();
    const ledger = await Promise.all(writing);
    await network.stop();
    const [first, second] = rounds;
    assert.ok(first && second && second.made.new_bytes < second.made.bytes / 2, "the second one is not cheap");

    for (const [round, { begun, made }] of rounds.entries()) {
      const restored = await withKey(`restored-${round}`);
      const outcome = await openmolt(restored, ["restore", folder, "--at", made.id, "--json"]);
      assert.equal(outcome.code, 0, outcome.output);
      assert.deepEqual(outcome.json().problems, []);
      const again = await serve(restored);
      const found = await Promise.all(authors.map((name) => titlesOf(again.url, name)));
      const all = ledger.flatMap((entries, index) =>
        entries.map((entry) => ({ ...entry, kept: found[index]?.has(entry.title) === true })),
      );
      const lastSent = Math.max(...all.filter(({ kept }) => kept).map(({ sent }) => sent));
      assert.ok(lastSent > begun, "nothing that was written during the backup is in it");
      const lost = all.filter(({ kept, acknowledged }) => !kept && acknowledged < Math.max(begun, lastSent));
      assert.deepEqual(lost, [], `backup ${round} lacks acknowledged writes`);
      // Keys are as good as before, and it goes on.
      await call(`${again.url}/posts`, keys[0], { submolt_name: "general", title: `After restore ${round}` });
      await again.stop();
    }
  });

  it("is private, and holds no secret of the data directory", async () => {
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    for (const path of chunksOf(folder)) assert.equal(statSync(path).mode & 0o777, 0o600);
    for (const id of readdirSync(join(folder, "backups"))) {
      assert.doesNotMatch(await readFile(join(folder, "backups", id), "utf8"), /password/);
    }
  });

  it("is taken of a stopped network too; older ones go with what they alone needed, and the one left is whole", async () => {
    const before = chunksOf(folder).length;
    const outcome = await openmolt(dataDir, ["backup", folder, "--keep", "1", "--verify", "--json"]);
    assert.equal(outcome.code, 0, outcome.output);
    const { id, problems, removed } = outcome.json();
    assert.deepEqual(problems, []);
    assert.equal(removed.backups, 2);
    assert.ok(removed.chunks > 0 && chunksOf(folder).length < before);
    const listed = await openmolt(dataDir, ["backup", folder, "--list", "--json"]);
    assert.deepEqual(
      (JSON.parse(listed.output) as Backup[]).map((backup) => backup.id),
      [id],
    );
  });

  it("that is killed on the way harms no earlier one, and the next one clears up", async () => {
    const copy = join(home, "killed");
    await cp(folder, copy, { recursive: true });
    const child = launch(CLI, ["backup", copy], { OPENMOLT_DATA: dataDir });
    const gone = once(child, "exit");
    while (!existsSync(join(copy, "partial"))) {
      assert.equal(child.exitCode, null);
      await delay(5);
    }
    child.kill("SIGKILL");
    await gone;
    await writeFile(join(copy, "partial", "left-over"), "half a chunk");
    assert.deepEqual(readdirSync(join(copy, "backups")), readdirSync(join(folder, "backups")));
    await assertWhole(copy);
    const next = await openmolt(dataDir, ["backup", copy, "--json"]);
    assert.equal(next.code, 0, next.output);
    assert.ok(!existsSync(join(copy, "partial")));
    await assertWhole(copy);
  });

  it("is refused while another one is at work in the same folder", async () => {
    const lock = await lockDataDir(folder);
    const { code, output } = await openmolt(dataDir, ["backup", folder]);
    await lock.release();
    assert.equal(code, 1);
    assert.match(output, /Another backup is at work in .*process/);
  });

  it("with a damaged or missing chunk is not restored, and the chunk is named", async () => {
    const copy = join(home, "damaged");
    await cp(folder, copy, { recursive: true });
    const [damaged = "", missing = ""] = chunksOf(copy).sort((a, b) => statSync(b).size - statSync(a).size);
    const bytes = await readFile(damaged);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(damaged, bytes);
    const target = await withKey("from-damaged");
    const first = await openmolt(target, ["restore", copy]);
    assert.equal(first.code, 1);
    assert.ok(first.output.includes(damaged), first.output);
    assert.deepEqual(
      readdirSync(target).filter((name) => name.startsWith("postgres")),
      [],
    );
    // The next backup writes a chunk anew that was taken away.
    await rm(damaged);
    await rm(missing);
    const second = await openmolt(target, ["restore", copy]);
    assert.equal(second.code, 1);
    assert.ok(second.output.includes(missing) || second.output.includes(damaged), second.output);
    assert.equal((await openmolt(dataDir, ["backup", copy])).code, 0);
    await assertWhole(copy);
  });

  it("is restored only where no network is", async () => {
    const { code, output } = await openmolt(dataDir, ["restore", folder]);
    assert.equal(code, 1);
    assert.match(output, /is not empty \(it holds postgres\)/);
    assert.equal((await openmolt(dataDir, ["verify"])).code, 0);
    const full = await withKey("full");
    await writeFile(join(full, "notes.txt"), "mine");
    assert.match((await openmolt(full, ["restore", folder])).output, /it holds notes\.txt/);
  });

  it("is refused at once without its master key or with another, and nothing is written", async () => {
    const target = join(home, "keyless");
    const without = await openmolt(target, ["restore", folder]);
    assert.equal(without.code, 1);
    assert.match(without.output, /belongs to the master key [0-9a-f]{8}, which is not here/);
    const other = randomBytes(32).toString("base64");
    const wrong = await openmolt(target, ["restore", folder], { OPENMOLT_MASTER_KEY: other });
    assert.equal(wrong.code, 1);
    assert.match(wrong.output, /but the one given is [0-9a-f]{8}/);
    assert.ok(!wrong.output.includes(other));
    assert.ok(!existsSync(target));
  });

  it("is found by time, and what cannot be found is said", async () => {
    const [backup] = await listBackups(folder);
    assert.ok(backup);
    assert.deepEqual(await findBackup(folder, backup.taken_at), backup);
    await assert.rejects(findBackup(folder, "2001-01-01"), /no backup taken until/);
    await assert.rejects(findBackup(folder, "lunch"), /neither a time nor/);
    const { code, output } = await openmolt(join(home, "new"), ["restore", join(home, "nowhere"), "--at", backup.id]);
    assert.equal(code, 1);
    assert.match(output, /holds no backups/);
  });

  it("goes into a folder of its own only, and needs a network", async () => {
    const busy = join(home, "busy");
    await mkdir(busy);
    await writeFile(join(busy, "thesis.txt"), "mine");
    const mode = statSync(busy).mode;
    assert.match((await openmolt(dataDir, ["backup", busy])).output, /holds something else than backups/);
    assert.equal(statSync(busy).mode, mode);
    assert.match((await openmolt(dataDir, ["backup", join(dataDir, "kept")])).output, /inside the data directory/);
    assert.match((await openmolt(busy, ["backup", join(home, "new")])).output, /holds no network/);
    assert.equal((await openmolt(dataDir, ["backup", folder, "--keep", "none"])).code, 1);
    const mistyped = await openmolt(dataDir, ["backup", folder, "--kep", "1"]);
    assert.equal(mistyped.code, 2);
    assert.match(mistyped.output, /Usage: openmolt backup FOLDER \[--keep N\]/);
  });

  it("of a database of the operator's own is left to its tools, which are named", async () => {
    const env = { DATABASE_URL: "postgres://molt:sesame@127.0.0.1:1/molt" };
    for (const command of ["backup", "restore"]) {
      const { code, output } = await openmolt(dataDir, [command, folder], env);
      assert.equal(code, 1);
      assert.match(output, /pg_basebackup[\s\S]*pg_dump[\s\S]*pgBackRest[\s\S]*secrets/);
      assert.ok(!output.includes("sesame"));
    }
  });

  it("is made and restored by an ordinary user alike", { skip: process.getuid?.() !== 0 }, async () => {
    const own = await mkdtemp(join(tmpdir(), "openmolt-backup-user-"));
    chmodSync(own, 0o700);
    chownSync(own, NOBODY, NOBODY);
    try {
      const network = await serve(join(own, "data"), NOBODY);
      await register(network.url, "ordinary");
      const made = await openmolt(join(own, "data"), ["backup", join(own, "kept"), "--verify"], {}, NOBODY);
      await network.stop();
      assert.equal(made.code, 0, made.output);
      assert.match(made.output, /The secrets are not in it/);
      const key = (await readFile(join(own, "data", "secrets", "master.key"), "utf8")).trim();
      const env = { OPENMOLT_MASTER_KEY: key };
      const back = await openmolt(join(own, "back"), ["restore", join(own, "kept")], env, NOBODY);
      assert.equal(back.code, 0, back.output);
      assert.match(back.output, /history is intact/);
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  });
});
