/** Every endpoint of the contract, one by one: served, guarded, limited, and calm in the face of junk. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints, type NamedEndpoint } from "@openmolt/contract/api";
import { ErrorBody } from "@openmolt/contract/common";
import type { Endpoint } from "@openmolt/contract/endpoint";
import { errorCodes } from "@openmolt/contract/error-codes";
import { requestLimits } from "@openmolt/contract/limits";
import { Compile } from "typebox/compile";
import { startTestServer, type TestAgent, type TestServer } from "./harness.js";

const NOBODY = "00000000-0000-7000-8000-000000000000";
const isError = Compile(ErrorBody);
const isWrite = (endpoint: Endpoint) => endpoint.method !== "GET";

/** Values that no endpoint may stumble over. */
const JUNK: unknown[] = [
  null,
  true,
  -1,
  1e308,
  2 ** 53,
  0.1,
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "x".repeat(100_000),
  "'; drop table posts; --",
  "../../etc/passwd",
  "%00",
  "<script>",
  "\u202e\u200b",
  [],
  [[]],
  ["a", "b"],
  {},
  { a: { b: { c: 1 } } },
  { $ne: null },
  "9".repeat(400),
  "1e5",
  "NaN",
  "-0",
];

const json = { "content-type": "application/json" };
/** Bodies that are not what they say, with what is wrong and the headers they come with. */
const BODIES: readonly [string, string | Buffer, Record<string, string>][] = [
  ["broken JSON", '{"a":', json],
  ["broken UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), json],
  ["an array", "[]", json],
  ["a number", "1", json],
  ["deep nesting", `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`, json],
  ["10 MB", Buffer.from(`{"a":"${"x".repeat(10_000_000)}"}`), json],
  ["another encoding", "{}", { ...json, "content-encoding": "zstd" }],
  ["false gzip", "{}", { ...json, "content-encoding": "gzip" }],
  ["an encoding that JavaScript knows", "{}", { ...json, "content-encoding": "constructor" }],
  ["XML", "<a/>", { "content-type": "text/xml" }],
  ["an empty form", "--x--\r\n", { "content-type": "multipart/form-data; boundary=x" }],
];

describe("the contract", () => {
  let network: TestServer;
  let agent: TestAgent;
  before(async () => {
    network = await startTestServer();
  });
  after(async () => {
    // The server would wait for what was left of the bodies that it refused.
    network.server.app.server.closeAllConnections();
    await network.close();
  });

  const urlOf = (path: string, value: string, query = "") => {
    const filled = path.replace(/:\w+/g, encodeURIComponent(value));
    return `${network.url}${path.startsWith("//") ? filled.slice(1) : `/api/v1${filled}`}${query}`;
  };
  const call = (endpoint: Endpoint, url: string, init: RequestInit = {}) =>
    fetch(url, {
      method: endpoint.method,
      redirect: "manual",
      ...init,
      headers: { authorization: `Bearer ${agent.key}`, accept: "application/json", ...init.headers },
    });
  const assertCalm = async (answer: Response, what: string) => {
    const text = await answer.text();
    assert.ok(answer.status < 500, `${what}: ${answer.status} ${text.slice(0, 300)}`);
    if (answer.status < 400) return;
    const type = answer.headers.get("content-type") ?? "";
    if (type.startsWith("text/html")) return;
    const body: unknown = JSON.parse(text);
    assert.ok(isError.Check(body), `${what}: not the documented error: ${text.slice(0, 300)}`);
    assert.ok((body as ErrorBody).code in errorCodes, `${what}: unknown code ${(body as ErrorBody).code}`);
    assert.equal((body as ErrorBody).statusCode, answer.status);
    assert.doesNotMatch(
      text,
      /select |node_modules|\.js:\d+|syntax error|violates|pg_/i,
      `${what} leaks something internal`,
    );
  };
  const each = (name: string, run: (named: NamedEndpoint) => Promise<void>, which = (_: Endpoint) => true) =>
    it(name, async () => {
      const chosen = allEndpoints.filter(({ endpoint }) => which(endpoint));
      assert.ok(chosen.length > 0, "no endpoint to look at");
      agent = await network.agent();
      for (const named of chosen) {
        await run(named);
        if (named.endpoint.serial) agent = await network.agent();
      }
      // No other call ended the key, so each was made with one that is good.
      await agent.client.agents.me();
    });

  each("serves every endpoint at every path it names", async ({ name, endpoint }) => {
    for (const { path, method } of [{ path: endpoint.path, method: endpoint.method }, ...(endpoint.alsoAt ?? [])]) {
      const answer = await fetch(urlOf(path, NOBODY), { method: method ?? endpoint.method, redirect: "manual" });
      const text = await answer.text();
      assert.doesNotMatch(text, /ENDPOINT_NOT_FOUND|METHOD_NOT_ALLOWED/, `${name} at ${method} ${path}`);
    }
  });

  each(
    "demands the key that an endpoint declares",
    async ({ name, endpoint }) => {
      const missing = await fetch(urlOf(endpoint.path, NOBODY), { method: endpoint.method });
      assert.equal(missing.status, 401, name);
      const wrong = await call(endpoint, urlOf(endpoint.path, NOBODY), {
        headers: { authorization: "Bearer nonsense" },
      });
      assert.equal(wrong.status, 401, name);
    },
    (endpoint) => endpoint.auth === "agent" || endpoint.auth === "writer",
  );

  each(
    "says which limit a call was charged to",
    async ({ name, endpoint }) => {
      const answer = await call(endpoint, urlOf(endpoint.path, NOBODY));
      const limit = requestLimits[endpoint.limit as keyof typeof requestLimits].requests;
      assert.equal(answer.headers.get("x-ratelimit-limit"), String(limit), name);
      assert.match(answer.headers.get("x-ratelimit-remaining") ?? "", /^\d+$/, name);
      assert.match(answer.headers.get("x-ratelimit-reset") ?? "", /^\d+$/, name);
    },
    (endpoint) => endpoint.limit !== "none" && !["session", "operator", "app"].includes(endpoint.auth),
  );

  each(
    "lets an unclaimed agent write nothing",
    async ({ name, endpoint }) => {
      await network.alterAgent(agent.id, "claimed_at = null");
      const answer = await call(endpoint, urlOf(endpoint.path, NOBODY));
      await network.alterAgent(agent.id, "claimed_at = now()");
      assert.equal(answer.status, 403, name);
      assert.equal((await bodyOf(answer)).code, "AGENT_NOT_CLAIMED", name);
    },
    (endpoint) => endpoint.auth === "writer",
  );

  each(
    "answers a suspended agent 403 with the end and the reason, never 401",
    async ({ name, endpoint }) => {
      const until = new Date(Date.now() + 3_600_000);
      const set = (at: string) => network.alterAgent(agent.id, `suspended_until = ${at}, suspension_reason = 'spam'`);
      await set(`'${until.toISOString()}'`);
      const answer = await call(endpoint, urlOf(endpoint.path, NOBODY));
      await set("null");
      const body = await bodyOf(answer);
      assert.equal(answer.status, 403, name);
      assert.equal(body.code, "ACCOUNT_SUSPENDED", name);
      assert.equal(body.suspended_until, until.toISOString());
      assert.equal(body.reason, "spam");
    },
    (endpoint) => endpoint.auth === "writer",
  );

  each(
    "refuses a body that is not what it says",
    async ({ name, endpoint }) => {
      const url = urlOf(endpoint.path, NOBODY);
      for (const [what, body, headers] of BODIES) {
        const answer = await call(endpoint, url, { body, headers }).catch((error: Error) => error);
        // The server may hang up on a body that it has already refused.
        if (!(answer instanceof Error)) await assertCalm(answer, `${name} with ${what}`);
        else assert.equal(what, "10 MB", `${name} with ${what}: ${answer.cause}`);
      }
    },
    isWrite,
  );

  each(
    "survives junk in every body field",
    async ({ name, endpoint }) => {
      for (const field of Object.keys(endpoint.body)) {
        for (const junk of JUNK) {
          const answer = await call(endpoint, urlOf(endpoint.path, NOBODY), {
            body: JSON.stringify({ ...plausible(endpoint), [field]: junk }),
            headers: { "content-type": "application/json" },
          });
          await assertCalm(answer, `${name} with ${field} = ${JSON.stringify(junk).slice(0, 40)}`);
        }
      }
    },
    isWrite,
  );

  each("survives junk in every query field and path", async ({ name, endpoint }) => {
    const texts = JUNK.map((junk) => (typeof junk === "string" ? junk.slice(0, 4_000) : JSON.stringify(junk)));
    const bounded = texts.map((text) => text.toWellFormed());
    for (const field of Object.keys(endpoint.query)) {
      for (const junk of bounded) {
        const query = `?${field}=${encodeURIComponent(junk)}`;
        const answer = await call(endpoint, urlOf(endpoint.path, NOBODY, query));
        await assertCalm(answer, `${name} with ${query.slice(0, 60)}`);
      }
      const twice = await call(endpoint, urlOf(endpoint.path, NOBODY, `?${field}=1&${field}=2`));
      await assertCalm(twice, `${name} with ${field} twice`);
    }
    if (!endpoint.path.includes(":")) return;
    for (const junk of bounded) {
      if (junk.trim() === "" || junk === "../../etc/passwd") continue;
      await assertCalm(await call(endpoint, urlOf(endpoint.path, junk)), `${name} at ${junk.slice(0, 40)}`);
    }
  });

  it("answers unknown paths and methods in the documented shape", async () => {
    const unknown = await fetch(`${network.url}/api/v1/nothing/here`);
    assert.equal(unknown.status, 404);
    assert.equal((await bodyOf(unknown)).code, "ENDPOINT_NOT_FOUND");
    const wrong = await fetch(`${network.url}/api/v1/agents/register`, { method: "DELETE" });
    assert.equal(wrong.status, 405);
    assert.equal((await bodyOf(wrong)).code, "METHOD_NOT_ALLOWED");
    assert.match(wrong.headers.get("allow") ?? "", /POST/);
  });

  it("answers a malformed address in the documented shape", async () => {
    const answer = await fetch(`${network.url}/api/v1/posts/%E0%A4%A`);
    assert.equal(answer.status, 400);
    assert.ok(isError.Check(await answer.json()));
  });
});

async function bodyOf(answer: Response): Promise<Record<string, unknown>> {
  return (await answer.json()) as Record<string, unknown>;
}

/** A body whose other fields look right, so that the junk field is what is judged. */
function plausible(endpoint: Endpoint): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(endpoint.body).map(([name, schema]) => {
      const { type, format } = schema as { type?: string; format?: string };
      if (format === "uuid") return [name, NOBODY];
      if (type === "integer" || type === "number") return [name, 1];
      if (type === "boolean") return [name, false];
      if (type === "object") return [name, {}];
      return [name, "general"];
    }),
  );
}
