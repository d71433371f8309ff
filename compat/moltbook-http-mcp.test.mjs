/** The package moltbook-http-mcp 1.1.1, as published: each of its tools does what it says, seen through another path. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startMcp } from "./mcp.mjs";
import { eventually, startNetwork } from "./network.mjs";
import { PNG } from "./pictures.mjs";

let network;
let home;
let mcp;
/** The agent whose key the package holds, and another one. */
let alice;
let bob;

before(async () => {
  network = await startNetwork();
  home = await mkdtemp(join(tmpdir(), "openmolt-mcp-"));
  await writeFile(join(home, "picture.png"), PNG);
  alice = await network.agent("Alice_mcp");
  bob = await network.agent("Bob_sdk");
  mcp = await startMcp({
    name: "moltbook-http-mcp",
    program: "dist/cli.js",
    args: ["--stdio"],
    env: { MOLTBOOK_API_KEY: alice.key, OPENMOLT_URL: network.url },
    home,
  });
});

after(async () => {
  await mcp?.close();
  await network?.close();
  await rm(home, { recursive: true, force: true });
});

/** Calls a tool that must succeed; its answer is the API's own JSON. */
async function run(tool, input) {
  const { isError, text } = await mcp.call(tool, input);
  assert.ok(!isError, `${tool}: ${text}`);
  return JSON.parse(text);
}

const profileOf = async (name) => (await bob.client.agents.profile({ name })).agent;
const picture = () => ({ file_path: join(home, "picture.png") });

/** A post of Bob's, in the common submolt. */
async function bobsPost(title) {
  const { post } = await bob.client.posts.create({ submolt_name: "general", title, content: `About ${title}` });
  return post;
}

test("it offers 41 tools", () => {
  assert.equal(mcp.tools.length, 41);
});

test("moltbook_agent_register makes an agent whose key works", async () => {
  const { agent } = await run("moltbook_agent_register", { name: "Newborn", description: "Fresh from the egg" });
  assert.match(agent.api_key, /^moltbook_[a-zA-Z0-9]{49}$/);
  assert.ok(agent.claim_url.startsWith("http"));
  const me = await network.ask("GET", "/api/v1/agents/me", { key: agent.api_key });
  assert.equal(me.body.agent.name, "Newborn");
  assert.equal((await profileOf("newborn")).description, "Fresh from the egg");
});

test("moltbook_agent_status and moltbook_agent_me tell who the key belongs to", async () => {
  const { status } = await run("moltbook_agent_status");
  assert.equal(status, "claimed");
  const { agent } = await run("moltbook_agent_me");
  assert.equal(agent.id, alice.id);
});

test("moltbook_agent_profile shows another agent with its posts", async () => {
  const post = await bobsPost("Seen on a profile");
  const { agent, recentPosts } = await run("moltbook_agent_profile", { name: "bob_SDK" });
  assert.equal(agent.id, bob.id);
  assert.ok(recentPosts.some(({ id }) => id === post.id));
});

test("moltbook_agent_update changes description and metadata", async () => {
  await run("moltbook_agent_update", { description: "Changed through MCP", metadata: { mood: "curious" } });
  const agent = await profileOf(alice.name);
  assert.equal(agent.description, "Changed through MCP");
  assert.deepEqual(agent.metadata, { mood: "curious" });
});

test("moltbook_agent_avatar_upload and _remove set and clear the picture", async () => {
  const { avatar_url } = await run("moltbook_agent_avatar_upload", picture());
  assert.equal((await profileOf(alice.name)).avatar_url, avatar_url);
  const served = await fetch(new URL(new URL(avatar_url).pathname, network.url));
  assert.match(served.headers.get("content-type"), /^image\//);
  await served.arrayBuffer();
  await run("moltbook_agent_avatar_remove");
  assert.equal((await profileOf(alice.name)).avatar_url, null);
});

test("moltbook_post_create posts texts and links; moltbook_post_get reads them; moltbook_post_delete takes them back", async () => {
  const { post } = await run("moltbook_post_create", {
    submolt: "general",
    title: "A text",
    content: "With **words**",
  });
  const seen = await bob.client.posts.get({ post_id: post.id });
  assert.deepEqual(
    [seen.post.title, seen.post.content, seen.post.type, seen.post.submolt.name, seen.post.author.name],
    ["A text", "With **words**", "text", "general", alice.name],
  );
  const link = await run("moltbook_post_create", { submolt: "general", title: "A link", url: "https://example.org/x" });
  const seenLink = await bob.client.posts.get({ post_id: link.post.id });
  assert.deepEqual([seenLink.post.type, seenLink.post.url], ["link", "https://example.org/x"]);
  const read = await run("moltbook_post_get", { post_id: post.id });
  assert.equal(read.post.title, "A text");
  assert.deepEqual(read.comments, []);
  const { success } = await run("moltbook_post_delete", { post_id: post.id });
  assert.equal(success, true);
  const gone = await network.ask("GET", `/api/v1/posts/${post.id}`);
  assert.ok([404, 410].includes(gone.status));
});

test("moltbook_posts_list lists one submolt and all of them", async () => {
  const post = await bobsPost("To be listed");
  const { posts } = await run("moltbook_posts_list", { sort: "new", limit: 5 });
  assert.equal(posts[0].id, post.id);
  assert.ok(posts.length <= 5);
  const inSubmolt = await run("moltbook_posts_list", { submolt: "general", sort: "new", limit: 1 });
  assert.deepEqual(
    inSubmolt.posts.map(({ id }) => id),
    [post.id],
  );
  const rising = await run("moltbook_posts_list", { sort: "rising" });
  assert.ok(rising.posts.some(({ id }) => id === post.id));
});

test("moltbook_follow and _unfollow decide what moltbook_feed shows", async () => {
  const { submolt } = await bob.client.submolts.create({ name: "only-bob", display_name: "Only Bob" });
  const { post } = await bob.client.posts.create({ submolt_name: submolt.name, title: "For followers", content: "x" });
  const followed = await run("moltbook_follow", { agent_name: bob.name });
  assert.equal(followed.action, "followed");
  assert.equal((await profileOf(bob.name)).follower_count, 1);
  const { posts } = await run("moltbook_feed", { sort: "new", limit: 10 });
  assert.ok(posts.some(({ id }) => id === post.id));
  const unfollowed = await run("moltbook_unfollow", { agent_name: bob.name });
  assert.equal(unfollowed.action, "unfollowed");
  assert.equal((await profileOf(bob.name)).follower_count, 0);
});

test("moltbook_post_upvote toggles; moltbook_post_downvote replaces", async () => {
  const post = await bobsPost("To be voted on");
  const votesOn = async () => {
    const { post: seen } = await alice.client.posts.get({ post_id: post.id });
    return [seen.upvotes, seen.downvotes, seen.score, seen.your_vote];
  };
  const up = await run("moltbook_post_upvote", { post_id: post.id });
  assert.equal(up.action, "upvoted");
  assert.equal(up.author.name, bob.name);
  assert.deepEqual(await votesOn(), [1, 0, 1, 1]);
  const down = await run("moltbook_post_downvote", { post_id: post.id });
  assert.equal(down.action, "changed");
  assert.deepEqual(await votesOn(), [0, 1, -1, -1]);
  const again = await run("moltbook_post_downvote", { post_id: post.id });
  assert.equal(again.action, "removed");
  assert.deepEqual((await votesOn()).slice(0, 3), [0, 0, 0]);
});

test("moltbook_comment_add comments and replies; moltbook_comments_list shows the tree in each order", async () => {
  const post = await bobsPost("To be discussed");
  const { comment } = await run("moltbook_comment_add", { post_id: post.id, content: "A root" });
  const reply = await run("moltbook_comment_add", { post_id: post.id, content: "A reply", parent_id: comment.id });
  assert.equal(reply.comment.parent_id, comment.id);
  for (const sort of ["top", "new", "controversial"]) {
    const { comments } = await run("moltbook_comments_list", { post_id: post.id, sort });
    assert.deepEqual([comments[0].id, comments[0].replies[0].id], [comment.id, reply.comment.id], sort);
  }
  const seen = await bob.client.posts.get({ post_id: post.id });
  assert.equal(seen.post.comment_count, 2);
});

test("moltbook_comment_upvote moves the author's karma", async () => {
  const post = await bobsPost("Where Bob comments");
  const { comment } = await bob.client.comments.create({ post_id: post.id, content: "Bob's word" });
  const { karma } = await profileOf(bob.name);
  const { action } = await run("moltbook_comment_upvote", { comment_id: comment.id });
  assert.equal(action, "upvoted");
  assert.equal((await bob.client.comments.get({ comment_id: comment.id })).comment.upvotes, 1);
  assert.equal((await profileOf(bob.name)).karma, karma + 1);
});

test("moltbook_submolt_create, _get and moltbook_submolts_list show a new submolt", async () => {
  await run("moltbook_submolt_create", { name: "aithoughts", display_name: "AI Thoughts", description: "Thinking" });
  const { submolt } = await bob.client.submolts.get({ name: "aithoughts" });
  assert.deepEqual([submolt.display_name, submolt.description], ["AI Thoughts", "Thinking"]);
  const got = await run("moltbook_submolt_get", { name: "aithoughts" });
  assert.equal(got.your_role, "owner");
  const { submolts } = await run("moltbook_submolts_list");
  assert.ok(submolts.some(({ name }) => name === "aithoughts"));
});

test("moltbook_submolt_subscribe and _unsubscribe count the reader in and out", async () => {
  await bob.client.submolts.create({ name: "joinable", display_name: "Joinable" });
  const subscribers = async () => (await bob.client.submolts.get({ name: "joinable" })).submolt.subscriber_count;
  const { action } = await run("moltbook_submolt_subscribe", { name: "joinable" });
  assert.equal(action, "subscribed");
  assert.equal(await subscribers(), 2);
  const left = await run("moltbook_submolt_unsubscribe", { name: "joinable" });
  assert.equal(left.action, "unsubscribed");
  assert.equal(await subscribers(), 1);
});

test("moltbook_submolt_settings, _avatar_upload and _banner_upload dress a submolt", async () => {
  await alice.client.submolts.create({ name: "dressed", display_name: "Dressed" });
  const colors = { banner_color: "#112233", theme_color: "#445566" };
  await run("moltbook_submolt_settings", { name: "dressed", description: "Well dressed", ...colors });
  const avatar = await run("moltbook_submolt_avatar_upload", { name: "dressed", ...picture() });
  const banner = await run("moltbook_submolt_banner_upload", { name: "dressed", ...picture() });
  const { submolt } = await bob.client.submolts.get({ name: "dressed" });
  assert.equal(submolt.description, "Well dressed");
  assert.deepEqual([submolt.banner_color, submolt.theme_color], ["#112233", "#445566"]);
  assert.deepEqual([submolt.avatar_url, submolt.banner_url], [avatar.avatar_url, banner.banner_url]);
});

test("moltbook_submolt_moderator_add, _moderators_list and _moderator_remove decide who looks after a submolt", async () => {
  await alice.client.submolts.create({ name: "moderated", display_name: "Moderated" });
  const roleOfBob = async () => (await bob.client.submolts.get({ name: "moderated" })).your_role;
  await run("moltbook_submolt_moderator_add", { name: "moderated", agent_name: bob.name, role: "moderator" });
  assert.equal(await roleOfBob(), "moderator");
  const { moderators } = await run("moltbook_submolt_moderators_list", { name: "moderated" });
  assert.deepEqual(
    moderators.map(({ name, role }) => [name, role]),
    [
      [alice.name, "owner"],
      [bob.name, "moderator"],
    ],
  );
  await run("moltbook_submolt_moderator_remove", { name: "moderated", agent_name: bob.name });
  assert.equal(await roleOfBob(), null);
});

test("moltbook_post_pin and _unpin put a post on top of its submolt and back", async () => {
  await alice.client.submolts.create({ name: "pinned", display_name: "Pinned" });
  const { post } = await bob.client.posts.create({ submolt_name: "pinned", title: "Pin me", content: "x" });
  const isPinned = async () => (await bob.client.posts.get({ post_id: post.id })).post.is_pinned;
  await run("moltbook_post_pin", { post_id: post.id });
  assert.equal(await isPinned(), true);
  await run("moltbook_post_unpin", { post_id: post.id });
  assert.equal(await isPinned(), false);
});

test("moltbook_search finds posts and comments by their words", async () => {
  const post = await bobsPost("Zanzibar expedition");
  const { comment } = await bob.client.comments.create({ post_id: post.id, content: "The zanzibar harbour at night" });
  const hits = (input) =>
    eventually(
      async () => (await run("moltbook_search", { q: "zanzibar", ...input })).results.map(({ id }) => id),
      (ids) => ids.length > 0,
    );
  assert.deepEqual(await hits({ type: "posts" }), [post.id]);
  assert.deepEqual(await hits({ type: "comments" }), [comment.id]);
  assert.equal((await hits({ type: "all", limit: 1 })).length, 1);
});

test("the tools for direct messages lead from a request to a conversation", async () => {
  const requested = await run("moltbook_dm_request", { to: bob.name, message: "May I ask you something?" });
  const { conversation_id } = requested;
  const waiting = await bob.client.messages.requests();
  assert.equal(waiting.requests.items[0].conversation_id, conversation_id);
  await bob.client.messages.approve({ conversation_id });
  await bob.client.messages.send({ conversation_id, message: "Go on" });
  const check = await run("moltbook_dm_check");
  assert.equal(check.has_activity, true);
  assert.equal(check.messages.total_unread, 1);
  const { conversations } = await run("moltbook_dm_conversations");
  assert.deepEqual(
    conversations.items.map((item) => [item.conversation_id, item.with_agent.name]),
    [[conversation_id, bob.name]],
  );
  const { messages } = await run("moltbook_dm_conversation", { conversation_id });
  assert.equal(messages.at(-1).content, "Go on");
  assert.equal((await run("moltbook_dm_check")).messages.total_unread, 0);
  await run("moltbook_dm_send", { conversation_id, message: "Is it so?", needs_human_input: true });
  const read = await bob.client.messages.read({ conversation_id });
  const last = read.messages.at(-1);
  assert.deepEqual([last.content, last.needs_human_input, last.sender.name], ["Is it so?", true, alice.name]);
});

test("moltbook_dm_requests shows who asks; moltbook_dm_approve and _reject answer", async () => {
  const friend = await network.agent();
  const nuisance = await network.agent();
  const asked = await friend.client.messages.request({ to: alice.name, message: "Let us talk about tides" });
  const bother = await nuisance.client.messages.request({ to: alice.name, message: "Buy my things, all of them" });
  const { requests, incoming } = await run("moltbook_dm_requests");
  assert.deepEqual(requests.items.map(({ from }) => from.name).sort(), [friend.name, nuisance.name].sort());
  assert.equal(incoming.count, 2);
  await run("moltbook_dm_approve", { conversation_id: asked.conversation_id });
  await friend.client.messages.send({ conversation_id: asked.conversation_id, message: "Thank you" });
  await run("moltbook_dm_reject", { conversation_id: bother.conversation_id, block: true });
  await assert.rejects(nuisance.client.messages.request({ to: alice.name, message: "Please, one more time" }), {
    status: 403,
  });
});

test("what goes wrong is told with the network's own sentence", async () => {
  const { isError, text } = await mcp.call("moltbook_post_get", { post_id: "00000000-0000-4000-8000-000000000000" });
  assert.ok(isError);
  assert.match(text, /Post not found/);
});

test("every tool has been called", () => {
  assert.deepEqual([...mcp.called].sort(), [...mcp.tools].sort());
});
