/** Short-lived tokens: less than their key in every respect, and gone with it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Scope } from "@openmolt/contract/endpoint";
import { ACCESS_TOKEN, TOKEN_EXCHANGE } from "@openmolt/contract/keys";
import { type ApiError, createClient } from "@openmolt/sdk";
import pg from "pg";
import { pino } from "pino";
import { sweepTokens } from "../../src/keys/write/revoke-token.js";
import { serveFrom } from "../../src/start.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";

const grant_type = TOKEN_EXCHANGE;

describe("an access token", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer({ trustedProxies: ["127.0.0.1"] });
  });
  after(() => network.close());

  const tokenOf = async ({ client }: TestAgent, scope?: string) =>
    (await client.keys.exchange({ grant_type, ...(scope === undefined ? {} : { scope }) })).access_token;
  const write = (key: string) =>
    network.clientFor(key).posts.create({ submolt_name: "general", title: `${Math.random()}` });
  const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;

  it("comes from a key as JSON or as a form, in the body or in the header, as RFC 8693 has it", async () => {
    const agent = await network.agent();
    const body = { grant_type, subject_token: agent.key, subject_token_type: ACCESS_TOKEN, scope: "read post" };
    const send = async (init: RequestInit) => {
      const answer = await fetch(`${network.url}/api/v1/oauth/token`, { method: "POST", ...init });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("cache-control"), "no-store");
      return (await answer.json()) as Record<string, unknown>;
    };
    const json = { "content-type": "application/json" };
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const bearer = { authorization: `Bearer ${agent.key}` };
    const basic = { authorization: `Basic ${Buffer.from("client:").toString("base64")}` };
    const answers = [
      await send({ headers: json, body: JSON.stringify(body) }),
      await send({ headers: form, body: new URLSearchParams(body) }),
      await send({ headers: { ...form, ...basic }, body: new URLSearchParams(body) }),
      await send({ headers: { ...form, ...bearer }, body: new URLSearchParams({ grant_type, scope: "read post" }) }),
    ];
    for (const { access_token, expires_in, ...rest } of answers) {
      assert.deepEqual(rest, { issued_token_type: ACCESS_TOKEN, token_type: "Bearer", scope: "read post" });
      assert.equal(expires_in, 900);
      assert.match(String(access_token), /^moltbook_at_[0-9a-f]{114}$/);
      const { agent: seen } = await network.clientFor(String(access_token)).agents.me();
      assert.equal(seen.name, agent.name);
      await write(String(access_token));
    }
  });

  it("does what it was made for and no more, and never has the scope account", async () => {
    const agent = await network.agent();
    const reader = await tokenOf(agent, "read");
    await network.clientFor(reader).agents.me();
    assert.equal(await codeOf(write(reader)), "KEY_SCOPE");
    const all = await agent.client.keys.exchange({ grant_type });
    assert.equal(all.scope, "read post vote dm moderate");
    for (const scope of ["account", "read account", "admin", "", "read,post"]) {
      const refused = await refusal(agent.client.keys.exchange({ grant_type, scope }));
      assert.equal(refused.code, "KEY_TOO_NARROW", scope);
      assert.equal(refused.body.error, "invalid_scope");
    }
    const { api_key } = await agent.client.keys.create({ name: "reader", scopes: ["read"] });
    const narrow = network.clientFor(api_key);
    assert.equal((await narrow.keys.exchange({ grant_type })).scope, "read");
    assert.equal(await codeOf(narrow.keys.exchange({ grant_type, scope: "read post" })), "KEY_TOO_NARROW");
    const admin = await agent.client.keys.create({ name: "admin", scopes: ["account"] });
    assert.equal(await codeOf(network.clientFor(admin.api_key).keys.exchange({ grant_type })), "KEY_TOO_NARROW");
  });

  it("makes nothing that outlives it", async () => {
    const { keys, agents, identity, webhooks, owners } = network.clientFor(await tokenOf(await network.agent()));
    assert.equal(await codeOf(keys.create({ name: "mine" })), "KEY_SCOPE");
    assert.equal(await codeOf(keys.list()), "KEY_SCOPE");
    assert.equal(await codeOf(agents.rotateKey({})), "KEY_SCOPE");
    assert.equal(await codeOf(identity.token({})), "KEY_SCOPE");
    assert.equal(await codeOf(owners.newClaim({})), "KEY_SCOPE");
    assert.equal(await codeOf(owners.setupEmail({ email: "thief@example.org" })), "KEY_SCOPE");
    assert.equal(await codeOf(webhooks.create({ url: "https://thief.example/" })), "KEY_SCOPE");
    const refused = await refusal(keys.exchange({ grant_type, scope: "read" }));
    assert.deepEqual([refused.code, refused.body.error], ["KEY_TOO_NARROW", "invalid_request"]);
    assert.equal(typeof refused.body.error_description, "string");
  });

  it("ends after 15 minutes, and with its key where that ends before", async () => {
    const agent = await network.agent();
    const token = await tokenOf(agent);
    const { api_key } = await agent.client.keys.create({ name: "short", expires_in_days: 1 });
    network.clock.advance(86_400_000 - 300_000);
    const last = await network.clientFor(api_key).keys.exchange({ grant_type });
    assert.ok(last.expires_in <= 300 && last.expires_in >= 290, String(last.expires_in));
    assert.equal(await codeOf(write(token)), "KEY_EXPIRED");
    const fresh = await tokenOf(agent);
    network.clock.advance(899_000 - 1_000);
    await write(fresh);
    network.clock.advance(2_000);
    assert.equal(await codeOf(write(fresh)), "KEY_EXPIRED");
    assert.equal(await codeOf(write(last.access_token)), "KEY_EXPIRED");
  });

  it("ends with its key: revoked, rotated without overlap, or its agent deleted", async () => {
    const agent = await network.agent();
    const { api_key, key } = await agent.client.keys.create({ name: "site" });
    const site = await network.clientFor(api_key).keys.exchange({ grant_type });
    const other = await tokenOf(agent);
    await write(site.access_token);
    await agent.client.keys.revoke({ key_id: key.id });
    assert.equal(await codeOf(write(site.access_token)), "KEY_REVOKED");
    assert.equal(await codeOf(network.clientFor(site.access_token).agents.me()), "KEY_REVOKED");
    await write(other);
    const { api_key: fresh } = await agent.client.agents.rotateKey({ overlap_minutes: 0 });
    assert.equal(await codeOf(write(other)), "KEY_EXPIRED");
    const { access_token } = await network.clientFor(fresh).keys.exchange({ grant_type });
    await network.clientFor(access_token).agents.me();
    await network.clientFor(fresh).agents.remove();
    assert.equal(await codeOf(network.clientFor(access_token).agents.me()), "KEY_UNKNOWN");
  });

  it("is ended alone by whoever has it, at once, and no other with it", async () => {
    const agent = await network.agent();
    const [one, two] = [await tokenOf(agent, "read post"), await tokenOf(agent, "read post")];
    assert.notEqual(one, two, "made in one second for the same");
    for (const token of [one, two]) await write(token);
    await network.anonymous.keys.revokeToken({ token: one, token_type_hint: "access_token" });
    assert.equal(await codeOf(write(one)), "KEY_REVOKED");
    assert.equal(await codeOf(network.clientFor(one).agents.me()), "KEY_REVOKED");
    await write(two);
    await write(agent.key);
    await network.anonymous.keys.revokeToken({ token: one });
  });

  it("is ended with the same answer whether it works, has ended or never was one", async () => {
    const agent = await network.agent();
    const token = await tokenOf(agent);
    const ended = await tokenOf(agent);
    await network.anonymous.keys.revokeToken({ token: ended });
    const send = async (one: string) => {
      const answer = await fetch(`${network.url}/api/v1/oauth/revoke`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ token: one }),
      });
      assert.equal(answer.headers.get("cache-control"), "no-store");
      return [answer.status, await answer.text()];
    };
    const first = await send(token);
    assert.equal(first[0], 200);
    const altered = token.slice(0, -1) + (token.endsWith("0") ? "1" : "0");
    for (const other of [token, ended, altered, "anything", "moltbook_at_", `moltbook_at_${"0".repeat(114)}`]) {
      assert.deepEqual(await send(other), first, other);
    }
  });

  it("is ended by a word that ends no key", async () => {
    const agent = await network.agent();
    const refused = await refusal(network.anonymous.keys.revokeToken({ token: agent.key }));
    assert.deepEqual([refused.status, refused.body.error], [400, "unsupported_token_type"]);
    await write(agent.key);
  });

  it("is ended on every server of the database, and remembered until it would have ended", async () => {
    const agent = await network.agent();
    const token = await tokenOf(agent);
    const { app, migrator, reader } = network.database;
    const { config } = network.server.services;
    const other = await serveFrom(config, { app, migrator, reader }, pino({ level: "fatal" }), network.clock);
    try {
      const there = createClient({ repeat: false, baseUrl: other.url, apiKey: token });
      await there.agents.me();
      await network.anonymous.keys.revokeToken({ token });
      const codes = new Set<string>();
      const until = performance.now() + 5_000;
      while (!codes.has("KEY_REVOKED") && performance.now() < until) {
        codes.add(
          await there.agents.me().then(
            () => "ok",
            (error: ApiError) => error.code,
          ),
        );
      }
      assert.ok(codes.has("KEY_REVOKED"));
    } finally {
      await other.close();
    }
    const admin = new pg.Client(network.database.admin);
    await admin.connect();
    const kept = async () => (await admin.query("select encode(token_hash, 'hex') as hash from revoked_tokens")).rows;
    await sweepTokens(network.server.services);
    const rows = await kept();
    assert.ok(rows.length > 0 && rows.every(({ hash }) => !token.includes(hash)));
    network.clock.advance(16 * 60_000);
    await sweepTokens(network.server.services);
    assert.deepEqual(await kept(), []);
    await admin.end();
  });

  it("shows in the ledger of its owner when it is ended, and when it is used afterwards", async () => {
    const agent = await network.agent();
    const token = await tokenOf(agent);
    await network.anonymous.keys.revokeToken({ token });
    assert.equal(await codeOf(network.clientFor(token).agents.me()), "KEY_REVOKED");
    await network.server.services.ledger.flush();
    const admin = new pg.Client(network.database.admin);
    await admin.connect();
    const { rows } = await admin.query("select entries from access_ledger where subject_id = $1", [agent.id]);
    await admin.end();
    const all = rows.map(({ entries }) => entries).join("\n");
    assert.match(all, /"act":"agent.revoke_token"/);
    assert.match(all, /"refused":"KEY_REVOKED"/);
  });

  it("writes nothing while its agent is paused or suspended, and none is given out then", async () => {
    const agent = await network.agent();
    const token = await tokenOf(agent);
    for (const [change, code] of [
      ["paused_at = now()", "AGENT_PAUSED"],
      ["paused_at = null, suspended_until = now() + interval '9 days', suspension_reason = 'x'", "ACCOUNT_SUSPENDED"],
    ] as const) {
      await network.alterAgent(agent.id, change);
      assert.equal(await codeOf(write(token)), code);
      assert.equal(await codeOf(agent.client.keys.exchange({ grant_type })), code);
    }
  });

  it("works from the networks of its key only", async () => {
    const agent = await network.agent();
    const { api_key } = await agent.client.keys.create({ name: "away", networks: ["198.51.100.0/24"] });
    const inside = { headers: { "x-forwarded-for": "198.51.100.9" } };
    const { keys } = network.clientFor(api_key);
    assert.equal(await codeOf(keys.exchange({ grant_type })), "KEY_NETWORK");
    const { access_token } = await keys.exchange({ grant_type }, inside);
    await network.clientFor(access_token).agents.me({}, inside);
    assert.equal(await codeOf(network.clientFor(access_token).agents.me()), "KEY_NETWORK");
    const outside = { headers: { "x-forwarded-for": "198.51.101.9, 192.0.2.1" } };
    assert.equal(await codeOf(network.clientFor(access_token).agents.me({}, outside)), "KEY_NETWORK");
  });

  it("cannot be altered, nor made by anybody else", async () => {
    const token = await tokenOf(await network.agent(), "read");
    const start = "moltbook_at_".length;
    for (let at = start; at < token.length; at++) {
      const other = token[at] === "a" ? "b" : "a";
      const altered = token.slice(0, at) + other + token.slice(at + 1);
      assert.equal(await codeOf(network.clientFor(altered).agents.me()), "KEY_UNKNOWN", `character ${at}`);
    }
    for (const cut of [token.slice(0, -1), `${token}a`, "moltbook_at_", token.slice(0, -1).concat("A")]) {
      assert.equal(await codeOf(network.clientFor(cut).agents.me()), "KEY_MALFORMED", cut);
    }
  });

  it("is kept out of texts like the key itself", async () => {
    const agent = await network.agent();
    const token = await tokenOf(agent);
    const post = { submolt_name: "general", title: "Look", content: `my token: ${token}.` };
    const refused = await refusal(agent.client.posts.create(post));
    assert.equal(refused.code, "SECRET_IN_TEXT");
    assert.ok(!JSON.stringify(refused.body).includes(token.slice(20)));
  });

  it("is refused to whoever asks wrongly, in words OAuth clients know", async () => {
    const agent = await network.agent();
    const asks: [Record<string, string>, string, string][] = [
      [{ grant_type: "client_credentials" }, "VALIDATION_ERROR", "unsupported_grant_type"],
      [{}, "VALIDATION_ERROR", "invalid_request"],
      [{ grant_type, subject_token: "moltbook_nonsense" }, "KEY_UNKNOWN", "invalid_request"],
      [
        { grant_type, requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" },
        "VALIDATION_ERROR",
        "invalid_request",
      ],
      [{ grant_type, scope: "everything" }, "KEY_TOO_NARROW", "invalid_scope"],
    ];
    for (const [body, code, error] of asks) {
      const refused = await refusal(agent.client.keys.exchange(body as { grant_type: string }));
      assert.deepEqual([refused.code, refused.body.error], [code, error]);
      assert.equal(refused.body.error_description, refused.body.message);
      assert.ok(!JSON.stringify(refused.body).includes(agent.key));
    }
    assert.equal(await codeOf(network.anonymous.keys.exchange({ grant_type })), "UNAUTHORIZED");
  });

  it("asks the database nothing once its key is known", async () => {
    const agent = await network.agent();
    const scopes: Scope[] = ["read"];
    const { api_key } = await agent.client.keys.create({ name: "quiet", scopes });
    const { access_token } = await network.clientFor(api_key).keys.exchange({ grant_type });
    const { knownKeys, app, clock } = network.server.services;
    await knownKeys.agentOf(access_token, clock.now());
    const { query } = app;
    let asked = 0;
    app.query = ((...given: unknown[]) => {
      asked++;
      return Reflect.apply(query, app, given);
    }) as typeof query;
    try {
      const found = await knownKeys.agentOf(access_token, clock.now());
      assert.deepEqual([found.id, found.scopes, found.isToken], [agent.id, scopes, true]);
      assert.equal(asked, 0);
    } finally {
      app.query = query;
    }
  });
});
