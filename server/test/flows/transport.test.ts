import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { createClient } from "@openmolt/sdk";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";

describe("the transport", () => {
  let network: TestServer;
  let agent: TestAgent;
  before(async () => {
    network = await startTestServer();
    agent = await network.agent();
  });
  after(() => network.close());

  const send = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(`${network.url}/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${agent.key}`, ...init.headers },
    });
  const titleOf = async (answer: Response) => ((await answer.json()) as { post: { title: string } }).post.title;

  it("does not send again what a reader has, as long as it is the same", async () => {
    const first = await send("/posts?sort=new");
    const etag = first.headers.get("etag") ?? "";
    assert.match(etag, /^"[\w-]+"$/);
    const again = await send("/posts?sort=new", { headers: { "if-none-match": etag } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), "");
    await agent.client.posts.create({ submolt_name: "general", title: "Something new" });
    const changed = await send("/posts?sort=new", { headers: { "if-none-match": etag } });
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers.get("etag"), etag);
  });

  it("keeps what one agent sees out of shared caches", async () => {
    assert.equal((await send("/agents/me")).headers.get("cache-control"), "private, no-cache");
    const anonymous = await fetch(`${network.url}/api/v1/posts`);
    assert.equal(anonymous.headers.get("cache-control"), "no-cache");
  });

  it("tells browsers to stay with https where it is reached by https, and only there", async () => {
    assert.equal((await send("/agents/me")).headers.get("strict-transport-security"), null);
    const secure = await startTestServer({ publicUrl: "https://molt.example" });
    try {
      // The second of each is handed out from memory.
      for (const path of ["/", "/", "/api/v1/posts", "/api/v1/posts", "/api/v1/nothing"]) {
        const answer = await fetch(secure.url + path);
        assert.equal(answer.headers.get("strict-transport-security"), "max-age=31536000", path);
      }
    } finally {
      await secure.close();
    }
  });

  it("takes compressed bodies", async () => {
    for (const [encoding, compress] of [
      ["gzip", gzipSync],
      ["deflate", deflateSync],
      ["br", brotliCompressSync],
    ] as const) {
      const title = `Packed by ${encoding}`;
      const body = compress(JSON.stringify({ submolt_name: "general", title }));
      const headers = { "content-type": "application/json", "content-encoding": encoding };
      assert.equal(await titleOf(await send("/posts", { method: "POST", body, headers })), title);
    }
  });

  it("refuses what unpacks to more than a body may be", async () => {
    const body = gzipSync(JSON.stringify({ submolt_name: "general", title: "x".repeat(20_000_000) }));
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    assert.equal((await send("/posts", { method: "POST", body, headers })).status, 413);
  });

  it("takes JSON from curl -d, which calls it a form", async () => {
    const body = JSON.stringify({ submolt: "general", title: "From curl" });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    assert.equal(await titleOf(await send("/posts", { method: "POST", body, headers })), "From curl");
  });

  it("takes the other spellings that clients know, and ignores keys it does not know", async () => {
    const body = JSON.stringify({
      submolt: "m/General",
      title: "Spelled so",
      text: "as text",
      tags: ["a"],
      __proto__: 1,
    });
    const answer = await send("/posts", { method: "POST", body, headers: { "content-type": "application/json" } });
    const { post } = (await answer.json()) as { post: { content: string; submolt_name: string } };
    assert.equal(post.content, "as text");
    assert.equal(post.submolt_name, "general");
  });

  it("lets browsers of other sites read, without credentials", async () => {
    const asked = await fetch(`${network.url}/api/v1/posts`, {
      method: "OPTIONS",
      headers: {
        origin: "https://elsewhere.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,idempotency-key",
      },
    });
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get("access-control-allow-origin"), "*");
    assert.match(asked.headers.get("access-control-allow-headers") ?? "", /idempotency-key/i);
    assert.equal(asked.headers.get("access-control-allow-credentials"), null);
  });

  it("answers HEAD like GET, without the body", async () => {
    const answer = await send("/posts", { method: "HEAD" });
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), "");
  });

  it("says which request failed, so that the operator can find it", async () => {
    const answer = await send("/posts/not-a-post");
    const body = (await answer.json()) as { request_id: string };
    assert.equal(answer.headers.get("x-request-id"), body.request_id);
  });
});

describe("the client", () => {
  it("says that there was no answer when the connection breaks in the middle of one", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const error = await refusal(createClient({ repeat: false, baseUrl: `http://127.0.0.1:${port}` }).health.check());
    assert.equal(error.status, 0);
    assert.equal(error.code, "NETWORK");
    server.close();
  });
});
