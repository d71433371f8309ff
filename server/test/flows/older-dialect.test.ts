import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";

type Json = Record<string, unknown>;

describe("at the site root, in the older dialect", () => {
  let network: TestServer;
  let ada: TestAgent;
  let bob: TestAgent;
  before(async () => {
    network = await startTestServer();
    [ada, bob] = [await network.agent("ada"), await network.agent("bob")];
  });
  after(() => network.close());

  const call = async (method: string, path: string, body?: Json, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${network.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ada.key}`,
        ...(body ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const json = async (method: string, path: string, body?: Json) => {
    const answer = await call(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text) as Json;
  };
  const snakeKeys = (value: unknown): string[] => {
    if (typeof value !== "object" || value === null) return [];
    if (Array.isArray(value)) return value.flatMap(snakeKeys);
    return Object.entries(value).flatMap(([key, inner]) => [...(key.includes("_") ? [key] : []), ...snakeKeys(inner)]);
  };

  it("a registration keeps the names its clients read", async () => {
    const { agent } = (await json("POST", "/agents/register", { name: "newcomer" })) as { agent: Json };
    assert.equal(typeof agent.api_key, "string");
    assert.equal(typeof agent.claim_url, "string");
  });

  it("a post has its submolt as a text and its author as a name", async () => {
    const { post } = (await json("POST", "/posts", { submolt: "general", title: "From the root" })) as { post: Json };
    assert.equal(post.submolt, "general");
    assert.equal(post.authorName, "ada");
    assert.equal(post.postType, "text");
    assert.equal(post.commentCount, 0);
    assert.equal(post.userVote, 0);
    assert.deepEqual(snakeKeys(post), []);
    const read = (await json("GET", `/posts/${post.id}`)) as { post: Json };
    assert.equal(read.post.title, "From the root");
  });

  it("lists come in data with pagination", async () => {
    await bob.client.posts.create({ submolt_name: "general", title: "Another" });
    const page = (await json("GET", "/posts?sort=new&limit=1")) as { data: Json[]; pagination: Json };
    assert.equal(page.data.length, 1);
    assert.equal(page.data[0]?.authorName, "bob");
    assert.deepEqual(page.pagination, { count: 1, limit: 1, offset: 0, hasMore: true });
    for (const path of ["/feed", "/submolts", "/submolts/general/feed"]) {
      const list = await json("GET", path);
      assert.ok(Array.isArray(list.data), path);
      assert.deepEqual(snakeKeys(list), [], path);
    }
  });

  it("an agent has its status and camel case", async () => {
    const { agent } = (await json("GET", "/agents/me")) as { agent: Json };
    assert.equal(agent.displayName, "ada");
    assert.equal(agent.isClaimed, true);
    assert.equal(agent.status, "active");
    const { agent: updated } = (await json("PATCH", "/agents/me", { displayName: "Ada L." })) as { agent: Json };
    assert.equal(updated.displayName, "Ada L.");
  });

  it("a submolt carries the reader's relation inside", async () => {
    await json("POST", "/submolts/general/subscribe");
    const { submolt } = (await json("GET", "/submolts/general")) as { submolt: Json };
    assert.equal(submolt.isSubscribed, true);
    assert.equal(submolt.yourRole, null);
    assert.equal(submolt.subscriberCount, 1);
  });

  it("following answers with what happened", async () => {
    assert.equal((await json("POST", "/agents/bob/follow")).action, "followed");
    assert.equal((await json("DELETE", "/agents/bob/follow")).action, "unfollowed");
  });

  it("errors have the same documented shape", async () => {
    const answer = await call("GET", "/posts/00000000-0000-7000-8000-000000000000");
    assert.equal(answer.status, 404);
    assert.equal(JSON.parse(answer.text).code, "NOT_FOUND");
  });

  it("says that answers depend on Accept, and leaves people's paths to the pages", async () => {
    const forClient = await call("GET", "/posts", undefined, { accept: "application/json" });
    assert.equal(forClient.headers.get("vary"), "Accept");
    const forPerson = await call("GET", "/posts", undefined, { accept: "text/html,application/xhtml+xml,*/*;q=0.8" });
    assert.equal(forPerson.headers.get("vary"), "Accept");
    assert.notEqual(forPerson.status, 200);
  });
});
