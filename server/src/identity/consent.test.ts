import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { createClient } from "@openmolt/sdk";
import pg from "pg";
import type { Page } from "../../test/browser.js";
import { assertFits, refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type TestOwner, testOwner } from "../../test/owners.js";
import { createIdentityApp } from "./write.js";

const DECIDE = "/owner/apps/decide";
const CONSENT = "/owner/apps/consent";
const END = "/owner/apps/end-tokens";

describe("telling an app who an agent is", () => {
  let network: TestServer;
  let admin: pg.Client;
  let agent: TestAgent;
  let owner: TestOwner;
  let chess: Awaited<ReturnType<typeof newApp>>;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  beforeEach(async () => {
    agent = await network.agent();
    owner = await testOwner(network, agent);
    chess = await newApp("Chess <club>");
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  const newApp = async (name: string) => {
    const { app, vault } = network.server.services;
    const { id, key } = await createIdentityApp(app, vault, name, network.clock.now(), { kind: "server", id: null });
    const headers = { "X-Moltbook-App-Key": key };
    return { id, ...createClient({ repeat: false, baseUrl: network.url, headers, onAnswer: assertFits }).identity };
  };
  const newToken = async (audience?: string, client = agent.client) =>
    (await client.identity.token(audience === undefined ? {} : { audience })).identity_token;
  const refused = async (call: Promise<unknown>) => {
    const { status, body } = await refusal(call);
    assert.equal(body.valid, false);
    return `${status} ${body.error}`;
  };
  const page = (by = owner): Promise<Page> => by.browser.get(`/owner/apps/${agent.id}`);
  const submit = async (action: string, fields: Record<string, string> = {}) =>
    owner.browser.submit(await page(), action, fields);
  const decide = (decision: string, app = chess) => submit(DECIDE, { app_id: app.id, decision });
  const rows = async () =>
    (await admin.query("select * from identity_apps_told where agent_id = $1", [agent.id])).rows as {
      told_count: number;
      last_audience: string | null;
    }[];

  it("is shown to its owner: which app, since when, how often, for which audience", async () => {
    assert.match((await page()).html, /No app has asked yet/);
    assert.match((await owner.page(agent)).html, new RegExp(`href="/owner/apps/${agent.id}"`));
    await chess.verify({ token: await newToken() });
    await chess.verify({ token: await newToken("chess.example"), audience: "chess.example" });
    const { html } = await page();
    assert.match(html, /Chess &lt;club&gt;/);
    assert.match(html, /2 times, <time datetime="\d{4}-\d\d-\d\d/);
    assert.match(html, /chess\.example/);
    const file = JSON.parse((await owner.browser.get("/owner/export")).html);
    assert.equal(file.agents[0].identity_consent, "anyone");
    assert.equal(file.agents[0].apps[0].told_count, 2);
    assert.equal(file.agents[0].apps[0].name, "Chess <club>");
  });

  it("is counted exactly, also when an app asks many times at once", async () => {
    const token = await newToken();
    await Promise.all(Array.from({ length: 8 }, () => chess.verify({ token })));
    assert.equal((await rows())[0]?.told_count, 8);
  });

  it("is recorded for no token that is not good", async () => {
    const token = await newToken("chess.example");
    assert.equal(await refused(chess.verify({ token })), "400 audience_required");
    assert.equal(await refused(chess.verify({ token: "nonsense" })), "401 invalid_token");
    assert.deepEqual(await rows(), []);
  });

  it("stops at once for an app that its owner refuses, and for no other", async () => {
    const other = await newApp("Other");
    const token = await newToken();
    await chess.verify({ token });
    await other.verify({ token });
    assert.match((await decide("refused")).html, /refused/);
    assert.equal(await refused(chess.verify({ token })), "403 consent_missing");
    await other.verify({ token });
    await decide("allowed");
    await chess.verify({ token });
  });

  it("waits for its owner where that was chosen, and the request is on the page", async () => {
    const token = await newToken();
    await submit(CONSENT, { consent: "ask" });
    assert.equal(await refused(chess.verify({ token })), "403 consent_missing");
    const waiting = (await page()).html;
    assert.match(waiting, /waits for you/);
    assert.match(waiting, /never/);
    await decide("allowed");
    assert.doesNotMatch((await page()).html, /waits for you/);
    await chess.verify({ token });
    await decide("refused");
    assert.equal(await refused(chess.verify({ token })), "403 consent_missing");
  });

  it("does not happen at all where its owner chose nobody, also for an app allowed before", async () => {
    const token = await newToken();
    await chess.verify({ token });
    await decide("allowed");
    await submit(CONSENT, { consent: "nobody" });
    assert.equal(await refused(chess.verify({ token })), "403 consent_missing");
    await submit(CONSENT, { consent: "anyone" });
    await chess.verify({ token });
  });

  it("ends with all tokens given out, by the owner or the agent, and new ones are good at once", async () => {
    const first = await newToken();
    await submit(END);
    assert.equal(await refused(chess.verify({ token: first })), "401 invalid_token");
    const second = await newToken();
    await chess.verify({ token: second });
    const client = createClient({ repeat: false, baseUrl: network.url, apiKey: agent.key, onAnswer: assertFits });
    await client.identity.endTokens();
    assert.equal(await refused(chess.verify({ token: second })), "401 invalid_token");
    await chess.verify({ token: await newToken() });
  });

  it("ends when all keys are replaced, and does not begin again when a killed agent is resumed", async () => {
    const before = await newToken();
    const replaced = await owner.act(agent, "/owner/keys/replace");
    const key = /moltbook_[A-Za-z0-9_-]+/.exec(replaced.html)?.[0] ?? "";
    assert.equal(await refused(chess.verify({ token: before })), "401 invalid_token");
    const token = await newToken(undefined, network.clientFor(key));
    await chess.verify({ token });
    await owner.act(agent, "/owner/agents/kill");
    await owner.act(agent, "/owner/agents/resume");
    assert.equal(await refused(chess.verify({ token })), "401 invalid_token");
  });

  it("is nobody else's to see or to decide", async () => {
    await chess.verify({ token: await newToken() });
    const own = await network.agent();
    const stranger = await testOwner(network, own);
    assert.equal((await page(stranger)).status, 404);
    const form = await stranger.browser.get(`/owner/apps/${own.id}`);
    const other = { agent_id: agent.id };
    assert.equal((await stranger.browser.submit(form, CONSENT, { ...other, consent: "nobody" })).status, 404);
    assert.equal((await stranger.browser.submit(form, END, other)).status, 404);
    const csrf = /name="csrf" value="([^"]+)"/.exec(form.html)?.[1] ?? "";
    const decision = { app_id: chess.id, decision: "refused" };
    assert.equal((await stranger.browser.post(DECIDE, { ...other, ...decision, csrf })).status, 404);
    for (const path of [CONSENT, END, DECIDE]) {
      const fields = { ...other, ...decision, consent: "nobody" };
      assert.equal((await owner.browser.post(path, fields)).status, 403, "without the form of a page");
    }
    const unknown = await submit(DECIDE, { app_id: own.id });
    assert.equal(unknown.status, 404);
    await chess.verify({ token: await newToken() });
  });

  it("leaves every decision on record, and is forgotten with the agent", async () => {
    await chess.verify({ token: await newToken() });
    await submit(CONSENT, { consent: "ask" });
    await decide("allowed");
    await submit(END);
    await agent.client.identity.endTokens();
    const { rows: acts } = await admin.query(
      "select act, actor_kind from audit_log where target_id = $1 and act like any('{%identity%,%app}') order by id",
      [agent.id],
    );
    assert.deepEqual(
      acts.map(({ act, actor_kind }) => `${actor_kind} ${act}`),
      [
        "owner agent.set_identity_consent",
        "owner agent.decide_app",
        "owner agent.end_identity_tokens",
        "agent agent.end_identity_tokens",
      ],
    );
    await agent.client.agents.remove();
    assert.deepEqual(await rows(), []);
  });
});
