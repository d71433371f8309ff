/** Posts through the front door: written, changed, pinned, taken away, and what the history says of it afterwards. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ApiError } from "@openmolt/sdk";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { digestOf, NO_SALT } from "../platform/digest.js";
import { ownFacts } from "../platform/events.js";

const NOWHERE = "00000000-0000-7000-8000-000000000000";

describe("posts", () => {
  let network: TestServer;
  let admin: pg.Client;
  let author: TestAgent;
  let moderator: TestAgent;
  let stranger: TestAgent;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    author = await network.agent("author");
    moderator = await network.agent("gardener");
    stranger = await network.agent("stranger");
    await moderator.client.submolts.create({ name: "garden", display_name: "Garden" });
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  let made = 0;
  async function post(extra: { title?: string; content?: string; submolt_name?: string } = {}, by = author) {
    made++;
    const input = { submolt_name: "garden", title: `Post ${made}`, content: `Text ${made}`, ...extra };
    return (await by.client.posts.create(input)).post;
  }
  async function one<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T> {
    const { rows } = await admin.query<T>(text, values);
    assert.equal(rows.length, 1);
    return rows[0] as T;
  }
  async function events(id: string) {
    const { rows } = await admin.query<{
      type: string;
      actor_id: string;
      version: number | null;
      digest: Buffer;
      facts: Record<string, unknown> | null;
    }>("select type, actor_id, version, digest, facts from events where subject_id = $1 order by recorded_at, seq", [
      id,
    ]);
    return rows;
  }
  const counts = () =>
    one<{ community: number; agent: number; posts: number }>(
      `select (select post_count from community_stats where name = 'garden') as community,
         (select post_count from agent_stats where agent_id = $1) as agent,
         (select count(*) from post_stats where visible and author_id = $1) as posts`,
      [author.id],
    );

  describe("writing", () => {
    it("takes text, links and pictures, and says what is wrong with the others", async () => {
      const create = (input: object) =>
        author.client.posts.create({ submolt_name: "garden", title: `t${made++}`, ...input });
      assert.equal((await create({})).post.type, "text");
      assert.equal((await create({ url: "https://example.org/a" })).post.type, "link");
      assert.equal((await create({ url: "https://example.org/a.png", type: "image" })).post.type, "image");
      assert.equal((await create({ url: "" })).post.url, null);
      const wrong = [
        { type: "video" },
        { type: "link" },
        { type: "image", url: "" },
        { url: "javascript:alert(1)" },
        { url: "https://user:secret@example.org" },
        { url: "example.org" },
        { title: "  " },
        { title: "x".repeat(301) },
        { content: "x".repeat(40_001) },
      ];
      for (const input of wrong) {
        const error = await refusal(create(input));
        assert.equal(error.code, "VALIDATION_ERROR", JSON.stringify(input).slice(0, 60));
      }
      assert.equal((await refusal(create({ submolt_name: "no-such" }))).code, "NOT_FOUND");
    });

    it("finds the submolt by name, by m/name and by id, under each of the names clients use", async () => {
      const { submolt } = await network.anonymous.submolts.get({ name: "garden" });
      for (const body of [{ submolt: "m/Garden" }, { submolt_id: submolt.id }, { submoltName: "garden" }]) {
        const answer = await fetch(`${network.url}/api/v1/posts`, {
          method: "POST",
          headers: { authorization: `Bearer ${author.key}`, "content-type": "application/json" },
          body: JSON.stringify({ ...body, title: `By alias ${made++}`, text: "hello" }),
        });
        const { post: written } = (await answer.json()) as { post: { submolt_name: string; content: string } };
        assert.deepEqual([answer.status, written.submolt_name, written.content], [201, "garden", "hello"]);
      }
    });

    it("answers a repetition within a day with the post that is there already", async () => {
      const first = await post({ title: "Said once", content: "same" });
      const error = await refusal(post({ title: "Said once", content: "same" }));
      assert.equal(error.status, 409);
      assert.equal(error.code, "DUPLICATE_CONTENT");
      assert.deepEqual(error.body.existing, { id: first.id, type: "post" });
      await post({ title: "Said once", content: "other" });
      await post({ title: "Said once", content: "same" }, stranger);
      await author.client.posts.remove({ post_id: first.id });
      await post({ title: "Said once", content: "same" });
      network.clock.advance(25 * 3_600_000);
      await post({ title: "Said once", content: "same" });
    });

    it("answers an unknown post and a malformed id 404", async () => {
      assert.equal((await refusal(network.anonymous.posts.get({ post_id: NOWHERE }))).code, "NOT_FOUND");
      assert.equal((await refusal(network.anonymous.posts.get({ post_id: "x" }))).status, 404);
      for (const call of [
        () => author.client.posts.edit({ post_id: NOWHERE, title: "x" }),
        () => author.client.posts.remove({ post_id: NOWHERE }),
        () => moderator.client.posts.pin({ post_id: NOWHERE }),
        () => network.anonymous.posts.history({ post_id: NOWHERE }),
      ]) {
        assert.equal((await refusal(call())).code, "NOT_FOUND");
      }
    });
  });

  describe("editing", () => {
    it("keeps every version readable and enters each into the history with its digest", async () => {
      const { id, created_at } = await post({ title: "First title", content: "First text" });
      network.clock.advance(60_000);
      const { post: second } = await author.client.posts.edit({ post_id: id, content: "Second text" });
      assert.deepEqual([second.title, second.content], ["First title", "Second text"]);
      assert.ok(second.edited_at !== null && second.edited_at > created_at && second.updated_at === second.edited_at);
      network.clock.advance(60_000);
      await author.client.posts.edit({ post_id: id, title: "Third title" });
      const { versions } = await network.anonymous.posts.history({ post_id: id });
      assert.deepEqual(
        versions.map(({ version, title, content }) => [version, title, content]),
        [
          [1, "First title", "First text"],
          [2, "First title", "Second text"],
          [3, "Third title", "Second text"],
        ],
      );
      assert.deepEqual(
        versions.map((version) => version.written_at),
        [created_at, second.edited_at, (await network.anonymous.posts.get({ post_id: id })).post.edited_at],
      );

      const told = await events(id);
      assert.deepEqual(
        told.map(({ type, version }) => [type, version]),
        [
          ["post.created", 1],
          ["post.edited", 2],
          ["post.edited", 3],
        ],
      );
      const salts = await admin.query<{ version: number; salt: Buffer }>(
        `select version, salt from post_revisions where post_id = $1
         union all select version, salt from posts where id = $1 order by version`,
        [id],
      );
      const { rows } = await admin.query("select community_id, url, type from posts where id = $1", [id]);
      for (const [index, { title, content }] of versions.entries()) {
        const covered = { id, author_id: author.id, ...rows[0], title, content, created_at };
        const salt = salts.rows[index]?.salt;
        assert.ok(salt);
        assert.deepEqual(told[index]?.digest, digestOf(covered, salt), `version ${index + 1}`);
      }
    });

    it("makes no new version of what is the same already", async () => {
      const { id, title, content } = await post();
      await author.client.posts.edit({ post_id: id, title, content: content ?? "" });
      assert.equal((await network.anonymous.posts.history({ post_id: id })).versions.length, 1);
      assert.equal((await events(id)).length, 1);
    });

    it("lets only the author edit, and only something that is there", async () => {
      const { id } = await post();
      assert.equal((await refusal(stranger.client.posts.edit({ post_id: id, title: "mine" }))).code, "FORBIDDEN");
      assert.equal((await refusal(moderator.client.posts.edit({ post_id: id, title: "mine" }))).code, "FORBIDDEN");
      assert.equal((await refusal(network.anonymous.posts.edit({ post_id: id, title: "mine" }))).status, 401);
      assert.equal((await refusal(author.client.posts.edit({ post_id: id }))).code, "VALIDATION_ERROR");
      assert.equal((await refusal(author.client.posts.edit({ post_id: id, title: " " }))).code, "VALIDATION_ERROR");
      await author.client.posts.remove({ post_id: id });
      assert.equal((await refusal(author.client.posts.edit({ post_id: id, title: "again" }))).code, "GONE");
    });

    it("ends after a hundred versions", async () => {
      const { id } = await post();
      await admin.query("update posts set version = 100 where id = $1", [id]);
      assert.equal((await refusal(author.client.posts.edit({ post_id: id, title: "more" }))).code, "CONFLICT");
    });

    it("loses no edit when two arrive together", async () => {
      const { id } = await post();
      await Promise.all(
        Array.from({ length: 8 }, (_, i) => author.client.posts.edit({ post_id: id, title: `edit ${i}` })),
      );
      const { versions } = await network.anonymous.posts.history({ post_id: id });
      assert.deepEqual(
        versions.map(({ version }) => version),
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
      assert.equal(new Set(versions.map(({ title }) => title)).size, 9);
    });
  });

  describe("deleting", () => {
    it("erases the text, all versions and their salts, and leaves the counters right", async () => {
      const before = await counts();
      const { id } = await post({ title: "A secret title", content: "A secret text" });
      await author.client.posts.edit({ post_id: id, content: "Another secret text" });
      await author.client.posts.remove({ post_id: id });
      const row = await one<Record<string, unknown>>(
        `select title, content, url, salt, removed_reason, deleted_at is not null as deleted,
           (select count(*) from post_revisions where post_id = p.id) as versions,
           (select count(*) from removed_content where id = p.id) as aside from posts p where id = $1`,
        [id],
      );
      assert.deepEqual(row, {
        title: "[deleted]",
        content: null,
        url: null,
        salt: null,
        removed_reason: null,
        deleted: true,
        versions: 0,
        aside: 0,
      });
      assert.deepEqual(await counts(), before);
      const told = await events(id);
      assert.deepEqual(
        told.map(({ type }) => type),
        ["post.created", "post.edited", "post.deleted"],
      );
      const facts = { type: "post.deleted" as const, actorId: author.id, subjectId: id };
      assert.deepEqual(told[2]?.digest, digestOf(ownFacts(facts), NO_SALT));
    });

    it("answers 410 to whoever asks for it afterwards", async () => {
      const { id } = await post();
      await author.client.posts.remove({ post_id: id });
      for (const call of [
        () => network.anonymous.posts.get({ post_id: id }),
        () => network.anonymous.posts.history({ post_id: id }),
        () => author.client.posts.remove({ post_id: id }),
        () => moderator.client.posts.remove({ post_id: id }),
        () => moderator.client.posts.pin({ post_id: id }),
        () => moderator.client.posts.unpin({ post_id: id }),
      ]) {
        const error = await refusal(call());
        assert.equal(error.status, 410);
        assert.equal(error.code, "GONE");
        assert.match(error.message, /deleted by whoever wrote it/);
      }
      const { posts } = await network.anonymous.posts.list({ submolt: "garden", sort: "new", limit: 100 });
      assert.ok(!posts.some((listed) => listed.id === id));
    });

    it("is refused to everybody else", async () => {
      const { id } = await post({ submolt_name: "general" });
      assert.equal((await refusal(stranger.client.posts.remove({ post_id: id }))).code, "FORBIDDEN");
      assert.equal((await refusal(moderator.client.posts.remove({ post_id: id }))).code, "FORBIDDEN");
      assert.equal((await refusal(network.anonymous.posts.remove({ post_id: id }))).status, 401);
      assert.equal((await network.anonymous.posts.get({ post_id: id })).post.id, id);
    });

    it("happens once when several ask for it together", async () => {
      const before = await counts();
      const { id } = await post();
      const answers = await Promise.allSettled(
        Array.from({ length: 6 }, () => author.client.posts.remove({ post_id: id })),
      );
      assert.equal(answers.filter(({ status }) => status === "fulfilled").length, 1);
      for (const answer of answers) {
        if (answer.status === "rejected") assert.equal((answer.reason as ApiError).code, "GONE");
      }
      assert.deepEqual(await counts(), before);
    });
  });

  describe("removal by a moderator", () => {
    it("hides the text from everybody, names the reason, and keeps all versions aside", async () => {
      const before = await counts();
      const { id } = await post({ title: "Off topic", content: "Weeds" });
      await author.client.posts.edit({ post_id: id, content: "More weeds" });
      const answer = await moderator.client.posts.remove({ post_id: id, reason: "Not about gardens" });
      assert.equal(answer.message, "Post removed");
      const error = await refusal(network.anonymous.posts.get({ post_id: id }));
      assert.deepEqual([error.status, error.code, error.body.reason], [410, "GONE", "Not about gardens"]);
      const { rows } = await admin.query(
        "select version, kind, title, content, author_id, removed_by from removed_content where id = $1 order by version",
        [id],
      );
      const kept = { kind: "post", title: "Off topic", author_id: author.id, removed_by: moderator.id };
      assert.deepEqual(rows, [
        { version: 1, content: "Weeds", ...kept },
        { version: 2, content: "More weeds", ...kept },
      ]);
      const shown = await one<{ text: string }>(
        `select coalesce(p.title, '') || coalesce(p.content, '') || coalesce(string_agg(r.content, ''), '') as text
         from posts p left join post_revisions r on r.post_id = p.id where p.id = $1 group by p.id`,
        [id],
      );
      assert.equal(shown.text, "[removed]");
      assert.deepEqual(await counts(), before);
      const removal = (await events(id)).at(-1);
      assert.deepEqual(
        [removal?.type, removal?.actor_id, removal?.facts],
        ["post.removed", moderator.id, { reason: "Not about gardens" }],
      );
      const acts = await admin.query("select act, actor_id from audit_log where target_id = $1", [id]);
      assert.deepEqual(acts.rows, [{ act: "post.remove", actor_id: moderator.id }]);
      assert.equal((await refusal(author.client.posts.edit({ post_id: id, title: "Back" }))).code, "GONE");
    });

    it("needs no reason, and is a deletion where the moderator is the author", async () => {
      const { id } = await post();
      await moderator.client.posts.remove({ post_id: id, reason: "   " });
      const { body } = await refusal(network.anonymous.posts.get({ post_id: id }));
      assert.equal(body.reason, "Removed by a moderator");
      const own = await post({}, moderator);
      assert.equal((await moderator.client.posts.remove({ post_id: own.id })).message, "Post deleted");
      assert.match((await refusal(network.anonymous.posts.get({ post_id: own.id }))).message, /by whoever wrote it/);
    });

    it("still lets the author erase for good what was set aside, once", async () => {
      const { id } = await post();
      await moderator.client.posts.remove({ post_id: id });
      assert.equal((await refusal(stranger.client.posts.remove({ post_id: id }))).code, "GONE");
      const after = await counts();
      await author.client.posts.remove({ post_id: id });
      assert.deepEqual(await one("select count(*) from removed_content where id = $1", [id]), { count: 0 });
      assert.equal((await refusal(author.client.posts.remove({ post_id: id }))).code, "GONE");
      assert.deepEqual(await counts(), after);
      assert.deepEqual(
        (await events(id)).map(({ type }) => type),
        ["post.created", "post.removed", "post.deleted"],
      );
    });
  });

  describe("pinning", () => {
    it("is for moderators of the submolt, at most three, and told in the history", async () => {
      const { id } = await post();
      assert.equal((await refusal(author.client.posts.pin({ post_id: id }))).code, "FORBIDDEN");
      assert.equal((await refusal(author.client.posts.unpin({ post_id: id }))).code, "FORBIDDEN");
      const elsewhere = await post({ submolt_name: "general" });
      assert.equal((await refusal(moderator.client.posts.pin({ post_id: elsewhere.id }))).code, "FORBIDDEN");

      const others = [await post(), await post(), await post()];
      for (const pinned of [id, others[0]?.id, others[1]?.id]) {
        await moderator.client.posts.pin({ post_id: pinned ?? "" });
      }
      await moderator.client.posts.pin({ post_id: id });
      const error = await refusal(moderator.client.posts.pin({ post_id: others[2]?.id ?? "" }));
      assert.deepEqual([error.status, error.code], [400, "PIN_LIMIT"]);
      assert.equal((await network.anonymous.posts.get({ post_id: id })).post.is_pinned, true);
      await moderator.client.posts.unpin({ post_id: id });
      await moderator.client.posts.unpin({ post_id: id });
      assert.equal((await network.anonymous.posts.get({ post_id: id })).post.is_pinned, false);
      await moderator.client.posts.pin({ post_id: others[2]?.id ?? "" });
      assert.deepEqual(
        (await events(id)).map(({ type }) => type),
        ["post.created", "post.pinned", "post.unpinned"],
      );
      // What is taken away makes room.
      await moderator.client.posts.remove({ post_id: others[2]?.id ?? "" });
      await author.client.posts.remove({ post_id: others[1]?.id ?? "" });
      await moderator.client.posts.pin({ post_id: id });
    });

    it("keeps to three when many are pinned at the same moment", async () => {
      await moderator.client.submolts.create({ name: "crowd", display_name: "Crowd" });
      const ids: string[] = [];
      for (let i = 0; i < 8; i++) ids.push((await post({ submolt_name: "crowd" })).id);
      const second = await network.agent();
      await moderator.client.submolts.addModerator({ name: "crowd", agent_name: second.name });
      const answers = await Promise.allSettled(
        ids.map((post_id, index) => (index % 2 ? moderator : second).client.posts.pin({ post_id })),
      );
      assert.equal(answers.filter(({ status }) => status === "fulfilled").length, 3);
      const { pinned } = await one<{ pinned: number }>(
        "select count(*) as pinned from post_stats where post_id = any($1) and pinned_at is not null",
        [ids],
      );
      assert.equal(pinned, 3);
    });

    it("works at the older addresses too", async () => {
      await moderator.client.submolts.create({ name: "oldways", display_name: "Old ways" });
      const { id } = await post({ submolt_name: "oldways" });
      const at = (method: string, path: string) =>
        fetch(`${network.url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${moderator.key}` } });
      const isPinned = async () => (await network.anonymous.posts.get({ post_id: id })).post.is_pinned;
      assert.equal((await at("POST", `/submolts/oldways/pin/${id}`)).status, 200);
      assert.equal(await isPinned(), true);
      assert.equal((await at("POST", `/submolts/oldways/unpin/${id}`)).status, 200);
      assert.equal(await isPinned(), false);
    });
  });
});

describe("the pause between posts", () => {
  it("is half an hour, two hours on the first day, and cannot be cut short by deleting", async () => {
    const network = await startTestServer({ limits: true });
    try {
      const agent = await network.agent();
      const write = () =>
        agent.client.posts.create({ submolt_name: "general", title: `At ${network.clock.now().toISOString()}` });
      const { post } = await write();
      const error = await refusal(write());
      assert.deepEqual([error.status, error.code], [429, "RATE_LIMITED"]);
      assert.equal(error.body.retry_after_minutes, 120);
      assert.equal(error.headers.get("retry-after"), String(error.body.retry_after_seconds));
      await agent.client.posts.remove({ post_id: post.id });
      assert.equal((await refusal(write())).status, 429);
      network.clock.advance(120 * 60_000);
      await write();
      network.clock.advance(24 * 3_600_000);
      await write();
      network.clock.advance(29 * 60_000);
      assert.equal((await refusal(write())).body.retry_after_minutes, 1);
      network.clock.advance(60_000);
      await write();
      const refused = await refusal(agent.client.posts.create({ submolt_name: "general", title: " " }));
      assert.equal(refused.code, "VALIDATION_ERROR", "what is wrong anyway is said first");
    } finally {
      await network.close();
    }
  });

  it("lets one post through when many arrive together", async () => {
    const network = await startTestServer({ limits: true });
    try {
      const agent = await network.agent();
      const answers = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => agent.client.posts.create({ submolt_name: "general", title: `Twin ${i}` })),
      );
      assert.equal(answers.filter(({ status }) => status === "fulfilled").length, 1);
    } finally {
      await network.close();
    }
  });
});
