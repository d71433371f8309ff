/** The client against a network that is overloaded, slow, silent or lying. Waits are counted, not waited for. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, describe, it } from "node:test";
import { ApiError, type ClientOptions, createClient, hasCode } from "./client.js";
import { pauseAfter } from "./repeat.js";
import { tokensFrom } from "./tokens.js";

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}
type Answer = (response: ServerResponse, seen: Seen) => void;

const json =
  (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
const done = json(200, { success: true, message: "done" });
const busy = (headers: Record<string, string> = {}) => json(503, { code: "OVERLOADED", error: "busy" }, headers);
const cut: Answer = (response) => response.destroy();

describe("the client", () => {
  let server: Server;
  let baseUrl: string;
  let seen: Seen[] = [];
  let answers: Answer[] = [];
  let waits: number[] = [];

  before(async () => {
    server = createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      const { method = "", url = "", headers } = request;
      seen.push({ method, url, headers, body });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(response, { method, url, headers, body });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  afterEach(() => {
    seen = [];
    waits = [];
  });

  const wait = async (ms: number) => void waits.push(ms);
  const clientOf = (given: Answer[], options: Partial<ClientOptions> = {}) => {
    answers = given;
    return createClient({ baseUrl, repeat: { wait, random: () => 0.5 }, ...options });
  };
  const errorOf = async (call: Promise<unknown>): Promise<ApiError> => {
    const error = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ApiError, String(error));
    return error;
  };
  const post = { submolt_name: "general", title: "A storm" };

  it("comes back after the time a network asks for, with the same idempotency key and body", async () => {
    const later = json(429, { code: "RATE_LIMITED", error: "slow down", retry_after_seconds: 7 });
    const client = clientOf([busy({ "retry-after": "3" }), later, cut, done]);
    await client.posts.create(post);
    assert.equal(seen.length, 4);
    assert.deepEqual(waits.slice(0, 2), [3_300, 7_700]);
    assert.equal(waits.length, 3);
    const [first] = seen;
    assert.match(String(first?.headers["idempotency-key"]), /^[0-9a-f]{32}$/);
    for (const { headers, body } of seen) {
      assert.deepEqual([headers["idempotency-key"], body], [first?.headers["idempotency-key"], first?.body]);
    }
  });

  it("gives each write a key of its own, reads none, and leaves a given one alone", async () => {
    const client = clientOf([done]);
    await client.posts.create(post);
    await client.posts.create(post);
    await client.agents.heartbeat({}, { idempotencyKey: "mine" });
    await client.agents.me();
    const keys = seen.map(({ headers }) => headers["idempotency-key"]);
    assert.notEqual(keys[0], keys[1]);
    assert.deepEqual(keys.slice(2), ["mine", undefined]);
  });

  it("stops after four tries in a storm, and never waits longer than it was told", async () => {
    const storm = await errorOf(clientOf([busy()]).agents.me());
    assert.deepEqual([storm.status, storm.code, seen.length], [503, "OVERLOADED", 4]);
    assert.deepEqual(waits, [375, 750, 1_500]);
    seen = [];
    const patient = await errorOf(clientOf([busy({ "retry-after": "1800" })]).agents.me());
    assert.equal(patient.retryAfterSeconds, 1_800);
    assert.equal(seen.length, 1);
  });

  it("spreads the tries of many over time, and comes never before it was asked to", () => {
    const asked = new ApiError(429, "RATE_LIMITED", "", { retry_after_seconds: 10 });
    const unasked = new ApiError(0, "NETWORK", "");
    assert.deepEqual(
      [0, 1].map((chance) => pauseAfter(asked, 1, () => chance)),
      [10_000, 12_000],
    );
    assert.deepEqual(
      [0, 1].map((chance) => pauseAfter(unasked, 3, () => chance)),
      [1_000, 2_000],
    );
    const date = new Headers({ "retry-after": new Date(Date.now() + 60_000).toUTCString() });
    const { retryAfterSeconds = 0 } = new ApiError(503, "OVERLOADED", "", {}, date);
    assert.ok(retryAfterSeconds > 55 && retryAfterSeconds <= 60);
    assert.equal(
      new ApiError(503, "OVERLOADED", "", {}, new Headers({ "retry-after": "-5" })).retryAfterSeconds,
      undefined,
    );
  });

  it("asks once when asking again would not help, or when it was told to", async () => {
    const refusals = [
      [400, "VALIDATION_ERROR"],
      [401, "KEY_REVOKED"],
      [403, "AGENT_PAUSED"],
      [404, "NOT_FOUND"],
      [409, "DUPLICATE_CONTENT"],
    ] as const;
    for (const [status, code] of refusals) {
      seen = [];
      const error = await errorOf(clientOf([json(status, { code, error: "no", hint: "so" })]).posts.create(post));
      assert.ok(hasCode(error, code) && !hasCode(error, "GONE"));
      assert.deepEqual([error.hint, seen.length], ["so", 1]);
    }
    seen = [];
    await errorOf(clientOf([busy()], { repeat: false }).posts.create(post));
    assert.equal(seen.length, 1);
    assert.equal(seen[0]?.headers["idempotency-key"], undefined);
  });

  it("tells what is slow, what was given up and what is not there from one another", async () => {
    const silent: Answer = () => undefined;
    const slow = await errorOf(clientOf([silent], { timeoutMs: 50, repeat: { wait, tries: 2 } }).agents.me());
    assert.deepEqual([slow.status, slow.code, seen.length], [0, "TIMEOUT", 2]);
    const half: Answer = (response) => response.writeHead(200, { "content-length": "100" }).write('{"succ');
    assert.equal((await errorOf(clientOf([half], { timeoutMs: 50, repeat: false }).agents.me())).code, "TIMEOUT");
    const given = new AbortController();
    const call = clientOf([silent]).agents.me({}, { signal: given.signal });
    given.abort();
    assert.equal((await errorOf(call)).code, "ABORTED");
    const nobody = createClient({ baseUrl: "http://127.0.0.1:1", repeat: false });
    assert.equal((await errorOf(nobody.agents.me())).code, "NETWORK");
  });

  it("can be given up while it waits for another try", async () => {
    const given = new AbortController();
    const client = clientOf([busy({ "retry-after": "20" })], { repeat: {} });
    const call = client.agents.me({}, { signal: given.signal });
    while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    setImmediate(() => given.abort());
    assert.equal((await errorOf(call)).code, "ABORTED");
  });

  it("reads errors of networks of another make, and follows no redirect with the key", async () => {
    const page: Answer = (response) => response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway");
    assert.equal((await errorOf(clientOf([page], { repeat: false }).agents.me())).code, "HTTP_502");
    const moved: Answer = (response) => response.writeHead(302, { location: `${baseUrl}/elsewhere` }).end();
    await clientOf([moved], { apiKey: "any-look-will-do" })
      .agents.me()
      .catch(() => undefined);
    assert.ok(!seen.some(({ url }) => url === "/elsewhere"));
    assert.equal(seen.at(-1)?.headers.authorization, "Bearer any-look-will-do");
  });

  it("makes no other call of a name or an id that is empty or only dots", async () => {
    const client = clientOf([done]);
    for (const key_id of ["", ".", ".."]) {
      const error = await errorOf(client.keys.revoke({ key_id }));
      assert.deepEqual([error.status, error.code], [400, "VALIDATION_ERROR"]);
    }
    await client.keys.revoke({ key_id: "../../x" });
    assert.deepEqual(
      seen.map(({ url }) => url),
      ["/api/v1/agents/me/keys/..%2F..%2Fx"],
    );
  });

  it("walks a list to its end, and out of a circle", async () => {
    const page = (names: string[], next: string | null) =>
      json(200, { posts: names.map((id) => ({ id })), has_more: next !== null, next_cursor: next });
    const ids: string[] = [];
    const client = clientOf([page(["a", "b"], "two"), page([], "three"), page(["c"], null)]);
    for await (const { id } of client.each.posts.list({ sort: "new" })) ids.push(id);
    assert.deepEqual(ids, ["a", "b", "c"]);
    assert.deepEqual(
      seen.map(({ url }) => url),
      ["/api/v1/posts?sort=new", "/api/v1/posts?cursor=two&sort=new", "/api/v1/posts?cursor=three&sort=new"],
    );
    seen = [];
    for await (const { posts } of clientOf([page(["a"], "two")]).pages.posts.list()) assert.equal(posts.length, 1);
    assert.equal(seen.length, 2);
  });

  it("has challenges answered, again while tries are left, and gives the write as published", async () => {
    const challenge = { verification_code: "v1", challenge_text: "two and two", tries_left: 3 };
    const held = json(201, {
      success: true,
      visible: false,
      verification_required: true,
      post: { id: "p", verification_status: "pending", verification: challenge },
    });
    const wrong = json(400, { code: "INCORRECT_ANSWER", error: "no", tries_left: 2 });
    const asked: [string, number][] = [];
    const onChallenge: ClientOptions["onChallenge"] = ({ challenge_text, tries_left }, { id }) => {
      asked.push([`${challenge_text} for ${id}`, tries_left]);
      return asked.length === 1 ? "5.00" : 4;
    };
    const published = await clientOf([held, wrong, done], { onChallenge }).posts.create(post);
    assert.deepEqual(asked, [
      ["two and two for p", 3],
      ["two and two for p", 2],
    ]);
    assert.deepEqual(published, { success: true, visible: true, post: { id: "p", verification_status: "verified" } });
    assert.deepEqual(
      seen.slice(1).map(({ url, body }) => [url, JSON.parse(body).answer]),
      [
        ["/api/v1/verify", "5.00"],
        ["/api/v1/verify", 4],
      ],
    );

    const left = await clientOf([held, done], { onChallenge: () => undefined }).posts.create(post);
    assert.equal(left.post.verification?.verification_code, "v1");
    const last = json(400, { code: "INCORRECT_ANSWER", error: "no", tries_left: 0 });
    const never = clientOf([held, wrong, last], { onChallenge: () => "1" }).posts.create(post);
    assert.equal((await errorOf(never)).code, "INCORRECT_ANSWER");
  });

  it("shows tokens in the place of the key, and the key where only it will do", async () => {
    let made = 0;
    const network: Answer = (response, { url, headers }) => {
      if (url === "/api/v1/oauth/token") {
        made += 1;
        json(200, { access_token: `token-${made}`, expires_in: 900 })(response, { url, headers, method: "", body: "" });
      } else if (headers.authorization === "Bearer token-1" && seen.length > 6) {
        json(401, { code: "KEY_EXPIRED", error: "over" })(response, { url, headers, method: "", body: "" });
      } else done(response, { url, headers, method: "", body: "" });
    };
    const client = clientOf([network], { apiKey: "the-key", tokens: { scope: "read post" } });
    await Promise.all([client.agents.me(), client.agents.me(), client.posts.create(post)]);
    await client.keys.list();
    const shown = seen.map(({ url, headers }) => `${url} ${headers.authorization}`).sort();
    assert.deepEqual(shown, [
      "/api/v1/agents/me Bearer token-1",
      "/api/v1/agents/me Bearer token-1",
      "/api/v1/agents/me/keys Bearer the-key",
      "/api/v1/oauth/token Bearer the-key",
      "/api/v1/posts Bearer token-1",
    ]);
    assert.equal(JSON.parse(seen[0]?.body ?? "").scope, "read post");
    await client.agents.me();
    await client.agents.me();
    assert.equal(made, 2);
    assert.equal(seen.at(-1)?.headers.authorization, "Bearer token-2");
  });

  it("renews a token before it ends, and uses it to its end when that fails", async () => {
    let now = 0;
    let fails = false;
    let made = 0;
    const exchange = async () => {
      if (fails) throw new ApiError(503, "OVERLOADED", "busy");
      made += 1;
      return { access_token: `token-${made}`, expires_in: 100 };
    };
    const source = tokensFrom(exchange, () => now);
    assert.deepEqual(await Promise.all([source.token(), source.token()]), ["token-1", "token-1"]);
    now = 79_000;
    assert.equal(await source.token(), "token-1");
    now = 81_000;
    fails = true;
    assert.equal(await source.token(), "token-1");
    fails = false;
    assert.equal(await source.token(), "token-2");
    fails = true;
    now = 300_000;
    await assert.rejects(source.token(), /OVERLOADED/);
  });

  it("follows the history over breaks, silence and repeats, in order and once each", async () => {
    const event = (position: number) => `id: ${position}\ndata: ${JSON.stringify({ position })}\n\n`;
    const stream =
      (text: string, end = true): Answer =>
      (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).write(text);
        if (end) response.end();
      };
    const votes = 'event: votes\ndata: {"posts":[],"comments":[]}\n\n';
    const client = clientOf(
      [
        json(200, { success: true, events: [], head: 4 }),
        stream(`retry: 1000\n\n: here\n\n${event(5)}${votes}${event(6).slice(0, 9)}`),
        busy({ "retry-after": "2" }),
        stream(`${event(4)}${event(5)}${event(6).replaceAll("\n", "\r\n")}`, false),
        cut,
        stream(`data: {"half`, true),
        stream(event(7)),
      ],
      { apiKey: "the-key" },
    );
    const votesSeen: unknown[] = [];
    const onVotes = (told: unknown) => void votesSeen.push(told);
    const positions: number[] = [];
    for await (const { position } of client.follow({ silenceMs: 100, onVotes })) {
      positions.push(position);
      if (position === 7) break;
    }
    assert.deepEqual(positions, [5, 6, 7]);
    assert.equal(votesSeen.length, 1);
    const streams = seen.slice(1);
    assert.deepEqual(
      streams.map(({ headers }) => headers["last-event-id"]),
      ["4", "5", "5", "6", "6", "6"],
    );
    for (const { headers } of streams) assert.equal(headers.authorization, "Bearer the-key");
    assert.equal(waits[0], 1_000);
    assert.equal(waits[1], 2_200);
  });

  it("ends to follow when it is refused for good, or told to", async () => {
    const gone = clientOf([json(401, { code: "KEY_REVOKED", error: "no" })]).follow({ after: 3 });
    assert.equal((await errorOf(gone.next())).code, "KEY_REVOKED");
    const end = new AbortController();
    const quiet: Answer = (response) =>
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": \n\n");
    const following = clientOf([quiet]).follow({ after: 3, signal: end.signal });
    const next = following.next();
    while (seen.length < 2) await new Promise((resolve) => setImmediate(resolve));
    end.abort();
    assert.equal((await next).done, true);
  });
});
