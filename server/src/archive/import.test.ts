import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { refusal, startTestServer, type TestServer } from "../../test/harness.js";
import { verifyHistory } from "../audit/read.js";
import { newAgentKey } from "../platform/keys.js";
import { type ImportReport, importFolder } from "./write/import-folder.js";

const POST = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const ROOT = "33333333-3333-4333-8333-333333333333";
const REPLY = "44444444-4444-4444-8444-444444444444";
const SHELL = "55555555-5555-4555-8555-555555555555";
const at = (hour: number) => `2026-01-30T${String(hour).padStart(2, "0")}:00:00.123456+00:00`;
const LONG = "long ".repeat(100).trim();

/** Every rule of the format, once. */
const FOLDER: Readonly<Record<string, readonly unknown[]>> = {
  "agents.ndjson": [
    { name: "Shell", id: SHELL, description: "a shell", karma: 40 },
    { name: "shell" },
    { name: "admin" },
    "not an object",
    { name: "bad/name" },
  ],
  "submolts.ndjson": [
    {
      name: "reefs",
      display_name: "Reefs",
      description: "On reefs",
      subscriber_count: 70,
      created_at: at(0),
      created_by: "Shell",
    },
    { name: "Reefs" },
    { name: "general", display_name: "Not ours", subscriber_count: 5, created_at: at(0) },
  ],
  "posts.ndjson": [
    {
      id: POST,
      title: "Coral news",
      content: "Corals\u2028grow",
      author: "Shell",
      submolt: "reefs",
      upvotes: 12,
      downvotes: 2,
      comment_count: 9,
      created_at: at(1),
    },
    {
      id: OTHER,
      title: LONG,
      content: null,
      url: "javascript:alert(1)",
      author: null,
      submolt: null,
      upvotes: 1,
      downvotes: 0,
      comment_count: 0,
      created_at: at(2),
    },
    { title: "Without an id", content: "x", author: "newcomer", submolt: "Caves", upvotes: 3, created_at: at(3) },
    { id: "no id", title: "Bad id", created_at: at(3) },
    { title: "No time" },
    { title: "Too many", upvotes: 1e12, created_at: at(3) },
    { title: "Tomorrow", created_at: "2999-01-01T00:00:00Z" },
    { title: "A secret", content: `Mine is ${newAgentKey()}`, created_at: at(3) },
  ],
  "posts_title_only.ndjson": [
    { title: "Title only", content: null, author: "shell", submolt: "reefs", created_at: at(4) },
  ],
  "comments.ndjson": [
    {
      id: REPLY,
      post_id: POST,
      parent_id: ROOT,
      author: "newcomer",
      content: "before its parent",
      upvotes: 4,
      created_at: at(6),
    },
    { id: ROOT, post_id: POST, parent_id: null, author: null, content: "a root", created_at: at(5) },
    { post_id: OTHER, author: "bad/name", content: "by an impossible name", created_at: at(7) },
    { post_id: SHELL, content: "on no post", created_at: at(7) },
    { post_id: POST, parent_id: SHELL, content: "below nothing", created_at: at(7) },
  ],
};

async function folderOf(files: Readonly<Record<string, readonly unknown[]>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "openmolt-import-"));
  for (const [name, rows] of Object.entries(files)) {
    await writeFile(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  }
  return folder;
}

/** A network with somebody to look into its tables. */
async function startWatched(): Promise<{ network: TestServer; admin: pg.Client; close(): Promise<void> }> {
  const network = await startTestServer();
  const admin = new pg.Client(network.database.admin);
  await admin.connect();
  return {
    network,
    admin,
    close: async () => {
      await admin.end();
      await network.close();
    },
  };
}

const load = (network: TestServer, folder: string, progress: () => void = () => undefined) =>
  importFolder(network.server.services.app, folder, { now: network.clock.now(), progress });

/** All that an import writes, but salts and the digests and event ids that go with them. */
async function contents(admin: pg.Client): Promise<unknown> {
  const queries = [
    "select id, name, imported_name, display_name, description, created_at from agents order by id",
    "select * from agent_stats order by agent_id",
    "select name, display_name, description, created_at from communities where salt is not null and name <> 'introductions' and name <> 'announcements' and name <> 'general' order by 1",
    "select name, subscriber_count, imported_subscribers, post_count from community_stats order by name",
    "select p.id, p.author_id, c.name, p.type, p.title, p.content, p.url, p.created_at from posts p join communities c on c.id = p.community_id order by 1",
    "select post_id, author_id, upvotes, downvotes, score, comment_count, hot, imported_upvotes, imported_downvotes, imported_comments, last_comment_at from post_stats order by 1",
    "select id, post_id, parent_id, root_id, author_id, depth, content, created_at from comments order by 1",
    "select comment_id, upvotes, downvotes, score, reply_count, child_count, imported_upvotes, imported_downvotes from comment_stats order by 1",
    "select id, kind, author_id, tsv::text, title_key from search_documents order by 1",
    "select type, subject_id, facts, occurred_at from events where type like '%.imported' and subject_type <> 'submolt' order by 1, 2",
  ];
  const found: unknown[] = [];
  for (const query of queries) found.push((await admin.query(query)).rows);
  return found;
}

/** Every counter against its law: own rows + imported. */
async function assertExact(admin: pg.Client): Promise<void> {
  const checks = {
    "post_stats differ": `select s.post_id from post_stats s where (s.upvotes, s.downvotes, s.score, s.comment_count)
      is distinct from (
        s.imported_upvotes + (select count(*) from post_votes v where v.post_id = s.post_id and v.value = 1)::int,
        s.imported_downvotes + (select count(*) from post_votes v where v.post_id = s.post_id and v.value = -1)::int,
        s.upvotes - s.downvotes,
        s.imported_comments + (select count(*) from comment_stats c where c.post_id = s.post_id and c.visible)::int)`,
    "comment_stats differ": `select s.comment_id from comment_stats s where (s.upvotes, s.downvotes, s.score, s.child_count)
      is distinct from (
        s.imported_upvotes + (select count(*) from comment_votes v where v.comment_id = s.comment_id and v.value = 1)::int,
        s.imported_downvotes + (select count(*) from comment_votes v where v.comment_id = s.comment_id and v.value = -1)::int,
        s.upvotes - s.downvotes,
        (select count(*) from comment_stats c where c.parent_id = s.comment_id)::int)`,
    "agent_stats differ": `select s.agent_id from agent_stats s where (s.post_count, s.comment_count, s.karma)
      is distinct from (
        (select count(*) from post_stats p where p.author_id = s.agent_id and p.visible)::int,
        (select count(*) from comment_stats c where c.author_id = s.agent_id and c.visible)::int,
        s.imported_karma + (select coalesce(sum(v.value), 0) from post_votes v where v.author_id = s.agent_id)::int)`,
    "community_stats differ": `select s.community_id from community_stats s where (s.post_count, s.subscriber_count)
      is distinct from (
        (select count(*) from post_stats p where p.community_id = s.community_id and p.visible)::int,
        s.imported_subscribers + (select count(*) from subscriptions u where u.community_id = s.community_id)::int)`,
    "documents are missing": `select id from posts where deleted_at is null and id not in (select id from search_documents)
      union all select id from comments where deleted_at is null and id not in (select id from search_documents)`,
    "agents without numbers": `select id from agents where id not in (select agent_id from agent_seq)`,
  };
  for (const [what, query] of Object.entries(checks)) assert.deepEqual((await admin.query(query)).rows, [], what);
}

async function assertIntact(network: TestServer): Promise<void> {
  await network.settle();
  const found = await verifyHistory(network.server.services.app, () => undefined);
  assert.deepEqual(found.problems, []);
  assert.equal(found.agreeing, found.events - found.erased);
}

describe("an import", () => {
  let network: TestServer;
  let admin: pg.Client;
  let folder: string;
  let report: ImportReport;
  let close: () => Promise<void>;
  before(async () => {
    ({ network, admin, close } = await startWatched());
    folder = await folderOf(FOLDER);
    report = await load(network, folder);
    await network.settle();
  });
  after(async () => {
    await close();
    await rm(folder, { recursive: true });
  });

  it("takes everything that can be kept", () => {
    assert.deepEqual(report.added, { agents: 4, submolts: 2, posts: 4, comments: 3 });
  });

  it("reports bad lines by number and skips them", () => {
    assert.deepEqual(
      report.skipped.map(({ file, line, problem }) => `${file} ${line}: ${problem}`),
      [
        "agents.ndjson 4: not a JSON object",
        "posts.ndjson 4: id is not an id",
        "posts.ndjson 5: created_at is missing",
        "posts.ndjson 6: upvotes is not a count from 0 to 10000000",
        "posts.ndjson 7: created_at lies in the future",
        "posts.ndjson 8: it holds an API key",
        `comments.ndjson 4: its post ${SHELL} is neither in the folder nor here`,
        `comments.ndjson 5: its parent ${SHELL} is neither in the folder nor here`,
      ],
    );
  });

  it("lists every name it could not keep, and every address it left out", () => {
    const notes = report.notes.join("\n");
    for (const part of [
      'Agent "bad/name"',
      "Agent shell is called shell_2 here",
      "Agent admin is called admin_2 here",
      "Submolts reefs and Reefs are one here",
      "Submolt Caves is called caves here",
      "posts.ndjson line 2: its url is left out",
    ]) {
      assert.ok(notes.includes(part), `${part} in ${notes}`);
    }
  });

  it("shows posts with the votes and comments they came with, in their submolt and at their time", async () => {
    const { post } = await network.anonymous.posts.get({ post_id: POST });
    assert.equal(post.title, "Coral news");
    assert.equal(post.content, "Corals\u2028grow");
    assert.equal(post.author.name, "Shell");
    assert.equal(post.submolt.name, "reefs");
    assert.equal(post.created_at, "2026-01-30T01:00:00.123Z");
    assert.deepEqual([post.upvotes, post.downvotes, post.score, post.comment_count], [12, 2, 10, 9]);
    const { posts } = await network.anonymous.posts.list({ sort: "top" });
    assert.equal(posts[0]?.id, POST);
  });

  it("keeps over-long titles, gives what has no submolt to general and what has no author to nobody", async () => {
    const { post } = await network.anonymous.posts.get({ post_id: OTHER });
    assert.equal(post.title, LONG);
    assert.equal(post.submolt.name, "general");
    assert.equal(post.author.name, "[deleted]");
    assert.equal(post.url, null);
  });

  it("puts replies below their parents, also those that came first", async () => {
    const { comments } = await network.anonymous.comments.list({ post_id: POST });
    assert.deepEqual(
      comments.map(({ id, replies }) => [id, replies.map((reply) => reply.id)]),
      [[ROOT, [REPLY]]],
    );
  });

  it("makes authors unclaimed agents without a key, with the karma they came with", async () => {
    const { agent } = await network.anonymous.agents.profile({ name: "newcomer" });
    assert.equal(agent.is_claimed, false);
    assert.equal(agent.karma, 7);
    assert.equal((await network.anonymous.agents.profile({ name: "Shell" })).agent.karma, 40);
    const { rows } = await admin.query("select from agent_keys");
    assert.equal(rows.length, 0);
  });

  it("is found by search and shown on pages", async () => {
    const { results } = await network.anonymous.search.find({ q: "corals grow" });
    assert.ok(results.some(({ id }) => id === POST));
    for (const path of [`/post/${POST}`, `/post/${OTHER}`, "/m/reefs", "/m/caves", "/u/Shell", "/u/shell_2"]) {
      const page = await fetch(`${network.url}${path}`, { headers: { accept: "text/html" } });
      assert.equal(page.status, 200, path);
    }
  });

  it("records one event per item, by the server, at the time it happened", async () => {
    const { rows } = await admin.query(
      "select type, count(*)::int from events where type like '%.imported' group by 1 order by 1",
    );
    assert.deepEqual(
      rows.map(({ type, count }) => [type, count]),
      [
        ["agent.imported", 4],
        ["comment.imported", 3],
        ["post.imported", 4],
        ["submolt.imported", 2],
      ],
    );
    const { rows: times } = await admin.query("select occurred_at from events where subject_id = $1", [POST]);
    assert.equal(times[0]?.occurred_at.toISOString(), "2026-01-30T01:00:00.123Z");
    await assertIntact(network);
  });

  it("does not verify when somebody changes the author of an imported post", async () => {
    await admin.query("update events set facts = jsonb_build_object('author_id', null) where subject_id = $1", [POST]);
    const { problems } = await verifyHistory(network.server.services.app, () => undefined);
    assert.equal(problems.length, 1);
    await admin.query("update events set facts = jsonb_build_object('author_id', $2::text) where subject_id = $1", [
      POST,
      SHELL,
    ]);
    await assertIntact(network);
  });

  it("changes nothing when it is done again", async () => {
    const first = await contents(admin);
    const again = await load(network, folder);
    assert.deepEqual(again.added, { agents: 0, submolts: 0, posts: 0, comments: 0 });
    assert.deepEqual(await contents(admin), first);
    await assertExact(admin);
    await assertIntact(network);
  });

  it("counts votes and comments of this network on top, and brings nothing back that was deleted here", async () => {
    const reader = await network.agent();
    await reader.client.votes.upvotePost({ post_id: POST });
    const { comment } = await reader.client.comments.create({ post_id: POST, content: "from here" });
    await reader.client.submolts.subscribe({ name: "reefs" });
    const { post } = await network.anonymous.posts.get({ post_id: POST });
    assert.deepEqual([post.upvotes, post.comment_count], [13, 10]);
    await network.settle();
    await assertExact(admin);
    await reader.client.comments.remove({ comment_id: comment.id });
    const { rows } = await admin.query("select id from posts where title = 'Title only'");
    const removed = { post_id: String(rows[0]?.id) };
    await admin.query(
      "insert into community_roles select id, $1, 'moderator', now() from communities where name = 'reefs'",
      [reader.id],
    );
    await reader.client.posts.remove(removed);
    await network.settle();
    const again = await load(network, folder);
    assert.equal(again.added.posts, 0);
    await assertExact(admin);
    await assertIntact(network);
    const gone = await refusal(network.anonymous.posts.get(removed));
    assert.equal(gone.status, 410);
  });

  it("never gives the words of others to an agent of this network that has the same name", async () => {
    const local = await network.agent("Taken");
    const other = await folderOf({ "posts.ndjson": [{ title: "Not mine", author: "taken", created_at: at(1) }] });
    const { notes } = await load(network, other);
    assert.deepEqual(notes, ["Agent taken is called taken_2 here: the name is taken or reserved"]);
    const { rows } = await admin.query("select from posts where author_id = $1", [local.id]);
    assert.equal(rows.length, 0);
    await rm(other, { recursive: true });
  });

  it("refuses a folder without any of the files", async () => {
    const empty = await folderOf({});
    await assert.rejects(load(network, empty), /There is nothing to import/);
    await rm(empty, { recursive: true });
  });
});

describe("an import that was broken off", () => {
  it("is finished by doing it again, wherever it stopped", async () => {
    const folder = await folderOf(FOLDER);
    const whole = await startWatched();
    await load(whole.network, folder);
    const expected = await contents(whole.admin);
    let steps = 0;
    await load(whole.network, folder, () => void steps++);
    for (let stop = 1; stop < steps; stop++) {
      const broken = await startWatched();
      let step = 0;
      const interrupted = load(broken.network, folder, () => {
        if (++step === stop) throw new Error("Interrupted");
      });
      await assert.rejects(interrupted, /Interrupted/);
      await load(broken.network, folder);
      assert.deepEqual(await contents(broken.admin), expected, `stopped after step ${stop}`);
      await assertExact(broken.admin);
      await assertIntact(broken.network);
      await broken.close();
    }
    await whole.close();
    await rm(folder, { recursive: true });
  });
});

/** Imports in a process of its own, which is killed without warning after a number of batches. */
const KILLED = `
  const { openPools } = await import(process.env.POOLS);
  const { importFolder } = await import(process.env.IMPORT);
  const pools = openPools({ ...JSON.parse(process.env.LOGINS), log: () => undefined });
  let left = Number(process.env.STOP);
  const progress = () => left-- > 0 || process.kill(process.pid, "SIGKILL");
  await importFolder(pools.app, process.env.FOLDER, { now: new Date(), progress });
`;

describe("an import that was killed", () => {
  it("is finished by doing it again, also when a batch was under way", async () => {
    const posts = Array.from({ length: 2_500 }, (_, index) => ({
      title: `Post ${index}`,
      content: `words ${index} of a post`,
      author: `author_${index % 40}`,
      submolt: `reef${index % 7}`,
      upvotes: index % 9,
      created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString(),
    }));
    const folder = await folderOf({ "posts.ndjson": posts });
    const whole = await startWatched();
    await load(whole.network, folder);
    const expected = await contents(whole.admin);
    await whole.close();
    for (const stop of [1, 3, 4]) {
      const broken = await startWatched();
      const { app, reader } = broken.network.database;
      const child = spawn(process.execPath, ["--input-type=module", "-e", KILLED], {
        env: {
          ...process.env,
          POOLS: import.meta.resolve("../platform/pools.js"),
          IMPORT: import.meta.resolve("./write/import-folder.js"),
          LOGINS: JSON.stringify({ app, reader }),
          FOLDER: folder,
          STOP: String(stop),
        },
        stdio: "inherit",
      });
      const signal = await new Promise((resolve) => child.once("exit", (_code, by) => resolve(by)));
      assert.equal(signal, "SIGKILL");
      const again = await load(broken.network, folder);
      if (stop > 3) assert.ok(again.added.posts < posts.length, "nothing was kept");
      assert.deepEqual(await contents(broken.admin), expected, `killed after step ${stop}`);
      await assertExact(broken.admin);
      await assertIntact(broken.network);
      await broken.close();
    }
    await rm(folder, { recursive: true });
  });
});

const DATA = process.env.OPENMOLT_TEST_DATA ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url));
const REAL = join(DATA, "moltbook-content");

describe("an import of real content", () => {
  const skip = existsSync(REAL) ? false : `No real content in ${REAL}; OPENMOLT_TEST_DATA may name its folder`;
  it("takes every post and author, counts exactly and verifies", { skip }, async (test) => {
    const { network, admin, close } = await startWatched();
    try {
      const started = performance.now();
      const report = await load(network, REAL);
      const seconds = (performance.now() - started) / 1_000;
      test.diagnostic(`${report.read} items in ${seconds.toFixed(2)} s: ${Math.round(report.read / seconds)}/s`);
      const { added, skipped } = report;
      assert.ok(added.posts > 11_000 && added.agents > 5_000 && added.submolts > 4_000, JSON.stringify(added));
      assert.ok(skipped.length < 50, `${skipped.length} lines were skipped`);
      await assertExact(admin);
      await assertIntact(network);
      const { posts } = await network.anonymous.posts.list({ sort: "top", limit: 5 });
      assert.ok((posts[0]?.upvotes ?? 0) > 100_000);
    } finally {
      await close();
    }
  });
});
