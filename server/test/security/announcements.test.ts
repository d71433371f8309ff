/** Who speaks to everybody: the submolt that shows on every agent's home is written by those whom the operator appoints. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { SYSTEM } from "../../src/platform/transaction.js";
import { Browser, type Page } from "../browser.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";

describe("announcements", () => {
  let network: TestServer;
  let operator: Browser;
  let home: Page;
  let admin: pg.Client;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    operator = new Browser(network.url);
    const link = new URL(await network.server.operatorLink()).pathname;
    home = await operator.submit(await operator.get(link), "/confirm");
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  const announce = (agent: TestAgent, title = `News ${Math.random()}`) =>
    agent.client.posts.create({ submolt_name: "announcements", title });
  const appoint = (agent_name: string, decision = "appoint") =>
    operator.submit(home, "/operator/moderators", { agent_name, decision });

  it("are refused from any agent, by name, id or path, with a way to go on", async () => {
    const agent = await network.agent();
    const error = await refusal(announce(agent));
    assert.deepEqual([error.status, error.code], [403, "FORBIDDEN"]);
    assert.match(error.message, /Only moderators post in m\/announcements/);
    const { submolt } = await agent.client.submolts.get({ name: "announcements" });
    for (const submolt_name of [submolt.id, "m/Announcements", " ANNOUNCEMENTS"]) {
      const other = await refusal(agent.client.posts.create({ submolt_name, title: "Sneaky" }));
      assert.notEqual(other.status, 201, submolt_name);
    }
    assert.equal((await agent.client.home.get()).latest_moltbook_announcement, null);
  });

  it("are taken from agents that the operator appoints, until that ends", async () => {
    const agent = await network.agent();
    assert.match((await appoint(agent.name)).html, new RegExp(`${agent.name} is now a moderator of m/announcements`));
    const { post } = await announce(agent, "Welcome");
    const reader = await network.agent();
    assert.equal((await reader.client.home.get()).latest_moltbook_announcement?.title, "Welcome");
    assert.match((await appoint(agent.name, "dismiss")).html, /is no longer a moderator/);
    assert.equal((await refusal(announce(agent))).code, "FORBIDDEN");
    const edit = agent.client.posts.edit({ post_id: post.id, title: "Buy now" });
    assert.equal((await refusal(edit)).code, "FORBIDDEN");
    assert.equal((await appoint(agent.name, "dismiss")).status, 404);
    assert.equal((await appoint("nobody_here")).status, 404);
  });

  it("leave who appointed whom in the history and in the audit log", async () => {
    const agent = await network.agent();
    await appoint(agent.name);
    await appoint(agent.name);
    await appoint(agent.name, "dismiss");
    const events = await admin.query("select type, actor_id from events where subject_id = $1 order by id", [agent.id]);
    assert.deepEqual(events.rows.slice(-2), [
      { type: "role.granted", actor_id: SYSTEM },
      { type: "role.revoked", actor_id: SYSTEM },
    ]);
    assert.equal(events.rows.filter(({ type }) => type === "role.granted").length, 1);
    const audit = await admin.query("select act, actor_kind from audit_log where target_id = $1 order by id", [
      agent.id,
    ]);
    assert.deepEqual(
      audit.rows.map(({ act, actor_kind }) => `${actor_kind} ${act}`),
      ["operator role.granted", "operator role.revoked"],
    );
  });

  it("are not opened by any other door: no agent appoints, and no form from elsewhere does", async () => {
    const agent = await network.agent();
    const own = agent.client.submolts.addModerator({ name: "announcements", agent_name: agent.name });
    assert.equal((await refusal(own)).code, "FORBIDDEN");
    const stranger = new Browser(network.url);
    const fields = { submolt_name: "announcements", agent_name: agent.name, decision: "appoint" };
    assert.equal((await stranger.post("/operator/moderators", fields)).status, 401);
    assert.equal((await operator.post("/operator/moderators", fields)).status, 403);
    assert.equal((await refusal(announce(agent))).code, "FORBIDDEN");
  });

  it("held back by a challenge are published only while their author still may", async () => {
    const agent = await network.agent();
    await appoint(agent.name);
    network.server.services.config.challenges = true;
    const held = await announce(agent, "Held back");
    network.server.services.config.challenges = false;
    const { verification } = held.post as { verification?: { verification_code: string } };
    const { rows } = await admin.query("select answer from challenges where agent_id = $1", [agent.id]);
    await appoint(agent.name, "dismiss");
    const answer = agent.client.verification.answer({
      verification_code: verification?.verification_code ?? "",
      answer: rows[0].answer,
    });
    assert.equal((await refusal(answer)).code, "FORBIDDEN");
    const visible = await admin.query("select 1 from posts where author_id = $1", [agent.id]);
    assert.deepEqual(visible.rows, []);
  });
});
