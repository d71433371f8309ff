import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Client, createClient } from "@openmolt/sdk";
import pg from "pg";
import { pino } from "pino";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { heardAll } from "../../test/heard-all.js";
import { suspendAgent, unsuspendAgent } from "../moderation/write.js";
import { type RunningServer, serveFrom } from "../start.js";
import { KnownKeys } from "./known-keys.js";
import { openPools } from "./pools.js";
import { SYSTEM, transaction } from "./transaction.js";

const OPERATOR = { kind: "operator", id: null } as const;

describe("a key that was looked up", { timeout: 60_000 }, () => {
  let network: TestServer;
  let admin: pg.Client;
  let lookUps = 0;
  /** What a look-up waits for before it answers. */
  let held: Promise<void> | undefined;
  let onLookUp: (() => void) | undefined;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    const { app } = network.server.services;
    const query = app.query.bind(app) as (config: { text?: string }) => Promise<unknown>;
    app.query = (async (config: { text?: string }) => {
      const isLookUp = config.text?.includes("find_key") ?? false;
      const result = await query(config);
      if (isLookUp) {
        lookUps++;
        onLookUp?.();
        await held;
      }
      return result;
    }) as typeof app.query;
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  /** Until something is so. */
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await new Promise(setImmediate);
  };
  const newAgent = async () => {
    const agent = await network.agent();
    await heardAll(network.server);
    return agent;
  };
  const countOf = async (run: () => Promise<unknown>) => {
    const before = lookUps;
    await run();
    return lookUps - before;
  };
  const as = <T>(work: (call: { db: Parameters<Parameters<typeof transaction>[2]>[0]; now: Date }) => Promise<T>) =>
    transaction(network.server.services.app, { actor: SYSTEM }, (db) => work({ db, now: network.clock.now() }));
  const read = (client: Client) => client.agents.me();
  const write = (client: Client) =>
    client.posts.create({ submolt_name: "general", title: `Title ${Math.random()}`, content: "Text" });
  /** A second server on the same database, for the time of `work`. */
  const beside = async (work: (other: RunningServer, clientFor: (agent: TestAgent) => Client) => Promise<void>) => {
    const { app, migrator, reader } = network.database;
    const { config } = network.server.services;
    const other = await serveFrom(config, { app, migrator, reader }, pino({ level: "fatal" }), network.clock);
    try {
      await work(other, ({ key }) => createClient({ repeat: false, baseUrl: other.url, apiKey: key }));
    } finally {
      await other.close();
    }
  };

  it("is not looked up again", async () => {
    const agent = await newAgent();
    assert.equal(await countOf(() => read(agent.client)), 1);
    assert.equal(await countOf(() => Promise.all([read(agent.client), write(agent.client), read(agent.client)])), 0);
  });

  it("is refused by the very next request after its rotation", async () => {
    for (const use of [read, write]) {
      const agent = await newAgent();
      await use(agent.client);
      const { api_key } = await agent.client.agents.rotateKey({ overlap_minutes: 0 });
      assert.equal((await refusal(use(agent.client))).code, "KEY_EXPIRED");
      await use(network.clientFor(api_key));
    }
  });

  it("ends when its overlap does, without being looked up again", async () => {
    const agent = await newAgent();
    await agent.client.agents.rotateKey({ overlap_minutes: 5 });
    await heardAll(network.server);
    await read(agent.client);
    network.clock.advance(6 * 60_000);
    const refused = async () => assert.equal((await refusal(read(agent.client))).code, "KEY_EXPIRED");
    assert.equal(await countOf(refused), 0);
    network.clock.advance(-6 * 60_000);
  });

  it("stands for an agent that was suspended, and for one whose suspension ended, at once", async () => {
    const agent = await newAgent();
    await read(agent.client);
    await as((call) => suspendAgent(call, { agentId: agent.id, hours: 1, reason: "x", by: OPERATOR }));
    assert.ok((await agent.client.agents.status()).suspended_until);
    assert.equal((await refusal(write(agent.client))).code, "ACCOUNT_SUSPENDED");
    await heardAll(network.server);
    await read(agent.client);
    network.clock.advance(61 * 60_000);
    assert.equal(await countOf(() => write(agent.client)), 0, "a suspension ends by the clock");
    network.clock.advance(-61 * 60_000);
    await as((call) => unsuspendAgent(call, { agentId: agent.id, by: OPERATOR }));
    await write(agent.client);
  });

  it("stands for an agent that was paused at once", async () => {
    const agent = await newAgent();
    await read(agent.client);
    await network.alterAgent(agent.id, "paused_at = now()");
    assert.equal((await agent.client.agents.status()).paused, true);
    assert.equal((await refusal(write(agent.client))).code, "AGENT_PAUSED");
  });

  it("is unknown once its agent has deleted itself", async () => {
    const agent = await newAgent();
    await read(agent.client);
    await agent.client.agents.remove();
    assert.equal((await refusal(read(agent.client))).code, "KEY_UNKNOWN");
  });

  it("is not remembered as it was when it changes during the look-up", async () => {
    const agent = await newAgent();
    let letGo: () => void = () => undefined;
    held = new Promise((resolve) => {
      letGo = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      onLookUp = resolve;
    });
    const slow = agent.client.agents.status();
    await reached;
    held = undefined;
    await as((call) => suspendAgent(call, { agentId: agent.id, hours: 1, reason: "x", by: OPERATOR }));
    letGo();
    await slow;
    assert.ok((await agent.client.agents.status()).suspended_until);
  });

  it("is forgotten by every server on the database", async () => {
    await beside(async (other, clientFor) => {
      const agent = await newAgent();
      await heardAll(other);
      const there = clientFor(agent);
      for (const use of [read, write]) await use(there);
      assert.equal(other.services.knownKeys.state.keys, 1);
      await agent.client.agents.rotateKey({ overlap_minutes: 0 });
      await until(() => other.services.knownKeys.state.keys === 0);
      for (const use of [read, write]) assert.equal((await refusal(use(there))).code, "KEY_EXPIRED");

      const second = await network.agent();
      await heardAll(other);
      await read(clientFor(second));
      assert.equal(other.services.knownKeys.state.keys, 2, "of the other that it is dead");
      await as((call) => suspendAgent(call, { agentId: second.id, hours: 1, reason: "x", by: OPERATOR }));
      await until(() => other.services.knownKeys.state.keys === 1);
      assert.ok((await clientFor(second).agents.status()).suspended_until);
    });
  });

  it("is looked up once when it is dead, too", async () => {
    const agent = await newAgent();
    await agent.client.agents.rotateKey({ overlap_minutes: 0 });
    const refused = async () => assert.equal((await refusal(read(agent.client))).code, "KEY_EXPIRED");
    await refused();
    assert.equal(await countOf(refused), 0);
  });

  it("is looked up each time while changes cannot be heard of, and kept again afterwards", async () => {
    const agent = await newAgent();
    const { knownKeys } = network.server.services;
    await read(agent.client);
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen agent_changed'",
    );
    await until(() => !knownKeys.state.listening);
    assert.equal(knownKeys.state.keys, 0);
    assert.equal(await countOf(() => read(agent.client)), 1);
    assert.equal(await countOf(() => read(agent.client)), 1);
    // A change that nobody could hear of.
    await admin.query("update agents set paused_at = now() where id = $1", [agent.id]);
    assert.equal((await agent.client.agents.status()).paused, true);
    await until(() => knownKeys.state.listening);
    await read(agent.client);
    assert.equal(await countOf(() => read(agent.client)), 0);
    assert.equal((await agent.client.agents.status()).paused, true);
  });

  it("is one of so many at most", async () => {
    const { vault, clock } = network.server.services;
    const { app, end } = openPools({ ...network.database, log: assert.fail });
    const agents = await Promise.all(Array.from({ length: 5 }, () => network.agent()));
    const known = new KnownKeys(app, vault, (error) => assert.fail(String(error)), 3);
    await known.start();
    await heardAll(network.server);
    for (const { id, key } of agents) assert.equal((await known.agentOf(key, clock.now())).id, id);
    assert.deepEqual(known.state, { keys: 3, listening: true });
    known.forget(agents[4]?.id ?? "");
    assert.equal(known.state.keys, 2);
    await known.close();
    assert.deepEqual(known.state, { keys: 0, listening: false });
    await end();
  });
});
