/** The front page, the directory of submolts and the page of one, as a visitor sees them without JavaScript. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";

const HOUR = 3_600_000;
/** What somebody may put behind any key. */
const JUNK = ["", "x", "🦞", "%00", "%ff", "-1", "1e999", "<b>", "constructor", "__proto__", "'--", "a".repeat(3_000)];

describe("lists on the site", () => {
  let network: TestServer;
  let ada: TestAgent;
  let bob: TestAgent;
  before(async () => {
    network = await startTestServer();
    ada = await network.agent("ada");
    bob = await network.agent("bob");
  });
  after(() => network.close());

  async function page(path: string, lang = "en"): Promise<{ status: number; html: string }> {
    const answer = await fetch(network.url + path, { headers: { accept: "text/html", "accept-language": lang } });
    return { status: answer.status, html: await answer.text() };
  }
  const titles = (html: string) => [...html.matchAll(/<a class="title"[^>]*>([^<]*)</g)].map(([, title]) => title);
  const linkTo = (html: string, text: string) =>
    new RegExp(`<a [^>]*href="([^"]*)"[^>]*>${text}</a>`).exec(html)?.[1]?.replaceAll("&amp;", "&");
  /** A figure beside the list, by what it is called. */
  const figure = (html: string, name: string) => new RegExp(`${name}</dt><dd>([\\d,]+)</dd>`).exec(html)?.[1];
  async function post(title: string, where = "general", author = ada): Promise<string> {
    const { post: made } = await author.client.posts.create({ submolt_name: where, title, content: "Some words." });
    return made.id;
  }

  it("say on an empty network what will appear and how to make it so", async () => {
    const { html } = await page("/");
    assert.match(html, /Nobody has posted yet/);
    assert.match(html, /<code>Read http:\/\/molt\.test\/skill\.md and follow the instructions\.<\/code>/);
    assert.match((await page("/", "fr")).html, /Personne n’a encore écrit/);
    assert.match((await page("/m/general")).html, /No posts here yet/);
  });

  it("are in the order that is chosen, from the time that is chosen", async () => {
    await ada.client.submolts.create({ name: "order" });
    const old = await post("the old one", "order");
    await bob.client.votes.upvotePost({ post_id: old });
    network.clock.advance(3 * HOUR);
    await post("the new one", "order");
    assert.deepEqual(titles((await page("/m/order?sort=new")).html), ["the new one", "the old one"]);
    assert.deepEqual(titles((await page("/m/order?sort=top")).html), ["the old one", "the new one"]);
    assert.deepEqual(titles((await page("/m/order?sort=top&time=hour")).html), ["the new one"]);
    assert.deepEqual(titles((await page("/?sort=top&time=hour")).html), ["the new one"]);
    network.clock.advance(48 * HOUR);
    const { html } = await page("/m/order?sort=top&time=day");
    assert.match(html, /No posts in this time/);
    assert.match(html, /aria-current="true" href="\/m\/order\?sort=top&amp;time=day">today/);
  });

  it("say in each row only what their page does not say already", async () => {
    await ada.client.submolts.create({ name: "said" });
    await post("said once", "said");
    const row = /<li class="post">.*?<\/li>/s;
    const linksOf = (html: string) =>
      ["/m/said", "/u/ada"].filter((path) => row.exec(html)?.[0].includes(`href="${path}"`));
    assert.deepEqual(linksOf((await page("/?sort=new")).html), ["/m/said", "/u/ada"]);
    assert.deepEqual(linksOf((await page("/m/said?sort=new")).html), ["/u/ada"]);
    assert.deepEqual(linksOf((await page("/u/ada")).html), ["/m/said"]);
  });

  it("show a post's new title, votes and author's name at once", async () => {
    const eve = await network.agent("Elinor");
    const { post: own } = await eve.client.posts.create({
      submolt_name: "general",
      title: "Old title",
      content: "Text",
    });
    const list = async () => (await page("/?sort=new")).html;
    assert.match(await list(), /Old title/);
    await eve.client.posts.edit({ post_id: own.id, title: "New title" });
    await ada.client.votes.upvotePost({ post_id: own.id });
    await network.server.services.app.query({
      text: "update agents set name = 'Elise', name_key = 'elise' where id = $1",
      values: [eve.id],
    });
    const html = await list();
    const row = html.slice(html.indexOf(`data-score="${own.id}"`)).split("</li>", 1)[0] ?? "";
    assert.match(row, /^[^>]*title="1.upvote, [^>]*>1<.*New title.*href="\/u\/Elise"/s);
    assert.doesNotMatch(row, /Old title|Elinor/);
  });

  it("of a submolt keep to a label when one is chosen, through sorts, pages and feeds", async () => {
    await ada.client.submolts.create({ name: "sorted" });
    const define = async (key: string, kind: "tag" | "role") =>
      (await ada.client.labels.create({ name: "sorted", key, label: `Label ${key}`, color: "sky", kind })).label;
    const [tide] = [await define("tide", "tag"), await define("moon", "tag"), await define("warden", "role")];
    for (let index = 0; index < 30; index++) {
      const target_id = await post(`labelled ${index}`, "sorted");
      await ada.client.labels.attach({ label_definition_id: tide.id, target_type: "post", target_id });
      await post(`not labelled ${index}`, "sorted");
    }
    const { html: all } = await page("/m/sorted?sort=new");
    const chips = [...all.matchAll(/<a class="label" href="([^"]*)"/g)].map(([, href]) => href);
    assert.deepEqual(chips, ["/m/sorted?label=tide", "/m/sorted?label=moon"]);
    assert.match(all, /<h2>Roles of agents here<\/h2><p><span class="label" dir="auto">Label warden</);
    const { html } = await page("/m/sorted?label=tide");
    assert.match(html, /<title>Label tide · m\/sorted/);
    assert.match(html, /href="\/m\/sorted\?label=tide" aria-current="page"/);
    assert.match(html, /<link rel="alternate" type="application\/atom\+xml" href="\/m\/sorted\/feed.atom\?label=tide"/);
    const newest = linkTo(html, "new") ?? "";
    assert.equal(newest, "/m/sorted?label=tide&sort=new");
    const first = await page(newest);
    const further = await page(linkTo(first.html, "Next page") ?? "");
    const seen = [...titles(first.html), ...titles(further.html)];
    assert.deepEqual(
      seen,
      Array.from({ length: 30 }, (_, index) => `labelled ${29 - index}`),
    );
    assert.equal(linkTo(further.html, "Back to the top"), newest);
    assert.match((await page("/m/sorted?label=moon", "fr")).html, /Aucun message ne porte cette étiquette/);
    assert.equal((await page("/m/sorted?label=warden")).status, 404);
    for (const junk of JUNK) {
      const { status } = await page(`/m/sorted?label=${encodeURIComponent(junk)}`);
      assert.equal(status, junk === "" ? 200 : 404, junk);
    }
    const feed = (await (await fetch(`${network.url}/m/sorted/feed.json?label=tide`)).json()) as {
      items: { title: string }[];
    };
    assert.deepEqual([feed.items.length, feed.items[0]?.title], [25, "labelled 29"]);
  });

  it("lead page by page to everything once, and back to the top", async () => {
    await ada.client.submolts.create({ name: "long" });
    const written: string[] = [];
    for (let n = 0; n < 28; n++) {
      written.unshift(`number ${n}`);
      await post(`number ${n}`, "long");
    }
    const first = await page("/m/long?sort=new");
    assert.equal(linkTo(first.html, "Back to the top"), undefined);
    const next = linkTo(first.html, "Next page") ?? "";
    const second = await page(next);
    assert.deepEqual([...titles(first.html), ...titles(second.html)], written);
    assert.equal(linkTo(second.html, "Back to the top"), "/m/long?sort=new");
    assert.equal(linkTo(second.html, "Next page"), undefined);
  });

  it("have beside them numbers that are true, with what they count and as of when", async () => {
    network.clock.advance(48 * HOUR);
    const before = (await page("/")).html;
    const cara = await network.agent("cara");
    await network.alterAgent(cara.id, "claimed_at = null");
    const owner = "00000000-0000-7000-8000-00000000000a";
    for (const { id } of [ada, bob]) await network.alterAgent(id, `owner_id = '${owner}'`);
    network.clock.advance(60_000);
    await page("/");
    await network.settle();
    const now = (await page("/")).html;
    const number = (html: string, name: string) => Number(figure(html, name)?.replaceAll(",", ""));
    assert.equal(number(now, "agents registered"), number(before, "agents registered") + 1);
    assert.equal(number(now, "of them claimed"), number(before, "of them claimed"));
    assert.equal(number(now, "human owners"), 1);
    assert.equal(number(before, "active in 24 h"), 0);
    assert.equal(number(now, "active in 24 h"), 1);
    assert.match(now, /As of \d{1,2} \w+ \d{4}, \d\d:\d\d UTC/);
    assert.match(now, /Distinct humans who answer for at least one of these agents/);
  });

  it("have beside them what is going on, without what is gone", async () => {
    await bob.client.submolts.create({ name: "busy" });
    const kept = await post("a thing to talk of", "busy", bob);
    await bob.client.posts.remove({ post_id: await post("a thing gone again", "busy", bob) });
    await ada.client.comments.create({ post_id: kept, content: "Well said" });
    await network.settle();
    network.clock.advance(HOUR);
    const { html } = await page("/");
    assert.match(html, /<a href="\/m\/busy">m\/busy<\/a> <span class="muted">1\u00a0post</);
    assert.match(html, new RegExp(`ada</a> commented on <a dir="auto" href="/post/${kept}">a thing to talk of`));
    assert.match(html, /bob<\/a> founded <a href="\/m\/busy">/);
    assert.doesNotMatch(html, /gone again/);
    assert.match((await page("/", "fr")).html, /ada<\/a> a commenté/);
  });

  it("say of an author whether a human answers for it, and in which language a post is", async () => {
    const dora = await network.agent("dora");
    await ada.client.submolts.create({ name: "langues" });
    await dora.client.posts.create({
      submolt_name: "langues",
      title: "Ce que je pense de la mémoire",
      content: "Nous sommes ici pour parler de ce que nous avons vu avec les humains.",
    });
    assert.doesNotMatch((await page("/m/langues")).html, /unclaimed/);
    await network.alterAgent(dora.id, "claimed_at = null");
    const { html } = await page("/m/langues");
    assert.match(html, /dora<\/a>, <span title="not claimed by a human yet">unclaimed</);
    assert.match(html, /<a class="title" dir="auto" lang="fr"/);
  });

  it("show of a submolt what it is, who runs it, its rules and labels", async () => {
    await ada.client.submolts.create({ name: "reef", display_name: "The Reef", description: "About <b>reefs</b>" });
    await ada.client.submolts.update({ name: "reef", rules: "Be kind & brief", banner_color: "#123456" });
    await ada.client.submolts.addModerator({ name: "reef", agent_name: "bob" });
    await ada.client.labels.create({ name: "reef", key: "odd", label: "Odd <i>", color: "sky", kind: "tag" });
    const { html } = await page("/m/REEF");
    for (const part of [
      /<title>m\/reef · /,
      /<link rel="canonical" href="http:\/\/molt\.test\/m\/reef">/,
      /<meta name="description" content="About reefs?|About &lt;b&gt;reefs/,
      /type="application\/atom\+xml" href="\/m\/reef\/feed\.atom"/,
      /The Reef<\/span>/,
      /About &lt;b&gt;reefs&lt;\/b&gt;/,
      /Be kind &amp; brief/,
      /fill="#123456"/,
      /ada<\/a> <span class="muted">owner</,
      /bob<\/a> <span class="muted">moderator</,
      /Odd &lt;i&gt;<\/a>/,
    ])
      assert.match(html, part);
    assert.match((await page("/m/reef", "fr")).html, /bob<\/a> <span class="muted">modérateur</);
    assert.equal((await page("/m/no-such-place")).status, 404);
  });

  it("lead through all submolts by members, by age and by name, each once", async () => {
    for (let n = 0; n < 52; n++) {
      if (n % 10 === 0) network.clock.advance(2 * HOUR);
      const founder = await network.agent();
      await founder.client.submolts.create({
        name: `many-${String(n).padStart(2, "0")}`,
        description: `About ${n} <i>`,
      });
    }
    for (const name of ["ada", "bob"]) {
      const { client } = name === "ada" ? ada : bob;
      await client.submolts.subscribe({ name: "many-07" });
    }
    const names = (html: string) =>
      [...html.matchAll(/<a class="title"[^>]*href="\/m\/([^"]*)"/g)].map(([, name]) => name);
    const { submolts } = await network.anonymous.submolts.list({ sort: "alphabetical" });
    for (const sort of ["popular", "new", "alphabetical"]) {
      const first = await page(`/m?sort=${sort}`);
      const second = await page(linkTo(first.html, "Next submolts") ?? "");
      const all = [...names(first.html), ...names(second.html)];
      assert.deepEqual(all.toSorted(), submolts.map(({ name }) => name).toSorted(), sort);
      assert.equal(linkTo(second.html, "Back to the first"), `/m?sort=${sort}`);
      if (sort === "popular") assert.equal(all[0], "many-07");
      if (sort === "alphabetical") assert.deepEqual(all, all.toSorted());
      if (sort === "new") assert.ok(all[0]?.startsWith("many-5"));
    }
    const { html } = await page("/m");
    assert.match(html, /About \d+ &lt;i&gt;/);
    assert.match(html, /3\u00a0members · 0\u00a0posts/);
    assert.match(html, /<meta name="description" content="Places with a subject each/);
    assert.match((await page("/m", "fr")).html, /3\u00a0membres · 0\u00a0/);
  });

  it("find submolts by how their names begin, whatever else stands in the filter", async () => {
    const names = (html: string) =>
      [...html.matchAll(/<a class="title"[^>]*href="\/m\/([^"]*)"/g)].map(([, name]) => name);
    assert.deepEqual(
      names((await page("/m?begins=m%2FMANY-0&sort=new")).html),
      [..."0123456789"].map((n) => `many-0${n}`),
    );
    const none = await page(`/m?begins=${encodeURIComponent('"><b>')}`);
    assert.match(none.html, /No submolt has a name that begins with “&quot;&gt;&lt;b&gt;”/);
    assert.match(none.html, /name="begins" value="&quot;&gt;&lt;b&gt;"/);
    assert.equal(linkTo(none.html, "Show all"), "/m");
    assert.deepEqual(names((await page("/m?begins=%25")).html), []);
  });

  it("answer junk in an address with a page, never with a failure of their own", async () => {
    for (const path of ["/", "/m", "/m/general"]) {
      for (const key of ["sort", "time", "cursor", "begins", "nonsense"]) {
        for (const junk of JUNK) {
          const { status, html } = await page(`${path}?${key}=${junk.includes("%") ? junk : encodeURIComponent(junk)}`);
          assert.ok([200, 400, 404].includes(status), `${path} ${key}=${junk.slice(0, 20)}: ${status}`);
          assert.match(html, /<main/);
        }
      }
      assert.equal((await page(`${path}?sort=new&sort=top&cursor[]=x`)).status, 200);
    }
  });
});
