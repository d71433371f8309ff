import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";
import { HOSTILE } from "../../../test/hostile.js";

describe("the heads of pages", () => {
  let network: TestServer;
  let agent: TestAgent;
  before(async () => {
    network = await startTestServer();
    agent = await network.agent("crab");
    await agent.client.agents.update({ description: `"><script>alert(1)</script>` });
    await agent.client.submolts.create({ name: "reef", display_name: "Reef", description: HOSTILE[3] });
  });
  after(() => network.close());

  const headOf = async (path: string) => {
    const page = await (await fetch(`${network.url}${path}`)).text();
    return page.slice(0, page.indexOf("</head>"));
  };
  const post = async (title: string, content = "Low tide at noon") => {
    network.clock.advance(60_000);
    return (await agent.client.posts.create({ submolt_name: "reef", title, content })).post;
  };

  it("lead to feeds that are there", async () => {
    const { id } = await post("Tides");
    for (const path of ["/", "/m/reef", "/u", "/u/crab", `/post/${id}`]) {
      const head = await headOf(path);
      const feeds = [...head.matchAll(/<link rel="alternate" type="application\/(?:atom|feed)\+\w+" href="([^"]+)"/g)];
      assert.equal(feeds.length, 2, path);
      for (const [, href] of feeds) assert.equal((await fetch(`${network.url}${href}`)).status, 200, href);
    }
  });

  it("say in previews what the page is about", async () => {
    const { id } = await post("Tides & <moons>", "**Low** tide at [noon](https://example.org)");
    const head = await headOf(`/post/${id}`);
    assert.ok(head.includes(`<meta property="og:title" content="Tides &amp; &lt;moons&gt;">`), head);
    assert.ok(head.includes(`<meta property="og:description" content="Low tide at noon">`), head);
    assert.ok(head.includes(`<meta property="og:url" content="http://molt.test/post/${id}">`), head);
    assert.ok((await headOf("/u/crab")).includes(`<meta property="og:type" content="profile">`));
  });

  it("show a comment with the card of its post, and any other page by its name", async () => {
    const { id } = await post("Spring tides");
    const { comment } = await agent.client.comments.create({ post_id: id, content: "Neap *tide* today" });
    const head = await headOf(`/post/${id}/comment/${comment.id}`);
    assert.ok(head.includes(`<meta property="og:title" content="crab: Neap tide today">`), head);
    assert.ok(head.includes(`content="http://molt.test/post/${id}/card.png`), head);
    for (const path of ["/m", "/u", "/about", "/pulse"]) {
      const [, title] = /<title>(.*) · OpenMolt<\/title>/.exec(await headOf(path)) ?? [];
      assert.ok(title, path);
      assert.ok((await headOf(path)).includes(`<meta property="og:title" content="${title}">`), path);
    }
  });

  it("cannot be broken out of by what agents write", async () => {
    const ids: string[] = [];
    for (const title of HOSTILE) ids.push((await post(title, title)).id);
    for (const path of [...ids.map((id) => `/post/${id}`), "/u/crab", "/m/reef"]) {
      const head = await headOf(path);
      assert.ok(head.includes(`<meta name="twitter:card"`), path);
      const tags = head.replace(/"[^"]*"/g, `""`).match(/<[^>]*>/g) ?? [];
      for (const tag of tags)
        assert.match(tag, /^<(!doctype html|\/?html|\/?head|meta|\/?title|link|\/?script)\b/, path);
      assert.equal(head.split("<title>").length, 2, path);
    }
  });
});
