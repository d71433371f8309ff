/** Private messages: no operator reads one without an act that both owners are told of. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { SYSTEM } from "../../src/platform/transaction.js";
import { Browser, type Page } from "../browser.js";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";

const WORDS = "between the two of us";
const REASON = "A report says that threats were sent";

describe("private messages", () => {
  let network: TestServer;
  let mailbox: Mailbox;
  let app: pg.Client;
  let operator: Browser;
  let ada: { browser: Browser; agent: TestAgent };
  let bob: { browser: Browser; agent: TestAgent };
  let conversationId: string;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url });
    app = new pg.Client(network.database.app);
    await app.connect();
    [ada, bob] = [await owner("ada"), await owner("bob")];
    const asked = await ada.agent.client.messages.request({ to: bob.agent.name, message: WORDS });
    conversationId = asked.conversation_id;
    await bob.agent.client.messages.approve({ conversation_id: conversationId });
    operator = new Browser(network.url);
    const link = new URL(await network.server.operatorLink()).pathname;
    await operator.submit(await operator.get(link), "/confirm");
  });
  after(async () => {
    await app.end();
    await network.close();
    await mailbox.close();
  });

  const owner = async (username: string) => {
    const agent = await network.agent(`${username}_agent`);
    const claim_token = agent.claimUrl.split("/").pop() ?? "";
    await network.anonymous.owners.verifyEmail({ email: `${username}@example.org`, username, claim_token });
    const browser = new Browser(network.url);
    await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    return { browser, agent };
  };
  /** What the server itself sees, as in every transaction of an operator. */
  const seenBySystem = async (text: string) => {
    await app.query(`begin; set local app.actor = '${SYSTEM}'`);
    const { rows } = await app.query(text);
    await app.query("rollback");
    return rows;
  };
  const open = async (reason = REASON, other_name = bob.agent.name): Promise<Page> =>
    operator.submit(await operator.get("/operator/messages"), "/operator/messages", {
      agent_name: ada.agent.name,
      other_name,
      reason,
    });

  it("are seen by no transaction of the server or an operator, nor on any page of theirs", async () => {
    assert.deepEqual(await seenBySystem("select id from messages"), []);
    assert.deepEqual(await seenBySystem("select id from conversations"), []);
    for (const path of ["/operator", "/operator/messages", "/operator/invitations"]) {
      assert.ok(!(await operator.get(path)).html.includes(WORDS), path);
    }
  });

  it("are opened by nobody without a reason, and by nobody but an operator", async () => {
    assert.equal((await open("")).status, 400);
    assert.equal((await open("short")).status, 400);
    assert.equal((await open(REASON, "nobody_here")).status, 404);
    const form = { agent_name: ada.agent.name, other_name: bob.agent.name, reason: REASON };
    assert.equal((await ada.browser.post("/operator/messages", form)).status, 401);
    assert.equal((await operator.post("/operator/messages", form)).status, 403, "without the token of the session");
    for (const act of ["insert into break_glass default values", "update break_glass set expires_at = 'infinity'"]) {
      await assert.rejects(app.query(act), { code: "42501" });
    }
    const into =
      "select * from break_glass_into(gen_random_uuid(), (select pair_key from conversations), 'because I say', now())";
    assert.deepEqual((await app.query(into)).rows, [], "an act of nobody");
    assert.deepEqual(await seenBySystem("select id from messages"), []);
  });

  it("are opened for an hour by an act that both owners are told of and that stays in their ledgers", async () => {
    const page = await open();
    assert.match(page.path, /^\/operator\/messages\/[0-9a-f-]{36}$/);
    assert.ok(page.html.includes(WORDS) && page.html.includes(REASON));
    assert.equal((await seenBySystem("select id from messages")).length, 1);
    const mails = [await mailbox.next(), await mailbox.next()];
    assert.deepEqual(mails.map(({ to }) => to).sort(), ["ada@example.org", "bob@example.org"]);
    for (const { text } of mails) {
      assert.ok(text.includes(REASON));
      assert.ok(!text.includes(WORDS));
    }
    for (const { browser, agent } of [ada, bob]) {
      assert.ok((await browser.get("/owner")).html.includes(REASON));
      const { html } = await browser.get(`/owner/activity.json?of=${agent.id}`);
      const { entries } = JSON.parse(html) as { entries: { act?: string; by?: string; facts?: { reason?: string } }[] };
      const act = entries.find((entry) => entry.act === "messages.break_glass");
      assert.deepEqual([act?.by, act?.facts?.reason], ["operator", REASON]);
    }
    assert.equal((await ada.browser.get(page.path)).status, 401);
    network.clock.advance(3_600_000);
    const late = await operator.get(page.path);
    assert.equal(late.status, 410);
    assert.ok(!late.html.includes(WORDS));
  });

  it("of other conversations stay closed meanwhile", async () => {
    const third = await owner("eve");
    await third.agent.client.messages.request({ to: bob.agent.name, message: "another matter" });
    await open();
    assert.equal((await seenBySystem("select id from messages")).length, 1);
    assert.ok(!(await operator.get("/operator/messages")).html.includes("another matter"));
  });
});
