import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import pg from "pg";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type TestDatabase, testDatabase } from "../../test/harness-db.js";
import { verifyHistory } from "../audit/read.js";
import { openPools, type Pools } from "../platform/pools.js";
import { exportFolder } from "./read/export-folder.js";
import type { Manifest } from "./read/manifest.js";
import { openPrivate } from "./read/private.js";
import { parquet } from "./read/sinks.js";
import { importFolder } from "./write/import-folder.js";

const INSTANCE = { name: "OpenMolt", url: "http://molt.test" };
const quiet = { progress: () => undefined };
/** Long after everything a test writes. */
const later = () => new Date(Date.now() + 3_600_000);

/** What stands in the public files, and what nobody should carry away. */
const TOLD_ELSEWHERE = new Set(
  `comment_revisions comment_stats comments communities community_roles community_stats events follows label_attachments
  labels post_revisions post_stats posts idempotency_keys magic_links outbox owner_sessions pulse_figures search_documents
  used_values`.split(/\s+/),
);

interface Empty {
  database: TestDatabase;
  pools: Pools;
  close(): Promise<void>;
}

/** An instance that nobody ever started. */
async function emptyInstance(): Promise<Empty> {
  const database = await testDatabase();
  const pools = openPools({ app: database.app, reader: database.reader, log: () => undefined });
  return {
    database,
    pools,
    close: async () => {
      await pools.end();
      await database.drop();
    },
  };
}

const write = (pools: Pick<Pools, "app" | "reader">, folder: string): Promise<Manifest> =>
  exportFolder(pools, folder, { now: new Date(), instance: INSTANCE, ...quiet });

async function linesOf(folder: string, name: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(folder, name), "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Every file but the history, which tells of another network's acts, and the manifest, which tells of it. */
async function assertSameNetwork(one: string, other: string): Promise<void> {
  for (const name of await readdir(one)) {
    if (name === "events.ndjson" || name === "manifest.json") continue;
    const [a, b] = await Promise.all([one, other].map((folder) => readFile(join(folder, name), "utf8")));
    if (a === b) continue;
    const [before, after] = [a, b].map((text) => (text ?? "").split("\n"));
    const at = before?.findIndex((line, index) => line !== after?.[index]) ?? 0;
    assert.equal(after?.[at], before?.[at], `${name} line ${at + 1}`);
  }
}

describe("an export", () => {
  let network: TestServer;
  let scratch: string;
  let ada: TestAgent;
  let ben: TestAgent;
  let kept: string;
  let manifest: Manifest;
  const ids: Record<string, string> = {};
  const SECRET = "only between the two of us";
  const GONE = "a sentence that was taken back";
  const folder = (name: string) => join(scratch, name);

  before(async () => {
    network = await startTestServer();
    scratch = await mkdtemp(join(tmpdir(), "openmolt-export-"));
    ada = await network.agent("ada");
    ben = await network.agent("ben");
    const leaver = await network.agent("leaver");
    await ada.client.agents.update({ description: "Looks\u2028into tides", metadata: { b: 1, a: ["é"] } });
    await ada.client.agents.follow({ name: "ben" });
    await ben.client.agents.follow({ name: "ada" });
    await leaver.client.agents.follow({ name: "ada" });
    await ada.client.submolts.create({ name: "tides", display_name: "Tides", description: "High and low" });
    await ada.client.submolts.update({ name: "tides", rules: "Be exact", banner_color: "#00ff00" });
    await ada.client.submolts.addModerator({ name: "tides", agent_name: "ben" });
    await ben.client.submolts.subscribe({ name: "tides" });
    const tag = await ada.client.labels.create({
      name: "tides",
      key: "seen",
      label: "Seen",
      color: "sky",
      kind: "tag",
    });
    const role = await ada.client.labels.create({
      name: "tides",
      key: "keeper",
      label: "Keeper",
      color: "teal",
      kind: "role",
      prompt: "Look at the gauge",
    });
    const { post } = await ada.client.posts.create({ submolt_name: "tides", title: "High water", content: "At noon" });
    ids.post = post.id;
    await ada.client.posts.edit({ post_id: post.id, content: "At one" });
    await ada.client.posts.pin({ post_id: post.id });
    const attach = (label: string, type: "post" | "agent", id: string) =>
      ada.client.labels.attach({ label_definition_id: label, target_type: type, target_id: id });
    await attach(tag.label.id, "post", post.id);
    await attach(role.label.id, "agent", ben.id);
    const link = await ben.client.posts.create({
      submolt_name: "general",
      title: "A link",
      url: "https://example.org/",
    });
    const gone = await ben.client.posts.create({ submolt_name: "general", title: "Gone", content: GONE });
    const orphan = await leaver.client.posts.create({ submolt_name: "general", title: "Stays", content: "without me" });
    const comment = async (by: TestAgent, content: string, parent?: string) =>
      (await by.client.comments.create({ post_id: post.id, content, ...(parent ? { parent_id: parent } : {}) })).comment
        .id;
    const root = await comment(ben, "By twelve minutes");
    await ben.client.comments.edit({ comment_id: root, content: "By thirteen minutes" });
    const hole = await comment(ada, GONE, root);
    ids.hole = hole;
    await comment(ben, "below what is gone", hole);
    ids.leaf = await comment(ada, `${GONE} again`, root);
    await ada.client.comments.remove({ comment_id: hole });
    await ada.client.comments.remove({ comment_id: ids.leaf });
    await ben.client.posts.remove({ post_id: gone.post.id });
    await ben.client.votes.upvotePost({ post_id: post.id });
    await ada.client.votes.downvotePost({ post_id: orphan.post.id });
    await ada.client.votes.upvoteComment({ comment_id: root });
    await leaver.client.agents.remove({});
    await ada.client.messages.request({ to: "ben", message: SECRET });
    ids.link = link.post.id;
    ids.gone = gone.post.id;
    await network.settle();
    await network.server.services.activity.flush();
    kept = folder("a");
    manifest = await write(network.server.services, kept);
  });
  after(async () => {
    await network.close();
    await rm(scratch, { recursive: true });
  });

  it("names every file with its rows, bytes and digest, and counts what it leaves out", async () => {
    const rows = Object.fromEntries(manifest.files.map((file) => [file.name, file.rows]));
    assert.deepEqual(
      [rows["agents.ndjson"], rows["submolts.ndjson"], rows["posts.ndjson"], rows["comments.ndjson"]],
      [2, 4, 3, 3],
    );
    assert.equal(rows["follows.ndjson"], 2);
    assert.equal(rows["events.ndjson"], manifest.history_up_to);
    const { left_out: left } = manifest;
    assert.deepEqual([left.deleted_agents, left.deleted_posts, left.deleted_comments], [1, 1, 2]);
    assert.deepEqual([left.votes_given_as_totals, left.subscriptions_given_as_totals], [3, 2]);
    assert.deepEqual(JSON.parse(await readFile(join(kept, "manifest.json"), "utf8")), manifest);
  });

  it("holds nothing private and nothing that was taken back", async () => {
    for (const name of await readdir(kept)) {
      const text = await readFile(join(kept, name), "utf8");
      for (const hidden of [SECRET, GONE, ada.key, "leaver", "key_hash"]) {
        assert.ok(!text.includes(hidden), `${hidden} in ${name}`);
      }
    }
    const comments = await linesOf(kept, "comments.ndjson");
    const hole = comments.find(({ id }) => id === ids.hole);
    assert.deepEqual([hole?.author, hole?.content, hole?.salt], [null, null, null]);
    const events = await linesOf(kept, "events.ndjson");
    assert.ok(events.some((event) => event.type === "post.deleted" && event.subject_id === ids.gone));
    assert.deepEqual(
      events.map(({ position }) => position),
      events.map((_, index) => index + 1),
    );
  });

  it("reads through a role that can see nothing else", async () => {
    const { rows } = await network.server.services.reader.query("select current_user as role");
    assert.equal(rows[0]?.role, "reader");
  });

  it("comes out of an empty instance as it went in, byte for byte", async () => {
    const other = await emptyInstance();
    try {
      const report = await importFolder(other.pools.app, kept, { now: later(), ...quiet });
      assert.deepEqual([report.skipped, report.notes], [[], []]);
      await write(other.pools, folder("b"));
      await assertSameNetwork(kept, folder("b"));
      const found = await verifyHistory(other.pools.app, () => undefined);
      assert.deepEqual(found.problems, []);
      const again = await importFolder(other.pools.app, kept, { now: later(), ...quiet });
      assert.deepEqual(again.added, { agents: 0, submolts: 0, posts: 0, comments: 0 });
      await write(other.pools, folder("c"));
      await assertSameNetwork(kept, folder("c"));
    } finally {
      await other.close();
    }
  });

  it("can be told from the history alone: the digest of a text that was never edited is the same on both sides", async () => {
    const other = await emptyInstance();
    try {
      await importFolder(other.pools.app, kept, { now: later(), ...quiet });
      await write(other.pools, folder("d"));
      const digest = async (from: string) =>
        (await linesOf(from, "events.ndjson")).find(({ subject_id: id }) => id === ids.link)?.digest;
      assert.equal(await digest(folder("d")), await digest(kept));
    } finally {
      await other.close();
    }
  });

  it("says the same in Parquet, with times and numbers as such and what is nested as JSON", async () => {
    const target = folder("parquet");
    const options = { now: new Date(), instance: INSTANCE, form: parquet, ...quiet };
    const { files } = await exportFolder(network.server.services, target, options);
    for (const { name, rows } of files) {
      const read = await parquetReadObjects({ file: await asyncBufferFromFile(join(target, name)) });
      assert.equal(read.length, rows, name);
      const expected = await linesOf(kept, name.replace(".parquet", ".ndjson"));
      const plain = read.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([field, value]) => [field, typeof value === "bigint" ? Number(value) : value]),
        ),
      );
      assert.deepEqual(JSON.parse(JSON.stringify(plain)), expected, name);
    }
    const [post] = await parquetReadObjects({ file: await asyncBufferFromFile(join(target, "posts.parquet")) });
    assert.ok(post?.created_at instanceof Date && typeof post.upvotes === "number" && Array.isArray(post.versions));
    await assert.rejects(
      importFolder(network.server.services.app, target, { now: later(), ...quiet }),
      /nothing to import/,
    );
  });

  it("writes Parquet files that can be read also where there is nothing to write", async () => {
    const other = await emptyInstance();
    const target = folder("nothing");
    const { files } = await exportFolder(other.pools, target, {
      now: new Date(),
      instance: INSTANCE,
      form: parquet,
      ...quiet,
    });
    for (const { name } of files) {
      const read = await parquetReadObjects({ file: await asyncBufferFromFile(join(target, name)) });
      assert.equal(read.length, 0, name);
    }
    await other.close();
  });

  /** How many rows each table has. */
  const countRows = async (): Promise<Map<string, number>> => {
    const admin = new pg.Client(network.database.admin);
    await admin.connect();
    const { rows: tables } = await admin.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
    );
    const counts = new Map<string, number>();
    for (const { name } of tables) {
      const { rows } = await admin.query(`select count(*)::int as count from ${pg.escapeIdentifier(name)}`);
      counts.set(name, rows[0]?.count);
    }
    await admin.end();
    return counts;
  };

  it("encrypts everything private under a passphrase; opened, it still holds no key, message or link in clear", async () => {
    const target = folder("private");
    const passphrase = "correct horse battery";
    const { migrator } = network.database;
    const before = await countRows();
    const { files } = await exportFolder(network.server.services, target, {
      now: new Date(),
      instance: INSTANCE,
      private: { migrator, passphrase },
      ...quiet,
    });
    const after = await countRows();
    const path = join(target, "private.age");
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const sealed = await readFile(path, "latin1");
    assert.match(sealed, /^age-encryption\.org\/v1\n-> scrypt /);
    for (const hidden of ["agent_keys", "key_hash", ada.id, SECRET]) assert.ok(!sealed.includes(hidden), hidden);
    await assert.rejects(openPrivate(path, "correct horse battery "), /does not open: the passphrase is another/);
    await assert.rejects(openPrivate(join(target, "posts.ndjson"), passphrase), /not one that was exported/);

    const opened = await textOf(await openPrivate(path, passphrase));
    for (const hidden of [SECRET, ada.key, ada.claimUrl]) assert.ok(!opened.includes(hidden), hidden);
    const [, ...rows] = opened
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { table: string; row: Record<string, unknown> });
    assert.equal(files.find(({ name }) => name === "private.age")?.rows, rows.length);
    for (const [name, most] of after) {
      const written = rows.filter(({ table }) => table === name).length;
      if (TOLD_ELSEWHERE.has(name)) assert.equal(written, 0, name);
      // The ledger of accesses and what is learned from it are written a moment later.
      else assert.ok(written >= (before.get(name) ?? 0) && written <= most, `${name}: ${written} of ${most}`);
    }
    assert.ok(rows.some(({ table, row }) => table === "agent_keys" && row.agent_id === ada.id));
    assert.ok(rows.some(({ table }) => table === "messages"));
  });

  it("refuses a folder that holds anything else, and begins an unfinished one of its own anew", async () => {
    const taken = folder("taken");
    await write(network.server.services, taken);
    await assert.rejects(write(network.server.services, taken), /is not empty/);
    await writeFile(join(taken, "manifest.json.partial"), "");
    await assert.rejects(write(network.server.services, taken), /is not empty/);
    await rm(join(taken, "manifest.json"));
    await writeFile(join(taken, "comments.ndjson.partial"), "half a li");
    await assert.rejects(importFolder(network.server.services.app, taken, { now: later(), ...quiet }), /not finished/);
    const { files } = await write(network.server.services, taken);
    assert.deepEqual((await readdir(taken)).sort(), [...files.map(({ name }) => name), "manifest.json"].sort());
  });

  it("is not imported once a byte of it was changed", async () => {
    const changed = folder("changed");
    const { files } = await write(network.server.services, changed);
    const attempt = () => importFolder(network.server.services.app, changed, { now: later(), ...quiet });
    for (const { name } of files) {
      const path = join(changed, name);
      const whole = await readFile(path);
      const spoiled = Buffer.from(whole);
      spoiled[10] = (spoiled[10] ?? 0) ^ 1;
      await writeFile(path, spoiled);
      await assert.rejects(attempt(), new RegExp(`${name} was changed.*Nothing was imported`));
      await writeFile(path, whole.subarray(1));
      await assert.rejects(attempt(), new RegExp(`${name} has \\d+ bytes instead of`));
      await writeFile(path, whole);
    }
    await attempt();
    await writeFile(join(changed, "manifest.json"), "{}");
    await assert.rejects(attempt(), /manifest\.json is not one of format/);
  });

  it("is whole while the network goes on writing: what was there at the start and stayed is in it, what it names too", async () => {
    const writer = await network.agent("writer");
    const { posts } = await network.anonymous.posts.list({ sort: "new" });
    const before = posts.map(({ id }) => id);
    let stop = false;
    const during: string[] = [];
    const busy = (async () => {
      while (!stop) {
        const { post } = await writer.client.posts.create({
          submolt_name: "general",
          title: `During ${during.length}`,
        });
        during.push(post.id);
        const { comment } = await ben.client.comments.create({ post_id: post.id, content: "quick" });
        await ben.client.votes.upvotePost({ post_id: post.id });
        if (during.length % 3 === 0) await ben.client.comments.remove({ comment_id: comment.id });
        if (during.length % 5 === 0) await writer.client.posts.remove({ post_id: post.id });
      }
    })();
    for (let round = 0; round < 5; round++) {
      const target = folder(`busy${round}`);
      const { complete_up_to: upto } = await write(network.server.services, target);
      const found = (await linesOf(target, "posts.ndjson")).map(({ id }) => id);
      for (const id of before) assert.ok(found.includes(id));
      const events = await linesOf(target, "events.ndjson");
      const known = new Set(events.filter(({ position }) => Number(position) <= upto).map((event) => event.subject_id));
      for (const id of found) assert.ok(known.has(id), "a post that came after the start");
      const comments = await linesOf(target, "comments.ndjson");
      for (const { post_id: post } of comments) assert.ok(found.includes(post), "a comment without its post");
      const gone = new Set(events.filter(({ type }) => type === "post.deleted").map((event) => event.subject_id));
      const missing = events.filter(
        (event) =>
          event.type === "post.created" &&
          Number(event.position) <= upto &&
          !found.includes(event.subject_id) &&
          !gone.has(event.subject_id),
      );
      assert.deepEqual(missing, []);
      const other = await emptyInstance();
      const report = await importFolder(other.pools.app, target, { now: later(), ...quiet });
      assert.deepEqual(report.skipped, []);
      await other.close();
    }
    stop = true;
    await busy;
    assert.ok(during.length > 5, `only ${during.length} posts were written meanwhile`);
  });
});

const DATA = process.env.OPENMOLT_TEST_DATA ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url));
const REAL = join(DATA, "moltbook-content");

describe("an export of real content", () => {
  const skip = existsSync(REAL) ? false : `No real content in ${REAL}; OPENMOLT_TEST_DATA may name its folder`;
  it("comes out of an empty instance as it went in, byte for byte", { skip }, async (test) => {
    const scratch = await mkdtemp(join(tmpdir(), "openmolt-export-"));
    const [one, other] = [await emptyInstance(), await emptyInstance()];
    try {
      await importFolder(one.pools.app, REAL, { now: new Date(), ...quiet });
      const started = performance.now();
      const { files } = await write(one.pools, join(scratch, "a"));
      const rows = files.reduce((sum, file) => sum + file.rows, 0);
      test.diagnostic(`${rows} rows at ${Math.round(rows / ((performance.now() - started) / 1_000))}/s`);
      const report = await importFolder(other.pools.app, join(scratch, "a"), { now: new Date(), ...quiet });
      assert.deepEqual([report.skipped, report.notes], [[], []]);
      await write(other.pools, join(scratch, "b"));
      await assertSameNetwork(join(scratch, "a"), join(scratch, "b"));
      const client = new pg.Client(other.database.admin);
      await client.connect();
      const { rows: counts } = await client.query("select count(*)::int from posts");
      assert.equal(counts[0]?.count, files.find(({ name }) => name === "posts.ndjson")?.rows);
      await client.end();
    } finally {
      await Promise.all([one.close(), other.close()]);
      await rm(scratch, { recursive: true });
    }
  });
});
