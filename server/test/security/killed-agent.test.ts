/** Row "a killed agent cannot finish a queued write": once its owner has an answer, nothing comes from the agent any more. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import { createClient } from "@openmolt/sdk";
import pg from "pg";
import { createIdentityApp } from "../../src/identity/write.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { type TestOwner, testOwner } from "../owners.js";
import { startReceiver } from "../receiver.js";

const KILL = "/owner/agents/kill";
const NOBODY = "00000000-0000-7000-8000-000000000000";
const MINUTE = 60_000;

describe("a killed agent", () => {
  let network: TestServer;
  let admin: pg.Client;
  let watcher: pg.Client;
  let agent: TestAgent;
  let owner: TestOwner;
  before(async () => {
    network = await startTestServer({ privateWebhooks: true });
    admin = new pg.Client(network.database.admin);
    watcher = new pg.Client(network.database.admin);
    await Promise.all([admin.connect(), watcher.connect()]);
  });
  after(async () => {
    await Promise.all([admin.end(), watcher.end()]);
    await network.close();
  });
  const setUp = async () => {
    agent = await network.agent();
    owner = await testOwner(network, agent);
  };
  const waiting = async (count: number) => {
    for (;;) {
      const { rows } = await watcher.query(
        "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      if (rows[0].n >= count) return;
      await new Promise(setImmediate);
    }
  };
  const written = async () =>
    (
      await admin.query(
        `select (select count(*) from comments where author_id = $1) + (select count(*) from post_votes where agent_id = $1)
           + (select count(*) from messages where sender_id = $1) as n`,
        [agent.id],
      )
    ).rows[0].n as number;

  it("finishes no write that was queued", async () => {
    await setUp();
    const friend = await network.agent();
    const { post } = await friend.client.posts.create({ submolt_name: "general", title: "A place to queue" });
    const { conversation_id } = await agent.client.messages.request({ to: friend.name, message: "hello" });
    await friend.client.messages.approve({ conversation_id });
    const page = await owner.page(agent);
    // What it wants to do at once: gathered writes, which wait for each other, and writes of their own.
    const attempt = (write: Promise<unknown>) =>
      write.then(
        () => "done",
        (error: { code: string }) => error.code,
      );
    const all = Array.from({ length: 30 }, (_, n) => [
      attempt(agent.client.comments.create({ post_id: post.id, content: `queued ${n}` })),
      attempt(agent.client.votes.upvotePost({ post_id: post.id })),
      attempt(agent.client.messages.send({ conversation_id, message: `queued ${n}` })),
    ]).flat();
    await all[0];
    const answer = await owner.browser.submit(page, KILL);
    const atAnswer = await written();
    assert.equal(answer.status, 200);
    const outcomes = await Promise.all(all);
    assert.equal(await written(), atAnswer, "nothing was written after the answer");
    assert.deepEqual([...new Set(outcomes)].sort(), ["KEY_REVOKED", "done"], "some were done, some refused");
  });

  it("is dead within a second", async () => {
    await setUp();
    const page = await owner.page(agent);
    const begun = performance.now();
    await owner.browser.submit(page, KILL);
    assert.equal((await refusal(agent.client.agents.me())).code, "KEY_REVOKED");
    const took = performance.now() - begun;
    assert.ok(took < 1_000, `it took ${took} ms`);
  });

  it("loses what is under way in a gathering, and what waits behind it", async () => {
    await setUp();
    const friend = await network.agent();
    const { post } = await friend.client.posts.create({ submolt_name: "general", title: "Where it gets stuck" });
    const page = await owner.page(agent);
    await admin.query("begin");
    await admin.query("select from agents where id = $1 for update", [agent.id]);
    const first = refusal(agent.client.comments.create({ post_id: post.id, content: "under way" }));
    await waiting(1);
    const queued = refusal(agent.client.comments.create({ post_id: post.id, content: "behind it" }));
    const killing = owner.browser.submit(page, KILL);
    await waiting(2);
    await admin.query("commit");
    assert.equal((await killing).status, 200);
    assert.equal((await first).code, "KEY_REVOKED");
    assert.equal((await queued).code, "KEY_REVOKED");
    assert.equal(await written(), 0);
  });

  it("is refused by every endpoint that takes a key, at once", async () => {
    await setUp();
    assert.match((await owner.act(agent, KILL)).html, /Stopped/);
    const takesKey = allEndpoints.filter(({ endpoint }) => ["agent", "writer", "optional"].includes(endpoint.auth));
    assert.ok(takesKey.length > 50);
    for (const { name, endpoint } of takesKey) {
      const path = endpoint.path.replace(/:\w+/g, NOBODY);
      const url = path.startsWith("//") ? network.url + path.slice(1) : `${network.url}/api/v1${path}`;
      const answer = await fetch(url, {
        method: endpoint.method,
        headers: { authorization: `Bearer ${agent.key}`, accept: "application/json" },
      });
      assert.equal(answer.status, 401, name);
      assert.equal(((await answer.json()) as { code: string }).code, "KEY_REVOKED", name);
    }
  });

  it("proves its identity to nobody any more", async () => {
    await setUp();
    const { app, vault } = network.server.services;
    const { key } = await createIdentityApp(app, vault, "Chess club", network.clock.now(), {
      kind: "server",
      id: null,
    });
    const chess = createClient({ repeat: false, baseUrl: network.url, headers: { "X-Moltbook-App-Key": key } });
    const { identity_token: token } = await agent.client.identity.token({});
    assert.equal((await chess.identity.verify({ token })).valid, true);
    await owner.act(agent, KILL);
    assert.equal((await refusal(chess.identity.verify({ token }))).status, 401);
  });

  it("sends nothing to its webhooks, also when its owner lets it live again with a new key", async () => {
    await setUp();
    const receiver = await startReceiver();
    try {
      const friend = await network.agent();
      const { webhook } = await agent.client.webhooks.create({ url: receiver.url });
      await owner.act(agent, KILL);
      await friend.client.agents.follow({ name: agent.name });
      const page = await owner.act(agent, "/owner/keys/replace");
      const key = /moltbook_[A-Za-z0-9]{49}/.exec(page.html)?.[0] ?? "";
      await owner.act(agent, "/owner/agents/resume");
      const revived = network.clientFor(key);
      await revived.posts.create({ submolt_name: "general", title: "I am back" });
      await friend.client.agents.unfollow({ name: agent.name });
      await friend.client.agents.follow({ name: agent.name });
      await network.settle();
      await network.server.courier.settle();
      assert.equal(receiver.calls.length, 0);
      assert.equal((await revived.webhooks.get({ webhook_id: webhook.id })).webhook.active, false);
    } finally {
      await receiver.close();
    }
  });

  it("asks its owner for a fresh proof; a pause does not", async () => {
    await setUp();
    network.clock.advance(16 * MINUTE);
    const refused = await owner.act(agent, KILL);
    assert.equal(refused.status, 401);
    assert.match(refused.html, /href="\/login\?back=/);
    await agent.client.agents.me();
    assert.match((await owner.act(agent, "/owner/agents/pause")).html, /Paused/);
  });
});
