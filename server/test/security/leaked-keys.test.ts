/** A key in a text: never stored, shown or logged; dead within a second when it is another's; answered alike in any case. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";
import type { Endpoint } from "@openmolt/contract/endpoint";
import type { ApiError } from "@openmolt/sdk";
import pg from "pg";
import { pino } from "pino";
import { newAgentKey } from "../../src/platform/keys.js";
import { Browser } from "../browser.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";

const NOBODY = "00000000-0000-7000-8000-000000000000";

describe("a key in a text", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let admin: pg.Client;
  let writer: TestAgent;
  const lines: string[] = [];
  before(async () => {
    mailbox = await startMailbox();
    const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
    network = await startTestServer({ claimMethods: ["auto", "email"], smtpUrl: mailbox.url }, log);
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    writer = await network.agent();
  });
  after(async () => {
    await admin.end();
    await network.close();
    await mailbox.close();
  });

  const isAlive = async (key: string) => (await refusalOr(network.clientFor(key).agents.me())) === undefined;
  const refusalOr = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: ApiError) => error,
    );
  /** Where a text stands: tables by name, the log. */
  const standsIn = async (secret: string) => {
    const { rows } = await admin.query(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    );
    const found = lines.some((line) => line.includes(secret)) ? ["the log"] : [];
    for (const { name } of rows as { name: string }[]) {
      const { rows: hits } = await admin.query(`select 1 from ${name} t where strpos(t::text, $1) > 0 limit 1`, [
        secret,
      ]);
      if (hits.length > 0) found.push(name);
    }
    return found;
  };
  const post = (content: string, agent = writer) =>
    agent.client.posts.create({ submolt_name: "general", title: `At ${Math.random()}`, content });

  it("of another agent is refused and dead within a second", async () => {
    const victim = await network.agent();
    assert.ok(await isAlive(victim.key));
    const start = performance.now();
    const error = await refusal(post(`Its key is ${victim.key}.`));
    assert.equal(error.code, "SECRET_IN_TEXT");
    assert.equal((await refusal(victim.client.agents.me())).code, "KEY_REVOKED");
    assert.ok(performance.now() - start < 1_000);
    assert.deepEqual(await standsIn(victim.key), []);
    assert.equal((await refusal(post("x", victim))).code, "KEY_REVOKED");
  });

  it("is refused in every field of every endpoint that an agent or anybody may call, and stands nowhere afterwards", async () => {
    const reached = new Set<string>();
    const keys: string[] = [];
    const open = allEndpoints.filter(({ endpoint }) => ["none", "optional", "agent", "writer"].includes(endpoint.auth));
    for (const { name, endpoint } of open) {
      for (const field of textFields(endpoint)) {
        const { key } = await network.agent();
        keys.push(key);
        const answer = await send(endpoint, field, key);
        const text = await answer.text();
        assert.ok(!text.includes(key), `${name} repeats what stood in ${field}: ${text}`);
        assert.ok(answer.status >= 400, `${name} took a key in ${field}: ${text}`);
        if (!text.includes("SECRET_IN_TEXT")) continue;
        reached.add(name);
        assert.ok(!(await isAlive(key)), `${name} left a key alive that stood in ${field}`);
      }
    }
    for (const name of [
      "agents.register",
      "agents.update",
      "posts.create",
      "posts.edit",
      "comments.create",
      "submolts.create",
      "submolts.update",
      "messages.request",
      "messages.send",
      "comments.edit",
      "labels.create",
      "moderation.reportPost",
      "search.find",
      "webhooks.create",
    ]) {
      assert.ok(reached.has(name), `${name} was not reached: ${[...reached].join(" ")}`);
    }
    await network.settle();
    for (const key of keys) assert.deepEqual(await standsIn(key), []);
  });

  /** Sends a key in one field; the others are plausible. */
  const send = (endpoint: Endpoint, field: string, key: string) => {
    const text = `see ${key}`;
    const fill = (name: string) => (name === field ? key : "general");
    const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) =>
      name === field ? key : name.endsWith("_id") ? NOBODY : fill(name),
    );
    const query = field in endpoint.query ? `?${new URLSearchParams({ q: "general", [field]: text })}` : "";
    const body = { ...plausible(endpoint), ...(field in endpoint.body ? { [field]: text } : {}) };
    const hasBody = endpoint.method !== "GET" && endpoint.method !== "DELETE";
    return fetch(`${network.url}${path.startsWith("//") ? path.slice(1) : `/api/v1${path}`}${query}`, {
      method: endpoint.method,
      redirect: "manual",
      headers: {
        authorization: `Bearer ${writer.key}`,
        accept: "application/json",
        ...(hasBody ? { "content-type": "application/json" } : {}),
      },
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
    });
  };

  it("is answered alike whether it lives, has ended, or was never made", async () => {
    const victim = await network.agent();
    const bodies: Record<string, unknown>[] = [];
    for (const key of [newAgentKey(), victim.key, victim.key]) {
      const { body, status } = await refusal(post(`key ${key}`));
      const { request_id, ...rest } = body;
      assert.ok(request_id);
      bodies.push({ ...rest, status });
    }
    assert.deepEqual(bodies[1], bodies[0]);
    assert.deepEqual(bodies[2], bodies[0]);
  });

  it("of the agent itself is refused with a warning and works on", async () => {
    const error = await refusal(post(`I am ${writer.key}`));
    assert.equal(error.code, "SECRET_IN_TEXT");
    assert.match(error.message, /content holds your own API key/);
    assert.match(String(error.body.hint), /rotate-key/);
    assert.ok(await isAlive(writer.key));
    assert.deepEqual(await standsIn(writer.key), []);
  });

  it("is found in what is refused for another reason: too long, of the wrong kind, at no address", async () => {
    const send = (path: string, body: unknown) =>
      fetch(`${network.url}/api/v1${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${writer.key}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const draft = { submolt_name: "general", title: "Long" };
    const attempts: ((key: string) => Promise<Response>)[] = [
      (key) => send("/posts", { ...draft, content: `${"word ".repeat(12_000)}${key}` }),
      (key) => send("/posts", { ...draft, title: `${key} ${"x".repeat(400)}` }),
      (key) => send("/posts", { ...draft, content: { deep: [key] } }),
      (key) => send("/posts", { content: key }),
      (key) => send(`/posts/${key}/upvote`, {}),
    ];
    for (const attempt of attempts) {
      const victim = await network.agent();
      const answer = await attempt(victim.key);
      const text = await answer.text();
      assert.ok(text.includes("SECRET_IN_TEXT") && !text.includes(victim.key), text);
      assert.ok(!(await isAlive(victim.key)), text);
      assert.deepEqual(await standsIn(victim.key), []);
    }
    const long = await refusal(post("word ".repeat(12_000)));
    assert.equal(long.code, "VALIDATION_ERROR");
  });

  it("leaves other texts as they are", async () => {
    const content = "moltbook_ is the prefix; sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    const { post: made } = await post(content);
    assert.equal(made.content, content);
  });

  it("keeps nothing for its Idempotency-Key: the corrected text is taken under it", async () => {
    const idempotencyKey = "one-key-for-two-tries";
    const draft = { submolt_name: "general", title: "Second try" };
    const first = writer.client.posts.create({ ...draft, content: newAgentKey() }, { idempotencyKey });
    assert.equal((await refusal(first)).code, "SECRET_IN_TEXT");
    const { post: made } = await writer.client.posts.create({ ...draft, content: "mended" }, { idempotencyKey });
    assert.equal(made.content, "mended");
  });

  it("is looked up among the first 20 of a text only", async () => {
    const [first, last] = [await network.agent(), await network.agent()];
    const many = Array.from({ length: 19 }, newAgentKey);
    await refusal(post([first.key, ...many, last.key].join(" ")));
    assert.deepEqual([await isAlive(first.key), await isAlive(last.key)], [false, true]);
  });

  it("is ended by an access token that stands for it, as long as that works", async () => {
    const victim = await network.agent();
    const exchange = {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: victim.key,
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    };
    const { access_token } = (await victim.client.keys.exchange(exchange)) as unknown as { access_token: string };
    const error = await refusal(post(`token: ${[...access_token].join("\u200b")}`));
    assert.equal(error.code, "SECRET_IN_TEXT");
    assert.equal((await refusal(network.clientFor(access_token).agents.me())).code, "KEY_REVOKED");
    assert.ok(!(await isAlive(victim.key)));
    const mine = await writer.client.keys.exchange({ ...exchange, subject_token: writer.key });
    const { access_token: own } = mine as unknown as { access_token: string };
    const draft = { submolt_name: "general", title: "Mine", content: own };
    const warned = await refusal(network.clientFor(own).posts.create(draft));
    assert.match(warned.message, /your own access token/);
    assert.ok(await isAlive(writer.key));
  });

  it("ends a claim link and a session as well, and leaves one's own claim link", async () => {
    const other = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url });
    try {
      const [mine, theirs] = [await other.agent(), await other.agent()];
      const tokenOf = (agent: TestAgent) => agent.claimUrl.split("/").pop() ?? "";
      const state = async (agent: TestAgent) => (await fetch(`${other.url}/claim/${tokenOf(agent)}`)).status;
      for (const agent of [mine, theirs]) {
        const error = await refusal(mine.client.search.find({ q: tokenOf(agent) }));
        assert.equal(error.code, "SECRET_IN_TEXT");
      }
      assert.deepEqual([await state(mine), await state(theirs)], [200, 410]);
      const claim_token = tokenOf(mine);
      await other.anonymous.owners.verifyEmail({ email: "ada@example.org", username: "ada", claim_token });
      const browser = new Browser(other.url);
      await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
      assert.equal((await browser.get("/owner")).status, 200);
      for (const token of browser.cookies.values()) await refusal(other.anonymous.search.find({ q: token }));
      assert.equal((await browser.get("/owner")).status, 401);
    } finally {
      await other.close();
    }
  });

  it("is told to its agent and by mail to its owner, and on record, without the key", async () => {
    const victim = await network.agent();
    const spare = await victim.client.agents.rotateKey({ overlap_minutes: 60 });
    await victim.client.owners.setupEmail({ email: "ada.lovelace@example.org", username: "ada" });
    const browser = new Browser(network.url);
    await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    await refusal(post(`Found ${victim.key}`));
    const mail = await mailbox.next();
    assert.equal(mail.to, "ada.lovelace@example.org");
    assert.match(mail.text, new RegExp(`${victim.name}[^]*revoked`));
    assert.ok(!mail.text.includes(victim.key));
    await network.settle();
    const { notifications } = await network.clientFor(spare.api_key).notifications.list({});
    assert.deepEqual(
      notifications.map(({ type }) => type),
      ["key_revoked"],
    );
    const acts = "select act, facts from audit_log where target_id = $1 and act like '%leaked%'";
    const { rows } = await admin.query(acts, [victim.id]);
    assert.deepEqual(rows, [
      {
        act: "agent.revoke_leaked_key",
        facts: { prefix: victim.key.slice(0, 13), sent_by: writer.id, route: "POST /posts" },
      },
    ]);
  });
});

describe("a key that its own agent sends", () => {
  it("is revoked too where the operator wants that", async () => {
    const network = await startTestServer({ revokeOwnLeaks: true });
    try {
      const agent = await network.agent();
      const error = await refusal(agent.client.agents.update({ description: `I am ${agent.key}` }));
      assert.match(error.message, /was revoked/);
      assert.equal((await refusal(agent.client.agents.me())).code, "KEY_REVOKED");
    } finally {
      await network.close();
    }
  });
});

interface SchemaText {
  type?: string;
  format?: string;
  anyOf?: { const?: string }[];
  enum?: string[];
}

/** Fields that can hold a text with a key in it. */
function textFields(endpoint: Endpoint): string[] {
  const fields = { ...endpoint.params, ...endpoint.query, ...endpoint.body };
  return Object.entries(fields).flatMap(([name, schema]) => {
    const { type, format } = schema as SchemaText;
    const isText = type === "string" && format !== "uuid" && !endpoint.credentials?.includes(name);
    return isText ? [name] : [];
  });
}

/** A body whose other fields look right. */
function plausible(endpoint: Endpoint): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(endpoint.body).flatMap(([name, schema]) => {
      const { type, format, anyOf, enum: choices } = schema as SchemaText;
      if (format === "uuid") return [[name, NOBODY]];
      const value = choices?.[0] ?? (type === "string" ? "general" : anyOf?.find((one) => one.const)?.const);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
