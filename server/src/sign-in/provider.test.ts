import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { Authenticator } from "../../test/authenticator.js";
import { Browser, type Page } from "../../test/browser.js";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type IdentityProvider, startIdentityProvider } from "../../test/identity-provider.js";
import { type Mailbox, startMailbox } from "../../test/mailbox.js";

const HERE = "http://molt.test";

describe("signing in with a provider", () => {
  let mailbox: Mailbox;
  let identities: IdentityProvider;
  let network: TestServer;
  let count = 0;
  before(async () => {
    mailbox = await startMailbox();
    identities = await startIdentityProvider(HERE);
    network = await startTestServer({
      claimMethods: ["email", "oidc"],
      smtpUrl: mailbox.url,
      provider: identities.settings,
    });
  });
  beforeEach(() => {
    identities.account = `person_${++count}`;
  });
  after(async () => {
    await network.close();
    await identities.close();
    await mailbox.close();
  });

  const claimToken = (agent: TestAgent) => agent.claimUrl.split("/").pop() ?? "";
  const claim = async (agent: TestAgent, browser = new Browser(network.url)) => {
    const page = await browser.get(new URL(agent.claimUrl).pathname);
    const way = /href="(\/login\/provider\?claim_token=[^"]+)"/.exec(page.html)?.[1] ?? "";
    const home = await browser.get(await identities.signIn(await browser.leave(way)));
    return { browser, home };
  };
  const signIn = async (browser = new Browser(network.url)) => {
    const home = await browser.get(await identities.signIn(await browser.leave("/login/provider")));
    return { browser, home };
  };
  const mailOwner = async () => {
    const agent = await network.agent();
    const username = `mail_${++count}`;
    await network.anonymous.owners.verifyEmail({
      email: `${username}@example.org`,
      username,
      claim_token: claimToken(agent),
    });
    const browser = new Browser(network.url);
    await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    return { browser, agent };
  };
  const link = async (browser: Browser): Promise<Page> =>
    browser.get(await identities.signIn(await browser.leave("/owner/provider/link")));

  it("claims an agent for a new owner, and again for the same one", async () => {
    const agent = await network.agent();
    const { home } = await claim(agent);
    assert.equal(home.path, "/owner");
    assert.ok(home.html.includes(agent.name));
    assert.match(home.html, new RegExp(`value="${identities.account}"`));
    assert.equal((await agent.client.agents.status()).status, "claimed");
    const second = await network.agent();
    const again = await claim(second);
    assert.ok(again.home.html.includes(agent.name) && again.home.html.includes(second.name));
    const { home: later } = await signIn();
    assert.ok(later.html.includes(agent.name));
  });

  it("is what an agent was claimed with, for everybody to see if its owner says so", async () => {
    const agent = await network.agent();
    const { browser, home } = await claim(agent);
    const proof = async () => (await network.anonymous.agents.profile({ name: agent.name })).agent.owner?.proof;
    assert.equal(await proof(), null);
    await browser.submit(home, "/owner/name", { username: identities.account, show_proof: "on" });
    assert.deepEqual(await proof(), { method: "oidc", place: new URL(identities.settings.issuer).host });
  });

  it("signs nobody in whose account belongs to nobody here, whatever address it names", async () => {
    await network.anonymous.owners.verifyEmail({
      email: "jo@example.org",
      username: `jo_${count}`,
      claim_token: claimToken(await network.agent()),
    });
    await new Browser(network.url).submit(await new Browser(network.url).get(await mailbox.nextLink()), "/confirm");
    const { home, browser } = await signIn();
    assert.equal(home.status, 400);
    assert.match(home.html, /belongs to no owner here/);
    assert.equal((await browser.get("/owner")).status, 401);
  });

  it("is added to an owner who asks for it, and removed again", async () => {
    const { browser, agent } = await mailOwner();
    const page = await link(browser);
    assert.equal(page.path, "/owner/provider");
    assert.match(page.html, /with your account at Example/);
    const elsewhere = await signIn();
    assert.ok(elsewhere.home.html.includes(agent.name));
    await browser.submit(await browser.get("/owner/provider"), "/owner/provider/unlink");
    assert.equal((await signIn()).home.status, 400);
  });

  it("is added after a fresh proof alone", async () => {
    const { browser } = await mailOwner();
    network.clock.advance(16 * 60_000);
    const refused = await browser.get("/owner/provider/link");
    assert.equal(refused.status, 401);
    assert.match(refused.html, /href="\/login\?back=\/owner\/provider"/);
    network.clock.advance(-16 * 60_000);
  });

  it("belongs to one owner", async () => {
    const first = await mailOwner();
    const second = await mailOwner();
    await link(first.browser);
    assert.equal((await link(second.browser)).status, 409);
    assert.ok((await signIn()).home.html.includes(first.agent.name));
  });

  it("stays while nothing else would be left to sign in with", async () => {
    const { browser } = await claim(await network.agent());
    const page = await browser.get("/owner/provider");
    assert.equal((await browser.submit(page, "/owner/provider/unlink")).status, 409);
    const device = new Authenticator(HERE);
    const { options } = JSON.parse((await browser.get("/owner/passkeys/options")).html);
    const keys = await browser.get("/owner/passkeys");
    await browser.submit(keys, "/owner/passkeys", { name: "Key", response: device.register(options) });
    assert.equal((await browser.submit(page, "/owner/provider/unlink")).status, 200);
  });

  it("counts in the browser that asked, once, and in time", async () => {
    await claim(await network.agent());
    const browser = new Browser(network.url);
    const path = await identities.signIn(await browser.leave("/login/provider"));
    assert.equal((await new Browser(network.url).get(path)).status, 400, "another browser");
    const altered = path.replace(/state=[^&]+/, "state=altered");
    assert.equal((await browser.get(altered)).status, 400, "another state");
    const other = new Browser(network.url);
    await other.leave("/login/provider");
    assert.equal((await other.get(path)).status, 400, "another sign-in");
    assert.equal((await browser.get(path)).path, "/owner");
    assert.equal((await browser.get(path)).status, 400, "a second time");
    const late = new Browser(network.url);
    const latePath = await identities.signIn(await late.leave("/login/provider"));
    network.clock.advance(16 * 60_000);
    assert.equal((await late.get(latePath)).status, 400, "too late");
    network.clock.advance(-16 * 60_000);
  });

  it("asks with PKCE, state and nonce, and tells the provider no secret and no page", async () => {
    const browser = new Browser(network.url);
    const address = new URL(await browser.leave("/login/provider"));
    const asked = Object.fromEntries(address.searchParams);
    assert.equal(asked.code_challenge_method, "S256");
    assert.equal(asked.response_type, "code");
    assert.ok((asked.state?.length ?? 0) >= 40 && (asked.nonce?.length ?? 0) >= 40);
    assert.equal(asked.redirect_uri, `${HERE}/login/provider/callback`);
    assert.doesNotMatch(address.href, /secret/);
    const again = new URL(await browser.leave("/login/provider"));
    assert.notEqual(again.searchParams.get("state"), asked.state);
    assert.notEqual(again.searchParams.get("code_challenge"), asked.code_challenge);
  });

  it("says what to do when the provider refuses or is away", async () => {
    const browser = new Browser(network.url);
    const state = new URL(await browser.leave("/login/provider")).searchParams.get("state");
    const refused = await browser.get(`/login/provider/callback?error=access_denied&state=${state}`);
    assert.equal(refused.status, 400);
    assert.match(refused.html, /did not succeed/);
    const away = await startTestServer({
      claimMethods: ["oidc"],
      provider: { ...identities.settings, issuer: "http://127.0.0.1:9" },
    });
    const none = await startTestServer();
    try {
      assert.equal((await new Browser(away.url).get("/login/provider")).status, 400);
      assert.equal((await new Browser(none.url).get("/login/provider")).status, 404);
      assert.doesNotMatch((await new Browser(none.url).get("/login")).html, /login\/provider/);
    } finally {
      await away.close();
      await none.close();
    }
  });

  it("is not believed when its keys did not sign what it says", async () => {
    const other = await startTestServer({ claimMethods: ["oidc"], provider: { ...identities.settings } });
    identities.otherKeys = true;
    try {
      const agent = await other.agent();
      const browser = new Browser(other.url);
      const way = await browser.leave(`/login/provider?claim_token=${claimToken(agent)}`);
      assert.equal((await browser.get(await identities.signIn(way))).status, 400);
      assert.equal((await agent.client.agents.status()).status, "pending_claim");
    } finally {
      identities.otherKeys = false;
      await other.close();
    }
  });

  it("is gone to from pages of ours alone", async () => {
    const { browser } = await mailOwner();
    const { claimUrl } = await network.agent();
    const paths = [
      "/login/provider",
      `/login/provider?claim_token=${claimUrl.split("/").pop()}`,
      "/owner/provider/link",
    ];
    for (const site of ["cross-site", "same-site"]) {
      browser.headers = { "sec-fetch-site": site };
      for (const path of paths) assert.equal((await browser.get(path)).status, 403, `${path} from ${site}`);
    }
    browser.headers = { "sec-fetch-site": "same-origin" };
    for (const path of paths) assert.match(await browser.leave(path), /\/auth\?/);
  });

  it("claims nothing with a link that is used, expired or made up", async () => {
    const agent = await network.agent();
    await claim(agent);
    const browser = new Browser(network.url);
    const again = await browser.leave(`/login/provider?claim_token=${claimToken(agent)}`);
    assert.equal((await browser.get(await identities.signIn(again))).status, 409);
    const madeUp = await browser.leave("/login/provider?claim_token=moltbook_claim_madeup");
    assert.equal((await browser.get(await identities.signIn(madeUp))).status, 404);
  });
});
