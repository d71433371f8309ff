/** Dead keys and failed sign-ins: in the ledger of the owner concerned, counted when there are many, and told to nobody else. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ActivityEntry } from "../../src/audit/read/activity.js";
import { verifyLedger } from "../../src/audit/read/verify-ledger.js";
import { Authenticator } from "../authenticator.js";
import { Browser } from "../browser.js";
import { refusal, startTestServer, type TestServer } from "../harness.js";
import { heardAll } from "../heard-all.js";
import { type IdentityProvider, startIdentityProvider } from "../identity-provider.js";
import { type Mailbox, startMailbox } from "../mailbox.js";
import { newPerson, type Person } from "../people.js";

const HERE = "http://molt.test";
const MINUTE = 60_000;

describe("what is refused to somebody", () => {
  let mailbox: Mailbox;
  let identities: IdentityProvider;
  let network: TestServer;
  before(async () => {
    mailbox = await startMailbox();
    identities = await startIdentityProvider(HERE);
    network = await startTestServer({
      claimMethods: ["email", "oidc"],
      smtpUrl: mailbox.url,
      provider: identities.settings,
    });
  });
  after(async () => {
    await network.close();
    await identities.close();
    await mailbox.close();
  });

  /** What was refused, the first first. */
  const refusedTo = async ({ browser }: Person): Promise<ActivityEntry[]> => {
    await network.server.services.ledger.flush();
    const { html } = await browser.get("/owner/activity.json");
    const { entries } = JSON.parse(html) as { entries: ActivityEntry[] };
    return entries.filter(({ refused }) => refused !== undefined).reverse();
  };
  const use = (key: string) =>
    fetch(`${network.url}/api/v1/agents/me`, { headers: { authorization: `Bearer ${key}` } });
  /** How often the database is asked for a key meanwhile. */
  const lookUps = async (act: () => Promise<unknown>) => {
    const { app } = network.server.services;
    const query = app.query.bind(app) as (config: { text?: string }) => Promise<unknown>;
    let count = 0;
    app.query = (async (config: { text?: string }) => {
      if (config.text?.includes("find_key")) count++;
      return query(config);
    }) as typeof app.query;
    await act();
    app.query = query as typeof app.query;
    return count;
  };

  it("with a revoked key is in its owner's ledger, with the reason", async () => {
    const ada = await newPerson(network, mailbox);
    const { key: made, api_key: dead } = await ada.agent.client.keys.create({ name: "second" });
    await ada.agent.client.keys.revoke({ key_id: made.id });
    assert.equal((await refusal(network.clientFor(dead).agents.me())).code, "KEY_REVOKED");
    const [entry, ...others] = await refusedTo(ada);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [entry?.refused, entry?.agent, entry?.key, entry?.route, entry?.status],
      ["KEY_REVOKED", ada.agent.id, made.id, "/api/v1/agents/me", 401],
    );
    assert.match((await ada.browser.get("/owner/activity")).html, /401 KEY_REVOKED/);
    const other = await newPerson(network, mailbox);
    assert.deepEqual(await refusedTo(other), []);
    assert.deepEqual((await verifyLedger(network.server.services.app)).problems, []);
  });

  it("with an expired key is there too", async () => {
    const ada = await newPerson(network, mailbox);
    const { api_key: dead } = await ada.agent.client.keys.create({ name: "short", expires_in_days: 1 });
    network.clock.advance(25 * 60 * MINUTE);
    assert.equal((await refusal(network.clientFor(dead).agents.me())).code, "KEY_EXPIRED");
    network.clock.advance(-25 * 60 * MINUTE);
    await network.server.services.ledger.flush();
    const { html } = await ada.browser.get(
      `/owner/activity.json?day=${new Date(network.clock.now().getTime() + 25 * 60 * MINUTE).toISOString().slice(0, 10)}`,
    );
    assert.deepEqual(
      (JSON.parse(html) as { entries: ActivityEntry[] }).entries.flatMap(({ refused }) => refused ?? []),
      ["KEY_EXPIRED"],
    );
  });

  it("with a dead key a thousand times fills no ledger, and asks the database for the key once", async () => {
    const ada = await newPerson(network, mailbox);
    const { key: made, api_key: dead } = await ada.agent.client.keys.create({ name: "flooded" });
    await ada.agent.client.keys.revoke({ key_id: made.id });
    await heardAll(network.server);
    const asked = await lookUps(async () => {
      await (await use(dead)).text();
      for (let batch = 0; batch < 20; batch++) {
        await Promise.all(Array.from({ length: 50 }, async () => (await use(dead)).text()));
      }
    });
    assert.ok(asked <= 1, `${asked} look-ups`);
    assert.equal((await refusedTo(ada)).length, 5);
    network.clock.advance(11 * MINUTE);
    const entries = await refusedTo(ada);
    assert.equal(entries.length, 6);
    const last = entries.at(-1);
    assert.deepEqual([last?.refused, last?.key, last?.more], ["KEY_REVOKED", made.id, 996]);
    assert.ok((last?.since ?? "") <= (last?.at ?? ""));
    assert.match((await ada.browser.get("/owner/activity")).html, /996 more attempts/);
    await (await use(dead)).text();
    assert.equal((await refusedTo(ada)).length, 7, "the next is told again");
  });

  it("by a sign-in link that was used or has expired is in the ledger of whom it was for", async () => {
    const ada = await newPerson(network, mailbox);
    const sent = await new Browser(network.url).post("/login", { email: ada.email });
    assert.equal(sent.status, 200);
    const link = await mailbox.nextLink();
    const thief = new Browser(network.url);
    const page = await thief.get(link);
    await new Browser(network.url).submit(await new Browser(network.url).get(link), "/confirm");
    assert.equal((await thief.submit(page, "/confirm")).status, 410);
    const [entry, ...others] = await refusedTo(ada);
    assert.deepEqual(others, []);
    assert.deepEqual([entry?.act, entry?.refused, entry?.facts], ["owner.sign_in", "LINK_EXPIRED", { by: "link" }]);
    assert.match((await ada.browser.get("/owner/activity")).html, /owner\.sign_in<\/code> refused: LINK_EXPIRED/);
  });

  it("by a passkey is in its owner's ledger, and answered as a passkey that nobody has", async () => {
    const ada = await newPerson(network, mailbox);
    const device = new Authenticator(HERE);
    const optionsAt = async (browser: Browser, path: string) => JSON.parse((await browser.get(path)).html).options;
    const keys = await ada.browser.get("/owner/passkeys");
    const made = device.register(await optionsAt(ada.browser, "/owner/passkeys/options"));
    await ada.browser.submit(keys, "/owner/passkeys", { name: "Key", response: made });
    const tried = async (with_: Authenticator) => {
      const browser = new Browser(network.url);
      const question = await optionsAt(browser, "/login/passkey");
      return browser.post("/login/passkey", { response: with_.sign(question, { origin: "https://evil.example" }) });
    };
    const known = await tried(device);
    const stranger = new Authenticator(HERE);
    stranger.register(await optionsAt(ada.browser, "/owner/passkeys/options"));
    const unknown = await tried(stranger);
    assert.equal(known.status, 400);
    assert.deepEqual([known.status, known.html], [unknown.status, unknown.html]);
    const entries = await refusedTo(ada);
    assert.deepEqual(
      entries.map(({ refused, facts }) => [refused, facts]),
      [["PASSKEY_REFUSED", { by: "passkey" }]],
    );
  });

  it("by the provider is in the ledger of the owner who went there", async () => {
    const [ada, bob] = [await newPerson(network, mailbox), await newPerson(network, mailbox)];
    identities.account = "one_account";
    const link = async ({ browser }: Person) =>
      browser.get(await identities.signIn(await browser.leave("/owner/provider/link")));
    assert.equal((await link(ada)).status, 200);
    assert.equal((await link(bob)).status, 409);
    assert.deepEqual(await refusedTo(ada), []);
    const entries = await refusedTo(bob);
    assert.deepEqual(
      entries.map(({ refused, facts }) => [refused, facts]),
      [["CONFLICT", { by: "provider" }]],
    );
  });

  /** What a person was told on the page that somebody was refused. */
  const told = async ({ browser }: Person) => {
    await network.server.services.ledger.flush();
    await network.server.unusualUse.look();
    const { html } = await browser.get("/owner");
    return [...html.matchAll(/<li>((?:Somebody tries|A sign-in as you)[^<]*) <span/g)].map(([, text = ""]) => text);
  };

  it("with dead keys is told to their owner once a day, on the page and by mail, however often it is tried", async () => {
    const ada = await newPerson(network, mailbox);
    const dead: string[] = [];
    for (const name of ["one", "two"]) {
      const { key: made, api_key: key } = await ada.agent.client.keys.create({ name });
      await ada.agent.client.keys.revoke({ key_id: made.id });
      dead.push(key);
    }
    const mailsTo = () =>
      mailbox.mails.filter(({ to, subject }) => to === ada.email && /dead key/.test(subject)).length;
    for (const key of [...dead, ...dead]) await (await use(key)).text();
    const [text, ...more] = await told(ada);
    assert.match(text ?? "", new RegExp(`^Somebody tries a key of ${ada.agent.name} .* revoked or has expired`));
    assert.deepEqual(more, []);
    let mail = await mailbox.nextRefusal();
    while (mail.to !== ada.email) mail = await mailbox.nextRefusal();
    assert.match(mail.text, /It opens nothing/);
    for (const key of dead) assert.ok(!mail.text.includes(key));
    for (let round = 0; round < 3; round++) {
      for (const key of dead) await (await use(key)).text();
      assert.equal((await told(ada)).length, 1);
    }
    network.clock.advance(24 * 60 * MINUTE);
    await (await use(dead[0] ?? "")).text();
    assert.equal((await told(ada)).length, 2, "the next day");
    while ((await mailbox.nextRefusal()).to !== ada.email);
    assert.equal(mailsTo(), 2);
  });

  it("who wants to sign in is told to whom it was tried to be, once a day, and not about strangers' tries", async () => {
    const ada = await newPerson(network, mailbox);
    await new Browser(network.url).post("/login", { email: ada.email });
    const link = await mailbox.nextLink();
    const first = new Browser(network.url);
    await first.submit(await first.get(link), "/confirm");
    const token = link.split("/").pop() ?? "";
    for (let attempt = 0; attempt < 3; attempt++) {
      assert.equal((await new Browser(network.url).post("/confirm", { token })).status, 410);
    }
    assert.deepEqual(await told(ada), ["A sign-in as you was refused: the link was used before or had expired."]);
    let mail = await mailbox.nextRefusal();
    while (mail.to !== ada.email) mail = await mailbox.nextRefusal();
    assert.match(mail.text, /Somebody tried to sign in as you/);
    assert.ok(!mail.text.includes(token));
    const bob = await newPerson(network, mailbox);
    for (const guess of [`moltlink_${"c".repeat(43)}`, "nothing"]) {
      await new Browser(network.url).post("/confirm", { token: guess });
    }
    await new Browser(network.url).post("/login", { email: bob.email });
    await mailbox.next();
    assert.deepEqual(await told(bob), []);
  });

  it("by a link, key or account of nobody is in no ledger, and costs nothing there", async () => {
    const count = async () => {
      await network.server.services.ledger.flush();
      return (await verifyLedger(network.server.services.app)).rows;
    };
    const before = await count();
    await new Browser(network.url).post("/confirm", { token: `moltlink_${"a".repeat(43)}` });
    await use(`moltbook_${"b".repeat(49)}`);
    await use("anything");
    assert.equal(await count(), before);
  });
});
