import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { Browser, formsOf, type Page } from "../../test/browser.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";

const HOUR = 3_600_000;

describe("the operator", () => {
  let network: TestServer;
  let operator: Browser;
  let home: Page;
  before(async () => {
    network = await startTestServer({ claimMethods: ["operator"] });
    ({ operator, home } = await signIn());
  });
  after(() => network.close());

  const pathOf = (url: string) => new URL(url).pathname;
  const signIn = async () => {
    const browser = new Browser(network.url);
    const page = await browser.get(pathOf(await network.server.operatorLink()));
    return { operator: browser, home: await browser.submit(page, "/confirm") };
  };
  const request = async (agent: TestAgent, username: string, browser = new Browser(network.url)) =>
    browser.submit(await browser.get(pathOf(agent.claimUrl)), "/claim/request", { username });
  const decide = (page: Page, agent: TestAgent, decision: string, browser = operator) => {
    const forms = formsOf(page).filter(({ action }) => action === "/operator/claims");
    const cards = page.html.split('<section class="card">').filter((card) => card.includes("/operator/claims"));
    const nth = cards.findIndex((card) => card.includes(`<strong>${agent.name}</strong>`));
    return browser.post("/operator/claims", { ...forms[nth]?.fields, decision });
  };
  const status = (agent: TestAgent) => agent.client.agents.status();

  it("signs in with a link that works once, for a day, and ends with the next one", async () => {
    assert.equal(home.path, "/operator");
    const used = pathOf(await network.server.operatorLink());
    const browser = new Browser(network.url);
    const page = await browser.get(used);
    assert.equal((await browser.submit(page, "/confirm")).path, "/operator");
    assert.equal((await browser.get(used)).status, 410);
    const superseded = pathOf(await network.server.operatorLink());
    const expiring = pathOf(await network.server.operatorLink());
    assert.equal((await browser.get(superseded)).status, 410);
    network.clock.advance(24 * HOUR);
    assert.equal((await browser.get(expiring)).status, 410);
    assert.equal((await browser.get("/operator")).status, 401, "a session that nobody used ends sooner");
    ({ operator } = await signIn());
  });

  it("approves a claim, which makes an owner who signs in by a link that is handed over", async () => {
    const agent = await network.agent();
    const asked = await request(agent, "ada");
    assert.match(asked.html, /has been asked to approve the claim for <strong>ada<\/strong>/);
    assert.match((await status(agent)).next_step ?? "", /operator has been asked/);
    const page = await operator.get("/operator");
    assert.ok(page.html.includes(agent.name));
    const decided = await decide(page, agent, "approve");
    assert.equal(decided.path, "/operator");
    assert.equal((await status(agent)).status, "claimed");
    const link = /http:\/\/molt\.test\/confirm\/\w+/.exec(decided.html)?.[0] ?? "";
    assert.ok(!(await operator.get("/operator")).html.includes("/confirm/"), "the link is shown once");
    const owner = new Browser(network.url);
    const ownerHome = await owner.submit(await owner.get(pathOf(link)), "/confirm");
    assert.equal(ownerHome.path, "/owner");
    assert.ok(ownerHome.html.includes(agent.name));
    const second = await network.agent();
    await request(second, "ada", owner);
    await decide(await operator.get("/operator"), second, "approve");
    assert.ok((await owner.get("/owner")).html.includes(second.name));
  });

  it("refuses a claim, which the agent sees and may try again", async () => {
    const agent = await network.agent();
    await request(agent, "mallory");
    await decide(await operator.get("/operator"), agent, "refuse");
    assert.equal((await status(agent)).failed_step, "operator_approval");
    assert.ok(!(await operator.get("/operator")).html.includes(agent.name));
    await request(agent, "mallory");
    assert.equal((await status(agent)).failed_step, null);
    assert.equal((await decide(await operator.get("/operator"), agent, "approve")).status, 200);
  });

  it("decides what was seen: a request that changed meanwhile is not approved", async () => {
    const agent = await network.agent();
    await request(agent, "harmless");
    const page = await operator.get("/operator");
    network.clock.advance(1);
    await request(agent, "another");
    assert.equal((await decide(page, agent, "approve")).status, 409);
    assert.equal((await status(agent)).status, "pending_claim");
  });

  it("approves once, however often the button is pressed at once", async () => {
    const agent = await network.agent();
    await request(agent, "eager");
    const page = await operator.get("/operator");
    const answers = await Promise.all(Array.from({ length: 50 }, () => decide(page, agent, "approve")));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 409).length, 49);
  });

  it("cannot be played by an owner, an agent or a stranger", async () => {
    const agent = await network.agent();
    await request(agent, "sneaky");
    const page = await operator.get("/operator");
    const stranger = new Browser(network.url);
    assert.equal((await stranger.get("/operator")).status, 401);
    assert.equal((await decide(page, agent, "approve", stranger)).status, 401);
    const token = operator.cookies.get("openmolt_operator") ?? "";
    stranger.cookies.set("openmolt_owner", token);
    assert.equal((await stranger.get("/owner")).status, 401);
    const answer = await fetch(`${network.url}/operator`, { headers: { authorization: `Bearer ${agent.key}` } });
    assert.equal(answer.status, 401);
    operator.headers = { origin: "https://evil.example" };
    assert.equal((await decide(page, agent, "approve")).status, 403);
    operator.headers = {};
    assert.equal((await operator.post("/operator/claims", { decision: "approve" })).status, 400);
    assert.equal((await status(agent)).status, "pending_claim");
  });

  it("leaves a record of every decision", async () => {
    const client = new pg.Client(network.database.admin);
    await client.connect();
    const { rows } = await client.query("select actor_kind, act, count(*)::int as n from audit_log group by 1, 2");
    await client.end();
    const count = (act: string) => rows.find((row) => row.act === act && row.actor_kind === "operator")?.n ?? 0;
    assert.ok(count("operator.sign_in") >= 2);
    assert.ok(count("claim.approve") >= 4);
    assert.equal(count("claim.refuse"), 1);
  });

  it("is not asked where only mail proves a claim", async () => {
    const strict = await startTestServer({ claimMethods: ["email"] });
    try {
      const agent = await strict.agent();
      const claim_token = agent.claimUrl.split("/").pop() ?? "";
      const answer = await new Browser(strict.url).post("/claim/request", { claim_token, username: "ada" });
      assert.equal(answer.status, 400);
      assert.match(answer.html, /not offered here/);
      assert.equal((await refusal(agent.client.owners.setupEmail({ email: "a@b.c" }))).code, "NOT_CLAIMED_YET");
    } finally {
      await strict.close();
    }
  });

  it("signs out", async () => {
    const { operator: browser, home: page } = await signIn();
    await browser.submit(page, "/operator/logout");
    assert.equal((await browser.get("/operator")).status, 401);
  });
});
