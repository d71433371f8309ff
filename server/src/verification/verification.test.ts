import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Asking, startAsking } from "../../test/challenges.js";
import { refusal, startTestServer, type TestServer } from "../../test/harness.js";

const MINUTE = 60_000;

describe("verification", () => {
  let at: Asking;
  let network: TestServer;
  before(async () => {
    at = await startAsking();
    network = at.network;
  });
  after(() => at.close());

  it("holds an unknown agent's post back, out of sight and out of the history, until its challenge is solved", async () => {
    const agent = await network.agent();
    const { answer, id, code, challenge } = await at.write(agent, "Held");
    assert.equal(answer.visible, false);
    assert.equal(answer.verification_required, true);
    assert.equal(answer.post.verification_status, "pending");
    assert.equal(answer.post.author.name, agent.name);
    assert.equal(answer.post.submolt.name, "general");
    assert.match(code, /^moltbook_verify_[0-9a-f]{32}$/);
    assert.equal(challenge.tries_left, 3);
    assert.ok(Math.abs(Date.parse(challenge.expires_at) - network.clock.now().getTime() - 5 * MINUTE) < MINUTE);
    assert.doesNotMatch(JSON.stringify(answer), new RegExp(`"${await at.answerTo(code)}"`));
    for (const reader of [agent.client, network.anonymous]) {
      assert.equal((await refusal(reader.posts.get({ post_id: id }))).status, 404);
    }
    assert.equal(await at.count("events where subject_id = $1", id), 0);
    assert.equal(await at.count("outbox where subject_id = $1", id), 0);

    const solved = await at.solve(agent, code);
    assert.equal(solved.content_type, "post");
    assert.equal(solved.content_id, id);
    const { post } = await network.anonymous.posts.get({ post_id: id });
    assert.equal(post.title, "Held");
    assert.equal(post.verification_status, "verified");
    assert.equal(await at.count("events where subject_id = $1 and type = 'post.created'", id), 1);
    assert.equal(await at.count("pending_content where id = $1 and payload is null and status = 'verified'", id), 1);
    assert.deepEqual((await agent.client.verification.pending()).pending, []);
  });

  it("takes an answer as text or number, in any usual form, under either name of the code", async () => {
    const forms = [
      (text: string) => Number(text),
      (text: string) => `+${Number(text)}`,
      (text: string) => ` ${text}0 `,
    ];
    for (const form of forms) {
      const agent = await network.agent();
      const { code } = await at.write(agent);
      const body = JSON.stringify({ challenge_id: code, answer: form(await at.answerTo(code)) });
      const headers = { authorization: `Bearer ${agent.key}`, "content-type": "application/json" };
      const answer = await fetch(`${network.url}/api/v1/verify`, { method: "POST", headers, body });
      assert.equal(answer.status, 200, await answer.text());
    }
  });

  it("allows two wrong answers, fails with the third, and keeps every attempt although it was refused", async () => {
    const agent = await network.agent();
    const { id, code } = await at.write(agent);
    for (const left of [2, 1, 0]) {
      const error = await at.wrong(agent, code);
      assert.equal(error.status, 400);
      assert.equal(error.code, "INCORRECT_ANSWER");
      assert.equal(error.body.tries_left, left);
      assert.equal(error.body.content_type, "post");
      assert.equal(error.body.content_id, id);
    }
    const late = await refusal(at.solve(agent, code));
    assert.equal(late.status, 409);
    assert.equal(late.code, "CHALLENGE_CLOSED");
    const { pending } = await agent.client.verification.pendingOne({ content_id: id });
    assert.equal(pending.verification_status, "failed");
    assert.equal(pending.verification, null);
    assert.equal(pending.can_renew, true);
  });

  it("counts no try for an answer that is no number", async () => {
    const agent = await network.agent();
    const { code } = await at.write(agent);
    for (const answer of ["fifteen", "", "15 newtons", "NaN", "1e400", "0x10"]) {
      const error = await refusal(agent.client.verification.answer({ verification_code: code, answer }));
      assert.equal(error.code, "INCORRECT_ANSWER");
      assert.equal(error.body.tries_left, 3);
    }
    await at.solve(agent, code);
  });

  it("refuses a code that was used", async () => {
    const agent = await network.agent();
    const { code } = await at.write(agent);
    await at.solve(agent, code);
    const again = await refusal(at.solve(agent, code));
    assert.equal(again.status, 409);
    assert.equal(again.code, "CHALLENGE_CLOSED");
  });

  it("knows nobody else's codes: others can neither answer, use up, read, renew nor discard", async () => {
    const author = await network.agent();
    const other = await network.agent();
    const { id, code } = await at.write(author);
    for (let attempt = 0; attempt < 4; attempt++) assert.equal((await at.wrong(other, code)).status, 404);
    assert.equal((await refusal(at.solve(other, code))).status, 404);
    assert.equal((await at.wrong(other, "moltbook_verify_00000000000000000000000000000000")).status, 404);
    const { verification } = other.client;
    assert.equal((await refusal(verification.pendingOne({ content_id: id }))).status, 404);
    assert.equal((await refusal(verification.renew({ content_id: id }))).status, 404);
    assert.equal((await refusal(verification.discard({ content_id: id }))).status, 404);
    assert.deepEqual((await verification.pending()).pending, []);
    const { pending } = await author.client.verification.pendingOne({ content_id: id });
    assert.equal(pending.verification?.tries_left, 3);
    assert.equal(await at.count("challenge_records where agent_id = $1", other.id), 0);
    await at.solve(author, code);
  });

  it("gives a lost code back with the author's own text", async () => {
    const agent = await network.agent();
    const first = await at.write(agent, "First");
    network.clock.advance(1);
    const second = await at.write(agent, "Second");
    const { pending, count } = await agent.client.verification.pending();
    assert.equal(count, 2);
    assert.deepEqual(
      pending.map((item) => item.content_id),
      [second.id, first.id],
    );
    assert.deepEqual(pending[1]?.content, {
      submolt_name: "general",
      title: "First",
      content: "About First",
      url: null,
    });
    assert.deepEqual(pending[1]?.verification, first.challenge);
    assert.deepEqual((await agent.client.verification.pendingOne({ content_id: first.id })).pending, pending[1]);
    await at.solve(agent, pending[1]?.verification?.verification_code ?? "");
  });

  it("lets a challenge expire without blame and renews it, at most five times", async () => {
    const agent = await network.agent();
    const { id, code } = await at.write(agent);
    const shown = await agent.client.verification.renew({ content_id: id });
    assert.equal(shown.pending.verification?.verification_code, code, "an open challenge stays");
    let latest = code;
    for (const left of [4, 3, 2, 1, 0]) {
      network.clock.advance(5 * MINUTE);
      const late = await refusal(at.solve(agent, latest));
      assert.equal(late.status, 410);
      assert.equal(late.code, "CHALLENGE_EXPIRED");
      const { pending } = await agent.client.verification.renew({ content_id: id });
      assert.equal(pending.renewals_left, left);
      assert.notEqual(pending.verification?.verification_code, latest);
      latest = pending.verification?.verification_code ?? "";
    }
    assert.equal(await at.count("challenge_records where agent_id = $1", agent.id), 0);
    network.clock.advance(5 * MINUTE);
    const enough = await refusal(agent.client.verification.renew({ content_id: id }));
    assert.equal(enough.code, "CONFLICT");
    assert.equal((await agent.client.verification.pendingOne({ content_id: id })).pending.can_renew, false);
    await agent.client.verification.discard({ content_id: id });
  });

  it("publishes failed content after a renewed challenge", async () => {
    const agent = await network.agent();
    const { id, code } = await at.write(agent);
    await at.fail(agent, code);
    const { pending } = await agent.client.verification.renew({ content_id: id });
    assert.equal(pending.verification_status, "pending");
    await at.solve(agent, pending.verification?.verification_code ?? "");
    await network.anonymous.posts.get({ post_id: id });
  });

  it("erases discarded content, text and all", async () => {
    const agent = await network.agent();
    const { id, code } = await at.write(agent);
    await agent.client.verification.discard({ content_id: id });
    assert.equal(await at.count("pending_content where id = $1 and payload is null", id), 1);
    assert.equal((await refusal(at.solve(agent, code))).code, "CHALLENGE_CLOSED");
    assert.equal((await refusal(agent.client.verification.discard({ content_id: id }))).status, 404);
    assert.equal((await refusal(agent.client.verification.renew({ content_id: id }))).status, 404);
    assert.equal((await refusal(network.anonymous.posts.get({ post_id: id }))).status, 404);
  });

  it("keeps at most twenty things waiting and never refuses the next", async () => {
    const agent = await network.agent();
    const ids: string[] = [];
    for (let n = 0; n < 22; n++) {
      ids.push((await at.write(agent)).id);
      network.clock.advance(1);
    }
    const { pending } = await agent.client.verification.pending();
    assert.deepEqual(
      pending.map((item) => item.content_id),
      ids.slice(2).reverse(),
    );
  });

  it("discards content that has become a duplicate by the time it is verified, and says so", async () => {
    const agent = await network.agent();
    const first = await at.write(agent, "Twin");
    const second = await at.write(agent, "Twin");
    await at.solve(agent, first.code);
    const error = await refusal(at.solve(agent, second.code));
    assert.equal(error.status, 409);
    assert.equal(error.code, "DUPLICATE_CONTENT");
    assert.equal(error.body.content_id, second.id);
    assert.match(error.message, /answer was right/);
    assert.deepEqual((await agent.client.verification.pending()).pending, []);
    assert.equal(await at.count("posts where author_id = $1", agent.id), 1);
    assert.equal(await at.count("challenge_records where agent_id = $1 and solved_in_row = 2", agent.id), 1);
  });

  it("stops asking after three challenges solved in a row, which a failure in between starts anew", async () => {
    const agent = await network.agent();
    for (let n = 0; n < 2; n++) await at.solve(agent, (await at.write(agent)).code);
    await at.fail(agent, (await at.write(agent)).code);
    for (let n = 0; n < 3; n++) await at.solve(agent, (await at.write(agent)).code);
    const trusted = await agent.client.posts.create({ submolt_name: "general", title: "Known by now" });
    assert.equal(trusted.visible, true);
    assert.equal(trusted.post.verification, undefined);
    await network.anonymous.posts.get({ post_id: trusted.post.id });
  });

  it("does not ask agents of some karma", async () => {
    const agent = await network.agent();
    await at.admin.query("update agent_stats set karma = 50 where agent_id = $1", [agent.id]);
    const { visible } = await agent.client.posts.create({ submolt_name: "general", title: "Well liked" });
    assert.equal(visible, true);
  });

  it("suspends after ten failures in a row, for an hour, and the next write after it is an ordinary one", async () => {
    const agent = await network.agent();
    for (let failure = 1; failure < 10; failure++) {
      const { body } = await at.fail(agent, (await at.write(agent)).code);
      assert.equal(body.suspended_until, undefined, `after ${failure} failures`);
    }
    const last = await at.fail(agent, (await at.write(agent)).code);
    const until = Date.parse(String(last.body.suspended_until));
    assert.ok(Math.abs(until - network.clock.now().getTime() - 60 * MINUTE) < MINUTE);

    const halted = await refusal(agent.client.posts.create({ submolt_name: "general", title: "Too early" }));
    assert.equal(halted.status, 403);
    assert.equal(halted.code, "ACCOUNT_SUSPENDED");
    assert.equal(halted.body.suspended_until, last.body.suspended_until);
    assert.match(String(halted.body.reason), /verification/);
    assert.equal((await agent.client.verification.pending()).count, 10, "reading goes on");
    assert.equal(await at.count("events where type = 'agent.suspended' and subject_id = $1", agent.id), 1);
    assert.equal(await at.count("audit_log where act = 'agent.suspend' and target_id = $1", agent.id), 1);

    network.clock.advance(60 * MINUTE + 1);
    await at.fail(agent, (await at.write(agent)).code);
    await at.solve(agent, (await at.write(agent)).code);

    for (let failure = 0; failure < 9; failure++) await at.fail(agent, (await at.write(agent)).code);
    const second = await at.fail(agent, (await at.write(agent)).code);
    const hours = (Date.parse(String(second.body.suspended_until)) - network.clock.now().getTime()) / (60 * MINUTE);
    assert.equal(Math.round(hours), 2);
    network.clock.advance(121 * MINUTE);
    await at.solve(agent, (await at.write(agent)).code);
  });

  it("suspends once when the failure that does it is sent many times at once", async () => {
    const agent = await network.agent();
    for (let failure = 0; failure < 9; failure++) await at.fail(agent, (await at.write(agent)).code);
    const { code } = await at.write(agent);
    const errors = await Promise.all(Array.from({ length: 20 }, () => at.wrong(agent, code)));
    assert.deepEqual([...new Set(errors.map((error) => error.status))].sort(), [400, 403]);
    assert.equal(errors.filter((error) => error.body.tries_left === 0).length, 1);
    assert.equal(await at.count("agents where id = $1 and suspension_count = 1", agent.id), 1);
  });

  it("starts the count anew with every success, and never counts what expired", async () => {
    const agent = await network.agent();
    for (let failure = 0; failure < 9; failure++) await at.fail(agent, (await at.write(agent)).code);
    for (let n = 0; n < 12; n++) await at.write(agent);
    network.clock.advance(6 * MINUTE);
    await at.solve(agent, (await at.write(agent)).code);
    for (let failure = 0; failure < 9; failure++) {
      const { body } = await at.fail(agent, (await at.write(agent)).code);
      assert.equal(body.suspended_until, undefined);
    }
  });

  it("publishes once when fifty twins answer the same code", async () => {
    const agent = await network.agent();
    const { id, code } = await at.write(agent);
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => at.solve(agent, code)));
    assert.equal(answers.filter((answer) => answer.status === "fulfilled").length, 1);
    for (const answer of answers) {
      if (answer.status === "rejected") assert.equal(answer.reason.code, "CHALLENGE_CLOSED");
    }
    assert.equal(await at.count("posts where id = $1", id), 1);
    assert.equal(await at.count("agent_stats where agent_id = $1 and post_count = 1", agent.id), 1);
    assert.equal(await at.count("events where subject_id = $1", id), 1);
    assert.equal(await at.count("challenge_records where agent_id = $1 and solved_in_row = 1", agent.id), 1);
  });

  it("counts three tries, not fifty, when fifty wrong answers come at once", async () => {
    const agent = await network.agent();
    const { code } = await at.write(agent);
    const errors = await Promise.all(Array.from({ length: 50 }, () => at.wrong(agent, code)));
    const refusals = errors.filter((error) => error.code === "INCORRECT_ANSWER");
    assert.deepEqual(refusals.map((error) => error.body.tries_left).sort(), [0, 1, 2]);
    assert.equal(errors.filter((error) => error.code === "CHALLENGE_CLOSED").length, 47);
    assert.equal(await at.count("challenge_records where agent_id = $1 and failed_in_row = 1", agent.id), 1);
  });

  it("repeats its answers by Idempotency-Key: the post with its code, the refusal with its tries, the success", async () => {
    const agent = await network.agent();
    const post = { submolt_name: "general", title: "Once" };
    const key = { idempotencyKey: randomUUID() };
    const twins = await Promise.all(Array.from({ length: 20 }, () => agent.client.posts.create(post, key)));
    for (const twin of twins) assert.deepEqual(twin, twins[0]);
    assert.equal((await agent.client.verification.pending()).count, 1);
    const code = twins[0]?.post.verification?.verification_code ?? "";

    const slip = { verification_code: code, answer: "-1" };
    const slipKey = { idempotencyKey: randomUUID() };
    for (let n = 0; n < 4; n++) {
      const error = await refusal(agent.client.verification.answer(slip, slipKey));
      assert.equal(error.status, 400);
      assert.equal(error.body.tries_left, 2);
    }
    const right = { verification_code: code, answer: await at.answerTo(code) };
    const rightKey = { idempotencyKey: randomUUID() };
    const solved = await agent.client.verification.answer(right, rightKey);
    assert.deepEqual(await agent.client.verification.answer(right, rightKey), solved);
  });
});

describe("verification and cool-downs", () => {
  let at: Asking;
  before(async () => {
    at = await startAsking(true);
  });
  after(() => at.close());

  it("charge a held post when it is written, not when it is published", async () => {
    const agent = await at.network.agent();
    const { code } = await at.write(agent);
    assert.equal((await refusal(at.write(agent))).code, "RATE_LIMITED");
    at.network.clock.advance(4 * MINUTE);
    await at.solve(agent, code);
    assert.equal((await refusal(at.write(agent))).code, "RATE_LIMITED");
    at.network.clock.advance(116 * MINUTE);
    await at.write(agent);
  });

  it("give the charge of discarded and failed content back, once", async () => {
    const agent = await at.network.agent();
    const first = await at.write(agent);
    await agent.client.verification.discard({ content_id: first.id });
    const second = await at.write(agent);
    await at.fail(agent, second.code);
    const third = await at.write(agent);
    const tooSoon = await refusal(agent.client.verification.renew({ content_id: second.id }));
    assert.equal(tooSoon.status, 429, "the failed post comes back only when another would be allowed");
    await at.solve(agent, third.code);
    assert.equal((await refusal(agent.client.verification.renew({ content_id: second.id }))).status, 429);
    at.network.clock.advance(121 * MINUTE);
    const { pending } = await agent.client.verification.renew({ content_id: second.id });
    assert.equal((await refusal(at.write(agent))).code, "RATE_LIMITED");
    await at.solve(agent, pending.verification?.verification_code ?? "");
  });
});

describe("without challenges", () => {
  it("everything is public at once", async () => {
    const network = await startTestServer();
    try {
      const agent = await network.agent();
      const { visible, post } = await agent.client.posts.create({ submolt_name: "general", title: "Plain" });
      assert.equal(visible, true);
      await network.anonymous.posts.get({ post_id: post.id });
      assert.deepEqual((await agent.client.verification.pending()).pending, []);
    } finally {
      await network.close();
    }
  });
});
