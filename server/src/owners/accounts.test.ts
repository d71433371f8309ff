import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser, formsOf, type Page } from "../../test/browser.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type Mailbox, startMailbox } from "../../test/mailbox.js";
import { testOwner } from "../../test/owners.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("owners' accounts", () => {
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

  interface Owner {
    browser: Browser;
    email: string;
    agent: TestAgent;
    home: Page;
    /** The console's page of the agent. */
    console: Page;
  }
  const owner = async (username = `person_${++count}`): Promise<Owner> => {
    const agent = await network.agent();
    const email = `${username}@example.org`;
    const claim_token = agent.claimUrl.split("/").pop() ?? "";
    await network.anonymous.owners.verifyEmail({ email, username, claim_token });
    const browser = new Browser(network.url);
    const home = await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    assert.equal(home.path, "/owner");
    return { browser, email, agent, home, console: await browser.get(`/owner/agents/${agent.name}`) };
  };
  const login = async (email: string, browser = new Browser(network.url)) => {
    const sent = await browser.submit(await browser.get("/login"), "/login", { email });
    assert.equal(sent.path, "/sent");
    const home = await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    return { browser, home };
  };
  const newKeyIn = (page: Page) => /moltbook_[A-Za-z0-9]{49}/.exec(page.html)?.[0] ?? "";

  it("are opened by a mailed link and closed by signing out, for good", async () => {
    const { email, agent } = await owner();
    const { browser, home } = await login(email);
    assert.ok(home.html.includes(agent.name));
    const stolen = new Map(browser.cookies);
    await browser.submit(home, "/logout");
    assert.equal(browser.cookies.size, 0);
    const thief = new Browser(network.url);
    for (const [name, value] of stolen) thief.cookies.set(name, value);
    assert.equal((await thief.get("/owner")).status, 401);
  });

  it("ask strangers to sign in, in words and with the right status", async () => {
    for (const path of ["/owner"]) {
      const page = await new Browser(network.url).get(path);
      assert.equal(page.status, 401);
      assert.match(page.html, /href="\/login"/);
    }
    const json = await fetch(`${network.url}/owner`, { headers: { accept: "application/json" } });
    assert.equal(json.status, 401);
    assert.equal(((await json.json()) as { code: string }).code, "SESSION_REQUIRED");
    const agent = await network.agent();
    const withKey = await fetch(`${network.url}/owner`, { headers: { authorization: `Bearer ${agent.key}` } });
    assert.equal(withKey.status, 401);
  });

  it("never let a page be cached, framed, scripted or told to others", async () => {
    const { home, browser } = await owner();
    for (const page of [home, await browser.get("/login"), await browser.get("/sent")]) {
      assert.equal(page.headers.get("cache-control"), "no-store");
      assert.equal(page.headers.get("x-frame-options"), "DENY");
      assert.equal(page.headers.get("referrer-policy"), "same-origin");
      assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'.*frame-ancestors 'none'/);
    }
  });

  it("give a lost agent a new key that works at once, and end the old one at once", async () => {
    const { browser, console, agent } = await owner();
    await agent.client.agents.me();
    const page = await browser.submit(console, "/owner/keys/replace");
    const key = newKeyIn(page);
    assert.equal((await network.clientFor(key).agents.me()).agent.name, agent.name);
    assert.equal((await refusal(agent.client.agents.me())).code, "KEY_REVOKED");
    const later = await browser.get(page.path);
    assert.equal(newKeyIn(later), "", "the key is shown once");
    assert.ok(later.html.includes(key.slice(0, 13)));
  });

  it("revoke one key and leave the others", async () => {
    const { browser, agent } = await owner();
    const { api_key: second } = await agent.client.agents.rotateKey({ overlap_minutes: 60 });
    const page = await browser.get(`/owner/agents/${agent.name}`);
    const rows = [...page.html.matchAll(/<code>(\w+)…<\/code>.*?name="key_id" value="([^"]+)"/gs)];
    assert.equal(rows.length, 2);
    const old = rows.find(([, prefix]) => prefix === agent.key.slice(0, 13))?.[2] ?? "";
    const form = formsOf(page).find(({ fields }) => fields.key_id === old);
    await browser.post("/owner/keys/revoke", form?.fields ?? {});
    assert.equal((await refusal(agent.client.agents.me())).code, "KEY_REVOKED");
    await network.clientFor(second).agents.me();
  });

  it("make a key that may do less, for their own agents only", async () => {
    const { browser, console: home, agent } = await owner();
    const fields = { name: "feed reader", read: "on", expires_in_days: "30", networks: "" };
    const page = await browser.submit(home, "/owner/keys", fields);
    const key = newKeyIn(page);
    await network.clientFor(key).agents.me();
    assert.equal((await refusal(network.clientFor(key).agents.update({ description: "x" }))).code, "KEY_SCOPE");
    assert.match(page.html, /feed reader <code>\w+…<\/code>/);
    assert.equal((await browser.submit(home, "/owner/keys", fields)).status, 409, "the name is taken");
    const away = { ...fields, name: "away", networks: "198.51.100.0/24, 2001:db8::/32" };
    const restricted = newKeyIn(await browser.submit(home, "/owner/keys", away));
    assert.equal((await refusal(network.clientFor(restricted).agents.me())).code, "KEY_NETWORK");
    for (const wrong of [
      { read: "off" },
      { networks: "everywhere" },
      { name: "<script>" },
      { expires_in_days: "-1" },
    ]) {
      const refused = await browser.submit(home, "/owner/keys", { ...fields, name: "other", ...wrong });
      assert.equal(refused.status, 400, JSON.stringify(wrong));
      assert.ok(!refused.html.includes("<script>"));
    }
    const stranger = await owner();
    const theirs = { ...fields, name: "mine now", agent_id: agent.id };
    assert.equal((await stranger.browser.submit(stranger.console, "/owner/keys", theirs)).status, 404);
    assert.equal((await browser.submit(home, "/owner/keys", { ...fields, name: "n", csrf: "x" })).status, 403);
    const { keys } = await agent.client.keys.list();
    assert.deepEqual(
      keys.map(({ name }) => name),
      ["away", "feed reader", "main"],
    );
  });

  it("reach nobody else's agents", async () => {
    const mine = await owner();
    const other = await owner();
    const agentId = other.agent.id;
    assert.equal((await mine.browser.submit(mine.console, "/owner/keys/replace", { agent_id: agentId })).status, 404);
    const [keyForm] = formsOf(other.console).filter(({ action }) => action === "/owner/keys/revoke");
    const keyId = keyForm?.fields.key_id ?? "";
    assert.equal((await mine.browser.submit(mine.console, "/owner/keys/revoke", { key_id: keyId })).status, 404);
    await other.agent.client.agents.me();
    assert.ok(!(await mine.browser.get("/owner")).html.includes(other.agent.name));
  });

  it("refuse forms without the token of their session, and those of other sites", async () => {
    const { browser, console, agent } = await owner();
    const other = await owner();
    const [form] = formsOf(console).filter(({ action }) => action === "/owner/keys/replace");
    const fields = form?.fields ?? {};
    const [foreign] = formsOf(other.console);
    const attempts: Record<string, string>[] = [
      { agent_id: agent.id },
      { ...fields, csrf: "" },
      { ...fields, csrf: foreign?.fields.csrf ?? "" },
    ];
    for (const attempt of attempts) assert.equal((await browser.post("/owner/keys/replace", attempt)).status, 403);
    browser.headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    assert.equal((await browser.post("/owner/keys/replace", fields)).status, 403);
    await agent.client.agents.me();
  });

  it("take no session from whoever planted its cookie", async () => {
    const { email } = await owner();
    const browser = new Browser(network.url);
    browser.cookies.set("openmolt_owner", "moltsession_planted");
    assert.equal((await browser.get("/owner")).status, 401);
    await login(email, browser);
    assert.notEqual(browser.cookies.get("openmolt_owner"), "moltsession_planted");
    assert.equal((await browser.get("/owner")).status, 200);
  });

  it("follow no address given from outside", async () => {
    const { email } = await owner();
    const browser = new Browser(network.url);
    const evil = "https://evil.example/";
    const next = `?next=${encodeURIComponent(evil)}&redirect=${encodeURIComponent(evil)}`;
    const page = await browser.get(`/login${next}`);
    assert.doesNotMatch(page.html, /evil\.example/);
    await browser.submit(page, "/login", { email, next: evil, redirect: evil });
    const link = await mailbox.nextLink();
    const home = await browser.submit(await browser.get(link + next), "/confirm", { next: evil, redirect: evil });
    assert.equal(home.path, "/owner");
  });

  it("change their token daily, keep the old one for a moment, and end after 14 days", async () => {
    const { email } = await owner();
    const { browser } = await login(email);
    const first = browser.cookies.get("openmolt_owner") ?? "";
    const old = new Browser(network.url);
    old.cookies.set("openmolt_owner", first);
    network.clock.advance(DAY + MINUTE);
    const page = await browser.get("/owner");
    const second = browser.cookies.get("openmolt_owner");
    assert.notEqual(second, first);
    assert.equal((await old.get("/owner")).status, 200);
    assert.equal(old.cookies.get("openmolt_owner"), first, "only one of several at once is renewed");
    network.clock.advance(2 * MINUTE);
    assert.equal((await old.get("/owner")).status, 401);
    assert.equal((await browser.submit(page, "/owner/name")).status, 200, "forms of before still work");
    for (let day = 1; day < 13; day += 3) {
      network.clock.advance(3 * DAY);
      assert.equal((await browser.get("/owner")).status, 200, `day ${day + 3}`);
    }
    network.clock.advance(DAY - 10 * MINUTE);
    assert.equal((await browser.get("/owner")).status, 200);
    network.clock.advance(10 * MINUTE);
    assert.equal((await browser.get("/owner")).status, 401);
  });

  it("end with all their tokens when the owner signs out", async () => {
    const { email } = await owner();
    const { browser } = await login(email);
    const old = new Browser(network.url);
    for (const [name, value] of browser.cookies) old.cookies.set(name, value);
    network.clock.advance(DAY + MINUTE);
    await browser.submit(await browser.get("/owner"), "/logout");
    assert.equal((await old.get("/owner")).status, 401);
  });

  it("show the owner's name beside all agents only while the owner wants it", async () => {
    const { browser, agent, home } = await owner();
    assert.equal((await agent.client.agents.me()).agent.owner?.x_handle, null);
    await browser.submit(home, "/owner/name", { username: "Grace_H", show_name: "on" });
    assert.equal((await agent.client.agents.me()).agent.owner?.x_handle, "Grace_H");
    const second = await network.agent();
    await browser.submit(await browser.get(new URL(second.claimUrl).pathname), "/claim/own");
    assert.equal((await second.client.agents.me()).agent.owner?.x_name, "Grace_H");
    await browser.submit(await browser.get("/owner"), "/owner/name", { username: "Grace_H" });
    assert.equal((await agent.client.agents.me()).agent.owner?.x_handle, null);
    const rival = await owner();
    const taken = await rival.browser.submit(rival.home, "/owner/name", { username: "grace_h" });
    assert.equal(taken.status, 409);
    const reserved = await rival.browser.submit(rival.home, "/owner/name", { username: "Operator" });
    assert.equal(reserved.status, 409);
  });

  it("have cookies that no script reads and, over https, no plain connection carries", async () => {
    const { email } = await owner();
    await new Browser(network.url).post("/login", { email });
    const token = (await mailbox.nextLink()).split("/").pop() ?? "";
    const answer = await fetch(`${network.url}/confirm`, {
      method: "POST",
      body: new URLSearchParams({ token }),
      redirect: "manual",
    });
    const [cookie = ""] = answer.headers.getSetCookie();
    assert.match(cookie, /^openmolt_owner=moltsession_\w+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    const secure = await startTestServer({ publicUrl: "https://molt.example" });
    try {
      const operator = (await secure.server.operatorLink()).split("/").pop() ?? "";
      const signedIn = await fetch(`${secure.url}/confirm`, {
        method: "POST",
        body: new URLSearchParams({ token: operator }),
        redirect: "manual",
      });
      assert.match(signedIn.headers.getSetCookie()[0] ?? "", /^__Host-openmolt_operator=.*; Secure/);
    } finally {
      await secure.close();
    }
  });

  it("let nobody learn from an error whose they are", async () => {
    const { console } = await owner();
    const page = await new Browser(network.url).post("/owner/keys/replace", formsOf(console)[0]?.fields ?? {});
    assert.equal(page.status, 401);
    assert.doesNotMatch(page.html, /person_|example\.org/);
  });
});

describe("owners of agents that were claimed without mail", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["auto", "email"], smtpUrl: mailbox.url });
  });
  after(async () => {
    await network.close();
    await mailbox.close();
  });

  it("get an address through the agent, once, and can then replace its keys", async () => {
    const agent = await network.agent();
    await agent.client.owners.setupEmail({ email: "late@example.org", username: "latecomer" });
    const browser = new Browser(network.url);
    const page = await browser.get(await mailbox.nextLink());
    assert.ok(page.html.includes(agent.name));
    const home = await browser.submit(page, "/confirm");
    assert.match(home.html, /late@example\.org/);
    const console = await browser.get(`/owner/agents/${agent.name}`);
    assert.equal((await browser.submit(console, "/owner/keys/replace")).status, 200);
    assert.equal((await refusal(agent.client.agents.me())).code, "KEY_REVOKED");
  });

  it("cannot be replaced through the agent once they have an address", async () => {
    const agent = await network.agent();
    await agent.client.owners.setupEmail({ email: "one@example.org" });
    await agent.client.owners.setupEmail({ email: "two@example.org" });
    const [first, second] = [await mailbox.nextLink(), await mailbox.nextLink()];
    const confirm = async (link: string) => {
      const browser = new Browser(network.url);
      return browser.submit(await browser.get(link), "/confirm");
    };
    assert.equal((await confirm(first)).status, 200);
    assert.equal((await confirm(second)).status, 409);
    assert.equal((await refusal(agent.client.owners.setupEmail({ email: "x@example.org" }))).code, "CONFLICT");
  });

  it("lend their account to nobody who holds a key of the agent, whether or not they have an address", async () => {
    const agent = await network.agent();
    await agent.client.owners.setupEmail({ email: "thief@example.org" });
    const link = await mailbox.nextLink();
    const owner = await testOwner(network, agent);
    assert.equal((await refusal(agent.client.owners.setupEmail({ email: "thief@example.org" }))).code, "CONFLICT");
    const thief = new Browser(network.url);
    assert.equal((await thief.submit(await thief.get(link), "/confirm")).status, 409);
    assert.equal((await thief.get("/owner")).status, 401);
    assert.match((await owner.browser.get("/owner")).html, /You have no e-mail address here/);
  });

  it("give themselves an address by a link that works in their own browser alone", async () => {
    const agent = await network.agent();
    const owner = await testOwner(network, agent);
    const home = await owner.browser.get("/owner");
    assert.equal((await owner.browser.submit(home, "/owner/address", { email: "grown@example.org" })).path, "/sent");
    const link = await mailbox.nextLink();
    const stranger = new Browser(network.url);
    assert.equal((await stranger.submit(await stranger.get(link), "/confirm")).status, 401);
    const done = await owner.browser.submit(await owner.browser.get(link), "/confirm");
    assert.match(done.html, /You sign in as grown@example.org/);
    const csrf = formsOf(done).find(({ fields }) => fields.csrf)?.fields.csrf ?? "";
    assert.equal((await owner.browser.post("/owner/address", { csrf, email: "other@example.org" })).status, 409);

    const second = await testOwner(network, await network.agent());
    await second.browser.submit(await second.browser.get("/owner"), "/owner/address", { email: "Grown@example.org" });
    const taken = await second.browser.get(await mailbox.nextLink());
    assert.equal((await second.browser.submit(taken, "/confirm")).status, 409);
    const page = await second.browser.get("/owner");
    network.clock.advance(16 * MINUTE);
    const stale = await second.browser.submit(page, "/owner/address", { email: "late2@example.org" });
    assert.match(stale.html, /sign-in of the last 15 minutes/);
  });

  it("cannot be set up for an agent that is not claimed", async () => {
    const strict = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url });
    try {
      const agent = await strict.agent();
      const error = await refusal(agent.client.owners.setupEmail({ email: "jo@example.org" }));
      assert.equal(error.status, 400);
      assert.equal(error.code, "NOT_CLAIMED_YET");
      assert.equal(error.message, "NOT_CLAIMED_YET: Agent must be claimed first");
    } finally {
      await strict.close();
    }
  });
});
