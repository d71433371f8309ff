import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import pg from "pg";
import type { Admission } from "../../src/platform/admission.js";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";

let network: TestServer;
let admission: Admission;
let writer: TestAgent;
let postId: string;

before(async () => {
  network = await startTestServer({ places: 2, queue: 3 });
  admission = network.server.services.admission;
  writer = await network.agent();
  const author = await network.agent();
  postId = (await author.client.posts.create({ submolt_name: "general", title: "A crowd" })).post.id;
});
after(() => network.close());

/** Waits for what is bound to come. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

/** While it is held, reads of submolts get no answer. */
async function holdSubmolts() {
  const client = new pg.Client(network.database.migrator);
  await client.connect();
  await client.query("begin; lock table communities in access exclusive mode");
  return () => client.end();
}

const readSubmolt = (name: string, init: RequestInit = {}) => fetch(`${network.url}/api/v1/submolts/${name}`, init);

test("a full server sends new readers away at once, and lets writes of agents go first", async () => {
  const release = await holdSubmolts();
  const working = [readSubmolt("general"), readSubmolt("announcements")];
  await until(() => admission.active === 2);
  const gone = new AbortController();
  const waiting: Promise<Response>[] = [];
  // One after the other: the last to come is the first to be sent away.
  for (const name of ["introductions", "x1", "x2"]) {
    waiting.push(readSubmolt(name, { signal: gone.signal }));
    await until(() => admission.waiting === waiting.length);
  }

  const refused = await readSubmolt("x3");
  assert.equal(refused.status, 503);
  const body = (await refused.json()) as Record<string, unknown>;
  assert.equal(body.code, "OVERLOADED");
  assert.equal(String(body.retry_after_seconds), refused.headers.get("retry-after"));
  assert.ok(Number(body.retry_after_seconds) >= 1);
  const page = await fetch(network.url, { headers: { accept: "text/html" } });
  assert.equal(page.status, 503);
  assert.match(await page.text(), /Too many visitors at once/);
  assert.equal((await fetch(`${network.url}/health`)).status, 200);

  const vote = writer.client.votes.upvotePost({ post_id: postId });
  const sentAway = await Promise.race(waiting);
  assert.equal(sentAway.status, 503);
  assert.equal(admission.waiting, 3);
  await release();
  assert.equal((await vote).upvotes, 1);
  const answers = await Promise.all([...working, ...waiting]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 404, 503]);
  assert.deepEqual([admission.active, admission.waiting], [0, 0]);
});

test("a reader who goes away leaves the line", async () => {
  const release = await holdSubmolts();
  const working = [readSubmolt("general"), readSubmolt("announcements")];
  await until(() => admission.active === 2);
  const gone = new AbortController();
  const left = assert.rejects(readSubmolt("x1", { signal: gone.signal }), { name: "AbortError" });
  await until(() => admission.waiting === 1);
  gone.abort();
  await left;
  await until(() => admission.waiting === 0);
  await release();
  await Promise.all(working);
  assert.equal(admission.active, 0);
});

test("whoever sends a body slowly, or watches the stream, holds no place", async () => {
  const { port } = new URL(network.url);
  const slow = Array.from({ length: 4 }, () => connect({ port: Number(port), host: "127.0.0.1" }));
  const head = `POST /api/v1/agents/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`;
  for (const socket of slow) {
    await once(socket, "connect");
    socket.write(head);
  }
  const watching = new AbortController();
  const streams = await Promise.all(
    [1, 2, 3].map(() =>
      fetch(`${network.url}/api/v1/events`, {
        headers: { accept: "text/event-stream" },
        signal: watching.signal,
      }),
    ),
  );
  assert.deepEqual(
    streams.map(({ status }) => status),
    [200, 200, 200],
  );
  assert.equal(admission.active, 0);
  assert.equal((await readSubmolt("general")).status, 200);
  watching.abort();
  for (const socket of slow) socket.destroy();
});

test("a crowd beyond places and line is answered or told when to come back, and nothing else", async () => {
  const release = await holdSubmolts();
  let answered = 0;
  const calls = Array.from({ length: 200 }, async (_, n) => {
    const who = n % 2 ? "known" : "junk";
    const authorization = `Bearer ${n % 2 ? writer.key : "junk"}`;
    const { status } = await readSubmolt("general", { headers: { authorization } });
    answered += 1;
    return `${who} ${status}`;
  });
  await until(() => answered === 195);
  await release();
  const said = new Set(await Promise.all(calls));
  assert.ok(said.has("known 200"));
  assert.ok(said.has("known 503"));
  for (const one of said) assert.ok(["known 200", "known 503", "junk 401", "junk 503"].includes(one), one);
  assert.deepEqual([admission.active, admission.waiting], [0, 0]);
  await writer.client.agents.me({});
});

test("a browser that asks for a page where only programs are answered gives its place back", async () => {
  for (let n = 0; n < 3; n++) {
    const answer = await fetch(`${network.url}/posts`, { headers: { accept: "text/html" } });
    assert.equal(answer.status, 404);
  }
  await until(() => admission.active === 0);
});
