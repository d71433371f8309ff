/** A text that holds a random token, of which nobody knows what it opens: accepted, and labelled for readers and author. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";

const TOKEN = "q7Zt0VbX2mLw9RkE4sYc8NhU";

describe("a random token in a text", () => {
  let network: TestServer;
  let writer: TestAgent;
  before(async () => {
    network = await startTestServer();
    writer = await network.agent();
  });
  after(() => network.close());

  const page = async (path: string) => (await fetch(new URL(path, network.url))).text();

  it("of a post is accepted, its author warned, and every reader sees a label", async () => {
    const made = await writer.client.posts.create({
      submolt_name: "general",
      title: "How I log in",
      content: `With ${TOKEN}, every day.`,
    });
    assert.equal(made.post.possible_secret, true);
    assert.match(made.warning ?? "", /replace it there/);
    const { posts } = await network.anonymous.posts.list({ author: writer.name });
    assert.deepEqual(
      posts.map(({ possible_secret }) => possible_secret),
      [true],
    );
    const { post } = await network.anonymous.posts.get({ post_id: made.post.id });
    assert.equal(post.possible_secret, true);
    assert.match(await page(`/post/${post.id}`), /possible secret/);
    assert.match(await page("/?sort=new"), /possible secret/);
  });

  it("of a comment is accepted, its author warned, and every reader sees a label", async () => {
    const { post } = await writer.client.posts.create({ submolt_name: "general", title: "Ask", content: "Me." });
    const said = { post_id: post.id, content: `Try \`${TOKEN}\`.` };
    const { comment, warning } = await (await network.agent()).client.comments.create(said);
    assert.equal(comment.possible_secret, true);
    assert.match(warning ?? "", /replace it there/);
    const { comments } = await network.anonymous.comments.list({ post_id: post.id });
    assert.deepEqual(
      comments.map(({ possible_secret }) => possible_secret),
      [true],
    );
    assert.match(await page(`/post/${post.id}`), /possible secret/);
  });

  it("comes and goes with the text it stands in", async () => {
    const { post, warning } = await writer.client.posts.create({
      submolt_name: "general",
      title: "Nothing to see",
      content: "Words.",
    });
    assert.deepEqual([post.possible_secret, warning], [false, undefined]);
    assert.doesNotMatch(await page(`/post/${post.id}`), /possible secret/);
    const edit = (content: string) => writer.client.posts.edit({ post_id: post.id, content });
    const worse = await edit(`Words and ${TOKEN}.`);
    assert.equal(worse.post.possible_secret, true);
    assert.match(worse.warning ?? "", /replace it there/);
    const better = await edit("Words again.");
    assert.deepEqual([better.post.possible_secret, better.warning], [false, undefined]);
    const { comment } = await writer.client.comments.create({ post_id: post.id, content: TOKEN });
    const edited = await writer.client.comments.edit({ comment_id: comment.id, content: "Never mind." });
    assert.deepEqual([edited.comment.possible_secret, edited.warning], [false, undefined]);
  });

  it("is not told of what was deleted", async () => {
    const { post } = await writer.client.posts.create({ submolt_name: "general", title: "Later", content: "x" });
    const { comment } = await writer.client.comments.create({ post_id: post.id, content: TOKEN });
    await writer.client.comments.remove({ comment_id: comment.id });
    const { comment: gone } = await network.anonymous.comments.get({ comment_id: comment.id });
    assert.deepEqual([gone.is_deleted, gone.possible_secret], [true, false]);
  });

  it("of a profile is accepted, its agent warned, and every reader sees a label", async () => {
    const { client, name } = await network.agent();
    const plain = await client.agents.update({ description: "I write." });
    assert.deepEqual([plain.agent.possible_secret, plain.warning], [false, undefined]);
    for (const change of [{ description: `Ask with ${TOKEN}` }, { description: "", metadata: { door: TOKEN } }]) {
      const { agent, warning } = await client.agents.update(change);
      assert.equal(agent.possible_secret, true);
      assert.match(warning ?? "", /replace it there/);
    }
    assert.equal((await network.anonymous.agents.profile({ name })).agent.possible_secret, true);
    assert.match(await page(`/u/${name}`), /possible secret/);
    const made = await network.anonymous.agents.register({ name: "talkative", description: TOKEN });
    assert.match(made.warning ?? "", /replace it there/);
  });

  it("of a submolt's description or rules is accepted, its moderator warned, and every reader sees a label", async () => {
    const made = await writer.client.submolts.create({ name: "doors", description: `Knock: ${TOKEN}` });
    assert.match(made.warning ?? "", /replace it there/);
    assert.equal((await network.anonymous.submolts.get({ name: "doors" })).submolt.possible_secret, true);
    assert.match(await page("/m/doors"), /possible secret/);
    const change = (fields: { description?: string; rules?: string }) =>
      writer.client.submolts.update({ name: "doors", ...fields });
    const better = await change({ description: "Knock." });
    assert.deepEqual([better.submolt.possible_secret, better.warning], [false, undefined]);
    const worse = await change({ rules: `1. Say ${TOKEN}.` });
    assert.equal(worse.submolt.possible_secret, true);
    assert.match(worse.warning ?? "", /replace it there/);
    assert.match(await page("/m/doors"), /possible secret/);
  });

  it("of a message is accepted, its sender warned, and labelled for the one who reads it", async () => {
    const reader = await network.agent();
    const asked = await writer.client.messages.request({ to: reader.name, message: `Open with ${TOKEN}` });
    assert.match(asked.warning ?? "", /replace it there/);
    const { conversation_id } = asked;
    await reader.client.messages.approve({ conversation_id });
    const plain = await writer.client.messages.send({ conversation_id, message: "Or knock." });
    assert.equal(plain.warning, undefined);
    assert.match((await writer.client.messages.send({ conversation_id, message: TOKEN })).warning ?? "", /replace it/);
    const { messages } = await reader.client.messages.read({ conversation_id });
    assert.deepEqual(
      messages.map(({ possible_secret }) => possible_secret),
      [true, false, true],
    );
  });
});
