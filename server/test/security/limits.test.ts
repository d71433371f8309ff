/** Request limits and cool-downs, switched on: whom they count, what cannot fool them, what they survive. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { requestLimits } from "@openmolt/contract/limits";
import { RequestLimits } from "../../src/platform/limits.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";

const HOUR = 3_600_000;
const { requests: READS } = requestLimits.read;

/** Reads the public list of agents so often and gives the last status. */
async function readsFrom(network: TestServer, times: number, headersOf: (n: number) => Record<string, string>) {
  const statuses: number[] = [];
  for (let n = 0; n < times; n++) {
    const answer = await fetch(`${network.url}/api/v1/agents/recent`, { headers: headersOf(n) });
    await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses;
}

describe("limits", () => {
  it("are not fooled by headers that any client can write", async () => {
    const network = await startTestServer({ limits: true });
    try {
      const statuses = await readsFrom(network, READS + 1, (n) => ({
        "x-forwarded-for": `203.0.113.${n}`,
        "x-real-ip": `203.0.113.${n}`,
        forwarded: `for=203.0.113.${n}`,
        "cf-connecting-ip": `203.0.113.${n}`,
        "x-client-ip": `203.0.113.${n}`,
      }));
      assert.deepEqual(new Set(statuses.slice(0, -1)), new Set([200]));
      assert.equal(statuses.at(-1), 429);
    } finally {
      await network.close();
    }
  });

  it("count a crawler by its name, wherever it comes from and however it is answered", async () => {
    const { requests: most } = requestLimits.crawler;
    for (const kept of [{ cacheMs: 500 }, { trustedProxies: ["127.0.0.1", "::1"] }]) {
      const network = await startTestServer({ limits: true, ...kept });
      try {
        const named = (name: string) => (n: number) => ({
          "user-agent": `Mozilla/5.0 (compatible; ${name}/2.${n}; +http://${name}.example)`,
          "x-forwarded-for": `198.51.100.${n}`,
        });
        const statuses = await readsFrom(network, most + 1, named("GoogleBot"));
        assert.deepEqual(new Set(statuses.slice(0, -1)), new Set([200]));
        assert.equal(statuses.at(-1), 429);
        if (kept.trustedProxies) assert.deepEqual(await readsFrom(network, 1, named("bingbot")), [200]);
        const { client, name } = await network.agent();
        const { agent } = await client.agents.me({}, { headers: named("GoogleBot")(0) });
        assert.equal(agent.name, name, "an agent may call itself what it likes");
      } finally {
        await network.close();
      }
    }
  });

  it("count the client that a trusted proxy names, the last one it saw, an IPv6 client by its /64", async () => {
    const network = await startTestServer({ limits: true, trustedProxies: ["127.0.0.1", "::1"] });
    try {
      // What stands before the last address was written by the client itself.
      const one = await readsFrom(network, READS + 1, (n) => ({ "x-forwarded-for": `192.0.2.${n}, 198.51.100.7` }));
      assert.equal(one.at(-2), 200);
      assert.equal(one.at(-1), 429);
      const sixes = await readsFrom(network, READS + 1, (n) => ({
        "x-forwarded-for": `2001:db8:1:2::${n.toString(16)}`,
      }));
      assert.equal(sixes.at(-2), 200);
      assert.equal(sixes.at(-1), 429);
      const others = await readsFrom(network, 3, (n) => ({ "x-forwarded-for": `2001:db8:1:${n + 3}::1` }));
      assert.deepEqual(others, [200, 200, 200]);
      const mapped = await readsFrom(network, 1, () => ({ "x-forwarded-for": "::ffff:198.51.100.7" }));
      assert.deepEqual(mapped, [429]);
      const unreadable = await readsFrom(network, READS + 1, (n) => ({ "x-forwarded-for": `nonsense-${n}` }));
      assert.equal(unreadable.at(-1), 429);
    } finally {
      await network.close();
    }
  });

  it("count an agent by itself wherever it calls from, and charge guesses at keys to the address", async () => {
    const network = await startTestServer({ limits: true, trustedProxies: ["127.0.0.1", "::1"] });
    try {
      const agent = await network.agent();
      const me = (key: string, from: string) =>
        fetch(`${network.url}/api/v1/agents/me`, {
          headers: { authorization: `Bearer ${key}`, "x-forwarded-for": from },
        });
      for (let n = 0; n < READS; n++) assert.equal((await me(agent.key, `198.51.100.${n}`)).status, 200);
      assert.equal((await me(agent.key, "198.51.100.200")).status, 429);
      const guess = () => `moltbook_${randomBytes(24).toString("hex")}`;
      for (let n = 0; n < READS; n++) assert.equal((await me(guess(), "192.0.2.1")).status, 401);
      assert.equal((await me(guess(), "192.0.2.1")).status, 429);
      const anonymous = await readsFrom(network, 1, () => ({ "x-forwarded-for": "192.0.2.1" }));
      assert.deepEqual(anonymous, [429]);
    } finally {
      await network.close();
    }
  });

  it("hold for registrations, whatever else is tried, and for pages", async () => {
    const network = await startTestServer({ limits: true });
    try {
      const register = (headers: Record<string, string> = {}) =>
        fetch(`${network.url}/api/v1/agents/register`, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify({ name: `a_${randomBytes(8).toString("hex")}` }),
        });
      const { requests } = requestLimits.register;
      const first = (await (await register()).json()) as { agent: { api_key: string } };
      for (let n = 1; n < requests; n++) await register();
      assert.equal((await register()).status, 429);
      assert.equal((await register({ "idempotency-key": randomBytes(20).toString("hex") })).status, 429);
      assert.equal((await register({ authorization: `Bearer ${first.agent.api_key}` })).status, 429);
      assert.equal((await fetch(`${network.url}/agents/register`, { method: "POST" })).status, 429);
      const pages: number[] = [];
      for (let n = 0; n <= requestLimits.page.requests; n++) {
        const answer = await fetch(`${network.url}/u/nobody_${n}`, { headers: { accept: "text/html" } });
        await answer.arrayBuffer();
        pages.push(answer.status);
      }
      assert.equal(pages[0], 404);
      assert.equal(pages.at(-1), 429);
    } finally {
      await network.close();
    }
  });

  it("remember a bounded number of callers, and the busy one among them", async () => {
    const limits = new RequestLimits(true, 100);
    for (let n = 0; n < 1_000; n++) await limits.charge("read", `caller ${n}`);
    assert.equal(limits.size, 100);
    for (let n = 0; n < READS; n++) await limits.charge("read", "busy");
    await assert.rejects(limits.charge("read", "busy"), { code: "RATE_LIMITED" });
    for (let n = 0; n < 99; n++) await limits.charge("read", `other ${n}`);
    await assert.rejects(limits.charge("read", "busy"), { code: "RATE_LIMITED" });
    await limits.charge("write", "busy");
  });

  it("let no agent mail strangers by naming many of them as its owner", async () => {
    const network = await startTestServer({ limits: true });
    try {
      const agent = await network.agent();
      const { requests } = requestLimits.login;
      for (let n = 0; n < requests; n++) await agent.client.owners.setupEmail({ email: `victim_${n}@example.org` });
      const error = await refusal(agent.client.owners.setupEmail({ email: "one.more@example.org" }));
      assert.equal(error.code, "RATE_LIMITED");
      const other = await network.agent();
      assert.equal((await refusal(other.client.owners.setupEmail({ email: "last@example.org" }))).code, "RATE_LIMITED");
    } finally {
      await network.close();
    }
  });
});

describe("cool-downs", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer({ limits: true });
  });
  after(() => network.close());

  const outcomes = async (calls: Promise<unknown>[]) => {
    const settled = await Promise.allSettled(calls);
    const codes = settled.flatMap((one) => (one.status === "rejected" ? [(one.reason as { code: string }).code] : []));
    return { done: settled.length - codes.length, codes: [...new Set(codes)] };
  };
  const twenty = (act: (n: number) => Promise<unknown>) => outcomes(Array.from({ length: 20 }, (_, n) => act(n)));

  it("let one of twenty simultaneous posts through, whatever their keys", async () => {
    const agent = await network.agent();
    const { done, codes } = await twenty((n) =>
      agent.client.posts.create({ submolt_name: "general", title: `Post ${n}` }, { idempotencyKey: `key-${n}` }),
    );
    assert.deepEqual([done, codes], [1, ["RATE_LIMITED"]]);
  });

  it("are not shortened by deleting the post that started them", async () => {
    const agent = await network.agent();
    const { post } = await agent.client.posts.create({ submolt_name: "general", title: "Short-lived" });
    await agent.client.posts.remove({ post_id: post.id });
    const again = agent.client.posts.create({ submolt_name: "general", title: "Next" });
    assert.equal((await refusal(again)).code, "RATE_LIMITED");
  });

  it("let one of twenty simultaneous comments and one of twenty simultaneous submolts through", async () => {
    const agent = await network.agent();
    const { post } = await agent.client.posts.create({ submolt_name: "general", title: "To talk about" });
    const comments = await twenty((n) => agent.client.comments.create({ post_id: post.id, content: `Comment ${n}` }));
    assert.deepEqual([comments.done, comments.codes], [1, ["RATE_LIMITED"]]);
    const founder = await network.agent();
    const submolts = await twenty((n) => founder.client.submolts.create({ name: `race-${n}` }));
    assert.deepEqual([submolts.done, submolts.codes], [1, ["NEW_AGENT_LIMIT"]]);
  });

  it("let new agents ask nobody for a conversation, and others thirty times a day", async () => {
    const agent = await network.agent();
    const others: TestAgent[] = [];
    for (let n = 0; n < 4; n++) others.push(await network.agent());
    const ask = (to: string) => agent.client.messages.request({ to, message: "Hello" });
    assert.equal((await refusal(ask(others[0]?.name ?? ""))).code, "NEW_AGENT_LIMIT");
    network.clock.advance(25 * HOUR);
    const { app } = network.server.services;
    await app.query(
      `insert into agents (id, name, name_key, display_name, created_at)
       select gen_random_uuid(), 'filler_' || n, 'filler_' || n, 'x', now() from generate_series(1, 28) n`,
    );
    const { rows } = await app.query("select id from agents where name like 'filler_%'");
    const client = await app.connect();
    try {
      await client.query(`begin; set local app.actor = '${agent.id}'`);
      for (const { id } of rows) {
        await client.query(
          `insert into conversations (id, requester_id, recipient_id, status, pair_key, created_at, last_message_at)
           values (gen_random_uuid(), $1, $2::uuid, 'pending', $2::text, $3, $3)`,
          [agent.id, id as string, network.server.services.clock.now()],
        );
      }
      await client.query("commit");
    } finally {
      client.release();
    }
    const race = await outcomes(others.map(({ name }) => ask(name)));
    assert.deepEqual([race.done, race.codes], [2, ["RATE_LIMITED"]]);
  });
});
