import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Authenticator, type Lies } from "../../test/authenticator.js";
import { Browser, formsOf, type Page } from "../../test/browser.js";
import { startTestServer, type TestServer } from "../../test/harness.js";
import { type Mailbox, startMailbox } from "../../test/mailbox.js";

const MINUTE = 60_000;
const HERE = "http://molt.test";

describe("passkeys", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let count = 0;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url });
  });
  after(async () => {
    await network.close();
    await mailbox.close();
  });

  const owner = async () => {
    const agent = await network.agent();
    const username = `keeper_${++count}`;
    const email = `${username}@example.org`;
    const claim_token = agent.claimUrl.split("/").pop() ?? "";
    await network.anonymous.owners.verifyEmail({ email, username, claim_token });
    const browser = new Browser(network.url);
    await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    return { browser, agent, email, username };
  };
  const questionFor = async (browser: Browser, path: string) => {
    const { status, html, headers } = await browser.get(path);
    assert.equal(status, 200, html);
    assert.equal(headers.get("cache-control"), "no-store");
    return JSON.parse(html).options;
  };
  const add = async (browser: Browser, device: Authenticator, name = "My key", lies: Lies = {}) => {
    const question = await questionFor(browser, "/owner/passkeys/options");
    const page = await browser.get("/owner/passkeys");
    return browser.submit(page, "/owner/passkeys", { name, response: device.register(question, lies) });
  };
  const signIn = async (device: Authenticator, lies: Lies = {}, browser = new Browser(network.url)) => {
    const question = await questionFor(browser, "/login/passkey");
    const page = await browser.post("/login/passkey", { response: device.sign(question, lies) });
    return { browser, page };
  };
  const keeper = async () => {
    const { browser, ...who } = await owner();
    const device = new Authenticator(HERE);
    const page = await add(browser, device);
    assert.equal(page.path, "/owner/passkeys");
    return { browser, device, page, ...who };
  };
  const passkeyIdIn = (page: Page) => formsOf(page).find(({ fields }) => fields.passkey_id)?.fields.passkey_id ?? "";

  it("sign their owner in, and nobody has to say who they are", async () => {
    const { device, agent } = await keeper();
    const { page, browser } = await signIn(device);
    assert.equal(page.path, "/owner");
    assert.ok(page.html.includes(agent.name));
    assert.match((await browser.get("/owner/passkeys")).html, /My key.*last used <time datetime="\d{4}-/s);
  });

  it("are asked for as ones that find themselves and check who uses them", async () => {
    const { browser, username } = await owner();
    const question = await questionFor(browser, "/owner/passkeys/options");
    assert.equal(question.rp.id, "molt.test");
    assert.equal(question.user.name, username);
    assert.equal(question.authenticatorSelection.residentKey, "required");
    assert.equal(question.authenticatorSelection.userVerification, "required");
    assert.equal(question.attestation, "none");
    const signingIn = await questionFor(new Browser(network.url), "/login/passkey");
    assert.equal(signingIn.userVerification, "required");
    assert.equal(signingIn.allowCredentials, undefined);
  });

  it("are a fresh proof of who it is, and lead back to the page that asked for one", async () => {
    const { browser, device } = await keeper();
    network.clock.advance(16 * MINUTE);
    const page = await browser.get("/owner/passkeys");
    const refused = await browser.submit(page, "/owner/passkeys/remove");
    assert.equal(refused.status, 401);
    await browser.get(/href="(\/login[^"]*)"/.exec(refused.html)?.[1] ?? "");
    const { page: reached } = await signIn(device, {}, browser);
    assert.equal(reached.path, "/owner/passkeys");
    assert.equal((await browser.submit(reached, "/owner/passkeys/remove")).status, 200);
  });

  it("are added only after a fresh proof", async () => {
    const { browser } = await owner();
    const device = new Authenticator(HERE);
    const question = await questionFor(browser, "/owner/passkeys/options");
    const page = await browser.get("/owner/passkeys");
    network.clock.advance(16 * MINUTE);
    assert.equal((await browser.get("/owner/passkeys/options")).status, 401);
    const late = await browser.submit(page, "/owner/passkeys", { name: "Late", response: device.register(question) });
    assert.equal(late.status, 401);
    assert.equal((await signIn(device)).page.status, 400);
  });

  const lies: [string, Lies][] = [
    ["from another origin", { origin: "https://evil.example" }],
    ["from the same name over another port", { origin: "http://molt.test:8080" }],
    ["for another host", { rpId: "evil.example" }],
    ["without a look at who uses the device", { verified: false }],
    ["with a challenge of its own", { challenge: Buffer.from("mine").toString("base64url") }],
    ["without a challenge", { challenge: "" }],
  ];
  for (const [what, lie] of lies) {
    it(`sign nobody in ${what}`, async () => {
      const { device } = await keeper();
      const { page, browser } = await signIn(device, lie);
      assert.equal(page.status, 400);
      assert.match(page.html, /This passkey was not accepted/);
      assert.equal((await browser.get("/owner")).status, 401);
      assert.equal((await signIn(device)).page.path, "/owner", "the passkey itself still works");
    });

    it(`are not added ${what}`, async () => {
      const { browser } = await owner();
      const device = new Authenticator(HERE);
      assert.equal((await add(browser, device, "False", lie)).status, 400);
      assert.equal((await signIn(device)).page.status, 400);
    });
  }

  it("sign in once with each answer, however often it is sent at once", async () => {
    const { device } = await keeper();
    const browser = new Browser(network.url);
    const response = device.sign(await questionFor(browser, "/login/passkey"));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => new Browser(network.url).post("/login/passkey", { response })),
    );
    assert.equal(answers.filter(({ path }) => path === "/owner").length, 1);
    assert.equal(answers.filter(({ status }) => status === 400).length, 9);
  });

  it("answer within five minutes", async () => {
    const { device } = await keeper();
    const browser = new Browser(network.url);
    const response = device.sign(await questionFor(browser, "/login/passkey"));
    network.clock.advance(5 * MINUTE);
    assert.equal((await browser.post("/login/passkey", { response })).status, 400);
  });

  it("do not answer the question of another purpose or person", async () => {
    const { browser, device } = await keeper();
    const other = await owner();
    const theirs = await questionFor(other.browser, "/owner/passkeys/options");
    const fresh = new Authenticator(HERE);
    const page = await browser.get("/owner/passkeys");
    const response = fresh.register(theirs);
    assert.equal((await browser.submit(page, "/owner/passkeys", { name: "Theirs", response })).status, 400);
    const signed = device.sign({ ...theirs, rpId: "molt.test" });
    assert.equal((await browser.post("/login/passkey", { response: signed })).status, 400);
  });

  it("that were copied give themselves away by a counter that falls back", async () => {
    const { device } = await keeper();
    await signIn(device, { counter: 7 });
    assert.equal((await signIn(device, { counter: 7 })).page.status, 400);
    assert.equal((await signIn(device, { counter: 6 })).page.status, 400);
    assert.equal((await signIn(device, { counter: 0 })).page.status, 400);
    assert.equal((await signIn(device, { counter: 8 })).page.path, "/owner");
  });

  it("belong to one owner", async () => {
    const { device } = await keeper();
    const { browser } = await owner();
    const again = await add(browser, device);
    assert.equal(again.status, 400);
    const first = await signIn(device);
    assert.doesNotMatch((await browser.get("/owner/passkeys")).html, /My key/);
    assert.match((await first.browser.get("/owner/passkeys")).html, /My key/);
  });

  it("are named and removed by their owner alone, and then sign nobody in", async () => {
    const { browser, device, page } = await keeper();
    const other = await keeper();
    const passkey_id = passkeyIdIn(other.page);
    const csrf = formsOf(page).find(({ fields }) => fields.csrf)?.fields.csrf ?? "";
    assert.equal((await browser.post("/owner/passkeys/name", { passkey_id, csrf, name: "Mine" })).status, 404);
    assert.equal((await browser.post("/owner/passkeys/remove", { passkey_id, csrf })).status, 404);
    const named = await browser.submit(page, "/owner/passkeys/name", { name: "<b>Phone</b>" });
    assert.match(named.html, /&lt;b&gt;Phone&lt;\/b&gt;/);
    await browser.submit(named, "/owner/passkeys/remove");
    assert.equal((await signIn(device)).page.status, 400);
    assert.equal((await signIn(other.device)).page.path, "/owner");
  });

  it("are at most twenty", async () => {
    const { browser } = await owner();
    for (let i = 0; i < 20; i++) assert.equal((await add(browser, new Authenticator(HERE))).status, 200);
    assert.equal((await add(browser, new Authenticator(HERE))).status, 409);
  });

  it("survive junk", async () => {
    const { browser } = await owner();
    const page = await browser.get("/owner/passkeys");
    for (const response of [
      "",
      "null",
      "[]",
      "{}",
      '{"id":1}',
      '{"id":"x"}',
      '{"id":"x","response":{}}',
      "x".repeat(19_000),
    ]) {
      assert.equal((await browser.post("/login/passkey", { response })).status, 400, response);
      assert.equal((await browser.submit(page, "/owner/passkeys", { name: "Junk", response })).status, 400, response);
    }
  });

  it("need scripts of ours alone", async () => {
    const page = await new Browser(network.url).get("/login");
    assert.match(
      page.headers.get("content-security-policy") ?? "",
      /default-src 'none'.*script-src 'self'; connect-src 'self';/,
    );
    const sources = [...page.html.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)];
    assert.equal(sources.length, 2);
    for (const [, attributes = "", inner] of sources) {
      assert.equal(inner, "");
      const path = /src="(\/[^"]+)"/.exec(attributes)?.[1] ?? "";
      const answer = await fetch(network.url + path);
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get("content-type") ?? "", /^text\/javascript/);
    }
    const { browser } = await owner();
    assert.doesNotMatch((await browser.get("/owner")).html, /<script/);
  });
});
