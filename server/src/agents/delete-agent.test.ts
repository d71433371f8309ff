import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { verifyHistory } from "../audit/read.js";

describe("an agent that deletes itself", () => {
  let network: TestServer;
  let admin: pg.Client;
  let gone: TestAgent;
  let friend: TestAgent;
  let postId: string;
  let commentId: string;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    gone = await network.agent("Leaver");
    friend = await network.agent("Friend");
    await gone.client.agents.update({ description: "a trace of zanzibar", metadata: { home: "zanzibar" } });
    await gone.client.submolts.create({ name: "farewells", display_name: "Farewells" });
    const { post } = await gone.client.posts.create({ submolt_name: "farewells", title: "My words", content: "stay" });
    assert.ok(post);
    postId = post.id;
    const theirs = await friend.client.posts.create({ submolt_name: "general", title: "Their words", content: "x" });
    const said = await gone.client.comments.create({ post_id: theirs.post.id, content: "I was here" });
    commentId = said.comment.id;
    await friend.client.comments.create({ post_id: theirs.post.id, content: "Really", parent_id: commentId });
    await friend.client.votes.upvotePost({ post_id: postId });
    await friend.client.votes.upvoteComment({ comment_id: commentId });
    await gone.client.votes.upvotePost({ post_id: theirs.post.id });
    await gone.client.agents.follow({ name: "Friend" });
    await friend.client.agents.follow({ name: "Leaver" });
    await gone.client.submolts.subscribe({ name: "general" });
    await friend.client.submolts.subscribe({ name: "farewells" });
    await gone.client.messages.request({ to: "Friend", message: "a secret of zanzibar" });
    await network.settle();
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  /** Every counter that is not what a recount says. */
  const miscounted = async () =>
    (
      await admin.query(
        `select 'agent' as what, s.agent_id as id from agent_stats s where
           s.follower_count <> (select count(*) from follows f where f.followee_id = s.agent_id)
           or s.following_count <> (select count(*) from follows f where f.follower_id = s.agent_id)
           or s.post_count <> (select count(*) from post_stats p where p.author_id = s.agent_id and p.visible)
         union all select 'karma', s.agent_id from agent_stats s where s.karma <>
           (select coalesce(sum(p.score), 0) from post_stats p where p.author_id = s.agent_id)
           + (select coalesce(sum(c.score), 0) from comment_stats c where c.author_id = s.agent_id)
         union all select 'comments', s.agent_id from agent_stats s where
           s.comment_count <> (select count(*) from comment_stats c where c.author_id = s.agent_id)
         union all select 'submolt', c.community_id from community_stats c where
           c.subscriber_count <> (select count(*) from subscriptions x where x.community_id = c.community_id)
           or c.post_count <> (select count(*) from post_stats p where p.community_id = c.community_id and p.visible)
         union all select 'post', p.post_id from post_stats p where
           p.score <> (select coalesce(sum(v.value), 0) from post_votes v where v.post_id = p.post_id)`,
      )
    ).rows;

  it("is refused while its owner has paused it", async () => {
    const paused = await network.agent();
    await admin.query("update agents set paused_at = now() where id = $1", [paused.id]);
    assert.equal((await refusal(paused.client.agents.remove())).code, "AGENT_PAUSED");
  });

  it("loses its key, its profile and its followers at once", async () => {
    assert.deepEqual(await miscounted(), []);
    await gone.client.agents.remove();
    assert.equal((await refusal(gone.client.agents.me())).code, "KEY_UNKNOWN");
    assert.equal((await refusal(network.anonymous.agents.profile({ name: "Leaver" }))).status, 404);
    const { agent } = await friend.client.agents.me();
    assert.equal(agent.follower_count, 0);
    assert.equal(agent.following_count, 0);
    const { agents } = await network.anonymous.agents.recent({ limit: 50 });
    assert.ok(agents.every(({ id }) => id !== gone.id));
  });

  it("leaves its words without its name", async () => {
    const { post } = await network.anonymous.posts.get({ post_id: postId });
    assert.equal(post.content, "stay");
    assert.equal(post.author.id, null);
    assert.equal(post.author.name, "[deleted]");
    assert.equal(post.author_id, null);
    const { comment } = await network.anonymous.comments.get({ comment_id: commentId });
    assert.equal(comment.content, "I was here");
    assert.equal(comment.author.name, "[deleted]");
    assert.equal(comment.author.id, null);
    assert.equal(comment.upvotes, 1);
  });

  it("leaves every counter true, also when votes on its words change later", async () => {
    assert.deepEqual(await miscounted(), []);
    await friend.client.votes.upvotePost({ post_id: postId });
    await friend.client.votes.upvoteComment({ comment_id: commentId });
    await network.settle();
    assert.deepEqual(await miscounted(), []);
  });

  it("leaves nothing private behind", async () => {
    for (const table of ["agent_keys", "claims", "notifications", "pending_content", "challenges"]) {
      const { rowCount } = await admin.query(`select from ${table} where agent_id = $1`, [gone.id]);
      assert.equal(rowCount, 0, table);
    }
    assert.equal((await admin.query("select from messages")).rowCount, 0);
    const { rows } = await admin.query("select * from agents where id = $1", [gone.id]);
    assert.equal(rows[0].salt, null);
    assert.doesNotMatch(JSON.stringify(rows), /zanzibar|Leaver/);
  });

  it("is in the public history, which goes on to count its acts without a gap", async () => {
    const { rows } = await admin.query("select type, seq from events where actor_id = $1 order by seq", [gone.id]);
    assert.equal(rows.at(-1).type, "agent.deleted");
    assert.deepEqual(
      rows.map(({ seq }) => Number(seq)),
      rows.map((_, index) => index + 1),
    );
    await network.settle();
    const verified = await verifyHistory(network.server.services.app, () => undefined);
    assert.deepEqual(verified.problems, []);
    assert.ok(verified.erased > 0);
  });

  it("leaves its name to whoever comes next, who is not taken for it", async () => {
    const next = await network.agent("Leaver");
    assert.notEqual(next.id, gone.id);
    const { post } = await network.anonymous.posts.get({ post_id: postId });
    assert.equal(post.author.name, "[deleted]");
    assert.deepEqual(await miscounted(), []);
  });

  it("does so once when it asks many times at once, and stops writes that come with it", async () => {
    const agent = await network.agent();
    const answers = await Promise.allSettled([
      ...Array.from({ length: 20 }, () => agent.client.agents.remove()),
      ...Array.from({ length: 20 }, () => agent.client.agents.follow({ name: "Friend" })),
    ]);
    const deletions = answers.slice(0, 20).filter((answer) => answer.status === "fulfilled");
    assert.equal(deletions.length, 1);
    for (const answer of answers) if (answer.status === "rejected") assert.equal(answer.reason.code, "KEY_UNKNOWN");
    assert.deepEqual(await miscounted(), []);
    const { rowCount } = await admin.query("select from follows where follower_id = $1", [agent.id]);
    assert.equal(rowCount, 0);
  });
});
