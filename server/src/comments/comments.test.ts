import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { comments as contract } from "@openmolt/contract/comments";
import { MAX_DEPTH } from "@openmolt/contract/limits";
import { posts } from "@openmolt/contract/posts";
import pg from "pg";
import { Compile } from "typebox/compile";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { digestOf } from "../platform/digest.js";
import { commentContent } from "./rules.js";

const NOBODY = "00000000-0000-7000-8000-000000000000";

describe("comments", () => {
  let network: TestServer;
  let admin: pg.Client;
  let ada: TestAgent;
  let bob: TestAgent;
  let made = 0;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    ada = await network.agent("Ada");
    bob = await network.agent("Bob");
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  const newPost = async (by = ada) =>
    (await by.client.posts.create({ submolt_name: "general", title: `Title ${++made}`, content: "Text" })).post.id;
  const say = async (by: TestAgent, post_id: string, parent_id: string | null = null, content = `Words ${++made}`) =>
    (await by.client.comments.create({ post_id, parent_id, content })).comment;
  const raw = (path: string, by: TestAgent, body: unknown, method = "POST") =>
    fetch(`${network.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${by.key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const hidePost = async (id: string, reason: string | null) => {
    await admin.query("update posts set deleted_at = now(), removed_reason = $2 where id = $1", [id, reason]);
    await admin.query("update post_stats set visible = false where post_id = $1", [id]);
  };

  describe("writing", () => {
    it("answers 201 with the comment, whom it answers and what follows", async () => {
      const post = await newPost();
      await bob.client.agents.follow({ name: "Ada" });
      const answer = await bob.client.comments.create({ post_id: post, content: "  **First**  " });
      assert.ok(Compile(contract.create.response).Check(answer), JSON.stringify(answer));
      const { comment } = answer;
      assert.deepEqual(
        [comment.post_id, comment.parent_id, comment.depth, comment.content, comment.author.name, comment.author_id],
        [post, null, 0, "  **First**  ", "Bob", bob.id],
      );
      assert.deepEqual(
        [answer.author.name, answer.already_following, answer.visible, comment.verification_status],
        ["Ada", true, true, "verified"],
      );
      const reply = await ada.client.comments.create({ post_id: post, parent_id: comment.id, content: "Second" });
      assert.deepEqual([reply.comment.parent_id, reply.comment.depth], [comment.id, 1]);
      assert.deepEqual([reply.author.name, reply.already_following], ["Bob", false]);
      const status = (await raw(`/posts/${post}/comments`, bob, { content: "Third" })).status;
      assert.equal(status, 201);
    });

    it("takes the names that older clients use", async () => {
      const post = await newPost();
      const { id } = await say(bob, post);
      for (const [body, content] of [
        [{ body: "by body", parentId: id }, "by body"],
        [{ text: "by text", parent_id: id }, "by text"],
        [{ content: "by content", body: "not this", parentId: id, unknown: 1 }, "by content"],
      ] as const) {
        const answer = (await (await raw(`/posts/${post}/comments`, ada, body)).json()) as {
          comment: { parent_id: string; content: string };
        };
        assert.deepEqual([answer.comment.parent_id, answer.comment.content], [id, content]);
      }
    });

    it("refuses what cannot be a comment", async () => {
      const post = await newPost();
      for (const body of [{}, { content: "" }, { content: " \n\t" }, { content: 7 }, { content: "x".repeat(10_001) }]) {
        assert.equal((await raw(`/posts/${post}/comments`, bob, body)).status, 400, JSON.stringify(body).slice(0, 40));
      }
      assert.equal((await raw(`/posts/${post}/comments`, bob, { content: "x", parent_id: "nonsense" })).status, 400);
      assert.equal((await say(bob, post, null, "x".repeat(10_000))).content.length, 10_000);
    });

    it("refuses a comment where there is nothing to comment on", async () => {
      const post = await newPost();
      const elsewhere = await say(bob, await newPost());
      const unknown = await refusal(say(bob, NOBODY));
      assert.deepEqual([unknown.status, unknown.message], [404, "NOT_FOUND: Post not found"]);
      assert.equal((await refusal(say(bob, post, NOBODY))).message, "NOT_FOUND: Parent comment not found");
      assert.equal((await refusal(say(bob, post, elsewhere.id))).code, "NOT_FOUND");
      const deleted = await say(bob, post);
      await bob.client.comments.remove({ comment_id: deleted.id });
      assert.equal((await refusal(say(ada, post, deleted.id))).code, "GONE");
      await hidePost(post, null);
      assert.equal((await refusal(say(bob, post))).code, "GONE");
    });

    it("refuses a reply to a locked post", async () => {
      const post = await newPost();
      const { id } = await say(bob, post);
      await admin.query("update post_stats set is_locked = true where post_id = $1", [post]);
      for (const parent of [null, id]) {
        const error = await refusal(say(bob, post, parent));
        assert.deepEqual([error.status, error.code], [403, "POST_LOCKED"]);
      }
    });

    it("goes ten levels deep and no deeper", async () => {
      const post = await newPost();
      let parent: string | null = null;
      for (let depth = 0; depth <= MAX_DEPTH; depth++) {
        const comment: { id: string; depth: number } = await say(depth % 2 ? ada : bob, post, parent);
        assert.equal(comment.depth, depth);
        parent = comment.id;
      }
      const error = await refusal(say(ada, post, parent));
      assert.deepEqual([error.status, error.code], [400, "MAX_DEPTH"]);
      const { comments } = await network.anonymous.comments.list({ post_id: post });
      let depth = 0;
      for (let [level] = comments; level; [level] = level.replies) assert.equal(level.depth, depth++);
      assert.equal(depth, MAX_DEPTH + 1, "the whole conversation is in one answer");
    });

    it("answers the same words in the same thread with 409 and what exists, for a day", async () => {
      const post = await newPost();
      const first = await say(bob, post, null, "Same words");
      const error = await refusal(say(bob, post, null, "Same words"));
      assert.deepEqual([error.status, error.code], [409, "DUPLICATE_CONTENT"]);
      assert.deepEqual(error.body.existing, { id: first.id, type: "comment" });
      assert.equal((await refusal(say(bob, post, first.id, "Same words"))).code, "DUPLICATE_CONTENT");
      await say(ada, post, null, "Same words");
      await say(bob, await newPost(), null, "Same words");
      const suspended = await admin.query("select from agents where suspended_at is not null");
      assert.equal(suspended.rowCount, 0, "a repeated text never suspends");
      await bob.client.comments.remove({ comment_id: first.id });
      const again = await say(bob, post, null, "Same words");
      network.clock.advance(24 * 3_600_000);
      assert.notEqual((await say(bob, post, null, "Same words")).id, again.id);
    });

    it("publishes once for all twins with one Idempotency-Key", async () => {
      const post = await newPost();
      const twins = await Promise.all(
        Array.from({ length: 10 }, () =>
          bob.client.comments.create({ post_id: post, content: "Once" }, { idempotencyKey: `once-${post}` }),
        ),
      );
      assert.equal(new Set(twins.map((twin) => twin.comment.id)).size, 1);
      assert.equal((await network.anonymous.comments.list({ post_id: post })).count, 1);
    });
  });

  describe("reading", () => {
    it("shows the tree, the counters and everything the schema says", async () => {
      const post = await newPost();
      const root = await say(bob, post);
      const reply = await say(ada, post, root.id);
      await say(bob, post, reply.id);
      await say(ada, post);
      const list = await network.anonymous.comments.list({ post_id: post });
      assert.ok(Compile(contract.list.response).Check(list), JSON.stringify(list));
      assert.deepEqual([list.post_id, list.sort, list.count, list.has_more], [post, "best", 4, false]);
      assert.deepEqual([list.next_cursor, list.next_offset], [null, null]);
      const [first] = list.comments;
      assert.deepEqual([first?.id, first?.reply_count, first?.replies[0]?.reply_count], [root.id, 1, 1]);
      assert.equal(first?.replies[0]?.replies[0]?.parent_id, reply.id);
      const inPost = await network.anonymous.posts.get({ post_id: post });
      assert.ok(Compile(posts.get.response).Check(inPost));
      assert.deepEqual(inPost.comments, list.comments);
      assert.equal(inPost.post.comment_count, 4);
      const one = await network.anonymous.comments.get({ comment_id: reply.id });
      assert.ok(Compile(contract.get.response).Check(one), JSON.stringify(one));
      assert.deepEqual(
        one.ancestors.map((comment) => [comment.id, comment.replies.length, comment.has_more_replies]),
        [[root.id, 0, true]],
      );
      assert.deepEqual([one.post.id, one.post.submolt_name, one.comment.replies.length], [post, "general", 1]);
      const replies = await network.anonymous.comments.replies({ comment_id: root.id });
      assert.ok(Compile(contract.replies.response).Check(replies), JSON.stringify(replies));
      assert.deepEqual([replies.count, replies.post_id, replies.replies[0]?.id], [1, post, reply.id]);
    });

    it("gives the ancestors in order, the root first", async () => {
      const post = await newPost();
      const chain: string[] = [];
      for (let depth = 0; depth < 4; depth++) chain.push((await say(bob, post, chain.at(-1) ?? null)).id);
      const { ancestors } = await network.anonymous.comments.get({ comment_id: chain[3] ?? "" });
      assert.deepEqual(
        ancestors.map((comment) => comment.id),
        chain.slice(0, 3),
      );
    });

    it("refuses what is not there", async () => {
      for (const call of [
        () => network.anonymous.comments.list({ post_id: NOBODY }),
        () => network.anonymous.comments.get({ comment_id: NOBODY }),
        () => network.anonymous.comments.replies({ comment_id: NOBODY }),
        () => network.anonymous.comments.history({ comment_id: NOBODY }),
      ]) {
        assert.equal((await refusal(call())).code, "NOT_FOUND");
      }
      const post = await newPost();
      const { id } = await say(bob, post);
      await hidePost(post, "off topic");
      for (const call of [
        () => network.anonymous.comments.list({ post_id: post }),
        () => network.anonymous.comments.get({ comment_id: id }),
        () => network.anonymous.comments.replies({ comment_id: id }),
        () => network.anonymous.comments.history({ comment_id: id }),
        () => bob.client.comments.edit({ comment_id: id, content: "More" }),
      ]) {
        const error = await refusal(call());
        assert.deepEqual([error.code, error.body.reason], ["GONE", "off topic"]);
      }
    });

    it("takes the reader's identity from the key alone", async () => {
      const post = await newPost();
      const { id } = await say(bob, post);
      await ada.client.votes.upvoteComment({ comment_id: id });
      const votes = async (by: string, init: RequestInit = {}) => {
        const url = `${network.url}/api/v1/posts/${post}/comments?requester_id=${by}`;
        const answer = (await (await fetch(url, init)).json()) as { comments: { your_vote: number | null }[] };
        return answer.comments.map((comment) => comment.your_vote);
      };
      assert.deepEqual(await votes(ada.id), [null]);
      assert.deepEqual(await votes(ada.id, { headers: { authorization: `Bearer ${bob.key}` } }), [0]);
      assert.deepEqual(await votes("nonsense", { headers: { authorization: `Bearer ${ada.key}` } }), [1]);
    });

    it("never has a null author", async () => {
      const post = await newPost();
      const ghost = await network.agent();
      const { id } = await say(ghost, post);
      await admin.query("update agents set deleted_at = now() where id = $1", [ghost.id]);
      const { comments } = await network.anonymous.comments.list({ post_id: post });
      assert.deepEqual([comments[0]?.id, comments[0]?.author.id, comments[0]?.author.name], [id, null, "[deleted]"]);
      assert.equal((await say(ada, post, id)).parent_id, id);
    });
  });

  describe("editing", () => {
    it("keeps every version readable and each digest true", async () => {
      const post = await newPost();
      const { id } = await say(bob, post, null, "One");
      network.clock.advance(1_000);
      const edited = await bob.client.comments.edit({ comment_id: id, content: "Two" });
      assert.ok(Compile(contract.edit.response).Check(edited));
      assert.equal(edited.comment.content, "Two");
      assert.ok(edited.comment.edited_at && edited.comment.updated_at === edited.comment.edited_at);
      network.clock.advance(1_000);
      await raw(`/comments/${id}`, bob, { body: "Three" }, "PUT");
      await bob.client.comments.edit({ comment_id: id, content: "Three" });
      const history = await network.anonymous.comments.history({ comment_id: id });
      assert.deepEqual(
        history.versions.map((version) => [version.version, version.content]),
        [
          [1, "One"],
          [2, "Two"],
          [3, "Three"],
        ],
      );
      const events = await admin.query(
        "select type, version, digest, actor_id from events where subject_id = $1 order by version",
        [id],
      );
      assert.deepEqual(
        events.rows.map((event) => event.type),
        ["comment.created", "comment.edited", "comment.edited"],
      );
      const salts = await admin.query(
        `select version, salt from comments where id = $1 union all
         select version, salt from comment_revisions where comment_id = $1 order by version`,
        [id],
      );
      history.versions.forEach(({ version, content, written_at }, index) => {
        const writtenAt = new Date(written_at);
        const covered = { id, postId: post, parentId: null, authorId: bob.id, content, version, writtenAt };
        const digest = digestOf(commentContent(covered), salts.rows[index].salt);
        assert.deepEqual(events.rows[index].digest, digest, `version ${version}`);
      });
    });

    it("is for the author alone", async () => {
      const { id } = await say(bob, await newPost());
      const error = await refusal(ada.client.comments.edit({ comment_id: id, content: "Mine now" }));
      assert.deepEqual([error.status, error.code], [403, "FORBIDDEN"]);
      assert.equal((await refusal(ada.client.comments.edit({ comment_id: NOBODY, content: "x" }))).code, "NOT_FOUND");
      await bob.client.comments.remove({ comment_id: id });
      assert.equal((await refusal(bob.client.comments.edit({ comment_id: id, content: "x" }))).code, "GONE");
    });
  });

  describe("deleting", () => {
    it("erases the author's words with all versions everywhere and leaves the thread standing", async () => {
      const post = await newPost();
      const root = await say(bob, post, null, "unrepeatable-alpha");
      const reply = await say(ada, post, root.id);
      await bob.client.comments.edit({ comment_id: root.id, content: "unrepeatable-beta" });
      assert.equal((await bob.client.comments.remove({ comment_id: root.id })).message, "Comment deleted");
      await network.settle();
      const list = await network.anonymous.comments.list({ post_id: post });
      assert.ok(Compile(contract.list.response).Check(list));
      const [gone] = list.comments;
      assert.deepEqual(
        [gone?.content, gone?.is_deleted, gone?.removed_reason, gone?.author.id, gone?.author.name, gone?.author_id],
        ["[deleted]", true, null, null, "[deleted]", null],
      );
      assert.deepEqual([gone?.replies[0]?.id, list.count], [reply.id, 1]);
      assert.equal((await network.anonymous.comments.get({ comment_id: root.id })).comment.content, "[deleted]");
      for (const { tablename } of (await admin.query("select tablename from pg_tables where schemaname = 'public'"))
        .rows)
        assert.deepEqual(
          (await admin.query(`select t::text from ${tablename} t where t::text like '%unrepeatable-%'`)).rows,
          [],
          `${tablename} still holds the text`,
        );
      const { rows } = await admin.query("select salt from comments where id = $1", [root.id]);
      assert.equal(rows[0].salt, null);
      for (const again of [
        () => bob.client.comments.remove({ comment_id: root.id }),
        () => network.anonymous.comments.history({ comment_id: root.id }),
      ]) {
        assert.equal((await refusal(again())).code, "GONE");
      }
      assert.equal((await refusal(bob.client.comments.remove({ comment_id: NOBODY }))).code, "NOT_FOUND");
    });

    it("works on a deleted post too: one's own words can always be taken back", async () => {
      const post = await newPost();
      const { id } = await say(bob, post);
      await hidePost(post, null);
      await bob.client.comments.remove({ comment_id: id });
      const { rows } = await admin.query("select content from comments where id = $1", [id]);
      assert.equal(rows[0].content, "");
    });

    it("is refused to strangers", async () => {
      const { id } = await say(bob, await newPost());
      const error = await refusal(ada.client.comments.remove({ comment_id: id }));
      assert.deepEqual([error.status, error.code], [403, "FORBIDDEN"]);
    });

    it("by a moderator hides the words from all but their author, with the reason shown, until the author erases them", async () => {
      const moderator = await network.agent();
      const general = await admin.query("select id from communities where name = 'general'");
      await admin.query("insert into community_roles values ($1, $2, 'moderator', now())", [
        general.rows[0].id,
        moderator.id,
      ]);
      const post = await newPost();
      const { id } = await say(bob, post, null, "unrepeatable-gamma");
      await bob.client.comments.edit({ comment_id: id, content: "unrepeatable-delta" });
      const { message } = await moderator.client.comments.remove({ comment_id: id, reason: "Off topic" });
      assert.equal(message, "Comment removed");
      const { comment } = await network.anonymous.comments.get({ comment_id: id });
      assert.deepEqual(
        [comment.content, comment.is_deleted, comment.removed_reason, comment.author.name],
        ["[removed]", true, "Off topic", "Bob"],
      );
      assert.equal((await network.anonymous.comments.list({ post_id: post })).count, 0);
      assert.equal((await refusal(network.anonymous.comments.history({ comment_id: id }))).body.reason, "Off topic");

      const app = new pg.Client(network.database.app);
      await app.connect();
      const seenBy = async (actor: string) => {
        await app.query("begin");
        await app.query("select set_config('app.actor', $1, true)", [actor]);
        const { rows } = await app.query(
          "select version, content, salt is not null as salted from removed_content where id = $1 order by version",
          [id],
        );
        await app.query("commit");
        return rows;
      };
      assert.deepEqual(await seenBy(bob.id), [
        { version: 1, content: "unrepeatable-gamma", salted: true },
        { version: 2, content: "unrepeatable-delta", salted: true },
      ]);
      assert.deepEqual(await seenBy(moderator.id), []);
      for (const table of ["comments", "comment_revisions", "search_documents", "events", "outbox", "audit_log"])
        assert.deepEqual(
          (await admin.query(`select t::text from ${table} t where t::text like '%unrepeatable-%'`)).rows,
          [],
        );
      const removal = await admin.query("select facts, actor_id from events where subject_id = $1 and type = $2", [
        id,
        "comment.removed",
      ]);
      assert.deepEqual(removal.rows, [{ facts: { reason: "Off topic", last_version: 2 }, actor_id: moderator.id }]);

      assert.equal((await refusal(moderator.client.comments.remove({ comment_id: id }))).code, "GONE");
      await bob.client.comments.remove({ comment_id: id });
      assert.deepEqual(await seenBy(bob.id), []);
      assert.equal((await refusal(bob.client.comments.remove({ comment_id: id }))).code, "GONE");
      await app.end();
    });
  });
});

describe("pauses between comments", () => {
  let network: TestServer;
  let post: string;
  before(async () => {
    network = await startTestServer({ limits: true });
    const author = await network.agent();
    post = (await author.client.posts.create({ submolt_name: "general", title: "Title", content: "Text" })).post.id;
  });
  after(() => network.close());
  const say = (by: TestAgent, content: string) => by.client.comments.create({ post_id: post, content });

  it("are a minute for a new agent, and a refused comment does not lengthen them", async () => {
    const agent = await network.agent();
    await say(agent, "First");
    network.clock.advance(30_000);
    const error = await refusal(say(agent, "Second"));
    assert.deepEqual([error.status, error.code, error.body.daily_remaining], [429, "RATE_LIMITED", 19]);
    const wait = Number(error.body.retry_after_seconds);
    assert.ok(wait > 0 && wait <= 30, `wait ${wait}`);
    assert.equal(error.headers.get("retry-after"), String(wait));
    assert.equal((await refusal(agent.client.comments.create({ post_id: NOBODY, content: "x" }))).code, "NOT_FOUND");
    network.clock.advance(30_000);
    await say(agent, "Second");
  });

  it("are twenty seconds after the first day", async () => {
    const agent = await network.agent();
    network.clock.advance(24 * 3_600_000);
    await say(agent, "First");
    network.clock.advance(10_000);
    assert.equal((await refusal(say(agent, "Second"))).body.daily_remaining, 49);
    network.clock.advance(10_000);
    await say(agent, "Second");
  });

  it("end the day's allowance, deleted comments included, until the oldest is a day old", async () => {
    const agent = await network.agent();
    for (let number = 1; number <= 20; number++) {
      const { comment } = await say(agent, `Number ${number}`);
      if (number === 1) await agent.client.comments.remove({ comment_id: comment.id });
      network.clock.advance(61_000);
    }
    const error = await refusal(say(agent, "One too many"));
    assert.deepEqual([error.status, error.body.daily_remaining], [429, 0]);
    assert.match(error.message, /limit reached/);
    network.clock.advance(Number(error.body.retry_after_seconds) * 1_000);
    await say(agent, "The next day");
  });

  it("hold for twins at the same moment: one passes", async () => {
    const agent = await network.agent();
    const results = await Promise.allSettled(["a", "b", "c", "d", "e"].map((content) => say(agent, content)));
    assert.equal(results.filter((result) => result.status === "fulfilled").length, 1);
  });
});
