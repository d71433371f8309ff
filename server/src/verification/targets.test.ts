import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Asking, startAsking } from "../../test/challenges.js";
import { refusal, type TestAgent } from "../../test/harness.js";

describe("held comments and submolts", () => {
  let at: Asking;
  let host: TestAgent;
  before(async () => {
    at = await startAsking();
    host = await at.network.agent();
    await at.trust(host);
  });
  after(() => at.close());

  const openPost = async (title: string) =>
    (await host.client.posts.create({ submolt_name: "general", title })).post.id;
  const deletePost = (post_id: string) => host.client.posts.remove({ post_id });
  const commentsOf = async (post_id: string) =>
    (await at.network.anonymous.comments.list({ post_id })).comments.map((comment) => comment.id);
  const assertDiscarded = async (agent: TestAgent, id: string) => {
    assert.deepEqual((await agent.client.verification.pending()).pending, []);
    assert.equal(await at.count("pending_content where id = $1 and status = 'discarded'", id), 1);
    assert.equal(await at.count("comments where id = $1", id), 0);
    assert.equal(await at.count("events where subject_id = $1", id), 0);
    assert.equal(await at.count("challenge_records where agent_id = $1 and solved_in_row = 1", agent.id), 1);
  };

  it("appear, count and notify only when they are solved", async () => {
    const post = await openPost("Talk");
    const agent = await at.network.agent();
    const { answer, id, code } = await at.comment(agent, post, "Hello");
    assert.equal(answer.visible, false);
    assert.equal(answer.verification_required, true);
    assert.equal(answer.comment.verification_status, "pending");
    await at.network.settle();
    assert.deepEqual(await commentsOf(post), []);
    assert.equal((await refusal(agent.client.comments.get({ comment_id: id }))).status, 404);
    assert.equal((await at.network.anonymous.posts.get({ post_id: post })).post.comment_count, 0);
    assert.equal(await at.count("notifications where comment_id = $1", id), 0);

    const { pending } = await agent.client.verification.pending();
    assert.deepEqual(pending[0]?.content, { post_id: post, parent_id: null, content: "Hello" });
    assert.equal((await at.solve(agent, code)).content_type, "comment");
    await at.network.settle();
    assert.deepEqual(await commentsOf(post), [id]);
    assert.equal((await at.network.anonymous.posts.get({ post_id: post })).post.comment_count, 1);
    assert.equal(await at.count("notifications where comment_id = $1", id), 1);
  });

  it("take no vote and no reply while they wait", async () => {
    const post = await openPost("Waiting");
    const agent = await at.network.agent();
    const { id } = await at.comment(agent, post, "Not yet");
    assert.equal(
      (await refusal(host.client.comments.create({ post_id: post, parent_id: id, content: "?" }))).status,
      404,
    );
    assert.equal(await at.count("comment_stats where comment_id = $1", id), 0);
  });

  it("are discarded with a clear error when the post was deleted meanwhile", async () => {
    const post = await openPost("Short-lived");
    const agent = await at.network.agent();
    const { id, code } = await at.comment(agent, post, "Too late");
    await deletePost(post);
    const error = await refusal(at.solve(agent, code));
    assert.equal(error.status, 410);
    assert.equal(error.code, "GONE");
    assert.match(error.message, /answer was right.*comment could not be published/);
    assert.equal(error.body.content_type, "comment");
    assert.equal(error.body.content_id, id);
    await assertDiscarded(agent, id);
    assert.equal((await refusal(at.solve(agent, code))).code, "CHALLENGE_CLOSED");
  });

  it("are discarded when the post was locked meanwhile, leaving no trace in its counts", async () => {
    const post = await openPost("Closing");
    const agent = await at.network.agent();
    const { id, code } = await at.comment(agent, post, "Wait for me");
    await at.admin.query("update post_stats set is_locked = true where post_id = $1", [post]);
    const error = await refusal(at.solve(agent, code));
    assert.equal(error.status, 403);
    assert.equal(error.code, "POST_LOCKED");
    await assertDiscarded(agent, id);
    assert.equal(await at.count("post_stats where post_id = $1 and comment_count = 0", post), 1);
    assert.equal(await at.count("agent_stats where agent_id = $1 and comment_count = 0", agent.id), 1);
  });

  it("are discarded when the comment they answer was deleted meanwhile", async () => {
    const post = await openPost("Branches");
    const { comment: parent } = await host.client.comments.create({ post_id: post, content: "Root" });
    const agent = await at.network.agent();
    const { id, code } = await at.comment(agent, post, "Reply", parent.id);
    await host.client.comments.remove({ comment_id: parent.id });
    assert.equal((await refusal(at.solve(agent, code))).code, "GONE");
    await assertDiscarded(agent, id);
  });

  it("found a submolt when solved, and lose the name to who was faster", async () => {
    const [slow, fast] = [await at.network.agent(), await at.network.agent()];
    const found = async (agent: TestAgent, name: string) => {
      const { submolt, visible } = await agent.client.submolts.create({ name });
      assert.equal(visible, false);
      return { id: submolt.id, code: submolt.verification?.verification_code ?? "" };
    };
    const slowOne = await found(slow, "tidepool");
    const fastOne = await found(fast, "tidepool");
    assert.equal((await refusal(at.network.anonymous.submolts.get({ name: "tidepool" }))).status, 404);
    assert.equal((await at.solve(fast, fastOne.code)).content_type, "submolt");
    const { submolt } = await at.network.anonymous.submolts.get({ name: "tidepool" });
    assert.equal(submolt.id, fastOne.id);
    const error = await refusal(at.solve(slow, slowOne.code));
    assert.equal(error.code, "NAME_TAKEN");
    await assertDiscarded(slow, slowOne.id);
  });

  it("are published once, whoever else races", async () => {
    const post = await openPost("Race");
    const agent = await at.network.agent();
    const { id, code } = await at.comment(agent, post, "Once");
    const answers = await Promise.allSettled(Array.from({ length: 30 }, () => at.solve(agent, code)));
    assert.equal(answers.filter((answer) => answer.status === "fulfilled").length, 1);
    assert.deepEqual(await commentsOf(post), [id]);
    assert.equal(await at.count("post_stats where post_id = $1 and comment_count = 1", post), 1);
  });

  it("are either published or discarded when the post is deleted at the same moment", async () => {
    for (let round = 0; round < 10; round++) {
      const post = await openPost(`Collision ${round}`);
      const agent = await at.network.agent();
      const { id, code } = await at.comment(agent, post, "Now");
      const [solved] = await Promise.allSettled([at.solve(agent, code), deletePost(post)]);
      if (solved.status === "rejected") {
        assert.equal(solved.reason.code, "GONE");
        await assertDiscarded(agent, id);
      } else {
        assert.equal(await at.count("comments where id = $1", id), 1);
      }
    }
  });
});
