/**
 * Stolen key refused without its signature; replayed, altered, expired, wrong-host signatures refused. The thief has the
 * agent's API key throughout, and may have seen its requests.
 */
import assert from "node:assert/strict";
import { createHash, createPrivateKey, sign } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import { keyidOf, type PrivateJwk, signatureHeaders } from "@openmolt/sdk/sign";
import { pino } from "pino";
import { serveFrom } from "../../src/start.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";
import { newPerson } from "../people.js";
import { newSigningKey, publicOf, registerKey, signedClient, signingFor } from "../signing.js";

const POSTS = "/api/v1/posts";
const ME = "/api/v1/agents/me";

describe("a stolen key", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let agent: TestAgent;
  let key: PrivateJwk;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url });
    network.clock.advance(60_000);
    ({ agent } = await newPerson(network, mailbox));
    const registered = await registerKey(network, agent);
    key = registered.key;
    await registered.client.proof.demand({ require: "signature" });
  });
  after(async () => {
    await network.close();
    await mailbox.close();
  });

  interface Sent {
    method: string;
    path: string;
    body?: string;
    headers: Record<string, string>;
  }
  let titles = 0;
  /** A signed request of the agent, as a thief may have seen it. */
  const request = async (method: "GET" | "POST", path: string, change: Partial<ReturnType<typeof signingFor>> = {}) => {
    const body = method === "GET" ? undefined : JSON.stringify({ submolt_name: "general", title: `T${++titles}` });
    const url = new URL(path, network.url);
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const headers = await signatureHeaders({ method, url, body: bytes }, { ...signingFor(network, key), ...change });
    const sent: Sent = { method, path, headers: { ...headers } };
    return body === undefined ? sent : { ...sent, body };
  };
  const send = async ({ method, path, body, headers }: Sent, apiKey = agent.key) => {
    const answer = await fetch(new URL(path, network.url), {
      method,
      ...(body === undefined ? {} : { body }),
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...headers },
    });
    return { status: answer.status, ...((await answer.json()) as { code?: string; reason?: string }) };
  };
  const refused = async (sent: Sent, reason: string) => {
    const answer = await send(sent);
    assert.deepEqual([answer.status, answer.code, answer.reason], [401, "SIGNATURE_INVALID", reason]);
  };

  it("opens nothing by itself, on any endpoint", async () => {
    const closed = allEndpoints.filter(({ endpoint }) => ["agent", "writer", "optional"].includes(endpoint.auth));
    assert.ok(closed.length > 50);
    for (const { name, endpoint } of closed) {
      const path = `/api/v1${endpoint.path}`.replace(/:\w+/g, "00000000-0000-7000-8000-000000000000");
      const { status, code } = await send({ method: endpoint.method, path, headers: {} });
      assert.deepEqual([status, code], [401, "SIGNATURE_REQUIRED"], name);
    }
    const other = await fetch(new URL(ME, network.url), { headers: { "x-api-key": agent.key } });
    assert.equal(other.status, 401);
  });

  it("works for who signs with the agent's key", async () => {
    assert.equal((await send(await request("GET", ME))).status, 200);
    assert.equal((await send(await request("GET", "/api/v1/posts?sort=new&limit=2"))).status, 200);
    assert.equal((await send(await request("POST", POSTS))).status, 201);
  });

  it("is refused with a signature that was used before, of a read and of a write", async () => {
    for (const [method, path] of [
      ["GET", ME],
      ["POST", POSTS],
    ] as const) {
      const sent = await request(method, path);
      assert.ok((await send(sent)).status < 300);
      await refused(sent, "replayed");
      network.clock.advance(200_000);
      await refused(sent, "expired");
    }
  });

  it("is refused with a used signature on another server of the network, and after a restart", async () => {
    const read = await request("GET", ME);
    const write = await request("POST", POSTS);
    assert.equal((await send(read)).status, 200);
    assert.equal((await send(write)).status, 201);
    const { app, migrator, reader } = network.database;
    const logins = { app, migrator, reader };
    const second = await serveFrom(network.server.services.config, logins, pino({ level: "fatal" }), network.clock);
    try {
      const to = async (sent: Sent) => {
        const answer = await fetch(new URL(sent.path, second.url), {
          method: sent.method,
          ...(sent.body === undefined ? {} : { body: sent.body }),
          headers: { authorization: `Bearer ${agent.key}`, "content-type": "application/json", ...sent.headers },
        });
        return [answer.status, ((await answer.json()) as { reason?: string }).reason];
      };
      assert.deepEqual(await to(write), [401, "replayed"]);
      assert.deepEqual(await to(read), [401, "too_old"], "whatever was signed before the start may have been used");
      network.clock.advance(11_000);
      assert.deepEqual(await to(await request("GET", ME)), [200, undefined]);
    } finally {
      await second.close();
    }
  });

  it("is refused with an altered body, method, path, query or header", async () => {
    const post = await request("POST", POSTS);
    await refused({ ...post, body: JSON.stringify({ submolt_name: "general", title: "forged" }) }, "body");
    const digest = createHash("sha256").update("{}").digest("base64");
    const other = { ...post.headers, "content-digest": `sha-256=:${digest}:` };
    await refused({ ...post, body: "{}", headers: other }, "mismatch");
    await refused({ ...post, path: "/api/v1/submolts" }, "mismatch");
    const list = await request("GET", "/api/v1/posts?sort=new");
    await refused({ ...list, path: "/api/v1/posts?sort=hot" }, "mismatch");
    await refused({ ...list, path: "/api/v1/feed?sort=new" }, "mismatch");
    const me = await request("GET", ME);
    await refused({ ...me, path: `${ME}?x=1` }, "not_covered");
    await refused({ ...me, method: "DELETE" }, "mismatch");
  });

  it("is refused with a signature whose own parameters were altered", async () => {
    const me = await request("GET", ME);
    const input = me.headers["signature-input"] ?? "";
    const changed = (to: string) => ({ ...me, headers: { ...me.headers, "signature-input": to } });
    const created = /created=(\d+)/.exec(input)?.[1] ?? "";
    await refused(changed(input.replace(`created=${created}`, `created=${Number(created) + 1}`)), "mismatch");
    await refused(changed(input.replace(/expires=\d+/, (text) => `${text}0`)), "mismatch");
    await refused(changed(input.replace(/nonce="./, 'nonce="!')), "mismatch");
    await refused(changed(input.replace(/;nonce="[^"]*"/, "")), "malformed");
    await refused(changed(input.replace(/;created=\d+/, "")), "malformed");
    await refused(changed(input.replace("ed25519", "hmac-sha256")), "malformed");
    await refused(changed(input.replace(' "@path"', "")), "not_covered");
    await refused(changed(input.replace('"@path"', '"@path" "@path"')), "malformed");
    await refused(changed(input.replace('"@path"', '"@path";req')), "malformed");
    await refused(changed(input.replace('"@path"', '"@path" "@status"')), "malformed");
    await refused(changed(input.replace('"@path"', '"@path" "x-absent"')), "mismatch");
    await refused(changed(input.replace("sig1=", "sig2=")), "malformed");
    await refused(changed("nonsense("), "malformed");
    await refused({ ...me, headers: { ...me.headers, signature: "sig1=:AAAA:" } }, "mismatch");
    assert.equal((await send(me)).status, 200, "none of that used it up");
  });

  it("is refused with a signature that is too old, has expired or comes from the future", async () => {
    const at = (seconds: number) => () => new Date(network.clock.now().getTime() + seconds * 1_000);
    await refused(await request("GET", ME, { now: at(-301) }), "too_old");
    await refused(await request("GET", ME, { now: at(-61) }), "expired");
    await refused(await request("GET", ME, { now: at(30) }), "too_early");
    assert.equal((await send(await request("GET", ME, { now: at(-50) }))).status, 200, "a clock that runs behind");
    assert.equal((await send(await request("GET", ME, { now: at(8) }))).status, 200, "a clock that runs ahead");
  });

  it("is refused with a signature for another host, whatever Host the request claims", async () => {
    const evil = await request("GET", ME, { authority: "evil.example" });
    await refused(evil, "mismatch");
    const { request: raw } = await import("node:http");
    for (const headers of [{ host: "evil.example" }, { host: "evil.example", "x-forwarded-host": "evil.example" }]) {
      const answer = await new Promise<string>((resolve, reject) => {
        const options = { headers: { ...evil.headers, ...headers, authorization: `Bearer ${agent.key}` } };
        const sent = raw(new URL(ME, network.url), options, (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (part) => {
            text += part;
          });
          response.on("end", () => resolve(text));
        });
        sent.on("error", reject).end();
      });
      assert.equal(JSON.parse(answer).reason, "mismatch");
    }
  });

  it("is refused with a signature by a key nobody knows, or by another agent's", async () => {
    await refused(await request("GET", ME, { with: newSigningKey() }), "unknown_key");
    const other = await newPerson(network, mailbox);
    const theirs = await registerKey(network, other.agent);
    await refused(await request("GET", ME, { with: theirs.key }), "unknown_key");
    const asOurs = {
      keyid: await keyidOf(key),
      sign: (bytes: Uint8Array) => sign(null, bytes, createPrivateKey({ key: { ...theirs.key }, format: "jwk" })),
    };
    await refused(await request("GET", ME, { with: asOurs as unknown as PrivateJwk }), "mismatch");
    const mine = await request("GET", ME);
    assert.equal((await send(mine, other.agent.key)).status, 200, "not demanded of the other agent, and not its key");
  });

  it("cannot be used to register a key, to stop the demand, or to be replaced", async () => {
    const own = newSigningKey();
    const thief = signedClient(network, agent, own);
    const attempts = [
      () => thief.proof.addKey({ public_key: publicOf(own) }),
      () => agent.client.proof.addKey({ public_key: publicOf(own) }, { signWith: own }),
      () => agent.client.agents.rotateKey({}),
      () => agent.client.proof.demand({ require: "signature" }),
    ];
    for (const attempt of attempts) assert.match((await refusal(attempt())).code, /^SIGNATURE_/);
    const body = JSON.stringify({ require: "none" });
    const url = new URL("/api/v1/agents/me/proof", network.url);
    const headers = await signatureHeaders({ method: "POST", url, body: Buffer.from(body) }, signingFor(network, key));
    assert.equal((await send({ method: "POST", path: url.pathname, body, headers })).status, 400, "nor by the agent");
  });

  it("is refused at the cost of who tries, and does not use up what the agent may do", async () => {
    const limited = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url, limits: true });
    try {
      const { agent: mine } = await newPerson(limited, mailbox);
      const { client } = await registerKey(limited, mine);
      await client.proof.demand({ require: "signature" });
      limited.clock.advance(60_000);
      const codes = new Set<string>();
      for (let count = 0; count < 70; count++) {
        await mine.client.agents.me().catch(({ code }: { code: string }) => codes.add(code));
      }
      assert.deepEqual([...codes].sort(), ["RATE_LIMITED", "SIGNATURE_REQUIRED"]);
      assert.equal((await client.agents.me()).agent.name, mine.name);
    } finally {
      await limited.close();
    }
  });
});
