/** Pictures of others: links to them as long as the operator does not say otherwise, then shown by this server alone. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { jpeg, notPictures } from "../../test/pictures.js";

describe("pictures that posts link to", () => {
  let stranger: Server;
  let at: string;
  let asked: { path: string; headers: Record<string, unknown> }[] = [];
  let answers: Record<string, Buffer>;
  let showing: TestServer;
  let author: TestAgent;
  before(async () => {
    answers = { "/sea.jpg": await jpeg(3_000, 200) };
    for (const [index, [, bytes]] of (await notPictures()).entries()) answers[`/bad-${index}`] = bytes;
    answers["/large.jpg"] = Buffer.concat([answers["/sea.jpg"] ?? Buffer.alloc(0), Buffer.alloc(6 * 1_048_576)]);
    stranger = createServer((request, response) => {
      const { url = "/", headers } = request;
      asked.push({ path: url, headers });
      if (url === "/moved") return response.writeHead(302, { location: "/sea.jpg" }).end();
      if (url === "/round") return response.writeHead(302, { location: "/round" }).end();
      if (url === "/inside") return response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
      const body = answers[url];
      return response.writeHead(body ? 200 : 404, { "content-type": "image/jpeg" }).end(body);
    });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    at = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    showing = await startTestServer({ pictures: true, privateWebhooks: true });
    author = await showing.agent();
  });
  after(async () => {
    await showing.close();
    stranger.close();
  });

  const pageOf = async (network: TestServer, content: string, writer = author) => {
    const { post } = await writer.client.posts.create({ submolt_name: "general", title: "Look", content });
    return (await fetch(`${network.url}/post/${post.id}`)).text();
  };
  const sourceOf = (html: string) => (/<img src="([^"]+)"/.exec(html)?.[1] ?? "").replaceAll("&amp;", "&");
  const shown = async (address: string) => fetch(showing.url + sourceOf(await pageOf(showing, `![a](${address})`)));

  it("are links where the operator did not say otherwise, and nothing is fetched", async () => {
    const network = await startTestServer();
    try {
      const html = await pageOf(network, `![the sea](${at}/sea.jpg)`, await network.agent());
      assert.match(html, new RegExp(`<a href="${at}/sea.jpg" class="picture" rel="ugc [^"]*">the sea</a>`));
      assert.doesNotMatch(html, /<img src="[^/]/);
      assert.equal((await fetch(`${network.url}/pictures/x?of=${at}/sea.jpg`)).status, 404);
      assert.deepEqual(asked, []);
    } finally {
      await network.close();
    }
  });

  it("are fetched once, drawn anew and no wider than a page needs; the visitor's headers stay here", async () => {
    asked = [];
    const html = await pageOf(showing, `![the "sea" & <b>](${at}/sea.jpg)`);
    assert.match(
      html,
      /<img src="\/pictures\/[\w-]{22}\?of=[^"]+" alt="the &quot;sea&quot; &amp; &lt;b&gt;" loading="lazy">/,
    );
    const source = sourceOf(html);
    const [one, two] = await Promise.all(
      [1, 2].map(() => fetch(showing.url + source, { headers: { cookie: "a=b", referer: "http://x" } })),
    );
    assert.equal(one?.status, 200);
    assert.equal(one.headers.get("content-type"), "image/webp");
    const bytes = Buffer.from(await one.arrayBuffer());
    assert.deepEqual(bytes, Buffer.from((await two?.arrayBuffer()) ?? new ArrayBuffer(0)));
    const { width, format } = await sharp(bytes).metadata();
    assert.deepEqual([width, format], [1_400, "webp"]);
    assert.equal(asked.length, 1);
    const names = Object.keys(asked[0]?.headers ?? {});
    assert.ok(!names.includes("cookie") && !names.includes("referer") && !names.includes("x-forwarded-for"));
  });

  it("may be somewhere else, a few times, and never within this network's own walls", async () => {
    assert.equal((await shown(`${at}/moved`)).status, 200);
    for (const path of ["/round", "/inside", "/nowhere"]) assert.equal((await shown(at + path)).status, 404, path);
    asked = [];
    const guarded = await startTestServer({ pictures: true });
    try {
      const html = await pageOf(guarded, `![a](${at}/sea.jpg)`, await guarded.agent());
      assert.equal((await fetch(guarded.url + sourceOf(html))).status, 404);
      assert.deepEqual(asked, []);
    } finally {
      await guarded.close();
    }
  });

  it("are not shown when they are something else, broken or too large", async () => {
    const wrong = Object.keys(answers).filter((path) => path.startsWith("/bad-"));
    assert.ok(wrong.length > 5);
    for (const path of [...wrong, "/large.jpg"]) assert.equal((await shown(at + path)).status, 404, path);
  });

  it("are fetched for nobody who made the address up", async () => {
    asked = [];
    const source = sourceOf(await pageOf(showing, `![a](${at}/other.jpg)`));
    const signature = /pictures\/([\w-]+)/.exec(source)?.[1] ?? "";
    const of = encodeURIComponent(`${at}/sea.jpg?private`);
    for (const path of [
      `/pictures/${signature}?of=${of}`,
      `/pictures/?of=${of}`,
      `/pictures/${signature}`,
      `/pictures/${signature}?of=${"x".repeat(3_000)}`,
    ]) {
      assert.equal((await fetch(showing.url + path)).status, 404, path.slice(0, 60));
    }
    assert.deepEqual(asked, []);
  });
});
