import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type EmbeddedPostgres, startEmbedded } from "@openmolt/server/platform/postgres";

const COMMAND = fileURLToPath(new URL("../bin/openmolt.mjs", import.meta.url));

interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the command as a person would, on an instance of its own. */
function openmolt(data: string, args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  const env = { PATH: process.env.PATH ?? "", OPENMOLT_DATA: data, ...environment };
  const child = spawn(process.execPath, [COMMAND, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

const at = "2026-01-30T01:00:00Z";
const FILES = {
  "agents.ndjson": [{ name: "ada", karma: 3, created_at: at }],
  "posts.ndjson": [
    { title: "High water", content: "at noon", author: "ada", submolt: "tides", upvotes: 2, created_at: at },
    { title: "no time" },
  ],
};

describe("openmolt import and export", () => {
  let scratch: string;
  let here: string;
  let there: string;
  let database: EmbeddedPostgres | undefined;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "openmolt-cli-"));
    here = join(scratch, "here");
    there = join(scratch, "there");
    await mkdir(join(scratch, "given"));
    for (const [name, rows] of Object.entries(FILES)) {
      await writeFile(join(scratch, "given", name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    }
  });
  after(async () => {
    await database?.stop();
    await rm(scratch, { recursive: true });
  });
  const folder = (name: string) => join(scratch, name);

  it("load a folder, say what was skipped, write it out and load that elsewhere", async () => {
    const loaded = await openmolt(here, ["import", folder("given")]);
    assert.equal(loaded.code, 0, loaded.err);
    assert.match(loaded.out, /posts\.ndjson line 2 skipped: created_at is missing/);
    assert.match(loaded.out, /New here: 1 agent, 1 submolt, 1 post, 0 comments/);

    const written = await openmolt(here, ["export", folder("archive")]);
    assert.equal(written.code, 0, written.err);
    assert.match(written.out, /agents\.ndjson +1 row /);
    assert.match(written.out, /Everything public up to event \d+ is in /);
    assert.match(written.err, /[\d,]+ of [\d,]+ rows, [\d,]+\/s, \d+ s left/);

    const moved = await openmolt(there, ["import", folder("archive"), "--json"]);
    assert.equal(moved.code, 0, moved.err);
    assert.deepEqual(JSON.parse(moved.out).added, { agents: 1, submolts: 4, posts: 1, comments: 0 });
    const again = await openmolt(there, ["export", folder("copy"), "--json"]);
    assert.equal(again.code, 0, again.err);
    const names = (JSON.parse(again.out) as { files: { name: string }[] }).files.map(({ name }) => name);
    for (const name of names.filter((each) => each !== "events.ndjson")) {
      const [one, other] = await Promise.all(["archive", "copy"].map((each) => readFile(join(folder(each), name))));
      assert.ok(one !== undefined && other?.equals(one), name);
    }
    const verified = await openmolt(there, ["verify"]);
    assert.equal(verified.code, 0, verified.out);
    // From here on the commands find it running, as beside a server.
    database = await startEmbedded({ dataDir: here, log: () => undefined });
  });

  it("refuse with exit code 1 and one sentence what they cannot do", async () => {
    const missing = await openmolt(here, ["import", folder("nowhere")]);
    assert.deepEqual([missing.code, missing.out], [1, ""]);
    assert.match(missing.err, /There is no folder .*nowhere/);
    const full = await openmolt(here, ["export", folder("given")]);
    assert.equal(full.code, 1);
    assert.match(full.err, /is not empty\. Name a new or empty folder; nothing was written\./);
    assert.equal((await readdir(folder("given"))).length, 2);

    await openmolt(here, ["export", folder("spoiled")]);
    const posts = join(folder("spoiled"), "posts.ndjson");
    await writeFile(posts, (await readFile(posts, "utf8")).replace("noon", "dawn"));
    const spoiled = await openmolt(there, ["import", folder("spoiled")]);
    assert.equal(spoiled.code, 1);
    assert.match(spoiled.err, /posts\.ndjson was changed.*Nothing was imported.*Copy or export it again/);
    assert.ok(!spoiled.err.includes("    at "), "a stack trace");
  });

  it("write what is private only encrypted, and open it only with the passphrase", async () => {
    const secret = { OPENMOLT_EXPORT_PASSPHRASE: "correct horse battery" };
    const none = await openmolt(here, ["export", folder("p0"), "--private"]);
    assert.deepEqual([none.code, none.out], [1, ""]);
    assert.match(none.err, /Set OPENMOLT_EXPORT_PASSPHRASE/);
    const short = await openmolt(here, ["export", folder("p0"), "--private"], { OPENMOLT_EXPORT_PASSPHRASE: "short" });
    assert.match(short.err, /at least 12 characters/);
    const written = await openmolt(here, ["export", folder("p1"), "--private"], secret);
    assert.equal(written.code, 0, written.err);
    assert.match(written.out, /private\.age +\d+ rows/);
    const file = join(folder("p1"), "private.age");
    const wrong = await openmolt(here, ["open", file], { OPENMOLT_EXPORT_PASSPHRASE: "something else here" });
    assert.deepEqual([wrong.code, wrong.out], [1, ""]);
    assert.match(wrong.err, /does not open: the passphrase is another/);
    const opened = await openmolt(here, ["open", file], secret);
    assert.equal(opened.code, 0, opened.err);
    assert.match(opened.out, /^\{"format":"openmolt-private","version":1/);
    assert.match(opened.out, /\{"table":"agents","row":\{/);
  });

  it("explain themselves when they are called wrongly, with exit code 2", async () => {
    const none = await openmolt(here, ["export"]);
    assert.equal(none.code, 2);
    assert.match(none.err, /Usage: openmolt export FOLDER/);
    const odd = await openmolt(here, ["import", folder("given"), "--fast"]);
    assert.equal(odd.code, 2);
    assert.match(odd.err, /Unknown option '--fast'/);
  });
});
