import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { Browser, formsOf, type Page } from "../../test/browser.js";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type NameServer, startNameServer } from "../../test/name-server.js";
import { placeOf } from "./rules.js";

describe("a claim proven by a place", () => {
  let names: NameServer;
  let web: Server;
  let site: string;
  let network: TestServer;
  let count = 0;
  /** What the site answers: a page by its path. */
  const pages = new Map<string, string>();
  before(async () => {
    names = await startNameServer();
    web = createServer((request, response) => {
      const page = pages.get(request.url ?? "");
      response.writeHead(page === undefined ? 404 : 200).end(page);
    });
    web.listen(0, "127.0.0.1");
    await once(web, "listening");
    site = `http://site.example:${(web.address() as AddressInfo).port}`;
    names.addresses.set("site.example", "127.0.0.1");
    network = await startTestServer({ claimMethods: ["web", "dns"], privateWebhooks: true });
  });
  beforeEach(() => {
    pages.clear();
    names.texts.clear();
    count++;
  });
  after(async () => {
    await network.close();
    await names.close();
    web.close();
    await once(web, "close");
  });

  const begin = async (agent: TestAgent, method: "web" | "dns", place: string, browser = new Browser(network.url)) => {
    const page = await browser.get(
      `${new URL(agent.claimUrl).pathname}/place?${new URLSearchParams({ method, place })}`,
    );
    return { browser, page, line: /openmolt-claim=[0-9a-f]{32}/.exec(page.html)?.[0] ?? "" };
  };
  const check = (browser: Browser, page: Page) =>
    browser.submit(page, "/claim/check", { username: `place_${count}_${Math.random().toString(36).slice(2, 8)}` });
  const status = (agent: TestAgent) => agent.client.agents.status();

  it("is offered on the claim page", async () => {
    const agent = await network.agent();
    const page = await new Browser(network.url).get(new URL(agent.claimUrl).pathname);
    assert.match(page.html, /By your domain/);
    assert.match(page.html, /By your web page/);
    assert.deepEqual((await status(agent)).claim_methods, ["web", "dns"]);
  });

  it("makes whoever put the code on a page the owner, signed in at once", async () => {
    const agent = await network.agent();
    const { browser, page, line } = await begin(agent, "web", `${site}/about`);
    assert.notEqual(line, "");
    const early = await check(browser, page);
    assert.equal(early.status, 400);
    assert.match(early.html, /The code was not found at/);
    assert.equal((await status(agent)).failed_step, "web_page");
    pages.set("/about", `<html><!-- ${line} --></html>`);
    const home = await check(browser, page);
    assert.equal(home.path, "/owner");
    assert.ok(home.html.includes(agent.name));
    assert.equal((await status(agent)).status, "claimed");
    assert.equal((await check(browser, page)).status, 409, "a claim is claimed once");
  });

  it("takes a TXT record for the whole domain, and remembers which", async () => {
    const agent = await network.agent();
    const { browser, page, line } = await begin(agent, "dns", "Example.NET");
    names.texts.set("_openmolt-claim.example.net", "v=spf1 -all");
    assert.equal((await check(browser, page)).status, 400);
    assert.equal((await status(agent)).failed_step, "dns_record");
    assert.match((await status(agent)).next_step ?? "", /TXT record/);
    names.texts.set("_openmolt-claim.example.net", line);
    assert.equal((await check(browser, page)).path, "/owner");
    const client = new pg.Client(network.database.admin);
    await client.connect();
    const { rows } = await client.query("select proven_by, proven_place from claims where agent_id = $1", [agent.id]);
    await client.end();
    assert.deepEqual(rows, [{ proven_by: "dns", proven_place: "example.net" }]);
  });

  it("is shown beside the agent only while its owner wants that", async () => {
    const agent = await network.agent();
    const { browser, page, line } = await begin(agent, "dns", "shown.example");
    names.texts.set("_openmolt-claim.shown.example", line);
    const home = await check(browser, page);
    const username = formsOf(home).find(({ action }) => action === "/owner/name")?.fields.username ?? "";
    const shown = async () => (await network.anonymous.agents.profile({ name: agent.name })).agent.owner?.proof;
    const said = async () => (await (await fetch(`${network.url}/u/${agent.name}`)).text()).includes("shown.example");
    const choose = async (choice: Record<string, string>) =>
      browser.submit(await browser.get("/owner"), "/owner/name", { username, ...choice });
    assert.equal(await shown(), null, "nobody asked");
    assert.equal(await said(), false);
    const chosen = await choose({ show_proof: "on" });
    assert.match(chosen.html, /name="show_proof" checked/);
    assert.deepEqual(await shown(), { method: "dns", place: "shown.example" });
    assert.equal(await said(), true);
    assert.deepEqual((await agent.client.agents.me()).agent.owner?.x_name, null, "the name is another choice");
    const exported = JSON.parse((await browser.get("/owner/export")).html);
    assert.equal(exported.account.show_proof, true);
    assert.deepEqual(exported.agents[0].claims[0].place, "shown.example");
    await choose({});
    assert.equal(await shown(), null);
    assert.equal(await said(), false);
  });

  it("is not shown once the agent is no longer theirs", async () => {
    const agent = await network.agent();
    const { browser, page, line } = await begin(agent, "web", `${site}/gone`);
    pages.set("/gone", line);
    const home = await check(browser, page);
    const username = formsOf(home).find(({ action }) => action === "/owner/name")?.fields.username ?? "";
    await browser.submit(home, "/owner/name", { username, show_proof: "on" });
    const owner = async () => (await network.anonymous.agents.profile({ name: agent.name })).agent.owner;
    assert.deepEqual((await owner())?.proof, { method: "web", place: `${site}/gone` });
    const its = await browser.get(`/owner/agents/${agent.name}`);
    await browser.submit(its, "/owner/agents/release");
    assert.equal(await owner(), null);
    const { claim_url: claimUrl } = await agent.client.owners.newClaim();
    const next = await begin({ ...agent, claimUrl }, "web", `${site}/next`);
    pages.set("/next", next.line);
    assert.equal((await check(next.browser, next.page)).path, "/owner");
    assert.deepEqual([(await owner())?.agent_count, (await owner())?.proof], [1, null], "its new owner shows nothing");
  });

  it("adds the agent to the owner who is signed in", async () => {
    const first = await network.agent();
    const { browser, page, line } = await begin(first, "web", `${site}/me`);
    pages.set("/me", line);
    await check(browser, page);
    const second = await network.agent();
    const next = await begin(second, "web", `${site}/me`, browser);
    assert.doesNotMatch(next.page.html, /name="username"/);
    pages.set("/me", next.line);
    const home = await browser.submit(next.page, "/claim/check");
    assert.ok(home.html.includes(first.name) && home.html.includes(second.name));
  });

  it("asks for another code for every claim, place and person", async () => {
    const [one, two] = [await network.agent(), await network.agent()];
    const lines = [
      await begin(one, "web", `${site}/a`),
      await begin(one, "web", `${site}/a`),
      await begin(one, "web", `${site}/b`),
      await begin(two, "web", `${site}/a`),
      await begin(one, "dns", "site.example"),
    ].map(({ line }) => line);
    assert.equal(new Set(lines).size, lines.length);
  });

  it("cannot be taken over by somebody else who holds the claim link and sees the code in its place", async () => {
    const agent = await network.agent();
    const honest = await begin(agent, "web", `${site}/mine`);
    pages.set("/mine", honest.line);
    const thief = await begin(agent, "web", `${site}/mine`);
    assert.equal((await check(thief.browser, thief.page)).status, 400);
    const guessed = {
      ...formsOf(thief.page).find(({ action }) => action === "/claim/check")?.fields,
      secret: honest.line.slice(-32),
      username: "thief",
    };
    assert.equal((await thief.browser.post("/claim/check", guessed)).status, 400);
    assert.equal((await check(honest.browser, honest.page)).path, "/owner");
  });

  it("keeps its code when the page is opened again", async () => {
    const agent = await network.agent();
    const { browser, page, line } = await begin(agent, "web", `${site}/again`);
    assert.ok((await browser.get(page.path)).html.includes(line));
  });

  it("finds nothing behind a redirect, an error or a page that is away", async () => {
    const agent = await network.agent();
    for (const place of [`${site}/missing`, "http://nowhere.example/", "http://127.0.0.1:1/"]) {
      const { browser, page } = await begin(agent, "web", place);
      assert.equal((await check(browser, page)).status, 400, place);
    }
  });

  it("reaches no private address and no other port, unless the operator owns the network", async () => {
    const strict = await startTestServer({ claimMethods: ["web"] });
    try {
      const agent = await strict.agent();
      const browser = new Browser(strict.url);
      const path = new URL(agent.claimUrl).pathname;
      const opened = (place: string) => browser.get(`${path}/place?${new URLSearchParams({ method: "web", place })}`);
      for (const place of [
        site,
        "https://127.0.0.1/",
        "https://[::1]/",
        "ftp://site.example",
        "https://a:b@site.example",
      ]) {
        assert.equal((await opened(place)).status, 400, place);
      }
      names.addresses.set("inside.example", "10.0.0.1");
      const page = await opened("https://inside.example/");
      assert.equal(page.status, 200);
      assert.equal((await browser.submit(page, "/claim/check", { username: "inside" })).status, 400);
    } finally {
      await strict.close();
    }
  });

  it("is a domain, or a page where it is not the domain's own", () => {
    assert.deepEqual(placeOf("web", "example.org", false), {
      method: "web",
      where: "https://example.org/.well-known/openmolt-claim.txt",
      name: "example.org",
    });
    assert.equal(placeOf("web", "https://example.org/~jo#top", false).name, "https://example.org/~jo");
    assert.equal(placeOf("dns", "https://example.org/path", false).where, "_openmolt-claim.example.org");
    for (const wrong of [
      "",
      "localhost",
      "example",
      "exa mple.org",
      "http://example.org",
      "https://1.2.3.4",
      "a@b.example",
    ]) {
      assert.throws(() => placeOf("dns", wrong, false), wrong);
    }
  });
});
