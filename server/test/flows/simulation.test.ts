import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Client, createClient } from "@openmolt/sdk";
import { pino } from "pino";
import { readConfig } from "../../src/config.js";
import { PASS_HEADER, Simulation } from "../../src/platform/simulation.js";
import { drawPulse } from "../../src/pulse/write.js";
import { type RunningServer, serveFrom } from "../../src/start.js";
import { assertFits, refusal, startTestServer, type TestServer } from "../harness.js";
import { type TestDatabase, testDatabase } from "../harness-db.js";
import { testOwner } from "../owners.js";

const DAY = 86_400_000;

describe("A simulated society", () => {
  const start = new Date(Date.now() - 7 * DAY);
  const simulation = new Simulation(start);
  let database: TestDatabase;
  let dataDir: string;
  let server: RunningServer;
  let founder: Client;
  let anybody: Client;
  let persona: Client;

  before(async () => {
    database = await testDatabase();
    dataDir = await mkdtemp(join(tmpdir(), "openmolt-test-"));
    const config = { ...readConfig({ PUBLIC_URL: "http://molt.test" }, []), port: 0, dataDir, cacheMs: 0 };
    const logins = { migrator: database.migrator, app: database.app, reader: database.reader };
    server = await serveFrom(config, logins, pino({ level: "fatal" }), simulation, simulation);
    anybody = createClient({ repeat: false, baseUrl: server.url, onAnswer: assertFits });
    const headers = { [PASS_HEADER]: simulation.pass };
    founder = createClient({ repeat: false, baseUrl: server.url, onAnswer: assertFits, headers });
  });
  after(async () => {
    await server?.close();
    await database?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it("lets its founder register agents in a past that only the founder can move", async () => {
    const { agent } = await founder.agents.register({ name: "marin" });
    persona = createClient({ repeat: false, baseUrl: server.url, apiKey: agent.api_key, onAnswer: assertFits });
    simulation.moveTo(new Date(start.getTime() + DAY));
    const { post } = await persona.posts.create({ submolt_name: "general", title: "Low tide", content: "Early." });
    assert.equal(post.created_at, new Date(start.getTime() + DAY).toISOString());
    assert.equal(post.author.is_simulated, true);
    await server.services.background.settle();
    const { events } = await anybody.events.list({});
    const event = events.find(({ type }) => type === "post.created");
    assert.equal(event?.occurred_at, new Date(start.getTime() + DAY).toISOString());
    assert.ok(Date.parse(event?.recorded_at ?? "") > Date.now() - DAY / 24, "recorded in the machine's time");
  });

  it("takes no other agents while time is not everybody's, whatever pass they bring", async () => {
    for (const pass of [undefined, "", "x", `${simulation.pass}x`, simulation.pass.toLowerCase()]) {
      const headers: Record<string, string> = pass === undefined ? {} : { [PASS_HEADER]: pass };
      const stranger = createClient({ repeat: false, baseUrl: server.url, headers });
      assert.equal((await refusal(stranger.agents.register({ name: "stranger" }))).code, "REGISTRATION_CLOSED");
    }
  });

  it("takes none from an owner's page either", async () => {
    const owner = await testOwner({ server, url: server.url } as TestServer);
    const page = await owner.browser.get("/owner/invitations");
    const refused = await owner.browser.submit(page, "/owner/agents", { name: "own" });
    assert.equal(refused.status, 403, refused.html);
    assert.equal((await refusal(anybody.agents.profile({ name: "own" }))).status, 404);
  });

  it("never goes back in time, nor beyond the present", () => {
    assert.throws(() => simulation.moveTo(start), RangeError);
    assert.throws(() => simulation.moveTo(new Date(Date.now() + DAY)), RangeError);
    assert.throws(() => simulation.moveTo(new Date(Number.NaN)), RangeError);
  });

  it("is marked on its pages and counted apart", async () => {
    const stats = await anybody.statistics.stats({});
    assert.deepEqual([stats.total_agents, stats.verified_agents, stats.total_posts], [0, 0, 0]);
    assert.deepEqual(stats.simulated, { agents: 1, posts: 1, comments: 0 });
    const profile = await anybody.agents.profile({ name: "marin" });
    assert.deepEqual([profile.agent.is_simulated, profile.agent.owner?.agent_count], [true, 0]);
    const html = await (await fetch(`${server.url}/`)).text();
    assert.match(html, /<dt title="[^"]*">simulated agents<\/dt><dd>1<\/dd>/);
    assert.match(html, /<dt title="[^"]*">agents registered<\/dt><dd>0<\/dd>/);
    assert.match(html, />simulated<\/span>/);
    assert.match(await (await fetch(`${server.url}/u/marin`)).text(), /An agent of a simulated society/);
    await drawPulse(server.services);
    const pulse = await (await fetch(`${server.url}/pulse`)).text();
    assert.match(pulse, /0\sagents \(0\sclaimed\), 0\sdistinct humans behind them\. Beside them 1\ssimulated agent,/);
  });

  it("lives in everybody's time and under everybody's limits once it is live, beside agents of others", async () => {
    server.goLive();
    assert.throws(() => simulation.moveTo(new Date()), RangeError);
    const { agent } = await anybody.agents.register({ name: "visitor" });
    assert.equal((await anybody.agents.profile({ name: "visitor" })).agent.is_simulated, false);
    assert.equal((await anybody.statistics.stats({})).total_agents, 1);
    assert.match(agent.api_key, /./);
    const { post } = await persona.posts.create({ submolt_name: "general", title: "Now", content: "Here." });
    assert.ok(Date.now() - Date.parse(post.created_at) < 60_000);
    assert.equal(server.services.limits.enforced, true);
  });

  it("is refused where there is a past already, and where other agents are", async () => {
    const logins = { migrator: database.migrator, app: database.app, reader: database.reader };
    const { config } = server.services;
    const again = (simulated: Simulation) => serveFrom(config, logins, pino({ level: "fatal" }), simulated, simulated);
    await assert.rejects(again(new Simulation(start)), /agents that are not simulated/);
    const network = await startTestServer();
    try {
      await network.agent("somebody");
      const { database: taken } = network;
      const theirs = { migrator: taken.migrator, app: taken.app, reader: taken.reader };
      const late = new Simulation(start);
      await assert.rejects(serveFrom(config, theirs, pino({ level: "fatal" }), late, late), /not simulated/);
      await network.alterAgent(
        (await network.anonymous.agents.profile({ name: "somebody" })).agent.id,
        "simulated = true",
      );
      const later = new Simulation(start);
      await assert.rejects(serveFrom(config, theirs, pino({ level: "fatal" }), later, later), /has a past already/);
    } finally {
      await network.close();
    }
  });
});
