/** The whole corpus of hostile texts through every public field, and then every page, feed and file that shows it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parseXml } from "@rgrove/parse-xml";
import { drawPulse } from "../../src/pulse/write.js";
import { Browser } from "../browser.js";
import { assertHarmless, assertHarmlessMarkup } from "../harmless.js";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { corpus, HOSTILE } from "../hostile.js";
import { testOwner } from "../owners.js";
import { routesOf } from "../routes.js";

/** Roots of a thread that one page shows; a post is made for each so many texts. */
const TOGETHER = 25;

/** What no field takes, and what a cut leaves of a character. */
const cut = (text: string, most: number) => text.slice(0, most).toWellFormed();
/** Names take no line breaks, and nothing that hides. */
const asName = (text: string) => cut(text.replace(/[\p{C}\p{Z}]+/gu, " ").trim(), 60).trim() || "none";

const TEXTS = [...HOSTILE, ...corpus()];
const GROUPS = Array.from({ length: Math.ceil(TEXTS.length / TOGETHER) }, (_, index) =>
  TEXTS.slice(index * TOGETHER, (index + 1) * TOGETHER),
);

/** A cell that a spreadsheet would run, at the start of a line or behind a comma. No number is meant. */
const FORMULA = /(^|[,\n])"?[\s\p{C}]*([=+@|%\uff1d\uff0b\uff0d\uff20]|-(?![\d.]+[,\r\n]))/u;
/** A name that agents may have, and that is a formula too. */
const FORMULA_NAME = "-2-3";

describe("the corpus of hostile texts", () => {
  let network: TestServer;
  let browser: Browser;
  let mallory: TestAgent;
  let posts: readonly string[];
  let owner: Awaited<ReturnType<typeof testOwner>>;

  before(async () => {
    network = await startTestServer();
    browser = new Browser(network.url);
    mallory = await network.agent("mallory");
    const reckoner = await network.agent(FORMULA_NAME);
    owner = await testOwner(network, mallory, reckoner);
    const { client } = mallory;
    await client.submolts.create({ name: "hostile", display_name: "Hostile" });
    const write = async (texts: readonly string[]) => {
      const [first = ""] = texts;
      const content = cut(texts.join("\n\n"), 40_000);
      const { post } = await client.posts.create({ submolt_name: "hostile", title: cut(first, 300), content });
      for (const text of texts) await client.comments.create({ post_id: post.id, content: cut(text, 10_000) });
      await client.posts.edit({ post_id: post.id, content: cut(texts.toReversed().join("\n\n"), 40_000) });
      return post.id;
    };
    const ids: string[] = [];
    for (const group of GROUPS) ids.push(await write(group));
    posts = ids;
    await network.settle();
    await drawPulse(network.server.services);
  });
  after(() => network.close());

  /** A feed in both formats: well-formed, and its texts hold nothing that is not ours. */
  const assertFeeds = async (path: string) => {
    const atom = await browser.get(`${path}/feed.atom`);
    assert.equal(atom.status, 200, path);
    assert.ok(parseXml(atom.html).root, path);
    const answer = await browser.get(`${path}/feed.json`);
    const { items } = JSON.parse(answer.html) as { items: { content_html: string }[] };
    for (const { content_html } of items) assertHarmlessMarkup(content_html, `${path}/feed.json`);
    return items.length;
  };

  it("is shown as text by threads, their histories and feeds, every one of it", async () => {
    let shown = 0;
    for (const id of posts) {
      for (const path of [`/post/${id}`, `/post/${id}/history`]) {
        const page = await browser.get(path);
        assert.equal(page.status, 200, path);
        assertHarmless(page);
        shown += page.html.split('<details class="comment"').length - 1;
      }
      assert.ok((await assertFeeds(`/post/${id}`)) > 0, id);
      const raw = await browser.get(`/post/${id}/raw`);
      assert.match(raw.headers.get("content-type") ?? "", /^text\/plain/);
    }
    assert.equal(shown, TEXTS.length);
  });

  it("is shown as text by lists, page after page", async () => {
    for (const list of ["/?sort=new", "/m/hostile?sort=new", "/u/mallory?sort=new", "/u/mallory?show=comments"]) {
      let path: string | undefined = list;
      let pages = 0;
      while (path !== undefined) {
        const page = await browser.get(path);
        assert.equal(page.status, 200, path);
        assertHarmless(page);
        pages++;
        path = /<a[^>]*href="([^"]*cursor=[^"]*)"/.exec(page.html)?.[1]?.replaceAll("&amp;", "&");
      }
      assert.ok(pages > 1 || GROUPS.length < 2, `${list} has ${pages} pages`);
    }
    for (const path of ["", "/m", "/u", "/m/hostile", "/u/mallory"]) await assertFeeds(path);
  });

  it("is shown as text in names, descriptions and rules", async () => {
    const { client } = mallory;
    const chunks = GROUPS.flatMap((group) => [group, group.toReversed()]);
    for (const texts of chunks) {
      const [first = "", second = ""] = texts;
      const all = texts.join("\n\n");
      await client.agents.update({
        description: cut(all, 500),
        display_name: asName(first),
        metadata: { [asName(first)]: cut(all, 2_000) },
      });
      await client.submolts.update({
        name: "hostile",
        display_name: asName(second),
        description: cut(all, 1_000),
        rules: cut(all, 10_000),
      });
      for (const path of ["/u/mallory", "/u", "/m/hostile", "/m"]) {
        const page = await browser.get(path);
        assert.equal(page.status, 200, path);
        assertHarmless(page);
      }
      for (const path of ["/u", "/m"]) await assertFeeds(path);
    }
  });

  it("is shown as text by search", async () => {
    for (const text of TEXTS.filter((_, index) => index % 9 === 0)) {
      const page = await browser.get(`/search?q=${encodeURIComponent(cut(text, 200))}`);
      assert.equal(page.status, 200, text);
      assertHarmless(page);
    }
  });

  it("begins no cell of any file for spreadsheets that a page leads to", async () => {
    const { browser: theirs } = owner;
    const shared = await theirs.submit(await theirs.get("/owner/organisations"), "/owner/organisations", {
      name: "=1+1",
    });
    await theirs.submit(shared, "/owner/organisations/agents/add", { agent_name: FORMULA_NAME });
    const pages = ["/pulse", "/owner/activity", "/owner/review", `${shared.path}/review`];
    const files = new Set<string>();
    for (const path of pages) {
      const { html, status } = await theirs.get(path);
      assert.equal(status, 200, path);
      const links = [...html.matchAll(/href="([^"]*csv[^"]*)"/g)].map(([, link = ""]) => link.replaceAll("&amp;", "&"));
      assert.ok(links.length > 0, `${path} leads to no file`);
      for (const link of links) files.add(link);
    }
    const covered = [...files].map((file) => file.split("?")[0]);
    const mounted = routesOf(network.server.app).filter(
      ({ method, path }) => method === "GET" && path.endsWith(".csv"),
    );
    for (const { path } of mounted) assert.ok(covered.includes(path), `no page here leads to ${path}`);
    let named = 0;
    for (const path of files) {
      const file = await theirs.get(path);
      assert.equal(file.status, 200, path);
      assert.match(file.headers.get("content-type") ?? "", /^text\/csv/, path);
      assert.doesNotMatch(file.html, FORMULA, path);
      if (file.html.includes(`'${FORMULA_NAME}`)) named++;
    }
    assert.ok(named > 0, "no file tells of who is named like a formula");
  });
});
