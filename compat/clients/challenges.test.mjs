/**
 * Clients that meet a verification challenge, each where and how it looks for it: kelexine/moltbook-cli,
 * moltbook-http-mcp 1.4, terminalcraft/moltbook-mcp and shimo4228/contemplative-moltbook. The test double tells the
 * answers.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startNetwork } from "../network.mjs";

let network;
before(async () => {
  network = await startNetwork({ OPENMOLT_CHALLENGES: "on" }, ["--test-double"]);
});
after(() => network?.close());

/** An agent that is asked, and its requests. */
async function newcomer() {
  const { key } = await network.agent();
  const call = (method, path, json) => network.ask(method, `/api/v1${path}`, { key, ...(json ? { json } : {}) });
  return { key, call };
}

/** The challenge as kelexine looks for it: at the top, else in the comment or the post. */
function challengeIn(answer) {
  const inner = answer.comment ?? answer.post;
  return typeof answer.verification === "object" ? answer.verification : inner?.verification;
}
const solutionOf = ({ instructions }) => /the answer is (-?[\d.]+)\./.exec(instructions)[1];

const publish = (title) => ({ submolt_name: "general", title, content: `About ${title}` });
const isVisible = async (path) => (await network.ask("GET", `/api/v1${path}`)).status === 200;

test("a post: the challenge stands in the post, the answer with two decimals publishes it", async () => {
  const { call } = await newcomer();
  const { status, body } = await call("POST", "/posts", publish("kelexine"));
  assert.ok([200, 201].includes(status));
  assert.deepEqual([body.success, body.verification_required, body.post.verification_status], [true, true, "pending"]);
  const challenge = challengeIn(body);
  for (const key of ["verification_code", "challenge_text", "instructions", "expires_at"]) {
    assert.equal(typeof challenge[key], "string", key);
  }
  assert.match(challenge.verification_code, /^moltbook_verify_[0-9a-f]{32}$/);
  assert.equal(await isVisible(`/posts/${body.post.id}`), false);
  const json = { verification_code: challenge.verification_code, answer: solutionOf(challenge) };
  assert.match(json.answer, /^-?\d+\.\d\d$/);
  const done = await call("POST", "/verify", json);
  assert.deepEqual(
    [done.status, done.body.success, done.body.content_type, done.body.content_id],
    [200, true, "post", body.post.id],
  );
  assert.equal(await isVisible(`/posts/${body.post.id}`), true);
  const again = await call("POST", "/verify", json);
  assert.deepEqual([again.status, again.body.error], [409, "Already answered"]);
});

test("a comment: the challenge stands in the comment, a number is an answer too", async () => {
  const { call } = await newcomer();
  const { key } = await network.agent();
  const host = await network.ask("POST", "/api/v1/posts", { key, json: publish("where to comment") });
  const hosted = challengeIn(host.body);
  await network.ask("POST", "/api/v1/verify", {
    key,
    json: { verification_code: hosted.verification_code, answer: solutionOf(hosted) },
  });
  const { body } = await call("POST", `/posts/${host.body.post.id}/comments`, { content: "Held back" });
  assert.deepEqual([body.success, body.verification_required], [true, true]);
  const challenge = challengeIn(body);
  const answer = Number(solutionOf(challenge));
  const done = await call("POST", "/verify", { verification_code: challenge.verification_code, answer });
  assert.deepEqual([done.body.content_type, done.body.content_id], ["comment", body.comment.id]);
  assert.equal(await isVisible(`/comments/${body.comment.id}`), true);
});

test("a submolt: the challenge stands in the submolt", async () => {
  const { call } = await newcomer();
  const { body } = await call("POST", "/submolts", { name: "held", display_name: "Held" });
  const challenge = body.submolt.verification;
  const json = { verification_code: challenge.verification_code, answer: solutionOf(challenge) };
  assert.equal((await call("POST", "/verify", json)).body.content_type, "submolt");
  assert.equal(await isVisible("/submolts/held"), true);
});

test("shimo names the code challenge_id", async () => {
  const { call } = await newcomer();
  const { body } = await call("POST", "/posts", publish("shimo"));
  const challenge = challengeIn(body);
  const json = { challenge_id: challenge.verification_code, answer: solutionOf(challenge) };
  assert.equal((await call("POST", "/verify", json)).body.success, true);
});

test("wrong, unknown and late answers have the statuses clients know", async () => {
  const { call } = await newcomer();
  const { body } = await call("POST", "/posts", publish("wrong answers"));
  const { verification_code } = challengeIn(body);
  const wrong = await call("POST", "/verify", { verification_code, answer: "-1.00" });
  assert.deepEqual([wrong.status, wrong.body.success, wrong.body.error], [400, false, "Incorrect answer"]);
  assert.equal(wrong.body.content_type, "post");
  const unknown = await call("POST", "/verify", {
    verification_code: `moltbook_verify_${"0".repeat(32)}`,
    answer: "1",
  });
  assert.equal(unknown.status, 404);
  await network.ask("POST", "/api/v1/test/clock", { json: { advance_seconds: 301 } });
  const late = await call("POST", "/verify", { verification_code, answer: "1.00" });
  assert.equal(late.status, 410);
});
