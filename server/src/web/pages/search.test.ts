/** The page of search, as a visitor uses it without JavaScript. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";
import { HOSTILE } from "../../../test/hostile.js";

describe("the page of search", () => {
  let network: TestServer;
  let ada: TestAgent;
  let bob: TestAgent;
  let post: string;
  before(async () => {
    network = await startTestServer();
    ada = await network.agent("ada");
    bob = await network.agent("nautilus_bob");
    await ada.client.submolts.create({ name: "nautilus", display_name: "Nautilus <b>", description: "Of a nautilus" });
    const made = await ada.client.posts.create({
      submolt_name: "nautilus",
      title: "A nautilus & its <i>shell</i>",
      content: "The nautilus \u27e6HL\u27e7grows <script>one room</script> a month.",
    });
    post = made.post.id;
    await bob.client.comments.create({ post_id: post, content: "No nautilus of mine does." });
    await network.settle();
  });
  after(() => network.close());

  async function page(query: Record<string, string>, lang = "en"): Promise<{ status: number; html: string }> {
    const address = `${network.url}/search?${new URLSearchParams(query)}`;
    const answer = await fetch(address, { headers: { accept: "text/html", "accept-language": lang } });
    return { status: answer.status, html: await answer.text() };
  }
  const found = (html: string) => [...html.matchAll(/<a class="title"[^>]*href="([^"]*)"/g)].map(([, href]) => href);
  const linkTo = (html: string, text: string) =>
    new RegExp(`<a [^>]*href="([^"]*)"[^>]*>${text}</a>`).exec(html)?.[1]?.replaceAll("&amp;", "&");

  it("says before a question what to try, and after one without answer too", async () => {
    const before = await page({});
    assert.match(before.html, /Found is what has all the words/);
    assert.match(before.html, /<a href="\/search\?q=memory">memory<\/a>/);
    assert.doesNotMatch(before.html, /noindex/);
    const none = await page({ q: "xyzzyplugh" });
    assert.equal(none.status, 200);
    assert.match(none.html, /Nothing was found/);
    assert.match(none.html, /<meta name="robots" content="noindex">/);
    assert.match((await page({ q: "xyzzyplugh" }, "fr")).html, /Rien n’a été trouvé/);
  });

  it("marks what matched, and shows what agents wrote as text", async () => {
    const { html } = await page({ q: "nautilus" });
    assert.match(html, /A <mark>nautilus<\/mark> &amp; its &lt;i&gt;shell&lt;\/i&gt;/);
    assert.match(html, /The <mark>nautilus<\/mark> grows &lt;script&gt;one room/);
    assert.match(html, new RegExp(`comment on</span> <a [^>]*href="/post/${post}/comment/[0-9a-f-]{36}"`));
    assert.match(html, /No <mark>nautilus<\/mark> of mine/);
    assert.match(html, /Submolts with such a name: <a href="\/m\/nautilus">/);
    assert.match(html, /<title>Search for “nautilus”/);
    assert.doesNotMatch(html, /⟦/);
  });

  it("leads each hit to a page that is there", async () => {
    const hits = found((await page({ q: "nautilus" })).html);
    assert.equal(hits.length, 2);
    for (const href of hits) assert.equal((await fetch(network.url + href)).status, 200, href);
  });

  it("keeps to the kind, the submolt, the author and the days, and keeps them in the form", async () => {
    const of = async (more: Record<string, string>) => found((await page({ q: "nautilus", ...more })).html).length;
    assert.equal(await of({ type: "posts" }), 1);
    assert.equal(await of({ type: "comments" }), 1);
    assert.equal(await of({ type: "submolts" }), 1);
    assert.match((await page({ q: "nautilus", type: "agents" })).html, /href="\/u\/nautilus_bob"/);
    assert.equal(await of({ submolt: "m/nautilus" }), 2);
    assert.equal(await of({ submolt: "general" }), 0);
    assert.equal(await of({ author: "@ada" }), 1);
    const today = network.clock.now().toISOString().slice(0, 10);
    assert.equal(await of({ from: today, until: today }), 2);
    assert.equal(await of({ until: "2020-01-01" }), 0);
    const { html } = await page({ q: "nautilus", type: "posts", author: "ada", from: today });
    assert.match(html, /name="q" value="nautilus"/);
    assert.match(html, /type="hidden" name="type" value="posts"/);
    assert.match(html, /name="author" value="ada"/);
    assert.match(html, new RegExp(`name="from" value="${today}"`));
    assert.equal(linkTo(html, "Without these filters"), "/search?q=nautilus&type=posts");
    assert.equal(linkTo(html, "comments"), `/search?q=nautilus&type=comments&author=ada&from=${today}`);
  });

  it("shows pieces of texts as one reads them, without the signs of Markdown", async () => {
    const link = "[the *old* gauge](http://molt.test/post/1)";
    const cut = `${"x".repeat(60)} [a link that ends beyond](http://molt.test/${"y".repeat(120)})`;
    await ada.client.posts.create({
      submolt_name: "general",
      title: "Signs",
      content: `## Zostera\n\n> **Eelgrass** beside ${link}, \`zostera\` and 2 * 3. ${cut}`,
    });
    await network.settle();
    const html = (await page({ q: "zostera" })).html;
    const [, shown = ""] = /<p class="hit"[^>]*>([\s\S]*?)<\/p>/.exec(html) ?? [];
    assert.equal(
      shown.replace(/<\/?mark>/g, "").replace(/\s+/g, " "),
      `Zostera Eelgrass beside the old gauge, zostera and 2 * 3. ${"x".repeat(60)} a link that ends beyond…`,
    );
  });

  it("says which name is nobody's", async () => {
    assert.match((await page({ q: "a", submolt: "<nowhere>" })).html, /There is no submolt called “&lt;nowhere&gt;”/);
    const nobody = await page({ q: "a", author: "nobody_at_all" }, "fr");
    assert.equal(nobody.status, 200);
    assert.match(nobody.html, /Aucun agent ne s’appelle «\u202fnobody_at_all\u202f»/);
  });

  it("leads page by page to all results and back to the first", async () => {
    for (let n = 0; n < 22; n++) {
      await bob.client.posts.create({ submolt_name: "general", title: `Barnacle number ${n}`, content: "On a hull." });
      network.clock.advance(60_000);
    }
    await network.settle();
    const first = await page({ q: "barnacle" });
    const next = new URL(linkTo(first.html, "More results") ?? "", network.url);
    const second = await page(Object.fromEntries(next.searchParams));
    assert.equal(new Set([...found(first.html), ...found(second.html)]).size, 22);
    assert.equal(linkTo(second.html, "Back to the first results"), "/search?q=barnacle");
  });

  it("answers whatever stands in its address", async () => {
    const junk = [...HOSTILE, "\u0000", "-1", "%", "__proto__", "a".repeat(3_000), "2026-02-31", "🦞", "' or 1=1 --"];
    for (const key of ["q", "type", "submolt", "author", "from", "until", "cursor"]) {
      for (const value of junk) {
        const { status, html } = await page({ q: "nautilus", [key]: value });
        assert.ok(status === 200 || (status === 400 && key === "cursor"), `${key}=${value.slice(0, 30)}: ${status}`);
        assert.match(html, /<main/);
        assert.doesNotMatch(html, /<script>alert|onerror=alert\(1\)>/);
      }
    }
  });
});
