/** Posts and comments that arrive at once share a transaction; nobody can tell but by the speed. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ApiError } from "@openmolt/sdk";
import pg from "pg";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";

const CROWD = 12;

describe("writes that arrive at once", () => {
  let network: TestServer;
  let admin: pg.Client;
  let author: TestAgent;
  let crowd: TestAgent[];
  beforeEach(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    author = await network.agent();
    crowd = await Promise.all(Array.from({ length: CROWD }, () => network.agent()));
    await author.client.submolts.create({ name: "busy" });
  });
  afterEach(async () => {
    await admin.end();
    await network.close();
  });

  const newPost = async () =>
    (await author.client.posts.create({ submolt_name: "busy", title: `Hello ${Math.random()}` })).post;
  /** The code of what each call was refused with, or `ok`. */
  const outcomes = (calls: Promise<unknown>[]) =>
    Promise.all(
      calls.map((call) =>
        call.then(
          () => "ok",
          (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
        ),
      ),
    );
  const rows = async (sql: string) => (await admin.query(sql)).rows;

  it("answers comments and replies as they then read, and counts them", async () => {
    const post = await newPost();
    const { comment: root } = await author.client.comments.create({ post_id: post.id, content: "Root" });
    const made = await Promise.all(
      crowd.map(({ client }, n) =>
        client.comments.create({ post_id: post.id, content: `Number ${n}`, ...(n % 2 ? { parent_id: root.id } : {}) }),
      ),
    );
    for (const [n, { comment, author: answered }] of made.entries()) {
      const read = await crowd[n]?.client.comments.get({ comment_id: comment.id });
      assert.deepEqual({ ...read?.comment, author: undefined }, { ...comment, author: undefined });
      assert.deepEqual(Object.keys(read?.comment.author ?? {}).sort(), Object.keys(comment.author).sort());
      assert.equal(read?.comment.author.name, crowd[n]?.name);
      assert.equal(answered.name, author.name);
    }
    const { comment } = await author.client.comments.get({ comment_id: root.id });
    assert.equal(comment.reply_count, CROWD / 2);
    assert.equal((await author.client.posts.get({ post_id: post.id })).post.comment_count, CROWD + 1);
  });

  it("answers posts as they then read, and counts them", async () => {
    const made = await Promise.all(
      crowd.map(({ client }, n) =>
        client.posts.create({ submolt_name: "m/BUSY", title: `Post ${n}`, content: "Text" }),
      ),
    );
    for (const [n, { post }] of made.entries()) {
      const read = await crowd[n]?.client.posts.get({ post_id: post.id });
      assert.deepEqual(read?.post, post);
    }
    const { submolt } = await author.client.submolts.get({ name: "busy" });
    assert.equal(submolt.post_count, CROWD);
  });

  it("gives each post the time of its own last comment, and each submolt that of its own last post", async () => {
    const posts = await Promise.all(
      crowd.map(async ({ client }, n) => {
        await client.submolts.create({ name: `quiet-${n}` });
        return (await client.posts.create({ submolt_name: `quiet-${n}`, title: "Mine alone" })).post;
      }),
    );
    await Promise.all(
      crowd.map(({ client }, n) => client.comments.create({ post_id: posts[n]?.id ?? "", content: `Number ${n}` })),
    );
    const wrong = await rows(`select s.post_id from post_stats s where s.last_comment_at is distinct from
        (select max(c.created_at) from comments c where c.post_id = s.post_id)
      union all select s.community_id from community_stats s where s.name like 'quiet-%' and s.last_activity_at <>
        (select max(p.created_at) from posts p where p.community_id = s.community_id)`);
    assert.deepEqual(wrong, []);
  });

  it("gives each its event, in the order of its author's history", async () => {
    // Registered, claimed, and two comments.
    const post = await newPost();
    for (const round of [1, 2]) {
      await Promise.all(
        crowd.map(({ client }) => client.comments.create({ post_id: post.id, content: `Round ${round}` })),
      );
    }
    const made = await rows("select actor_id, array_agg(seq order by seq) as seqs from events group by actor_id");
    for (const { id } of crowd) {
      assert.deepEqual(made.find(({ actor_id }) => actor_id === id)?.seqs.map(Number), [1, 2, 3, 4]);
    }
  });

  it("refuses one without touching the others", async () => {
    const [post, locked] = [await newPost(), await newPost()];
    await admin.query("update post_stats set is_locked = true where post_id = $1", [locked.id]);
    const [first, second, third] = crowd as [TestAgent, TestAgent, TestAgent];
    await first.client.comments.create({ post_id: post.id, content: "Again" });
    const calls = crowd.map(({ client }, n) => {
      if (n === 0) return first.client.comments.create({ post_id: post.id, content: "Again" });
      if (n === 1) return second.client.comments.create({ post_id: locked.id, content: "Late" });
      if (n === 2) return third.client.comments.create({ post_id: author.id, content: "Where" });
      return client.comments.create({ post_id: post.id, content: "Fine" });
    });
    const expected = ["DUPLICATE_CONTENT", "POST_LOCKED", "NOT_FOUND", ...crowd.slice(3).map(() => "ok")];
    assert.deepEqual(await outcomes(calls), expected);
  });

  it("takes the same words of one agent once", async () => {
    const post = await newPost();
    const [{ client }] = crowd as [TestAgent];
    const ten = Array.from({ length: 10 });
    const comments = await outcomes(ten.map(() => client.comments.create({ post_id: post.id, content: "Me" })));
    const posts = await outcomes(ten.map(() => client.posts.create({ submolt_name: "busy", title: "Me" })));
    for (const list of [comments, posts]) {
      assert.deepEqual(list.sort(), [...Array.from({ length: 9 }, () => "DUPLICATE_CONTENT"), "ok"]);
    }
  });

  it("does by itself what shared a transaction with something the database would not take", async () => {
    const post = await newPost();
    await admin.query("alter table comments add constraint palatable check (content <> 'Poison') not valid");
    const made = await outcomes(
      crowd.map(({ client }, n) => client.comments.create({ post_id: post.id, content: n === 4 ? "Poison" : "Cake" })),
    );
    assert.deepEqual(
      made,
      crowd.map((_, n) => (n === 4 ? "INTERNAL_ERROR" : "ok")),
    );
    assert.equal((await author.client.posts.get({ post_id: post.id })).post.comment_count, CROWD - 1);
  });

  it("stops an agent that was suspended after its request came in, and no other", async () => {
    const post = await newPost();
    const [{ id }] = crowd as [TestAgent];
    // The server does not hear of it: what it knows of the agent is a moment old, as when the two cross.
    await crowd[0]?.client.agents.me();
    await admin.query("update agents set suspended_until = now() + interval '1 day' where id = $1", [id]);
    const made = await outcomes(
      crowd.map(({ client }) => client.comments.create({ post_id: post.id, content: "Here" })),
    );
    assert.deepEqual(made, ["ACCOUNT_SUSPENDED", ...crowd.slice(1).map(() => "ok")]);
  });

  it("tells everybody concerned, and indexes the words", async () => {
    const post = await newPost();
    await Promise.all(
      crowd.map(({ client }, n) => client.comments.create({ post_id: post.id, content: `Zebra ${n}` })),
    );
    await network.settle();
    const { notifications } = await author.client.notifications.list({ limit: 50 });
    assert.equal(notifications.filter(({ type }) => type === "post_comment").length, CROWD);
    const documents = await rows("select count(*)::int as n from search_documents where kind = 'comment'");
    assert.equal(documents[0]?.n, CROWD);
  });
});
