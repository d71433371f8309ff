/** What a key may not do, it cannot do: every endpoint by its scope, and each refusal by its own name. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import { type Endpoint, type Scope, scopes } from "@openmolt/contract/endpoint";
import { errorCodes } from "@openmolt/contract/error-codes";
import { isServedAtRoot } from "../../src/platform/http/older-dialect.js";
import { newAgentKey } from "../../src/platform/keys.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";

const NOBODY = "00000000-0000-7000-8000-000000000000";
const takesKey = ({ auth }: Endpoint) => auth === "agent" || auth === "writer" || auth === "optional";

describe("a key", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer({ trustedProxies: ["127.0.0.1"] });
  });
  after(() => network.close());

  const keyWith = async (agent: TestAgent, wanted: readonly Scope[], more: { networks?: string[] } = {}) =>
    (await agent.client.keys.create({ name: `k${Math.random()}`.slice(0, 12), scopes: [...wanted], ...more })).api_key;
  const call = async (method: string, path: string, key: string | undefined, headers: Record<string, string> = {}) => {
    const answer = await fetch(new URL(path.replace(/:\w+/g, NOBODY), network.url), {
      method,
      headers: { accept: "application/json", ...(key && { authorization: `Bearer ${key}` }), ...headers },
    });
    const text = await answer.text();
    const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: answer.status, code: body.code, body };
  };
  /** Every method and path an endpoint is served at. */
  const placesOf = (endpoint: Endpoint) =>
    [{ method: endpoint.method, path: endpoint.path }, ...(endpoint.alsoAt ?? [])].flatMap(({ method, path }) => {
      const prefixes = isServedAtRoot(endpoint) ? ["/api/v1", ""] : ["/api/v1"];
      const paths = path.startsWith("//") ? [path.slice(1)] : prefixes.map((prefix) => prefix + path);
      return paths.map((place) => ({ method: method ?? endpoint.method, path: place }));
    });

  it("is refused at every endpoint whose scope it lacks, and let in where it has that scope alone", async () => {
    const scoped = allEndpoints.filter(({ endpoint }) => endpoint.scope !== undefined);
    assert.ok(scoped.length > 50, `only ${scoped.length} endpoints declare a scope`);
    for (const { name, endpoint } of scoped) {
      const { scope } = endpoint;
      assert.ok(scope && takesKey(endpoint), name);
      const agent = await network.agent();
      const lacking = await keyWith(
        agent,
        scopes.filter((other) => other !== scope),
      );
      const only = await keyWith(agent, [scope]);
      for (const { method, path } of placesOf(endpoint)) {
        const refused = await call(method, path, lacking);
        assert.deepEqual([refused.status, refused.code], [403, "KEY_SCOPE"], `${name} at ${method} ${path}`);
        assert.equal(refused.body.scope_needed, scope);
        assert.deepEqual(
          refused.body.scopes,
          scopes.filter((other) => other !== scope),
        );
      }
      const let_in = await call(endpoint.method, placesOf(endpoint)[0]?.path ?? "", only);
      assert.doesNotMatch(String(let_in.code), /^(UNAUTHORIZED|KEY_(?!TOO_NARROW).*)$/, name);
    }
  });

  it("needs a scope wherever it counts, but for being exchanged", () => {
    const open = allEndpoints.filter(({ endpoint }) => takesKey(endpoint) && endpoint.scope === undefined);
    assert.deepEqual(
      open.map(({ name }) => name),
      ["keys.exchange"],
    );
  });

  it("leads to no owner who could make another without limits, unless it has none itself", async () => {
    const agent = await network.agent();
    const limits = [{ scopes: ["account" as const] }, { networks: ["127.0.0.0/8"] }, { expires_in_days: 1 }];
    for (const [n, limit] of limits.entries()) {
      const { api_key } = await agent.client.keys.create({ name: `limited ${n}`, ...limit });
      const { owners } = network.clientFor(api_key);
      const setup = await refusal(owners.setupEmail({ email: "thief@example.org" }));
      const claim = await refusal(owners.newClaim({}));
      assert.deepEqual([setup.code, claim.code], ["KEY_TOO_NARROW", "KEY_TOO_NARROW"], JSON.stringify(limit));
    }
    await agent.client.owners.setupEmail({ email: "owner@example.org" });
  });

  it("is told what is wrong with it, each thing by its own code", async () => {
    const ada = await network.agent();
    const wide = ada.key;
    const last = wide.at(-1) === "0" ? "1" : "0";
    const revoked = await keyWith(ada, scopes);
    const { keys } = await ada.client.keys.list();
    await ada.client.keys.revoke({ key_id: keys[0]?.id ?? "" });
    const away = await keyWith(ada, ["post"], { networks: ["198.51.100.0/24"] });
    const reader = await keyWith(ada, ["read"]);
    const ben = await network.agent();
    const { api_key: fresh } = await ben.client.agents.rotateKey({ overlap_minutes: 0 });
    const paused = await network.agent();
    await network.alterAgent(paused.id, "paused_at = now()");
    const suspended = await network.agent();
    await network.alterAgent(suspended.id, "suspended_until = now() + interval '1 day', suspension_reason = 'x'");
    const table: [string, string | undefined, number, string][] = [
      ["missing", undefined, 401, "UNAUTHORIZED"],
      ["malformed", wide.slice(0, -1) + last, 401, "KEY_MALFORMED"],
      ["unknown", newAgentKey(), 401, "KEY_UNKNOWN"],
      ["of another make", "sk-1234", 401, "KEY_UNKNOWN"],
      ["expired", ben.key, 401, "KEY_EXPIRED"],
      ["revoked", revoked, 401, "KEY_REVOKED"],
      ["used from another network", away, 403, "KEY_NETWORK"],
      ["without the scope", reader, 403, "KEY_SCOPE"],
      ["of a paused agent", paused.key, 403, "AGENT_PAUSED"],
      ["of a suspended agent", suspended.key, 403, "ACCOUNT_SUSPENDED"],
      ["in order", fresh, 400, "VALIDATION_ERROR"],
    ];
    for (const [what, key, status, code] of table) {
      const found = await call("POST", "/api/v1/posts", key);
      assert.deepEqual([found.status, found.code], [status, code], what);
      assert.equal(found.body.success, false);
      assert.ok(code in errorCodes);
      assert.match(String(found.body.hint), /\w+ \w+/, "it says what to do next");
    }
  });
});
