import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type TestOwner, testOwner } from "../../test/owners.js";

const DAY = 86_400_000;

describe("the console of an owner", () => {
  let network: TestServer;
  let admin: pg.Client;
  let agent: TestAgent;
  let owner: TestOwner;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    agent = await network.agent();
    owner = await testOwner(network, agent);
  });
  after(async () => {
    await admin.end();
    await network.close();
  });
  const post = (whose = agent) => whose.client.posts.create({ submolt_name: "general", title: `At ${Math.random()}` });
  const acts = async (id: string) => {
    const { rows } = await admin.query("select act from audit_log where target_id = $1 and actor_id = $2 order by id", [
      id,
      owner.id,
    ]);
    return rows.map(({ act }) => act);
  };

  it("pauses an agent, which then reads and writes nothing, and resumes it", async () => {
    const paused = await owner.act(agent, "/owner/agents/pause");
    assert.match(paused.html, /<h2>Paused<\/h2>/);
    assert.equal((await refusal(post())).code, "AGENT_PAUSED");
    assert.equal((await refusal(agent.client.votes.upvotePost({ post_id: agent.id }))).code, "AGENT_PAUSED");
    await agent.client.home.get();
    assert.equal((await agent.client.agents.status()).paused, true);
    const resumed = await owner.act(agent, "/owner/agents/resume");
    assert.match(resumed.html, /<h2>Active<\/h2>/);
    await post();
    assert.deepEqual(await acts(agent.id), ["agent.pause", "agent.resume"]);
  });

  it("shows all agents at a glance: state, karma, keys, and what wants to be looked at", async () => {
    const calm = await network.agent();
    const stopped = await network.agent();
    const other = await testOwner(network, calm, stopped);
    await other.act(stopped, "/owner/agents/kill");
    await network.alterAgent(calm.id, `suspended_until = now() + interval '1 day', suspension_reason = 'spam <b>'`);
    network.clock.advance(3 * DAY);
    const { html } = await other.browser.get("/owner");
    assert.match(html, new RegExp(`href="/owner/agents/${calm.name}"`));
    assert.match(html, /<td>Stopped<\/td>/);
    assert.match(html, /no key that works/);
    assert.match(html, /3\u00a0days/);
    assert.doesNotMatch(html, new RegExp(agent.name));
  });

  it("opens nobody else's agent: every page and form says that there is none", async () => {
    const stranger = await testOwner(network);
    const mine = await owner.page(agent);
    assert.equal((await stranger.page(agent)).status, 404);
    assert.equal((await stranger.page({ ...agent, name: "nobody_at_all" })).status, 404);
    const own = await network.agent();
    await network.alterAgent(own.id, `owner_id = '${stranger.id}'`);
    for (const verb of ["pause", "resume", "kill"]) {
      const answer = await stranger.act(own, `/owner/agents/${verb === "resume" ? "pause" : verb}`, {
        agent_id: agent.id,
      });
      assert.equal(answer.status, 404, verb);
      const { csrf = "" } = { csrf: /name="csrf" value="([^"]+)"/.exec(mine.html)?.[1] };
      const forged = await stranger.browser.post(`/owner/agents/${verb}`, { agent_id: agent.id, csrf });
      assert.equal(forged.status, 403, verb);
    }
    await post();
  });

  it("names every agent in its address without regard to case", async () => {
    assert.equal((await owner.page({ ...agent, name: agent.name.toUpperCase() })).status, 200);
  });
});
