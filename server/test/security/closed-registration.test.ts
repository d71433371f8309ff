/** Closed instance, registration: who may register an agent, and what an invitation is worth. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import type { Config } from "../../src/config.js";
import { sweepAgentInvitations } from "../../src/invitations/write.js";
import { Browser, type Page } from "../browser.js";
import { refusal, startTestServer, type TestServer } from "../harness.js";

const DAY = 86_400_000;

/** A server with its operator signed in, and an owner whom the operator invited. */
async function start(registration: Config["registration"]) {
  const network = await startTestServer({ registration, claimMethods: ["operator"], agentsPerOwner: 3 });
  const operator = new Browser(network.url);
  const link = new URL(await network.server.operatorLink()).pathname;
  await operator.submit(await operator.get(link), "/confirm");
  const invite = async (username: string) => {
    const page = await operator.submit(await operator.get("/operator/invitations"), "/operator/owners", { username });
    const handover = /http:\/\/molt\.test(\/confirm\/\w+)/.exec(page.html)?.[1] ?? "";
    const browser = new Browser(network.url);
    assert.equal((await browser.submit(await browser.get(handover), "/confirm")).path, "/owner");
    return browser;
  };
  return { network, operator, invite };
}

const codeIn = (page: Page) => /moltinvite_\w{43}/.exec(page.html)?.[0] ?? "";
const keyIn = (page: Page) => /moltbook_[A-Za-z0-9]{49}/.exec(page.html)?.[0] ?? "";

describe("registration by invitation", () => {
  let network: TestServer;
  let operator: Browser;
  let owner: Browser;
  let admin: pg.Client;
  before(async () => {
    const started = await start("invitation");
    ({ network, operator } = started);
    owner = await started.invite("ada");
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  let names = 0;
  const register = (invitation?: string, name = `guest_${++names}`) =>
    network.anonymous.agents.register({ name, ...(invitation === undefined ? {} : { invitation }) });
  const make = async (browser = owner, path = "/owner/invitations", terms = { uses: "1", days: "7" }) =>
    codeIn(await browser.submit(await browser.get(path), path, terms));

  it("refuses whoever brings none, and says what to do", async () => {
    const refused = await refusal(register());
    assert.deepEqual([refused.status, refused.code], [403, "INVITATION_REQUIRED"]);
    assert.match(refused.body.hint as string, /invitation/);
    const skill = await (await fetch(`${network.url}/skill.md`)).text();
    assert.match(skill, /Agents register here by invitation/);
  });

  it("lets in with a code of an owner or of the operator, as often as the code says", async () => {
    for (const code of [await make(), await make(operator, "/operator/invitations")]) {
      assert.equal((await register(code)).status, "pending_claim");
      assert.equal((await refusal(register(code))).code, "INVITATION_REQUIRED");
    }
    const twice = await make(owner, "/owner/invitations", { uses: "2", days: "7" });
    const both = await Promise.allSettled([register(twice), register(twice), register(twice)]);
    assert.equal(both.filter(({ status }) => status === "fulfilled").length, 2, "three at once for two");
  });

  it("does not use a code up when the registration fails", async () => {
    const code = await make();
    await register(await make(), "taken");
    assert.equal((await refusal(register(code, "taken"))).code, "NAME_TAKEN");
    assert.ok((await register(code)).agent.api_key);
  });

  it("keeps no code, only its keyed hash, and shows it once", async () => {
    const path = "/owner/invitations";
    const made = await owner.submit(await owner.get(path), path, { uses: "1", days: "7" });
    const code = codeIn(made);
    assert.equal(code.length, 54);
    assert.equal(codeIn(await owner.get(path)), "");
    const { rows } = await admin.query("select row_to_json(i)::text as row from invitations i");
    for (const { row } of rows) assert.ok(!row.includes(code.slice(16)), row);
    const { rows: acts } = await admin.query("select facts::text from audit_log where act like 'invitation.%'");
    assert.ok(acts.length > 0);
    for (const { facts } of acts) assert.ok(!facts.includes(code.slice(0, 16)), facts);
  });

  it("shows owners their own invitations, and lets nobody end another's", async () => {
    const { rows } = await admin.query("select id from invitations where owner_id is null limit 1");
    const page = await owner.get("/owner/invitations");
    assert.ok(!page.html.includes(rows[0].id));
    const form = { invitation_id: rows[0].id };
    const other = await owner.submit(page, "/owner/invitations", { uses: "1", days: "1" });
    assert.equal((await owner.submit(other, "/owner/invitations/revoke", form)).status, 404);
    const all = await operator.get("/operator/invitations");
    assert.match(all.html, /data-is="by">ada</);
    assert.match(all.html, /data-is="by">the operator</);
    assert.equal((await operator.submit(all, "/operator/invitations/revoke")).status, 200);
  });

  it("is offered neither to strangers nor beyond its bounds", async () => {
    const stranger = new Browser(network.url);
    for (const path of ["/owner/invitations", "/operator/invitations"]) {
      assert.equal((await stranger.get(path)).status, 401);
      assert.ok((await stranger.post(path, { uses: "1", days: "1" })).status >= 401);
    }
    assert.equal((await owner.get("/operator/invitations")).status, 401);
    const page = await owner.get("/owner/invitations");
    for (const terms of [
      { uses: "0", days: "1" },
      { uses: "1001", days: "1" },
      { uses: "1", days: "91" },
    ]) {
      assert.equal((await owner.submit(page, "/owner/invitations", terms)).status, 400);
    }
  });

  it("tells a code that never was from one that ended by nothing", async () => {
    const expired = await make(owner, "/owner/invitations", { uses: "1", days: "1" });
    const revoked = await make();
    const page = await owner.get("/owner/invitations");
    await owner.submit(page, "/owner/invitations/revoke");
    const refusals = await Promise.all([refusal(register(revoked)), refusal(register(`moltinvite_${"x".repeat(43)}`))]);
    network.clock.advance(DAY);
    refusals.push(await refusal(register(expired)));
    for (const { status, code, body } of refusals) {
      assert.deepEqual(
        [status, code, body.message],
        [403, "INVITATION_REQUIRED", "This invitation does not exist, has ended or was used up"],
      );
    }
  });

  it("forgets invitations a month after they ended", async () => {
    network.clock.advance(38 * DAY);
    const counted = await admin.query("select count(*)::int as n from invitations");
    assert.notEqual(counted.rows[0].n, 0);
    await sweepAgentInvitations(network.server.services);
    const { rows } = await admin.query("select count(*)::int as n from invitations");
    assert.equal(rows[0].n, 0);
  });
});

describe("registration by owners", () => {
  let network: TestServer;
  let owner: Browser;
  let operator: Browser;
  before(async () => {
    const started = await start("owner");
    ({ network, operator } = started);
    owner = await started.invite("grace");
  });
  after(() => network.close());

  it("refuses agents that register themselves, with a code or without, and says what to do", async () => {
    const path = "/operator/invitations";
    const code = codeIn(await operator.submit(await operator.get(path), path, { uses: "1", days: "7" }));
    for (const input of [{ name: "self" }, { name: "self", invitation: code }]) {
      const refused = await refusal(network.anonymous.agents.register(input));
      assert.deepEqual([refused.status, refused.code], [403, "REGISTRATION_CLOSED"]);
      assert.match(refused.body.hint as string, /\/owner\/invitations/);
    }
  });

  it("gives an owner a claimed agent with its key, within what an owner may hold", async () => {
    const register = async (name: string) =>
      owner.submit(await owner.get("/owner/invitations"), "/owner/agents", { name, description: "Works" });
    const page = await register("worker");
    const client = network.clientFor(keyIn(page));
    assert.equal((await client.agents.status()).status, "claimed");
    assert.ok((await owner.get("/owner")).html.includes("worker"));
    assert.equal(keyIn(await owner.get("/owner/invitations")), "", "the key is shown once");
    assert.equal((await register("Worker")).status, 409);
    await register("second");
    await register("third");
    assert.equal((await register("fourth")).status, 403);
    assert.equal((await fetch(`${network.url}/api/v1/agents/profile?name=fourth`)).status, 404);
  });

  it("refuses strangers and other sites", async () => {
    const stranger = new Browser(network.url);
    assert.equal((await stranger.post("/owner/agents", { name: "mine" })).status, 401);
    assert.equal((await owner.post("/owner/agents", { name: "forged" })).status, 403);
    assert.equal((await stranger.post("/operator/owners", { username: "mallory" })).status, 401);
    assert.equal((await owner.post("/operator/owners", { username: "mallory" })).status, 401);
  });
});
