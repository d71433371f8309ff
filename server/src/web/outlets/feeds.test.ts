import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parseXml, type XmlElement, XmlElement as XmlElementClass } from "@rgrove/parse-xml";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";
import { attacks, HOSTILE } from "../../../test/hostile.js";
import { feedsOf } from "./feeds.js";

interface JsonFeed {
  version: string;
  title: string;
  home_page_url: string;
  feed_url: string;
  next_url?: string;
  items: {
    id: string;
    url: string;
    external_url?: string;
    title: string;
    content_html: string;
    date_published: string;
    date_modified: string;
    authors: { name: string; url?: string }[];
    tags?: string[];
  }[];
}

const childrenOf = (element: XmlElement, name: string) =>
  element.children.filter((child): child is XmlElement => child instanceof XmlElementClass && child.name === name);
const textOf = (element: XmlElement, name: string) => childrenOf(element, name)[0]?.text;
const linkOf = (element: XmlElement, rel: string) =>
  childrenOf(element, "link").find(({ attributes }) => attributes.rel === rel)?.attributes.href;

describe("feeds", () => {
  let network: TestServer;
  let agent: TestAgent;
  let postId: string;
  const titles = [...HOSTILE, ...attacks(10).map((text) => text.slice(0, 290))];
  before(async () => {
    network = await startTestServer();
    agent = await network.agent("crab");
    await agent.client.submolts.create({ name: "reef", display_name: "Reef" });
    for (const [index, title] of titles.entries()) {
      network.clock.advance(1_000);
      const content = `${title}\n\n${HOSTILE.join("\n")}`;
      const { post } = await agent.client.posts.create({
        submolt_name: index % 2 ? "reef" : "general",
        title,
        content,
      });
      postId = post.id;
    }
    for (const content of HOSTILE) {
      network.clock.advance(60_000);
      await agent.client.comments.create({ post_id: postId, content });
    }
    await network.settle();
  });
  after(() => network.close());

  const pathOf = (address: string) => address.replace("http://molt.test", "");
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${network.url}${path}`, { headers });
  const atom = async (path: string) => {
    const answer = await get(path);
    const text = await answer.text();
    assert.equal(answer.status, 200, `${path}: ${text.slice(0, 200)}`);
    assert.equal(answer.headers.get("content-type"), "application/atom+xml; charset=utf-8");
    const { root } = parseXml(text);
    assert.ok(root);
    return root;
  };
  const json = async (path: string) => {
    const answer = await get(path);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers.get("content-type"), "application/feed+json; charset=utf-8");
    return (await answer.json()) as JsonFeed;
  };

  it("are XML that a strict parser takes, with all that Atom demands, whatever agents wrote", async () => {
    for (const path of ["", "/m/reef", "/u/crab", `/post/${postId}`]) {
      const feed = await atom(`${path}/feed.atom`);
      assert.equal(feed.attributes.xmlns, "http://www.w3.org/2005/Atom");
      for (const part of [feed, ...childrenOf(feed, "entry")]) {
        for (const name of ["id", "title", "updated"])
          assert.equal(childrenOf(part, name).length, 1, `${path} ${name}`);
        assert.match(textOf(part, "updated") ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
        assert.ok(linkOf(part, "alternate"), path);
        assert.equal(childrenOf(part, "author").length, 1);
        assert.ok(textOf(childrenOf(part, "author")[0] as XmlElement, "name"));
      }
      const ids = childrenOf(feed, "entry").map((entry) => textOf(entry, "id"));
      assert.ok(ids.length >= HOSTILE.length / 2, path);
      assert.equal(new Set(ids).size, ids.length);
      assert.equal(linkOf(feed, "self"), `http://molt.test${path}/feed.atom`);
    }
  });

  it("hold agents' texts as safe HTML, and nothing that a program could run", async () => {
    const feed = await atom("/feed.atom");
    const { items } = await json("/feed.json");
    const texts = [
      ...childrenOf(feed, "entry").map((entry) => textOf(entry, "content") ?? ""),
      ...items.map((item) => item.content_html),
    ];
    for (const html of texts) assert.doesNotMatch(html, /<(script|img|svg|style|iframe|x)\b|\son\w+=[^&]*>/i);
    assert.ok(texts.some((html) => html.includes("&lt;script&gt;")));
  });

  it("say the same in Atom as in JSON Feed 1.1", async () => {
    for (const path of ["", "/m/reef", "/u/crab", `/post/${postId}`]) {
      const feed = await atom(`${path}/feed.atom`);
      const { version, items, feed_url, title } = await json(`${path}/feed.json`);
      assert.equal(version, "https://jsonfeed.org/version/1.1");
      assert.equal(feed_url, `http://molt.test${path}/feed.json`);
      assert.equal(textOf(feed, "title"), title);
      assert.deepEqual(
        childrenOf(feed, "entry").map((entry) => [
          textOf(entry, "id"),
          textOf(entry, "title"),
          textOf(entry, "updated"),
          linkOf(entry, "alternate"),
        ]),
        items.map((item) => [item.id, item.title, item.date_modified, item.url]),
      );
    }
  });

  it("have no control character and no unnamed mark of direction in any title", async () => {
    const { items } = await json("/feed.json?sort=new");
    for (const { title } of items) {
      for (const character of title) assert.ok(character >= " " && character !== "\ufffe", JSON.stringify(title));
      assert.doesNotMatch(title, /[\u202a-\u202e\u2066-\u2069\u200b]/);
    }
  });

  it("begin with the newest and lead through everything by their next pages", async () => {
    const seen: string[] = [];
    let path: string | undefined = "/feed.json";
    let pages = 0;
    while (path !== undefined) {
      const feed: JsonFeed = await json(path);
      pages++;
      seen.push(...feed.items.map(({ id }) => id));
      path = feed.next_url && pathOf(feed.next_url);
    }
    assert.equal(seen.length, titles.length);
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(seen[0], `urn:uuid:${postId}`);
    let next: string | undefined = "/feed.atom";
    let entries = 0;
    while (next !== undefined) {
      const feed: XmlElement = await atom(next);
      entries += childrenOf(feed, "entry").length;
      const address = linkOf(feed, "next");
      next = address && pathOf(address);
    }
    assert.equal(entries, titles.length);
    assert.ok(pages > 0);
  });

  it("tell of new agents and submolts, with what these say of themselves", async () => {
    const hostile = await network.agent("squid");
    await hostile.client.agents.update({ description: HOSTILE[0] });
    for (const [path, name] of [
      ["/u", "u/squid"],
      ["/m", "m/reef"],
    ] as const) {
      const feed = await atom(`${path}/feed.atom`);
      const { items } = await json(`${path}/feed.json`);
      assert.deepEqual(
        childrenOf(feed, "entry").map((entry) => textOf(entry, "id")),
        items.map(({ id }) => id),
      );
      const item = items.find(({ title }) => title.startsWith(name));
      assert.equal(item?.url, `http://molt.test/${name}`);
    }
    const { items } = await json("/u/feed.json");
    assert.equal(items[0]?.title, "u/squid: squid");
    assert.ok(items[0]?.content_html.includes("&lt;script&gt;"));
  });

  it("obey the sort of a list, and keep it on the next page", async () => {
    const top = await json("/feed.json?sort=top&time=week&nonsense=1");
    assert.equal(top.feed_url, "http://molt.test/feed.json?sort=top&time=week");
    assert.equal(top.home_page_url, "http://molt.test/?sort=top&time=week");
  });

  it("tell who answers whom, and how many answers there are", async () => {
    const other = await network.agent("whelk");
    const { post } = await agent.client.posts.create({ submolt_name: "reef", title: "Tides", content: "In and out" });
    const { comment } = await other.client.comments.create({ post_id: post.id, content: "Out" });
    network.clock.advance(60_000);
    await agent.client.comments.create({ post_id: post.id, content: "In", parent_id: comment.id });
    await network.settle();
    const feed = await atom(`/post/${post.id}/feed.atom`);
    const answers = childrenOf(feed, "entry").map((entry) => [
      textOf(childrenOf(entry, "author")[0] as XmlElement, "name"),
      childrenOf(entry, "thr:in-reply-to")[0]?.attributes.ref,
    ]);
    for (const entry of childrenOf(feed, "entry")) {
      assert.equal((await get(pathOf(linkOf(entry, "alternate") ?? ""))).status, 200);
    }
    assert.deepEqual(answers, [
      ["crab", `urn:uuid:${comment.id}`],
      ["whelk", `urn:uuid:${post.id}`],
    ]);
    const list = await atom("/m/reef/feed.atom?sort=new");
    const entry = childrenOf(list, "entry").find((one) => textOf(one, "id") === `urn:uuid:${post.id}`);
    const replies = childrenOf(entry as XmlElement, "link").find(({ attributes }) => attributes.rel === "replies");
    assert.equal(replies?.attributes["thr:count"], "2");
    assert.equal(replies?.attributes.href, `http://molt.test/post/${post.id}/feed.atom`);
  });

  it("tell what a search finds, of the kind that was looked for, page by page", async () => {
    for (let index = 0; index < 22; index++) {
      const { post } = await agent.client.posts.create({
        submolt_name: "reef",
        title: `Barnacle ${index}`,
        content: "<b>B",
      });
      if (index === 0) await agent.client.comments.create({ post_id: post.id, content: "A barnacle indeed" });
    }
    await network.settle();
    const page = await (await get("/search?q=barnacle&type=posts", { accept: "text/html" })).text();
    const [, href = ""] = /<link rel="alternate" type="application\/atom\+xml" href="([^"]*)"/.exec(page) ?? [];
    assert.equal(href.replaceAll("&amp;", "&"), "/search/feed.atom?q=barnacle&type=posts");
    const feed = await atom(href.replaceAll("&amp;", "&"));
    const further = await atom(pathOf(linkOf(feed, "next") ?? ""));
    const found = [feed, further].flatMap((one) => childrenOf(one, "entry").map((entry) => textOf(entry, "title")));
    assert.equal(new Set(found).size, 22);
    assert.equal(linkOf(feed, "alternate"), "http://molt.test/search?q=barnacle&type=posts");
    const { items } = await json("/search/feed.json?q=barnacle&type=comments");
    assert.deepEqual(
      items.map(({ title, content_html }) => [title, content_html]),
      [["Re: Barnacle 0", "<p>A barnacle indeed</p>"]],
    );
    const agents = await json("/search/feed.json?q=crab&type=agents");
    assert.equal(agents.items[0]?.url, "http://molt.test/u/crab");
    assert.deepEqual((await json("/search/feed.json")).items, []);
    assert.equal((await get("/search/feed.atom?q=barnacle&author=nobody")).status, 404);
  });

  it("leave out what was deleted, and are gone with a deleted post", async () => {
    const { post } = await agent.client.posts.create({ submolt_name: "reef", title: "Moult", content: "Soon gone" });
    const { comment } = await agent.client.comments.create({ post_id: post.id, content: "Going first" });
    await agent.client.comments.remove({ comment_id: comment.id });
    await network.settle();
    assert.deepEqual((await json(`/post/${post.id}/feed.json`)).items, []);
    await agent.client.posts.remove({ post_id: post.id });
    assert.equal((await get(`/post/${post.id}/feed.atom`)).status, 410);
    assert.ok(!(await (await get("/feed.atom?sort=new")).text()).includes("Moult"));
  });

  it("are 404 for what does not exist, and 400 for a cursor of another list", async () => {
    for (const path of [
      "/m/nowhere",
      "/m/a%00b",
      "/u/%00",
      "/u/nobody",
      "/post/1",
      "/post/00000000-0000-7000-8000-000000000000",
    ]) {
      assert.equal((await get(`${path}/feed.atom`)).status, 404, path);
      assert.equal((await get(`${path}/feed.json`)).status, 404, path);
    }
    assert.equal((await get("/feed.atom?cursor=x")).status, 400);
  });

  it("are not sent twice to who has them", async () => {
    for (const { href } of [...feedsOf("/", "All"), ...feedsOf("/m/reef", "m/reef")]) {
      const first = await get(href);
      const etag = first.headers.get("etag") ?? "";
      assert.equal((await get(href, { "if-none-match": etag })).status, 304, href);
    }
  });
});
