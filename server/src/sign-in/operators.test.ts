import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { Authenticator } from "../../test/authenticator.js";
import { Browser, type Page } from "../../test/browser.js";
import { startTestServer, type TestServer } from "../../test/harness.js";
import { inviteOperator, operatorOf, signInOperator, useLink } from "../../test/operators.js";

const HERE = "http://molt.test";
const MINUTE = 60_000;

describe("operators", () => {
  let network: TestServer;
  let admin: pg.Client;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  const cardOf = (page: Page, name: string) =>
    page.html.split('<section class="card">').find((card) => card.includes(`<h2>${name}</h2>`)) ?? "";
  const change = async (browser: Browser, name: string, decision: string) => {
    const page = await browser.get("/operator/operators");
    const operator_id = /name="operator_id" value="([^"]+)"/.exec(cardOf(page, name))?.[1] ?? "";
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
    return browser.post("/operator/operators/change", { operator_id, decision, csrf });
  };
  const addPasskey = async (browser: Browser) => {
    const device = new Authenticator(HERE);
    const { options } = JSON.parse((await browser.get("/operator/passkeys/options")).html);
    const page = await browser.get("/operator/passkeys");
    const added = await browser.submit(page, "/operator/passkeys", { name: "Key", response: device.register(options) });
    assert.equal(added.path, "/operator/passkeys");
    return device;
  };
  const signIn = async (device: Authenticator, browser = new Browser(network.url)) => {
    const { options } = JSON.parse((await browser.get("/login/passkey")).html);
    const page = await browser.post("/login/passkey", { response: device.sign(options) });
    return { browser, page };
  };

  it("begin with the console, whose link always works, and have names from then on", async () => {
    const first = await signInOperator(network);
    assert.match((await first.get("/operator/operators")).html, /You are <strong>console<\/strong>, admin/);
    const again = await signInOperator(network);
    assert.equal((await first.get("/operator")).status, 200);
    assert.equal((await again.get("/operator")).status, 200);
    const { rows } = await admin.query("select count(*)::int as n from operators where is_console");
    assert.equal(rows[0].n, 1);
  });

  it("are invited by a link that works once, and sign in with a passkey from then on", async () => {
    const browser = new Browser(network.url);
    const link = await inviteOperator(await signInOperator(network), "moderator", "grace");
    assert.equal((await useLink(browser, link)).path, "/operator");
    assert.equal((await new Browser(network.url).get(new URL(link).pathname)).status, 410);
    const device = await addPasskey(browser);
    const { page, browser: later } = await signIn(device);
    assert.equal(page.path, "/operator");
    assert.match((await later.get("/operator/operators")).html, /You are <strong>grace<\/strong>, moderator/);
    assert.equal(later.cookies.has("openmolt_owner"), false);
  });

  it("are named in the record of what they do", async () => {
    const grace = await operatorOf(network, "moderator", "ada");
    const agent = await network.agent();
    const page = await grace.get("/operator");
    await grace.submit(page, "/operator/suspensions", { agent_name: agent.name, hours: "1", reason: "Spam" });
    const { rows } = await admin.query(
      `select o.name from audit_log l join operators o on o.id = l.actor_id
       where l.act = 'agent.suspend' and l.target_id = $1`,
      [agent.id],
    );
    assert.deepEqual(rows, [{ name: "ada" }]);
    const nameless = await admin.query("select act from audit_log where actor_kind = 'operator' and actor_id is null");
    assert.deepEqual(nameless.rows, []);
  });

  it("are shown out at once: sessions, passkeys and links", async () => {
    const console_ = await signInOperator(network);
    const browser = new Browser(network.url);
    await useLink(browser, await inviteOperator(console_, "admin", "leaving"));
    const device = await addPasskey(browser);
    await change(console_, "leaving", "link");
    assert.equal((await browser.get("/operator")).status, 401, "another link ends the sessions");
    assert.equal((await signIn(device)).page.path, "/operator");
    const page = await change(console_, "leaving", "link");
    const link = /http[^\s<]+\/confirm\/\w+/.exec(page.html)?.[0] ?? "";
    await change(console_, "leaving", "remove");
    assert.equal((await signIn(device)).page.status, 400);
    assert.equal((await new Browser(network.url).get(new URL(link).pathname)).status, 410);
    assert.equal(cardOf(await console_.get("/operator/operators"), "leaving"), "");
    await inviteOperator(console_, "auditor", "Leaving");
  });

  it("change others after a fresh proof, never themselves or the console", async () => {
    const one = await operatorOf(network, "admin", "first");
    const another = await operatorOf(network, "admin", "second");
    const page = await one.get("/operator/operators");
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
    const { rows } = await admin.query("select id, name from operators where name in ('first', 'console')");
    for (const { id } of rows) {
      const refused = await one.post("/operator/operators/change", { operator_id: id, decision: "remove", csrf });
      assert.equal(refused.status, 409);
    }
    network.clock.advance(16 * MINUTE);
    const stale = await change(one, "second", "auditor");
    assert.equal(stale.status, 401);
    assert.match(stale.html, /href="\/login\?back=\/operator\/operators"/);
    assert.equal((await one.post("/operator/operators", { name: "late", role: "admin", csrf })).status, 401);
    assert.equal((await another.get("/operator")).status, 200);
  });

  it("have names of their own", async () => {
    const console_ = await signInOperator(network);
    await inviteOperator(console_, "auditor", "taken");
    const page = await console_.get("/operator/operators");
    for (const name of ["Taken", "console", "Console"]) {
      assert.equal((await console_.submit(page, "/operator/operators", { name, role: "auditor" })).status, 409, name);
    }
  });
});
