/**
 * crertel/moltbook-client (a web client for people, February 2026): pages by `page`, uploads the avatar in a field of
 * that name, pins below the submolt, takes a list of fewer than 100 submolts for the last, and posts without any body.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, startNetwork } from "../network.mjs";
import { formWith } from "../pictures.mjs";

let network;
let user;
let other;

before(async () => {
  network = await startNetwork();
  user = await network.agent("Crertel_user");
  other = await network.agent();
});
after(() => network?.close());

/** Every request says JSON and must end within ten seconds; what is not ok is an error. */
async function api(method, path, body) {
  const answer = await fetch(`${network.url}/api/v1${path}`, {
    method,
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${user.key}` },
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(10_000),
  });
  const parsed = await answer.json();
  assert.ok(answer.ok, `${method} ${path}: ${JSON.stringify(parsed)}`);
  return parsed;
}

test("its checks of the network's health all pass", async () => {
  for (const path of [
    "/posts?sort=hot&page=1",
    "/submolts?page=1",
    "/agents/recent?limit=5&sort=recent",
    "/search?q=test",
    "/feed?page=1",
    "/agents/status",
    "/agents/me",
    "/agents/dm/check",
    "/agents/dm/conversations",
    "/agents/dm/requests",
  ]) {
    assert.equal((await api("GET", path)).success, true, path);
  }
});

test("registration gives the three things it keeps; the heartbeat answers", async () => {
  const { agent } = await api("POST", "/agents/register", { name: "Crertel_new", description: "x" });
  for (const kept of [agent.api_key, agent.claim_url, agent.verification_code]) assert.equal(typeof kept, "string");
  await api("POST", "/agents/heartbeat");
});

test("pages of posts follow one another by number", async () => {
  for (let index = 0; index < 26; index += 1) {
    await other.client.posts.create({ submolt_name: "general", title: `Post ${index}`, content: `Number ${index}` });
  }
  const titles = async (page) =>
    (await api("GET", `/submolts/general/feed?sort=new&page=${page}`)).posts.map(({ title }) => title);
  assert.deepEqual([(await titles(1))[0], (await titles(2))[0]], ["Post 25", "Post 0"]);
  const { posts } = await api("GET", "/posts?sort=hot&page=2");
  assert.equal(posts.length, 1);
});

test("the list of submolts ends where a page has fewer than 100", async () => {
  for (let index = 0; index < 60; index += 1) {
    await other.client.submolts.create({ name: `many-${index}`, display_name: `Many ${index}` });
  }
  const names = [];
  for (let page = 1; page <= 5; page += 1) {
    const { submolts } = await api("GET", `/submolts?page=${page}`);
    names.push(...submolts.map(({ name }) => name));
    if (submolts.length < 100) break;
  }
  for (let index = 0; index < 60; index += 1) assert.ok(names.includes(`many-${index}`), `many-${index}`);
});

test("a post's page: author, submolt, counts, comments with replies; votes and deletion without a body", async () => {
  const made = await api("POST", "/posts", { title: "From a form", content: "Typed", submolt: "general" });
  assert.equal(made.id ?? made.post?.id, made.post.id);
  const { post } = await api("GET", `/posts/${made.post.id}`);
  assert.deepEqual([post.author.name, post.submolt.name, post.upvotes, post.downvotes], [user.name, "general", 0, 0]);
  const { comment } = await api("POST", `/posts/${post.id}/comments`, { content: "First" });
  await api("POST", `/posts/${post.id}/comments`, { content: "Below it", parent_id: comment.id });
  const { comments } = await api("GET", `/posts/${post.id}/comments`);
  assert.deepEqual([comments[0].content, comments[0].replies[0].content], ["First", "Below it"]);
  const { post: theirs } = await other.client.posts.create({ submolt_name: "general", title: "Votable", content: "x" });
  await api("POST", `/posts/${theirs.id}/upvote`);
  await api("POST", `/posts/${theirs.id}/downvote`);
  const { comment: said } = await other.client.comments.create({ post_id: theirs.id, content: "Votable too" });
  await api("POST", `/comments/${said.id}/upvote`);
  await api("DELETE", `/posts/${post.id}`);
});

test("submolts: created without a display name, changed at their own address, left by DELETE", async () => {
  const { submolt } = await api("POST", "/submolts", { name: "plain", description: "No display name" });
  assert.equal(typeof submolt.display_name, "string");
  await api("PATCH", "/submolts/plain", { description: "Changed" });
  assert.equal((await api("GET", "/submolts/plain")).submolt.description, "Changed");
  await api("POST", "/submolts/introductions/subscribe");
  await api("DELETE", "/submolts/introductions/subscribe");
  const { post } = await other.client.posts.create({ submolt_name: "plain", title: "Pin me", content: "x" });
  await api("POST", `/submolts/plain/pin/${post.id}`);
  assert.equal((await api("GET", `/posts/${post.id}`)).post.is_pinned, true);
  await api("POST", `/submolts/plain/unpin/${post.id}`);
  assert.equal((await api("GET", `/posts/${post.id}`)).post.is_pinned, false);
  await api("POST", "/submolts/plain/moderators", { agent_name: other.name });
  await api("DELETE", `/submolts/plain/moderators/${other.name}`);
});

test("profiles, the avatar in its own field, agents of late, following", async () => {
  await api("PATCH", "/agents/me", { description: "A person at a browser" });
  const answer = await fetch(`${network.url}/api/v1/agents/me/avatar`, {
    method: "POST",
    headers: { Authorization: `Bearer ${user.key}` },
    body: formWith("avatar"),
  });
  assert.equal((await answer.json()).success, true);
  const { agent } = await api("GET", `/agents/profile?name=${user.name}`);
  assert.equal(agent.description, "A person at a browser");
  assert.match(agent.avatar_url, /^http/);
  const { agents } = await api("GET", "/agents/recent?limit=50&sort=recent");
  const mine = agents.find(({ name }) => name === user.name);
  assert.deepEqual([mine.karma, mine.follower_count, "owner" in mine], [0, 0, true]);
  await api("POST", `/agents/${other.name}/follow`);
  await api("DELETE", `/agents/${other.name}/follow`);
});

test("direct messages: request, incoming and outgoing, approve, find the conversation by name, send, read", async () => {
  await api("POST", "/agents/dm/request", { to: other.name, message: "Hello, may I ask you something?" });
  const { incoming, outgoing } = await api("GET", "/agents/dm/requests");
  assert.deepEqual([incoming.requests.length, outgoing.requests[0].to.name], [0, other.name]);
  const asking = await network.agent();
  const asked = await asking.client.messages.request({ to: user.name, message: "Hello, may I ask you too?" });
  const waiting = await api("GET", "/agents/dm/requests");
  assert.equal(waiting.incoming.requests[0].from.name, asking.name);
  await api("POST", `/agents/dm/requests/${asked.conversation_id}/approve`);
  const { conversations } = await api("GET", "/agents/dm/conversations");
  const found = conversations.items.find(({ with_agent }) => with_agent.name === asking.name);
  await api("POST", `/agents/dm/conversations/${found.conversation_id}/send`, { message: "Ask away" });
  const { messages } = await api("GET", `/agents/dm/conversations/${found.conversation_id}`);
  const last = messages.at(-1);
  assert.deepEqual([last.content, last.from_you], ["Ask away", true]);
  const unwanted = await network.agent();
  const request = await unwanted.client.messages.request({ to: user.name, message: "Hello, one more please?" });
  await api("POST", `/agents/dm/requests/${request.conversation_id}/reject`);
});

test("search gives posts, agents and submolts in lists of their own", async () => {
  await other.client.posts.create({ submolt_name: "general", title: "Wentletrap", content: "A snail" });
  await other.client.submolts.create({ name: "wentletrap", display_name: "Wentletrap" });
  await network.agent("wentletrap_bot");
  const found = await eventually(
    () => api("GET", "/search?q=wentletrap"),
    ({ posts, agents, submolts }) => posts.length > 0 && agents.length > 0 && submolts.length > 0,
  );
  assert.deepEqual(
    [found.posts[0].title, found.posts[0].url, found.agents[0].name, found.submolts[0].name],
    ["Wentletrap", null, "wentletrap_bot", "wentletrap"],
  );
});
