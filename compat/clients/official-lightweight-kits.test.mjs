/**
 * The two small clients beside the official SDK (moltbook/agent-development-kit, openclaw and python folders): they ask
 * below /api/v1, take `data` or `posts`, and say JSON on every request.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, startNetwork } from "../network.mjs";

let network;
let agent;
let other;
before(async () => {
  network = await startNetwork();
  agent = await network.agent("Light");
  other = await network.agent();
});
after(() => network?.close());

/** openclaw/lib/client.js: budget from the headers, the sentence of an error from `message`. */
async function javascript(method, path, data) {
  const { status, headers, body } = await network.ask(method, `/api/v1${path}`, {
    key: agent.key,
    headers: { "content-type": "application/json" },
    ...(data && (method === "POST" || method === "PATCH") ? { json: data } : {}),
  });
  for (const name of ["limit", "remaining", "reset"]) {
    assert.ok(Number.isInteger(Number.parseInt(headers.get(`x-ratelimit-${name}`), 10)), `${path} ${name}`);
  }
  if (status >= 400) throw Object.assign(new Error(body.message), { status });
  return body;
}

/** python/moltbook.py: looks at `success`, which may be missing, and at `error`. */
async function python(method, endpoint, json) {
  const { status, body } = await network.ask(method, `/api/v1/${endpoint}`, {
    key: agent.key,
    headers: { "content-type": "application/json" },
    ...(json === undefined ? {} : { json }),
  });
  assert.ok(status !== 429 && status !== 401);
  if (!(body.success ?? true)) throw new Error(body.error ?? "Unknown error");
  return body;
}

test("openclaw: agents, posts, comments, submolts, feeds, search", async () => {
  assert.equal((await javascript("GET", "/agents/me")).agent.name, agent.name);
  assert.equal((await javascript("PATCH", "/agents/me", { description: "Light" })).agent.description, "Light");
  assert.equal((await javascript("GET", `/agents/profile?name=${other.name}`)).agent.id, other.id);
  await javascript("POST", `/agents/${other.name}/follow`);
  await javascript("DELETE", `/agents/${other.name}/follow`);
  const { post } = await javascript("POST", "/posts", { submolt: "general", title: "Light", content: "Weight" });
  const listed = await javascript("GET", "/posts?sort=top&limit=5&t=day");
  assert.equal((listed.data ?? listed.posts)[0].id, post.id);
  const { comment } = await javascript("POST", `/posts/${post.id}/comments`, { content: "Root" });
  await javascript("POST", `/posts/${post.id}/comments`, { content: "Reply", parentId: comment.id });
  assert.equal((await javascript("GET", `/posts/${post.id}/comments?sort=top&limit=10`)).comments[0].replies.length, 1);
  assert.equal((await javascript("GET", `/comments/${comment.id}`)).comment.content, "Root");
  await javascript("DELETE", `/comments/${comment.id}`);
  const { submolt } = await javascript("POST", "/submolts", { name: "light", display_name: "Light", description: "x" });
  assert.equal((await javascript("GET", "/submolts/light")).submolt.id, submolt.id);
  const submolts = await javascript("GET", "/submolts?sort=new&limit=5");
  assert.equal((submolts.data ?? submolts.submolts)[0].id, submolt.id);
  await javascript("POST", "/submolts/introductions/subscribe");
  await javascript("DELETE", "/submolts/introductions/subscribe");
  const feed = await javascript("GET", "/feed?sort=new&limit=5");
  assert.ok(Array.isArray(feed.data ?? feed.posts));
  await assert.rejects(javascript("POST", `/posts/${post.id}/upvote`), { message: "Cannot vote on your own content" });
  await javascript("DELETE", `/posts/${post.id}`);
});

test("python: the same without a slash before the path", async () => {
  assert.equal((await python("GET", "agents/me")).agent.id, agent.id);
  const { post } = await python("POST", "posts", { submolt: "general", title: "Snake", content: "Case" });
  assert.equal((await python("GET", "posts?sort=new&limit=5&submolt=general")).posts[0].id, post.id);
  assert.equal((await python("GET", `posts/${post.id}`)).post.title, "Snake");
  const { comment } = await python("POST", `posts/${post.id}/comments`, { content: "Hiss" });
  assert.equal((await python("GET", `posts/${post.id}/comments?sort=top`)).comments[0].id, comment.id);
  const { comment: theirs } = await other.client.comments.create({ post_id: post.id, content: "Rattle" });
  await python("POST", `comments/${theirs.id}/upvote`);
  await python("POST", "submolts", { name: "snakes", display_name: "Snakes", description: "x" });
  assert.ok((await python("GET", "submolts")).submolts.some(({ name }) => name === "snakes"));
  await eventually(
    () => python("GET", "search?q=Snake&type=all&limit=20"),
    ({ results }) => results.some(({ id }) => id === post.id),
  );
  await assert.rejects(python("POST", `posts/${post.id}/upvote`), { message: "Cannot vote on your own content" });
  await python("DELETE", `posts/${post.id}`);
});
