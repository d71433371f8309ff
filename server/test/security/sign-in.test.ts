/** Signing in and claiming: links used twice, redirects, forged forms, planted sessions, asking who exists, mass registration. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { Browser, formsOf } from "../browser.js";
import { refusal, startTestServer, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";
import { signInOperator } from "../operators.js";

describe("signing in", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let admin: pg.Client;
  let count = 0;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email", "operator"], smtpUrl: mailbox.url });
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await network.close();
    await mailbox.close();
  });

  const owner = async () => {
    const agent = await network.agent();
    const username = `safe_${++count}`;
    const email = `${username}@example.org`;
    const claim_token = agent.claimUrl.split("/").pop() ?? "";
    await network.anonymous.owners.verifyEmail({ email, username, claim_token });
    const link = await mailbox.nextLink();
    const browser = new Browser(network.url);
    const home = await browser.submit(await browser.get(link), "/confirm");
    assert.equal(home.path, "/owner");
    return { agent, email, browser, link, claim_token };
  };

  it("works once with each link, however many bring it at once", async () => {
    const { email, link, claim_token } = await owner();
    assert.notEqual((await new Browser(network.url).get(link)).status, 200, "a link that claimed");
    await new Browser(network.url).post("/login", { email });
    const token = (await mailbox.nextLink()).split("/").pop() ?? "";
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => new Browser(network.url).post("/confirm", { token })),
    );
    assert.equal(answers.filter(({ path }) => path === "/owner").length, 1);
    assert.equal(answers.filter(({ status }) => status === 410).length, 19);
    const again = await refusal(
      network.anonymous.owners.verifyEmail({ email: "thief@example.org", username: "thief", claim_token }),
    );
    assert.equal(again.code, "ALREADY_CLAIMED", "nor does a claim link claim twice");
  });

  it("uses up no link by opening it, as scanners of mail do", async () => {
    const { email } = await owner();
    await new Browser(network.url).post("/login", { email });
    const link = await mailbox.nextLink();
    for (let i = 0; i < 3; i++) assert.equal((await new Browser(network.url).get(link)).status, 200);
    const browser = new Browser(network.url);
    assert.equal((await browser.submit(await browser.get(link), "/confirm")).path, "/owner");
  });

  it("redirects to pages of ours alone, whatever asks for another", async () => {
    const { email } = await owner();
    const evil = [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "/owner@evil.example",
      "/%2fevil.example",
    ];
    for (const back of evil) {
      const browser = new Browser(network.url);
      // The browser of the test refuses to be sent anywhere else.
      await browser.submit(await browser.get(`/login?back=${encodeURIComponent(back)}`), "/login", { email });
      const home = await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
      assert.equal(home.path, "/owner", back);
    }
  });

  it("takes no form from another site, with or without a session", async () => {
    const { browser, email } = await owner();
    const page = await browser.get("/owner/sessions");
    const fields = formsOf(page).find(({ action }) => action === "/owner/sessions/end")?.fields ?? {};
    const foreign: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site", origin: network.url },
      { "sec-fetch-site": "same-site", origin: network.url },
    ];
    for (const headers of foreign) {
      browser.headers = headers;
      assert.equal((await browser.post("/owner/sessions/end", fields)).status, 403, JSON.stringify(headers));
      const stranger = new Browser(network.url);
      stranger.headers = headers;
      for (const path of ["/login", "/confirm", "/login/passkey", "/claim/request"]) {
        const form = { email, token: "x", response: "{}", claim_token: "x", username: "somebody" };
        assert.equal((await stranger.post(path, form)).status, 403, `${path} ${JSON.stringify(headers)}`);
      }
    }
    browser.headers = {};
    const { csrf: _, ...without } = fields;
    assert.equal((await browser.post("/owner/sessions/end", without)).status, 403);
    assert.equal((await browser.get("/owner")).status, 200);
  });

  it("gives every sign-in a session of its own, and ends the one the browser brought", async () => {
    const victim = await owner();
    const attacker = await owner();
    const planted = attacker.browser.cookies.get("openmolt_owner") ?? "";
    const browser = new Browser(network.url);
    browser.cookies.set("openmolt_owner", planted);
    await browser.post("/login", { email: victim.email });
    const home = await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    assert.ok(home.html.includes(victim.agent.name));
    assert.notEqual(browser.cookies.get("openmolt_owner"), planted);
    assert.equal((await attacker.browser.get("/owner")).status, 401, "what was planted is worth nothing any more");
    const first = await signInOperator(network);
    assert.notEqual(first.cookies.get("openmolt_operator"), browser.cookies.get("openmolt_owner"));
  });

  it("does the same work and answers the same for addresses that are known and that are not", async () => {
    const { email } = await owner();
    const asked = async (address: string) => {
      const statements: string[] = [];
      const { query } = pg.Client.prototype;
      pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
        const [given] = args as [string | { text?: string }];
        const text = typeof given === "string" ? given : (given?.text ?? "");
        if (/\b(owners|magic_links|add_job|passkeys|claims)\b/.test(text)) statements.push(text);
        return Reflect.apply(query, this, args);
      } as typeof query;
      try {
        const answer = await fetch(`${network.url}/login`, {
          method: "POST",
          redirect: "manual",
          body: new URLSearchParams({ email: address }),
        });
        const headers = Object.fromEntries(answer.headers);
        for (const name of ["date", "x-request-id", "x-ratelimit-remaining", "x-ratelimit-reset"]) delete headers[name];
        const during = [...statements];
        return { status: answer.status, headers, body: await answer.text(), during };
      } finally {
        pg.Client.prototype.query = query;
      }
    };
    const links = async () => (await admin.query("select count(*)::int as n from magic_links")).rows[0].n as number;
    const before = await links();
    const known = await asked(email);
    await mailbox.nextLink();
    const unknown = await asked("nobody.at.all@example.org");
    assert.ok(
      known.during.some((text) => text.includes("magic_links")),
      "the statements are seen",
    );
    assert.deepEqual({ ...unknown, during: [] }, { ...known, during: [] });
    // What comes after the job was left is done behind the answer, when nobody waits any more.
    const work = ({ during }: typeof known) => during.slice(0, during.findIndex((text) => /add_job/.test(text)) + 1);
    assert.ok(work(known).length >= 2, known.during.join("\n"));
    assert.deepEqual(work(unknown), work(known));
    assert.ok((await links()) >= before + 1);
    const passkey = await (await fetch(`${network.url}/login/passkey`)).json();
    assert.deepEqual((passkey as { options: { allowCredentials?: unknown } }).options.allowCredentials, undefined);
  });
});

describe("registering in masses", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer({ limits: true, claimMethods: ["email"] });
  });
  after(() => network.close());

  const register = (name: string, headers: Record<string, string> = {}) =>
    fetch(`${network.url}/api/v1/agents/register`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ name }),
    });

  it("ends after ten a day from one address, whatever address a header claims", async () => {
    for (let i = 0; i < 10; i++) assert.equal((await register(`crowd_${i}`)).status, 201);
    const spoofed: Record<string, string>[] = [
      {},
      { "x-forwarded-for": "203.0.113.9" },
      { "x-real-ip": "203.0.113.9" },
    ];
    for (const headers of spoofed) {
      const refused = await register("crowd_more", headers);
      assert.equal(refused.status, 429);
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
    }
  });

  it("asks for ten sign-in links an hour from one address, and five for one recipient", async () => {
    const ask = (email: string) =>
      fetch(`${network.url}/login`, { method: "POST", redirect: "manual", body: new URLSearchParams({ email }) });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await ask("victim@example.org")).status);
    assert.deepEqual(statuses, [303, 303, 303, 303, 303, 429]);
    for (let i = 0; i < 4; i++) assert.equal((await ask(`other_${i}@example.org`)).status, 303);
    assert.equal((await ask("another@example.org")).status, 429);
  });
});
