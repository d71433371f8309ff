import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser, formsOf, type Page } from "../../test/browser.js";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type Mailbox, startMailbox } from "../../test/mailbox.js";
import { sweepEnded } from "../owners/write/sign-in.js";
import { deviceOf, networkOf } from "../platform/visitors.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

describe("the sessions of an owner", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let count = 0;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url, trustedProxies: ["127.0.0.1"] });
  });
  after(async () => {
    await network.close();
    await mailbox.close();
  });

  interface Owner {
    browser: Browser;
    email: string;
    agent: TestAgent;
  }
  const browserWith = (userAgent: string, address: string) => {
    const browser = new Browser(network.url);
    browser.headers = { "user-agent": userAgent, "x-forwarded-for": address };
    return browser;
  };
  const owner = async (browser = browserWith(FIREFOX, "203.0.113.77")): Promise<Owner> => {
    const agent = await network.agent();
    const username = `session_${++count}`;
    const email = `${username}@example.org`;
    const claim_token = agent.claimUrl.split("/").pop() ?? "";
    await network.anonymous.owners.verifyEmail({ email, username, claim_token });
    await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    return { browser, email, agent };
  };
  const login = async (email: string, browser: Browser, page = "/login"): Promise<Page> => {
    await browser.submit(await browser.get(page), "/login", { email });
    return browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
  };
  const cardsOf = ({ html }: Page) => html.split('<section class="card">').slice(1);
  const endFormOf = (page: Page, text: string) => {
    const nth = cardsOf(page).findIndex((card) => card.includes(text));
    return formsOf(page).filter(({ action }) => action === "/owner/sessions/end")[nth]?.fields ?? {};
  };

  it("are listed with browser, network, beginning and last use", async () => {
    const { browser, email } = await owner();
    const phone = browserWith(SAFARI, "2001:db8:77:1:2:3:4:5");
    network.clock.advance(5 * MINUTE);
    await login(email, phone);
    const page = await phone.get("/owner/sessions");
    const [first = "", second = ""] = cardsOf(page);
    assert.match(first, /Safari on iOS.*this browser.*2001:db8:77::\/48/s);
    assert.match(second, /Firefox on Linux.*203\.0\.113\.0\/24/s);
    assert.doesNotMatch(page.html, /203\.0\.113\.77|AppleWebKit/);
    assert.equal(page.headers.get("cache-control"), "no-store");
    network.clock.advance(5 * MINUTE);
    browser.headers["x-forwarded-for"] = "198.51.100.9";
    await browser.get("/owner");
    const later = cardsOf(await phone.get("/owner/sessions")).find((card) => card.includes("Firefox")) ?? "";
    assert.match(later, /198\.51\.100\.0\/24/);
  });

  it("end one by one, and all but this one", async () => {
    const { browser, email } = await owner();
    const phone = browserWith(SAFARI, "192.0.2.1");
    const other = browserWith("", "192.0.2.2");
    await login(email, phone);
    await login(email, other);
    const page = await browser.get("/owner/sessions");
    assert.equal(cardsOf(page).length, 3);
    await browser.post("/owner/sessions/end", endFormOf(page, "Safari"));
    assert.equal((await phone.get("/owner")).status, 401);
    assert.equal((await other.get("/owner")).status, 200);
    const told = await browser.submit(await browser.get("/owner/sessions"), "/owner/sessions/end-others");
    assert.match(told.html, /One other browser is signed out/);
    assert.equal((await other.get("/owner")).status, 401);
    const last = await browser.get("/owner/sessions");
    assert.equal(cardsOf(last).length, 1);
    const left = await browser.post("/owner/sessions/end", endFormOf(last, "Firefox"));
    assert.equal(left.path, "/login");
    assert.equal(browser.cookies.has("openmolt_owner"), false);
  });

  it("of somebody else cannot be ended or seen", async () => {
    const mine = await owner();
    const other = await owner();
    const theirs = endFormOf(await other.browser.get("/owner/sessions"), "Firefox");
    const page = await mine.browser.get("/owner/sessions");
    assert.equal(cardsOf(page).length, 1);
    const csrf = endFormOf(page, "Firefox").csrf ?? "";
    const refused = await mine.browser.post("/owner/sessions/end", { session_id: theirs.session_id ?? "", csrf });
    assert.equal(refused.status, 404);
    assert.equal((await other.browser.get("/owner")).status, 200);
  });

  it("end when they are not used for four days", async () => {
    const { browser } = await owner();
    network.clock.advance(3 * DAY);
    assert.equal((await browser.get("/owner")).status, 200);
    network.clock.advance(4 * DAY + MINUTE);
    assert.equal((await browser.get("/owner")).status, 401);
  });

  it("ask for a fresh sign-in before what matters, and lead there and back", async () => {
    const { browser, email, agent } = await owner();
    const page = `/owner/agents/${agent.name}`;
    network.clock.advance(14 * MINUTE);
    assert.equal((await browser.submit(await browser.get(page), "/owner/keys/replace")).status, 200);
    network.clock.advance(2 * MINUTE);
    const refused = await browser.submit(await browser.get(page), "/owner/keys/replace");
    assert.equal(refused.status, 401);
    assert.match(refused.html, /Prove again that it is you/);
    const way = /href="(\/login\?back=[^"]*)"/.exec(refused.html)?.[1] ?? "";
    assert.equal(way, `/login?back=${page}`);
    const before = browser.cookies.get("openmolt_owner") ?? "";
    const home = await login(email, browser, way);
    assert.equal(home.path, page);
    assert.equal((await browser.submit(home, "/owner/keys/replace")).status, 200);
    assert.ok(home.html.includes(agent.name));
    const thief = new Browser(network.url);
    thief.cookies.set("openmolt_owner", before);
    assert.equal((await thief.get("/owner")).status, 401, "the session of before has ended");
  });

  it("are in the ledger of their person from sign-in to sign-out, however they end", async () => {
    const { browser, email } = await owner();
    const acts = async (from: Browser) => {
      const { html } = await from.get("/owner/activity.json");
      const { entries } = JSON.parse(html) as { entries: { act?: string }[] };
      return entries.flatMap(({ act }) => (act && /sign_|session/.test(act) ? [act] : [])).reverse();
    };
    const phone = browserWith(SAFARI, "192.0.2.1");
    await login(email, phone);
    await phone.submit(await phone.get("/owner"), "/logout");
    assert.deepEqual(await acts(browser), ["owner.sign_in", "owner.sign_in", "owner.sign_out"]);
    network.clock.set(new Date(`${network.clock.now().toISOString().slice(0, 10)}T01:00:00.000Z`));
    network.clock.advance(5 * DAY);
    await sweepEnded(network.server.services);
    await sweepEnded(network.server.services);
    await login(email, phone);
    assert.deepEqual(await acts(phone), ["session.run_out", "owner.sign_in"]);
  });

  it("lead back to pages of ours alone", async () => {
    const { email } = await owner();
    const ways = {
      "/owner/sessions": "/owner/sessions",
      "https://evil.example/": "/owner",
      "//evil.example": "/owner",
      "/\\evil.example": "/owner",
      "/owner//evil.example": "/owner",
      "/owner/../../evil": "/owner",
      "/owner\r\nLocation: //evil.example": "/owner",
      "/operator": "/owner",
      "/api/v1/agents/me": "/owner",
    };
    for (const [wanted, reached] of Object.entries(ways)) {
      const browser = new Browser(network.url);
      const home = await login(email, browser, `/login?back=${encodeURIComponent(wanted)}`);
      assert.equal(home.path, reached, wanted);
      assert.equal(browser.cookies.has("openmolt_back"), false, wanted);
      browser.cookies.set("openmolt_back", wanted.replace(/[\r\n]/g, ""));
      assert.equal((await login(email, browser)).path, reached, `${wanted} in a cookie that was planted`);
    }
  });
});

describe("a visitor", () => {
  it("is named by browser and system, and by nothing else it says", () => {
    const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";
    assert.equal(deviceOf(chrome), "Chrome on Windows");
    assert.equal(deviceOf(`${chrome} Edg/140.0`), "Edge on Windows");
    assert.equal(deviceOf(SAFARI), "Safari on iOS");
    assert.equal(deviceOf("curl/8.0"), "curl");
    assert.equal(deviceOf("<script>"), "");
    assert.equal(deviceOf(undefined), "");
  });

  it("comes from a network, not from an address", () => {
    assert.equal(networkOf("203.0.113.77"), "203.0.113.0/24");
    assert.equal(networkOf("::ffff:203.0.113.77"), "203.0.113.0/24");
    assert.equal(networkOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
    assert.equal(networkOf("unknown"), "");
  });
});
