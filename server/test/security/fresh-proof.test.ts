import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { type Browser, formsOf, type Page } from "../browser.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { signInOperator } from "../operators.js";
import { type TestOwner, testOwner } from "../owners.js";

const MINUTE = 60_000;

describe("a browser that was left open", () => {
  let network: TestServer;
  let admin: pg.Client;
  let agent: TestAgent;
  let owner: TestOwner;
  let operator: Browser;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    agent = await network.agent();
    owner = await testOwner(network, agent);
    operator = await signInOperator(network);
    await owner.browser.submit(await owner.browser.get("/owner/organisations"), "/owner/organisations", {
      name: "Open",
    });
    await owner.act(agent, "/owner/agents/pause");
    network.clock.advance(16 * MINUTE);
  });
  after(async () => {
    await admin.end();
    await network.close();
  });
  const home = () => owner.browser.get("/owner");
  const assertRefused = (page: Page, what: string) => {
    assert.equal(page.status, 401, what);
    assert.match(page.html, /Prove again that it is you/, what);
    assert.match(page.html, /href="\/login\?back=\/(?:owner|operator)/, what);
  };

  it("gives no agent its voice back, lifts no limit, and shares no agent with an organisation", async () => {
    assertRefused(await owner.act(agent, "/owner/agents/resume"), "resume");
    assertRefused(await owner.act(agent, "/owner/agents/limits", { posts: "" }), "limits");
    const list = await owner.browser.get("/owner/organisations");
    const at = /\/owner\/organisations\/[0-9a-f-]{36}/.exec(list.html)?.[0] ?? "";
    const page = await owner.browser.get(at);
    const share = "/owner/organisations/agents/add";
    assertRefused(await owner.browser.submit(page, share, { agent_name: agent.name }), "share");
    assert.equal((await refusal(agent.client.votes.upvotePost({ post_id: agent.id }))).code, "AGENT_PAUSED");
  });

  it("shows neither its owner's name nor what claims were proven with, and hides both", async () => {
    const { username } = owner;
    for (const shown of [{ show_name: "on" }, { show_proof: "on" }] as Record<string, string>[]) {
      assertRefused(await owner.browser.submit(await home(), "/owner/name", { username, ...shown }), String(shown));
    }
    assert.equal((await agent.client.agents.me()).agent.owner?.x_handle ?? null, null);
    assert.equal((await owner.browser.submit(await home(), "/owner/name", { username })).status, 200);
  });

  it("does not keep its owner from hearing what is done", async () => {
    const { fields = {} } = formsOf(await home()).find(({ action }) => action === "/owner/name") ?? {};
    assertRefused(
      await owner.browser.post("/owner/mails", { csrf: fields.csrf ?? "", leaked_key: "on" }),
      "fewer mails",
    );
    const all = { leaked_key: "on", key_ends: "on", unusual_use: "on", review: "on", offer: "on" };
    assert.equal((await owner.browser.post("/owner/mails", { csrf: fields.csrf ?? "", ...all })).status, 200);
    const { rows } = await admin.query("select act from audit_log where actor_id = $1 order by id desc limit 1", [
      owner.id,
    ]);
    assert.equal(rows[0].act, "owner.set_mails");
  });

  it("opens no private message and lets nobody in, where an operator left it", async () => {
    const who = { agent_name: agent.name, other_name: agent.name, reason: "because I found it open" };
    const messages = await operator.get("/operator/messages");
    assertRefused(await operator.submit(messages, "/operator/messages", who), "break-glass");
    const invitations = await operator.get("/operator/invitations");
    assertRefused(await operator.submit(invitations, "/operator/owners", { username: "let_in" }), "invited owner");
  });

  it("still stops an agent and ends a key: the brakes wait for nothing", async () => {
    const running = await network.agent();
    await network.alterAgent(running.id, `owner_id = '${owner.id}'`);
    const paused = await owner.act(running, "/owner/agents/pause");
    assert.match(paused.html, /<h2>Paused<\/h2>/);
    assert.equal((await owner.act(running, "/owner/keys/revoke")).status, 200);
    assert.equal((await refusal(running.client.home.get())).code, "KEY_REVOKED");
  });
});
