/** Input made to break something: it is refused or stored as the plain text it is, and nothing else happens. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { lengths } from "@openmolt/contract/limits";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";

describe("hostile input", () => {
  let network: TestServer;
  let agent: TestAgent;
  before(async () => {
    network = await startTestServer();
    agent = await network.agent();
  });
  after(() => network.close());

  const send = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(`${network.url}${path}`, {
      redirect: "manual",
      ...init,
      headers: { authorization: `Bearer ${agent.key}`, ...init.headers },
    });

  it("names no thing that every object has", async () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]) {
      const encoded = await send("/api/v1/posts", {
        method: "POST",
        body: "{}",
        headers: { "content-encoding": name },
      });
      assert.equal(encoded.status, 415, name);
      for (const path of [
        `/api/v1/posts?sort=${name}`,
        `/api/v1/submolts?sort=${name}`,
        `/api/v1/search?q=a&type=${name}`,
      ]) {
        assert.ok((await send(path)).status < 500, path);
      }
      assert.ok((await send(`/m/${name}?sort=${name}`)).status < 500, name);
    }
    const body = `{"__proto__":{"description":"x"},"constructor":{"prototype":{"admin":true}},"metadata":{"__proto__":{"admin":true}}}`;
    const headers = { "content-type": "application/json" };
    assert.equal((await send("/api/v1/agents/me", { method: "PATCH", body, headers })).status, 200);
    assert.equal(({} as { admin?: boolean }).admin, undefined);
    assert.equal((await agent.client.agents.me()).agent.description, "");
  });

  it("makes no agent carry more than a little metadata, nor a name that is not seen or turns text around", async () => {
    const most = { note: "x".repeat(lengths.metadataBytes - '{"note":""}'.length) };
    await agent.client.agents.update({ metadata: most });
    const larger = agent.client.agents.update({ metadata: { note: `${most.note}x` } });
    assert.equal((await refusal(larger)).code, "VALIDATION_ERROR");
    const wide = agent.client.agents.update({ metadata: { note: "é".repeat(lengths.metadataBytes / 2) } });
    assert.equal((await refusal(wide)).code, "VALIDATION_ERROR");
    await agent.client.agents.update({ metadata: {} });
    for (const display_name of ["\u200b", "\u3164", "a\nb", "\u202egnp.exe", "x\u2066y", " ", "\u0007", "\u2028"]) {
      assert.equal((await refusal(agent.client.agents.update({ display_name }))).code, "VALIDATION_ERROR");
      const name = `odd-${Math.random().toString(36).slice(2, 10)}`;
      assert.equal((await refusal(agent.client.submolts.create({ name, display_name }))).code, "VALIDATION_ERROR");
    }
    for (const display_name of ["Zoë 🦞", "李小龍", "مرحبا", "👩‍🚀"]) {
      assert.equal((await agent.client.agents.update({ display_name })).agent.display_name, display_name);
    }
  });

  it("of a compressed body counts as large as it unfolds", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, "x"));
    assert.ok(bomb.length < 100_000);
    const answer = await send("/api/v1/posts", {
      method: "POST",
      body: bomb,
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
    }).catch((error: Error) => error);
    if (!(answer instanceof Error)) assert.equal(answer.status, 413);
    assert.equal((await send("/api/v1/health")).status, 200);
  });

  it("of an upload is refused in the wrong field, in too many fields, and beyond its size", async () => {
    const upload = (fill: (form: FormData) => void) => {
      const body = new FormData();
      fill(body);
      return send("/api/v1/agents/me/avatar", { method: "POST", body }).catch((error: Error) => error);
    };
    const calm = (answer: Response | Error) =>
      assert.ok(answer instanceof Error || (answer.status >= 400 && answer.status < 500), String(answer));
    calm(await upload((form) => form.append("other", new Blob([Buffer.alloc(8_000_000)]), "a.png")));
    calm(await upload((form) => form.append("file", new Blob([Buffer.alloc(8_000_000)]), "a.png")));
    calm(
      await upload((form) => {
        for (let n = 0; n < 2_000; n++) form.append(`field${n}`, "x");
      }),
    );
    calm(
      await upload((form) => {
        form.append("__proto__", "x");
        form.append("constructor", "x");
      }),
    );
    assert.equal((await send("/api/v1/health")).status, 200);
  });

  it("in a cursor is refused, whatever was put in it", async () => {
    const cursors = [
      ["posts/new/all", 1e300, "x", "y"],
      [null, 0],
      ["agents/newest", -1, "2026-01-01T00:00:00.000Z", "' or 1=1 --"],
      ["agents/newest", 0, "+275760-09-13T00:00:00.000Z", "00000000-0000-7000-8000-000000000000"],
      { list: "agents/newest" },
    ].map((value) => Buffer.from(JSON.stringify(value)).toString("base64url"));
    for (const cursor of [...cursors, "....", "%", "e30", "x".repeat(400)]) {
      for (const path of ["/agents/recent", "/posts", "/submolts", "/search?q=lobster", "/notifications"]) {
        const mark = path.includes("?") ? "&" : "?";
        const answer = await send(`/api/v1${path}${mark}cursor=${encodeURIComponent(cursor)}`);
        assert.equal(answer.status, 400, `${path} ${cursor}`);
      }
    }
  });

  it("in a search is words or nothing, and answered soon", async () => {
    await agent.client.posts.create({
      submolt_name: "general",
      title: "A lobster",
      content: "'; drop table posts; -- %_\\",
    });
    await network.settle();
    const queries = [
      "' | 'a':* & !'b",
      "lobster':* | 'x",
      "%%%%%%%%%%",
      "_".repeat(500),
      "\\",
      "!!(((",
      "a ".repeat(250),
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
      "\u0301".repeat(500),
      "<->".repeat(100),
      "漢".repeat(500),
    ];
    for (const q of queries) {
      const started = performance.now();
      const answer = await send(`/api/v1/search?q=${encodeURIComponent(q)}`);
      assert.ok(answer.status === 200 || answer.status === 400, `${q}: ${answer.status}`);
      assert.ok(performance.now() - started < 5_000, q);
    }
    const found = await agent.client.search.find({ q: "lobster" });
    assert.equal(found.count, 1);
  });

  it("in the path or the Host header opens no page and shows in no link", async () => {
    for (const path of [
      "//operator",
      "/operator/",
      "/./operator",
      "/%6fperator",
      "/operator%2f",
      "/operator;x=1",
      "/x/..%2foperator",
      "/OPERATOR",
      "/operator?auth=none",
      "/owner/",
      "/%2e/owner",
    ]) {
      const answer = await fetch(network.url + path, { redirect: "manual", headers: { accept: "text/html" } });
      assert.ok(answer.status === 401 || answer.status === 404, `${path}: ${answer.status}`);
      assert.equal(answer.headers.get("location"), null);
      assert.equal(answer.headers.get("x-frame-options"), "DENY");
    }
    const headers = { host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher" };
    for (const path of [
      "/",
      "/skill.md",
      "/skill.json",
      "/openapi.json",
      "/api/v1/agents/recent",
      "/login",
      "/auth.md",
    ]) {
      const answer = await fetch(network.url + path, { headers });
      assert.ok(!(await answer.text()).includes("evil.example"), path);
    }
    const login = await fetch(`${network.url}/login`);
    assert.equal(login.headers.get("cache-control"), "no-store");
    assert.match(login.headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
  });

  it("after the name of the stream's last event is a cursor or refused", async () => {
    for (const id of ["-1", "1e9", "9".repeat(40), "0x10", "1;drop", "NaN"]) {
      const answer = await send("/api/v1/events", { headers: { accept: "text/event-stream", "last-event-id": id } });
      assert.equal(answer.status, 400, id);
      await answer.arrayBuffer();
    }
    const future = await send("/api/v1/events?stream=1", { headers: { "last-event-id": "999999999999999" } });
    assert.equal(future.status, 200);
    await future.body?.cancel();
  });
});
