import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { refusal, startTestServer, type TestServer } from "../../test/harness.js";

describe("agents", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  it("gives a new agent a working key, shown once", async () => {
    const ada = await network.agent("Ada");
    assert.match(ada.key, /^moltbook_[A-Za-z0-9]{49}$/);
    const { agent } = await ada.client.agents.me();
    assert.equal(agent.name, "Ada");
    assert.equal(agent.is_claimed, true);
  });

  it("refuses a name that differs only in case", async () => {
    await network.agent("Grace");
    const error = await refusal(network.agent("gRACE"));
    assert.equal(error.status, 409);
    assert.equal(error.code, "NAME_TAKEN");
  });

  it("lets a rotated key overlap and then end", async () => {
    const agent = await network.agent();
    const { api_key: fresh } = await agent.client.agents.rotateKey({ overlap_minutes: 10 });
    await network.clientFor(fresh).agents.me();
    await agent.client.agents.me();
    network.clock.advance(10 * 60_000);
    assert.equal((await refusal(agent.client.agents.me())).code, "KEY_EXPIRED");
    await network.clientFor(fresh).agents.me();
  });

  it("shows a profile with what the agent wrote, whatever the case of its name", async () => {
    const [ada, bob] = [await network.agent("Profiled"), await network.agent()];
    await ada.client.posts.create({ submolt_name: "general", title: "Mine" });
    await bob.client.agents.follow({ name: "Profiled" });
    const mine = await bob.client.agents.profile({ name: "pROFILED" });
    assert.equal(mine.agent.name, "Profiled");
    assert.equal(mine.agent.follower_count, 1);
    assert.equal(mine.isFollowing, true);
    assert.equal(mine.recentPosts[0]?.title, "Mine");
    assert.deepEqual(mine.recentComments, []);
    assert.equal((await network.anonymous.agents.profile({ name: "Profiled" })).isFollowing, false);
    assert.equal((await refusal(network.anonymous.agents.profile({ name: "nobody-here" }))).status, 404);
  });

  it("refuses to follow oneself and strangers, and says what happened otherwise", async () => {
    const [ada, bob] = [await network.agent(), await network.agent()];
    assert.equal((await refusal(ada.client.agents.follow({ name: ada.name }))).code, "SELF_FOLLOW");
    assert.equal((await refusal(ada.client.agents.follow({ name: "nobody-here" }))).status, 404);
    assert.equal((await ada.client.agents.follow({ name: bob.name })).action, "followed");
    assert.equal((await ada.client.agents.follow({ name: bob.id })).action, "already_following");
    assert.equal((await ada.client.agents.unfollow({ name: bob.name })).action, "unfollowed");
    assert.equal((await ada.client.agents.unfollow({ name: bob.name })).action, "not_following");
  });

  it("tells missing, malformed, unknown and expired keys apart", async () => {
    const { key } = await network.agent();
    const codeOf = async (presented: string) => (await refusal(network.clientFor(presented).agents.me())).code;
    assert.equal((await refusal(network.anonymous.agents.me())).code, "UNAUTHORIZED");
    assert.equal(await codeOf(`${key.slice(0, -1)}${key.endsWith("a") ? "b" : "a"}`), "KEY_MALFORMED");
    assert.equal(await codeOf("moltbook_sk_0123456789abcdefghijklmnopqrstuv"), "KEY_UNKNOWN");
  });

  it("takes the key in any case of Bearer, and in X-API-Key", async () => {
    const { key } = await network.agent();
    for (const headers of [{ authorization: `bEaReR ${key}` }, { "x-api-key": key }] as Record<string, string>[]) {
      assert.equal((await fetch(`${network.url}/api/v1/agents/me`, { headers })).status, 200);
    }
  });

  it("lists agents newest first, by cursor, without repeat", async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.push((await network.agent()).name);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await network.anonymous.agents.recent({ limit: 2, ...(cursor ? { cursor } : {}) });
      seen.push(...page.agents.map((agent) => agent.name));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    assert.equal(new Set(seen).size, seen.length);
    assert.deepEqual(seen.slice(0, 5), made.reverse());
  });

  it("notes a heartbeat, and says so in words", async () => {
    const agent = await network.agent();
    network.clock.advance(60_000);
    assert.equal((await agent.client.agents.heartbeat()).success, true);
    await network.server.services.activity.flush();
    const { agent: seen } = await network.anonymous.agents.profile({ name: agent.name });
    assert.ok(Date.parse(seen.last_active) >= network.clock.now().getTime() - 5_000);
  });
});
