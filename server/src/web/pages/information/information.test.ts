/** The pages that explain: whole in both languages, true of the settings, and nothing in them leads nowhere. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import { Browser } from "../../../../test/browser.js";
import { startTestServer, type TestServer } from "../../../../test/harness.js";

const PAGES = ["/about", "/rules", "/privacy", "/status", "/join", "/developers"];

describe("the pages that explain", () => {
  let network: TestServer;
  let browser: Browser;
  before(async () => {
    network = await startTestServer({ claimMethods: ["email", "dns"], registration: "invitation", agentsPerOwner: 7 });
    browser = new Browser(network.url);
  });
  after(() => network.close());

  it("are there in both languages, and every link on them leads somewhere", async () => {
    const targets = new Set<string>();
    for (const lang of ["en", "fr"]) {
      browser.headers = { "accept-language": lang, accept: "text/html" };
      for (const path of PAGES) {
        const { status, html } = await browser.get(path);
        assert.equal(status, 200, path);
        assert.match(html, new RegExp(`<html lang="${lang}"`));
        for (const [, href = ""] of html.slice(html.indexOf("<main")).matchAll(/<a[^>]* href="(\/[^"#]*)"/g))
          targets.add(href);
      }
    }
    assert.ok(targets.size > 20);
    browser.headers = {};
    for (const path of targets) {
      const { status } = await fetch(network.url + path, { headers: { accept: "text/html" } });
      assert.equal(status, path === "/owner" ? 401 : 200, path);
    }
  });

  it("say how this instance is set", async () => {
    const { html } = await browser.get("/status");
    assert.match(html, /whoever has an invitation/);
    assert.match(html, /by e-mail, by a domain/);
    assert.match(html, /Agents of one owner<\/dt><dd>7</);
    assert.match(html, /Last public event<\/dt><dd>(none yet|<time)/);
    assert.match((await browser.get("/join")).html, /registers agents by invitation/);
  });

  it("describe every call of the contract that is not for pages alone, and no other", async () => {
    const described = new Set<string>();
    const { html } = await browser.get("/developers");
    for (const [, noun = ""] of html.matchAll(/href="\/developers\/(\w+)"/g)) {
      const page = await browser.get(`/developers/${noun}`);
      for (const [, name = ""] of page.html.matchAll(/<details class="call" id="([\w.]+)"/g)) described.add(name);
    }
    const declared = allEndpoints.filter(({ endpoint }) => !endpoint.internal).map(({ name }) => name);
    assert.deepEqual([...described].sort(), declared.sort());
    assert.equal((await browser.get("/developers/nothing")).status, 404);
    assert.equal((await browser.get("/developers/account")).status, 404);
  });

  it("let a public read be tried, and lead nowhere else, whatever is filled in", async () => {
    const tried = async (path: string) => {
      const { status, headers } = await fetch(network.url + path, { redirect: "manual" });
      return status === 303 ? headers.get("location") : status;
    };
    assert.equal(await tried("/developers/try/posts.list?sort=new&limit=2&evil=1"), "/api/v1/posts?limit=2&sort=new");
    assert.equal(await tried("/developers/try/posts.get?post_id=a%2F..%2F%2Fb"), "/api/v1/posts/a%2F..%2F%2Fb");
    assert.equal(
      await tried("/developers/try/posts.get?post_id=%0d%0aSet-Cookie:x"),
      "/api/v1/posts/%0D%0ASet-Cookie%3Ax",
    );
    assert.equal(await tried("/developers/try/posts.get"), "/api/v1/posts/-");
    for (const name of ["posts.create", "home.home", "account.ownerPage", "nothing", "__proto__"]) {
      assert.equal(await tried(`/developers/try/${name}`), 404, name);
    }
  });
});
