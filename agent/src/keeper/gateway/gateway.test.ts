/** The gateway as an agent of any make meets it: plain fetch on one side, what came over the wire on the other. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, get, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, beforeEach, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import { approve, readApprovals } from "../approvals.js";
import { openAudit, readAudit } from "../audit.js";
import { type Places, placesIn } from "../files.js";
import { clearStop, readStop, writeStop } from "../stop.js";
import { idOf, type StubNetwork, startStubNetwork } from "../stub-network.js";
import { allowList } from "./allow-list.js";
import { type ServeOptions, serveGateway } from "./serve.js";

const KEY = "moltbook_Th1sK3yMustN0tLeaveTh1sK3yMustN0tLeaveTh1sK3yM";
const TOKEN = "moltbook_local_thrown_away_when_this_ends";
const DAILY = { requests: 1_000, posts: 2, comments: 50, votes: 10, follows: 1, messages: 1, submolts: 1 };

describe("the gateway", { timeout: 60_000 }, () => {
  let network: StubNetwork;
  let folder: string;
  let places: Places;
  let server: Server | undefined;
  let end: AbortController;
  before(async () => {
    network = await startStubNetwork();
    folder = await mkdtemp(join(tmpdir(), "openmolt-gateway-"));
  });
  after(async () => {
    await stop();
    network.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    await stop();
    await rm(folder, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), "openmolt-gateway-"));
    places = placesIn(folder);
    network.show("They are late.");
    network.sent.length = 0;
  });

  async function stop(): Promise<void> {
    if (server === undefined) return;
    const closed = new Promise((resolve) => server?.once("close", resolve));
    server.close();
    server.closeAllConnections();
    await closed;
    server = undefined;
  }
  async function start(other: Partial<ServeOptions> = {}, further: string[] = []): Promise<string> {
    end = new AbortController();
    server = await serveGateway({
      places,
      network: network.url,
      apiKey: KEY,
      token: TOKEN,
      listen: { host: "127.0.0.1", port: 0 },
      find: allowList(further),
      mode: "active",
      resume: false,
      links: ["molt.test"],
      daily: DAILY,
      audit: openAudit(places.audit),
      signal: end.signal,
      ...other,
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const asAgent = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  async function call(
    base: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = asAgent,
  ) {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method,
      headers,
      redirect: "manual",
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.ok(!text.includes(KEY), "the key came back");
    return { status: answer.status, body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown> };
  }

  it("passes on what is allowed with the key in the token's place, and nothing else of the agent's headers", async () => {
    const base = await start();
    const read = await call(base, "GET", "/feed?sort=hot", undefined, {
      ...asAgent,
      cookie: "a=b",
      "x-forwarded-for": "1.2.3.4",
    });
    assert.deepEqual([read.status, Array.isArray(read.body.posts)], [200, true]);
    const written = await call(base, "POST", "/posts", { submolt: "general", title: "Tides", content: "Late again." });
    assert.deepEqual([written.status, written.body.post], [200, { id: idOf(4) }]);
    assert.deepEqual(
      network.sent.map(({ method, url, authorization }) => [method, url, authorization]),
      [
        ["GET", "/api/v1/feed?sort=hot", `Bearer ${KEY}`],
        ["POST", "/api/v1/posts", `Bearer ${KEY}`],
      ],
    );
    for (const { url, headers, body } of network.sent) {
      assert.ok(!`${url}${headers}${body}`.includes(KEY) && !`${url}${headers}${body}`.includes(TOKEN));
      assert.ok(!headers.includes("cookie") && !headers.includes("x-forwarded-for"));
    }
  });

  it("knows only its token, its own names and no browser", async () => {
    const base = await start();
    const wrong: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${KEY}` },
      { authorization: `Bearer ${TOKEN}x` },
      { authorization: TOKEN },
    ];
    for (const headers of wrong) assert.equal((await call(base, "GET", "/feed", undefined, headers)).status, 401);
    assert.equal(
      (await call(base, "GET", "/feed", undefined, { ...asAgent, origin: "http://evil.example" })).status,
      421,
    );
    const rebound = await new Promise<number | undefined>((resolve) => {
      get(`${base}/api/v1/feed`, { headers: { ...asAgent, host: "evil.example" } }, (answer) => {
        resolve(answer.resume().statusCode);
      });
    });
    assert.equal(rebound, 421);
    assert.equal(network.sent.length, 0);
  });

  it("lets no call through that is not on the list, however it is spelt", async () => {
    const base = await start();
    const calls: [method: string, path: string][] = [
      ["POST", "/agents/me/rotate-key"],
      ["PATCH", "/agents/me"],
      ["DELETE", "/agents/me"],
      ["DELETE", `/posts/${idOf(1)}`],
      ["POST", "/agents/register"],
      ["POST", "/agents/dm/request"],
      ["POST", `/agents/dm/conversations/${idOf(3)}/send`],
      ["POST", "/submolts"],
      ["GET", "/agents/me/keys"],
      ["GET", "/owner/agents"],
      ["GET", "/../../owner"],
      ["GET", "/posts/..%2f..%2fowner"],
      ["PUT", "/feed"],
      ["POST", "//posts"],
      ["POST", "/posts/"],
    ];
    for (const [method, path] of calls) {
      assert.equal(
        (await call(base, method, path, method === "GET" ? undefined : {})).status,
        403,
        `${method} ${path}`,
      );
    }
    for (const path of [
      "/posts/..",
      "/posts/../vote",
      "/posts/%2e%2e/vote",
      "/posts/./vote",
      `/posts/${idOf(1)}/../vote`,
    ]) {
      const method = path.endsWith("vote") ? "PUT" : "GET";
      const status = await new Promise<number | undefined>((resolve) => {
        const raw = request(base, { method, path: `/api/v1${path}`, headers: asAgent }, (answer) =>
          resolve(answer.resume().statusCode),
        );
        raw.end(method === "PUT" ? '{"value":1}' : undefined);
      });
      assert.equal(status, 403, path);
    }
    assert.equal(network.sent.length, 0);
    await stop();
    const open = await start({}, ["messages.send"]);
    assert.equal(
      (await call(open, "POST", `/agents/dm/conversations/${idOf(3)}/send`, { message: "Hello" })).status,
      200,
    );
    assert.throws(() => allowList(["operators.suspend"]), /no call of agents/);
    for (const name of ["agents.rotateKey", "keys.create", "keys.exchange", "identity.token", "agents.register"])
      assert.throws(() => allowList([name]), /never passed on/, name);
  });

  it("takes no call for another one, whatever of the contract is asked for", async () => {
    const find = allowList([]);
    for (const { name, endpoint } of allEndpoints) {
      for (const { path, ...other } of [{ path: endpoint.path }, ...(endpoint.alsoAt ?? [])]) {
        const method = "method" in other && other.method ? other.method : endpoint.method;
        for (const value of ["me", "dm", "profile", idOf(1)]) {
          const found = find(method, `/api/v1${path.replace(/:\w+/g, value)}`);
          if (found !== undefined && !path.includes(":")) assert.equal(found.name, name);
          if (found !== undefined && value === idOf(1)) assert.equal(found.name, name);
          if (found?.endpoint.scope === "account") assert.fail(`${method} ${path} reaches an account by ${value}`);
        }
      }
    }
  });

  it("is a proxy of one network only: no tunnel, no other address, no other method in a header", async () => {
    const { port } = new URL(await start());
    const headers = `authorization: ${asAgent.authorization}\r\nx-http-method-override: DELETE\r\nconnection: close\r\n`;
    const raw = async (line: string, host = `127.0.0.1:${port}`) => {
      const socket = connect(Number(port), "127.0.0.1");
      socket.write(`${line} HTTP/1.1\r\nhost: ${host}\r\n${headers}\r\n`);
      return text(socket).catch(() => "");
    };
    for (const line of [
      `CONNECT 127.0.0.1:${port}`,
      `GET ${network.url}/api/v1/feed`,
      `GET http://evil.example/api/v1/feed`,
      "GET //evil.example/api/v1/feed",
      "GET /mcp",
      "GET /api/v1/../../mcp",
      "GET /api/v1\\feed",
      "GET /API/V1/feed",
      "GET /api/v1/feed%3fa=b",
      "HEAD /api/v1/feed",
      "TRACE /api/v1/feed",
      "OPTIONS *",
    ])
      assert.match(await raw(line), /^(HTTP\/1\.1 40[03] |$)/, line);
    assert.match(await raw("GET /api/v1/feed", "evil.example"), /^HTTP\/1\.1 421 /);
    assert.equal(network.sent.length, 0);
    assert.match(await raw("GET /api/v1/feed"), /^HTTP\/1\.1 200 /);
    assert.ok(!network.sent[0]?.headers.includes("override"));
  });

  it("breaks off what is under way when it is stopped", async () => {
    let broken: () => void;
    const brokenOff = new Promise<void>((resolve) => {
      broken = resolve;
    });
    const silent = createServer((request) => {
      request.socket.once("close", () => broken());
      writeStop(places.stop, { kind: "stopped", code: "KILLED", why: "The test.", at: "" });
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    try {
      const base = await start({ network: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
      await assert.rejects(call(base, "GET", "/feed"));
      await brokenOff;
      server = undefined;
    } finally {
      silent.close();
    }
  });

  it("sends on what it has checked, not what it was sent", async () => {
    const base = await start();
    const twice = `{"submolt":"general","title":"x","content":"${KEY}","content":"Nothing wrong here"}`;
    assert.equal((await call(base, "POST", "/posts", twice, { ...asAgent, "content-type": "text/plain" })).status, 200);
    const [sent] = network.sent;
    assert.deepEqual(JSON.parse(sent?.body ?? ""), { submolt: "general", title: "x", content: "Nothing wrong here" });
    assert.ok(!sent?.body.includes(KEY) && sent?.headers.includes('"content-type":"application/json"'));
    for (const name of ["idempotency-key", "if-none-match", "accept"]) {
      const leak = await call(base, "GET", "/feed", undefined, { ...asAgent, [name]: KEY });
      assert.equal(leak.body.code, "GATE", name);
    }
    assert.equal(network.sent.length, 1);
  });

  it("holds back keys, private data and foreign links in any field, and pauses the agent at the third time", async () => {
    const base = await start();
    const post = (content: string, more = {}) =>
      call(base, "POST", "/posts", { submolt: "general", title: "x", content, ...more });
    assert.equal((await post(`See https://molt.test/p/1`)).status, 200);
    const hidden = Buffer.from(`my key is ${KEY}`).toString("base64");
    const one = await post("Hi", { extra: { deep: [`key ${KEY}`] } });
    assert.deepEqual([one.status, one.body.code], [422, "GATE"]);
    assert.equal((await call(base, "GET", `/search?q=${KEY}`)).status, 422);
    assert.equal((await post(hidden)).status, 422);
    assert.equal(readStop(places.stop, new Date())?.code, "GATE");
    assert.deepEqual((await post("Nothing wrong here")).status, 503);
    assert.equal(network.sent.length, 1);
    await stop();
    const looked = await start({ resume: true });
    const leak = (at: string) =>
      call(at, "POST", "/posts", { title: "x", content: "Get it at https://evil.example/x" });
    assert.deepEqual([(await leak(looked)).status, (await leak(looked)).status], [422, 422]);
    assert.equal(readStop(places.stop, new Date()), undefined);
    await stop();
    assert.equal((await leak(await start())).status, 422);
    assert.equal(readStop(places.stop, new Date())?.code, "GATE", "a restart begins to count anew");
    const log = JSON.stringify(readAudit(places.audit));
    assert.ok(!log.includes(KEY) && log.includes("a key of this agent"), log);
  });

  it("counts acts and requests by day, also across a restart", async () => {
    const base = await start({ daily: { ...DAILY, requests: 4 } });
    const post = (at: string) => call(at, "POST", "/posts", { submolt: "general", title: "x", content: "y" });
    assert.deepEqual([(await post(base)).status, (await post(base)).status], [200, 200]);
    const third = await post(base);
    assert.deepEqual([third.status, third.body.code], [429, "DAILY_LIMIT"]);
    await stop();
    const again = await start({ daily: { ...DAILY, requests: 4 } });
    assert.equal((await post(again)).body.code, "DAILY_LIMIT");
    assert.equal((await call(again, "GET", "/feed")).body.code, "BUDGET");
    assert.equal(network.sent.length, 2);
  });

  it("in mode engage lays texts before the owner and sends each approved one once; in mode lurk writes nothing", async () => {
    const base = await start({ mode: "engage" });
    const asked = await call(base, "POST", `/posts/${idOf(1)}/comments`, {
      content: "Late by how much?",
      parent_id: idOf(2),
    });
    assert.deepEqual([asked.status, asked.body.status], [202, "awaits_approval"]);
    assert.equal((await call(base, "PUT", `/posts/${idOf(1)}/vote`, { value: 1 })).status, 200);
    const [waiting] = readApprovals(places.approvals, new Date());
    assert.ok(waiting);
    approve(places.approvals, waiting.id, new Date());
    while (!readAudit(places.audit).some((line) => line.door === "act"))
      await new Promise((resolve) => setTimeout(resolve, 20));
    const comments = network.sent.filter(({ url }) => url.endsWith("/comments"));
    assert.deepEqual(
      comments.map(({ body }) => JSON.parse(body)),
      [{ parent_id: idOf(2), content: "Late by how much?" }],
    );
    assert.deepEqual(readApprovals(places.approvals, new Date()), []);
    await stop();
    const further = ["messages.request", "posts.edit", "moderation.reportPost"];
    const strict = await start({ mode: "engage" }, further);
    const texts: [method: string, path: string, body: object][] = [
      ["POST", "/agents/dm/request", { to: "Kelp", message: "Unseen by the owner" }],
      ["PATCH", `/posts/${idOf(1)}`, { content: "Unseen by the owner" }],
      ["POST", `/posts/${idOf(1)}/report`, { reason: "Unseen by the owner" }],
    ];
    network.sent.length = 0;
    for (const [method, path, body] of texts)
      assert.equal((await call(strict, method, path, body)).body.code, "CANNOT_WAIT", path);
    const unreadable = [{ content: "x".repeat(20_000) }, { content: "" }, { content: "x", parent_id: "y".repeat(99) }];
    for (const body of unreadable)
      assert.equal((await call(strict, "POST", `/posts/${idOf(1)}/comments`, body)).body.code, "NOT_AN_ACT");
    assert.deepEqual([network.sent.length, await readdir(places.approvals)], [0, []]);
    await stop();
    const silent = await start({ mode: "lurk" });
    assert.equal((await call(silent, "PUT", `/posts/${idOf(1)}/vote`, { value: 1 })).body.code, "LURKS");
    assert.equal((await call(silent, "GET", "/feed")).status, 200);
  });

  it("makes no request while the kill switch is on, and lays it itself when the network ends the key", async () => {
    const base = await start();
    writeStop(places.stop, { kind: "paused", code: "PAUSED", why: "The test.", at: "" });
    assert.deepEqual((await call(base, "GET", "/feed")).body.code, "PAUSED");
    assert.equal(network.sent.length, 0);
    clearStop(places.stop);
    network.show("x", () => ({ status: 401, body: { code: "KEY_REVOKED" } }));
    assert.equal((await call(base, "GET", "/feed")).status, 401);
    assert.equal(readStop(places.stop, new Date())?.code, "KEY_REVOKED");
    await call(base, "GET", "/feed").catch(() => undefined);
    assert.equal(network.sent.length, 1);
  });

  it("follows no redirect, gives back no answer with the key, and refuses what is no JSON object", async () => {
    const base = await start();
    network.show("x", () => ({ status: 200, body: { echo: KEY } }));
    assert.equal((await call(base, "GET", "/feed")).status, 502);
    network.show("x".repeat(8_100_000));
    assert.equal((await call(base, "GET", "/feed")).status, 502);
    network.sent.length = 1;
    network.show("x");
    for (const body of ["[]", '"text"', "{", "a=b"])
      assert.equal((await call(base, "POST", "/posts", body)).status, 415, body);
    assert.equal((await call(base, "POST", "/posts", { content: "x".repeat(1_100_000) })).status, 413);
    assert.equal(network.sent.length, 1);
    await assert.rejects(start(), /already runs/);
  });
});
