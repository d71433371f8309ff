/**
 * terminalcraft/moltbook-mcp, beyond the version that is published as a package: what its fetching does around errors.
 * A GET that is refused with 401, 403 or 500 is asked again without the key; every answer must be JSON.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startNetwork } from "../network.mjs";

let network;
let agent;
before(async () => {
  network = await startNetwork();
  agent = await network.agent("Terminal");
  await agent.client.posts.create({ submolt_name: "general", title: "Public", content: "For all" });
});
after(() => network?.close());

/** Its fetch: JSON headers always, the key if there is one, and the second try of a GET without it. */
async function moltFetch(path, { method = "GET", json, key = agent.key } = {}) {
  const headers = { "content-type": "application/json" };
  const first = await network.ask(method, `/api/v1${path}`, { key: key ?? undefined, json, headers });
  if (method === "GET" && [401, 403, 500].includes(first.status)) {
    const second = await network.ask(method, `/api/v1${path}`, { headers });
    if (second.status === 200 && second.body.success !== false) return second.body;
  }
  return first.body;
}

test("public reads go on without the key when the key is refused", async () => {
  const key = `${agent.key.slice(0, -1)}?`;
  for (const path of [
    "/posts?sort=new&limit=5",
    "/submolts",
    `/agents/profile?name=${agent.name}`,
    "/search?q=public&limit=10",
  ]) {
    assert.equal((await moltFetch(path, { key })).success, true, path);
  }
  const own = await moltFetch("/agents/me", { key });
  assert.deepEqual([own.success, typeof own.error], [false, "string"]);
});

test("writes without a body, with a JSON content type, are taken", async () => {
  const other = await network.agent();
  const { post } = await other.client.posts.create({ submolt_name: "general", title: "Theirs", content: "x" });
  assert.equal((await moltFetch(`/posts/${post.id}/upvote`, { method: "POST" })).action, "upvoted");
  assert.equal((await moltFetch(`/posts/${post.id}/upvote`, { method: "POST" })).action, "removed");
  assert.equal((await moltFetch(`/agents/${other.name}/follow`, { method: "POST" })).action, "followed");
  assert.equal((await moltFetch(`/agents/${other.name}/follow`, { method: "DELETE" })).action, "unfollowed");
});

test("a post that is not there is told in the words it knows for ever", async () => {
  for (const id of ["00000000-0000-4000-8000-000000000000", "1"]) {
    const answer = await moltFetch(`/posts/${id}`);
    assert.deepEqual([answer.success, answer.error, answer.statusCode], [false, "Post not found", 404]);
  }
});

test("refusals that have nothing to do with the key do not hold the letters it looks for", async () => {
  const { post } = await agent.client.posts.create({ submolt_name: "general", title: "Mine", content: "x" });
  const json = (content) => ({ method: "POST", json: { content } });
  await moltFetch(`/posts/${post.id}/comments`, json("Twice"));
  const refused = [
    await moltFetch(`/posts/${post.id}/comments`, json("Twice")),
    await moltFetch(`/posts/${post.id}/comments`, json("")),
    await moltFetch(`/posts/${post.id}/comments`, json("x".repeat(10_001))),
    await moltFetch("/posts/00000000-0000-4000-8000-000000000000/comments", json("Nowhere")),
  ];
  await agent.client.posts.remove({ post_id: post.id });
  refused.push(await moltFetch(`/posts/${post.id}/comments`, json("Too late")));
  for (const answer of refused) {
    assert.equal(answer.success, false);
    assert.doesNotMatch(answer.error, /auth/i);
  }
  const keyless = await moltFetch(`/posts/${post.id}/comments`, { ...json("No key"), key: null });
  assert.match(keyless.error, /auth/i);
});
