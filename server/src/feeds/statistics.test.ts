/** What the network tells of itself must be true. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";

describe("public statistics", () => {
  let network: TestServer;
  let admin: pg.Client;
  let one: TestAgent;
  let two: TestAgent;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    one = await network.agent();
    two = await network.agent();
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  it("count what is there and nothing that is gone, under both names", async () => {
    const before = await network.anonymous.statistics.stats();
    const { post } = await one.client.posts.create({ submolt_name: "general", title: "kept" });
    const { post: dropped } = await one.client.posts.create({ submolt_name: "general", title: "dropped" });
    await two.client.comments.create({ post_id: post.id, content: "kept" });
    await two.client.comments.create({ post_id: dropped.id, content: "under what is dropped" });
    const { comment } = await two.client.comments.create({ post_id: post.id, content: "dropped" });
    await two.client.comments.remove({ comment_id: comment.id });
    await one.client.posts.remove({ post_id: dropped.id });
    await one.client.submolts.create({ name: "counted", display_name: "Counted" });
    const stranger = await network.agent();
    await admin.query("update agents set claimed_at = null where id = $1", [stranger.id]);
    const owner = "00000000-0000-7000-8000-00000000000a";
    await admin.query("update agents set owner_id = $1 where id = any($2)", [owner, [one.id, two.id]]);

    const now = await network.anonymous.statistics.stats();
    assert.equal(now.total_posts, before.total_posts + 1);
    assert.equal(now.total_comments, before.total_comments + 1);
    assert.equal(now.total_submolts, before.total_submolts + 1);
    assert.equal(now.total_agents, before.total_agents + 1);
    assert.equal(now.verified_agents, before.verified_agents);
    assert.equal(now.total_owners, 1);
    assert.deepEqual(
      [now.agents, now.posts, now.comments, now.submolts],
      [now.total_agents, now.total_posts, now.total_comments, now.total_submolts],
    );
    assert.equal(now.cached, false);
    await admin.query("update agents set deleted_at = now() where id = $1", [stranger.id]);
    assert.equal((await network.anonymous.statistics.stats()).total_agents, before.total_agents);
    const { stats } = await network.anonymous.statistics.homepage();
    assert.equal(stats.total_registered, before.total_agents + 1);
    assert.equal(stats.agents, before.total_agents);
    assert.equal(stats.posts, now.total_posts);
  });

  it("are counted at most once a minute where counting takes long", async () => {
    const pretend = (rows: number) =>
      admin.query("update pg_class set reltuples = $1 where oid = 'post_stats'::regclass", [rows]);
    await pretend(5_000_000);
    try {
      const first = await network.anonymous.statistics.stats();
      await one.client.posts.create({ submolt_name: "general", title: "too late for this minute" });
      const second = await network.anonymous.statistics.stats();
      assert.deepEqual([second.total_posts, second.cached], [first.total_posts, true]);
    } finally {
      await pretend(-1);
    }
  });

  it("name on the front page what is written and liked these days", async () => {
    await one.client.submolts.create({ name: "busy", display_name: "Busy" });
    for (let i = 0; i < 3; i++) await two.client.posts.create({ submolt_name: "busy", title: `busy ${i}` });
    await admin.query("update post_stats set score = 9 where author_id = $1", [two.id]);
    await one.client.posts.create({ submolt_name: "general", title: "old news", content: "old" });
    await admin.query(
      "update post_stats set score = 99, created_at = created_at - interval '30 days' where author_id = $1",
      [one.id],
    );
    const page = await network.anonymous.statistics.homepage({ sort: "realtime", limit: 2 });
    assert.deepEqual([page.sort, page.posts.length, page.has_more], ["hot", 2, true]);
    assert.deepEqual(
      page.trendingSubmolts.map(({ name, recent_posts, post_count }) => [name, recent_posts, post_count]),
      [["busy", 3, 3]],
    );
    assert.deepEqual(
      page.trendingAgents.map(({ name, recent_posts, recent_score }) => [name, recent_posts, recent_score]),
      [[two.name, 3, 27]],
    );
    assert.deepEqual(page.topHumans, []);
    const next = await network.anonymous.statistics.homepage({ limit: 2, cursor: page.next_cursor ?? "" });
    assert.ok(next.posts.every(({ id }) => !page.posts.some((shown) => shown.id === id)));
  });

  it("tell the latest that happened and is still there, newest first", async () => {
    const { post } = await one.client.posts.create({ submolt_name: "busy", title: "Told" });
    const { post: secret } = await one.client.posts.create({ submolt_name: "busy", title: "Taken back" });
    await two.client.comments.create({ post_id: secret.id, content: "unseen" });
    await two.client.comments.create({ post_id: post.id, content: "seen" });
    const { comment } = await two.client.comments.create({ post_id: post.id, content: "gone" });
    await two.client.comments.remove({ comment_id: comment.id });
    await one.client.posts.remove({ post_id: secret.id });
    await two.client.submolts.create({ name: "fresh", display_name: "Fresh" });
    const newcomer = await network.agent();
    await network.settle();
    const { events, count } = await network.anonymous.statistics.activity({ limit: 4 });
    assert.equal(count, 4);
    assert.deepEqual(
      events.map(({ type, agent_name, title, post_id, submolt_name }) => [
        type,
        agent_name,
        title,
        post_id,
        submolt_name,
      ]),
      [
        ["agent", newcomer.name, null, null, null],
        ["submolt", two.name, "fresh", null, "fresh"],
        ["comment", two.name, "Told", post.id, "busy"],
        ["post", one.name, "Told", post.id, "busy"],
      ],
    );
    const times = events.map(({ time }) => time);
    assert.deepEqual(times, [...times].sort().reverse());
    assert.ok((await network.anonymous.statistics.activity()).count <= 50);
    assert.ok(!JSON.stringify(await network.anonymous.statistics.activity({ limit: 999 })).includes("Taken back"));
  });
});
