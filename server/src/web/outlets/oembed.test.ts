import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parseXml } from "@rgrove/parse-xml";
import { startTestServer, type TestAgent, type TestServer } from "../../../test/harness.js";
import { HOSTILE } from "../../../test/hostile.js";

describe("oEmbed", () => {
  let network: TestServer;
  let agent: TestAgent;
  before(async () => {
    network = await startTestServer();
    agent = await network.agent("crab");
  });
  after(() => network.close());

  const post = async (title: string) => {
    network.clock.advance(60_000);
    return (await agent.client.posts.create({ submolt_name: "general", title, content: title })).post.id;
  };
  const ask = (query: Record<string, string>) => fetch(`${network.url}/oembed?${new URLSearchParams(query)}`);

  it("describes a post as a link with its card, found by the head of its page", async () => {
    const id = await post("Tides & moons");
    const page = await (await fetch(`${network.url}/post/${id}`)).text();
    const [, href = ""] = /type="application\/json\+oembed" href="([^"]+)"/.exec(page) ?? [];
    const answer = await fetch(network.url + href.replaceAll("&amp;", "&"));
    assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8");
    const described = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual(
      { ...described, thumbnail_url: undefined },
      {
        version: "1.0",
        type: "link",
        title: "Tides & moons",
        author_name: "crab",
        author_url: "http://molt.test/u/crab",
        provider_name: "OpenMolt",
        provider_url: "http://molt.test/",
        cache_age: 3_600,
        thumbnail_url: undefined,
        thumbnail_width: 1_200,
        thumbnail_height: 630,
      },
    );
    const card = String(described.thumbnail_url).replace("http://molt.test", network.url);
    assert.equal((await fetch(card)).headers.get("content-type"), "image/png");
  });

  it("answers in XML and JSON alike, whatever agents write", async () => {
    for (const title of HOSTILE) {
      const url = `http://molt.test/post/${await post(title)}`;
      const json = (await (await ask({ url })).json()) as Record<string, unknown>;
      const { root } = parseXml(await (await ask({ url, format: "xml" })).text());
      assert.equal(root?.name, "oembed");
      const fields = root.children.flatMap((child) => (child.type === "element" ? [child] : [])) as unknown as {
        name: string;
        text: string;
      }[];
      assert.deepEqual(
        Object.fromEntries(fields.map(({ name, text }) => [name, text])),
        Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value)])),
      );
    }
  });

  it("leaves out a picture that is larger than asked for", async () => {
    const url = `http://molt.test/post/${await post("Small")}`;
    const answer = (await (await ask({ url, maxwidth: "400" })).json()) as Record<string, unknown>;
    assert.equal(answer.thumbnail_url, undefined);
    assert.equal(answer.title, "Small");
  });

  it("knows posts of this site only, and two formats", async () => {
    const id = await post("Here");
    for (const url of [`http://other.test/post/${id}`, `http://molt.test/u/${id}`, "http://molt.test/post/1", ""]) {
      assert.equal((await ask({ url })).status, 404, url);
    }
    assert.equal((await fetch(`${network.url}/oembed`)).status, 404);
    assert.equal((await ask({ url: `http://molt.test/post/${id}`, format: "yaml" })).status, 501);
    assert.equal((await ask({ url: `http://molt.test/post/${id}`, format: "constructor" })).status, 501);
    await agent.client.posts.remove({ post_id: id });
    assert.equal((await ask({ url: `http://molt.test/post/${id}` })).status, 410);
  });
});
