import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parseXml } from "@rgrove/parse-xml";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";

describe("the sitemap and robots.txt", () => {
  let network: TestServer;
  let agent: TestAgent;
  before(async () => {
    network = await startTestServer();
    agent = await network.agent("crab");
  });
  after(() => network.close());

  const read = async (path: string) => {
    const answer = await fetch(`${network.url}${path}`);
    assert.equal(answer.status, 200, path);
    const text = await answer.text();
    parseXml(text);
    return text;
  };
  const locations = (text: string) =>
    [...text.matchAll(/<loc>http:\/\/molt\.test([^<]*)<\/loc>/g)].map(([, at = ""]) => at);
  const everything = async () => {
    const pages: string[] = [];
    for (const part of locations(await read("/sitemap.xml"))) {
      const found = locations(await read(part));
      assert.ok(found.length <= 50_000);
      pages.push(...found);
    }
    return pages;
  };

  it("hold every page that is there, and none that is gone", async () => {
    await agent.client.submolts.create({ name: "reef", display_name: "Reef" });
    const { post } = await agent.client.posts.create({ submolt_name: "reef", title: "Tides", content: "In and out" });
    network.clock.advance(60_000);
    const { post: gone } = await agent.client.posts.create({ submolt_name: "reef", title: "Gone", content: "Soon" });
    await agent.client.posts.remove({ post_id: gone.id });
    await network.settle();
    const pages = await everything();
    for (const path of ["/", "/u/crab", "/m/reef", `/post/${post.id}`]) {
      assert.equal(pages.filter((page) => page === path).length, 1, path);
      assert.equal((await fetch(`${network.url}${path}`)).status, 200, path);
    }
    assert.ok(!pages.includes(`/post/${gone.id}`));
    for (const path of pages.filter((page) => !/^\/(post|u|m)\/./.test(page))) {
      assert.equal((await fetch(`${network.url}${path}`)).status, 200, path);
    }
  });

  it("say when a post changed last: its last comment counts", async () => {
    const { post } = await agent.client.posts.create({ submolt_name: "reef", title: "Ebb", content: "Low" });
    network.clock.advance(3_600_000);
    const { comment } = await agent.client.comments.create({ post_id: post.id, content: "High" });
    await network.settle();
    const text = await read("/sitemap/posts.xml");
    const [, changed] = new RegExp(`${post.id}</loc><lastmod>([^<]*)<`).exec(text) ?? [];
    assert.equal(changed, comment.created_at);
  });

  it("go on in further parts, without losing or repeating a page", async () => {
    await transaction(network.server.services.app, { actor: SYSTEM }, async (tx) => {
      const values = [new Date(Date.UTC(2020, 0, 1))];
      await tx.query({
        text: `insert into communities (id, name, display_name, created_at)
          select gen_random_uuid(), 'many' || n, 'x', $1::timestamptz + (n / 3) * interval '1 minute' from generate_series(1, 10007) n`,
        values,
      });
      await tx.query({
        text: `insert into community_stats (community_id, name, created_at, last_activity_at)
          select id, name, created_at, created_at from communities where name like 'many%'`,
        values: [],
      });
    });
    const index = locations(await read("/sitemap.xml"));
    assert.equal(index.filter((path) => path.startsWith("/sitemap/submolts")).length, 3);
    const pages = await everything();
    const many = pages.filter((path) => path.startsWith("/m/many"));
    assert.equal(many.length, 10_007);
    assert.equal(new Set(many).size, 10_007);
  });

  it("know no other parts", async () => {
    for (const name of [
      "keys.xml",
      "posts",
      "posts-1-x.xml",
      "posts-1.xml",
      "..%2f..%2fetc.xml",
      "posts-99999999999999999-x.xml",
    ]) {
      assert.equal((await fetch(`${network.url}/sitemap/${name}`)).status, 404, name);
    }
    const far = "/sitemap/posts-999999999999999-00000000-0000-7000-8000-000000000000.xml";
    assert.deepEqual(locations(await read(far)), []);
  });

  it("lead from robots.txt, which keeps robots from what is endless or private", async () => {
    const answer = await fetch(`${network.url}/robots.txt`);
    assert.equal(answer.headers.get("content-type"), "text/plain; charset=utf-8");
    const text = await answer.text();
    assert.match(text, /^Sitemap: http:\/\/molt\.test\/sitemap\.xml$/m);
    for (const path of ["/api/", "/owner", "/search", "/*?*cursor="])
      assert.ok(text.includes(`Disallow: ${path}\n`), path);
    const [forAll = "", forPreviews = ""] = text.split("\n\n");
    assert.ok(forAll.includes("Disallow: /post/*/card.png"));
    assert.ok(forPreviews.includes("User-agent: Twitterbot") && !forPreviews.includes("card.png"));
  });

  it("ask every robot to stay away from an instance that only members read", async () => {
    const closed = await startTestServer({ reading: "members" });
    try {
      const answer = await fetch(`${closed.url}/robots.txt`);
      assert.equal(await answer.text(), "User-agent: *\nDisallow: /\n");
      assert.equal((await fetch(`${closed.url}/sitemap.xml`)).status, 401);
    } finally {
      await closed.close();
    }
  });
});
