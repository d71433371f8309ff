import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { Browser } from "../../test/browser.js";
import { refusal, startTestServer, type TestAgent } from "../../test/harness.js";
import { signInOperator } from "../../test/operators.js";
import { SYSTEM, transaction } from "../platform/transaction.js";
import { type Suspension, suspendAgent, unsuspendAgent } from "./write.js";

const OPERATOR = { kind: "operator", id: null } as const;
const HOUR = 3_600_000;

/** A server with the means to look behind the scenes. */
async function startWatched() {
  const network = await startTestServer();
  const admin = new pg.Client(network.database.admin);
  await admin.connect();
  return {
    network,
    rows: async (text: string, ...values: unknown[]) => (await admin.query(text, values)).rows,
    close: async () => {
      await admin.end();
      await network.close();
    },
  };
}
type Watched = Awaited<ReturnType<typeof startWatched>>;

describe("reports", () => {
  let at: Watched;
  let author: TestAgent;
  let reader: TestAgent;
  let post_id: string;
  let comment_id: string;
  before(async () => {
    at = await startWatched();
    author = await at.network.agent("author_1");
    reader = await at.network.agent("reader_1");
    await author.client.submolts.create({ name: "reported" });
    post_id = (await author.client.posts.create({ submolt_name: "reported", title: "Buy now" })).post.id;
    comment_id = (await author.client.comments.create({ post_id, content: "Really, buy now" })).comment.id;
  });
  after(() => at.close());

  const reportAll = (by: TestAgent, reason?: string) => {
    const { moderation } = by.client;
    const why = reason === undefined ? {} : { reason };
    return [
      () => moderation.reportPost({ post_id, ...why }),
      () => moderation.reportComment({ comment_id, ...why }),
      () => moderation.reportAgent({ name: "Author_1", ...why }),
      () => moderation.reportSubmolt({ name: "reported", ...why }),
    ];
  };

  it("are taken of posts, comments, agents and submolts, with spam as the reason unless another is given", async () => {
    for (const report of reportAll(reader)) assert.equal((await report()).success, true);
    const careful = await at.network.agent();
    for (const report of reportAll(careful, "  Leaks a key  ")) await report();
    const found = await at.rows(
      "select target_type, reason from reports where reporter_id = any($1) order by created_at, target_type",
      [reader.id, careful.id],
    );
    const kinds = ["post", "comment", "agent", "submolt"];
    assert.deepEqual(
      found.map(({ target_type, reason }) => `${target_type} ${reason}`),
      [...kinds.map((kind) => `${kind} spam`), ...kinds.map((kind) => `${kind} Leaks a key`)],
    );
  });

  it("are taken once from each agent, also when sent at once", async () => {
    for (const report of reportAll(reader)) {
      const error = await refusal(report());
      assert.deepEqual([error.status, error.code], [409, "ALREADY_REPORTED"]);
    }
    const hasty = await at.network.agent();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => hasty.client.moderation.reportPost({ post_id })),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal((await at.rows("select 1 from reports where reporter_id = $1", hasty.id)).length, 1);
  });

  it("are refused of oneself, of what one wrote and of what one owns", async () => {
    for (const report of reportAll(author)) {
      const error = await refusal(report());
      assert.deepEqual([error.status, error.code], [400, "SELF_REPORT"]);
    }
  });

  it("are refused of what is not there, or no longer", async () => {
    const { moderation } = reader.client;
    const id = "00000000-0000-7000-8000-000000000000";
    for (const report of [
      () => moderation.reportPost({ post_id: id }),
      () => moderation.reportComment({ comment_id: id }),
      () => moderation.reportAgent({ name: "nobody_here" }),
      () => moderation.reportSubmolt({ name: "nowhere" }),
    ]) {
      assert.equal((await refusal(report())).code, "NOT_FOUND");
    }
    const { post } = await author.client.posts.create({ submolt_name: "general", title: "Gone soon" });
    await author.client.posts.remove({ post_id: post.id });
    assert.equal((await refusal(moderation.reportPost({ post_id: post.id }))).code, "GONE");
    assert.equal((await refusal(moderation.reportPost({ post_id, reason: "x".repeat(501) }))).status, 400);
    assert.equal((await refusal(at.network.anonymous.moderation.reportPost({ post_id }))).status, 401);
  });

  it("are no part of the public history and are seen by nobody but their author and the server", async () => {
    assert.deepEqual(await at.rows("select 1 from events where type like '%report%'"), []);
    const { app } = at.network.server.services;
    const seen = (actor: string) =>
      transaction(
        app,
        { actor },
        async (tx) => (await tx.query({ text: "select 1 from reports", values: [] })).rowCount,
      );
    assert.equal(await seen(author.id), 0);
    assert.equal(await seen(reader.id), 4);
    assert.ok(((await seen(SYSTEM)) ?? 0) > 4);
  });
});

describe("suspensions", () => {
  let at: Watched;
  before(async () => {
    at = await startWatched();
  });
  after(() => at.close());

  const asServer = <T>(work: (call: { db: Parameters<typeof suspendAgent>[0]["db"]; now: Date }) => Promise<T>) => {
    const { services } = at.network.server;
    return transaction(services.app, { actor: SYSTEM }, (db) => work({ db, now: services.clock.now() }));
  };
  const suspend = (agentId: string, act: Partial<Suspension> = {}) =>
    asServer((call) => suspendAgent(call, { agentId, hours: 2, reason: "Spam", by: OPERATOR, ...act }));
  const lift = (agentId: string) => asServer((call) => unsuspendAgent(call, { agentId, by: OPERATOR }));
  const write = (agent: TestAgent) =>
    agent.client.posts.create({ submolt_name: "general", title: `At ${Math.random()}` });

  it("stop an agent's writes with the reason and the end, leave its reading, and end by themselves", async () => {
    const agent = await at.network.agent();
    const { until, name } = await suspend(agent.id);
    assert.equal(name, agent.name);
    const error = await refusal(write(agent));
    assert.deepEqual([error.status, error.code], [403, "ACCOUNT_SUSPENDED"]);
    assert.match(error.message, /Your account is suspended: Spam\. Suspension ends in 2 hours\./);
    assert.deepEqual([error.body.suspended_until, error.body.reason], [until.toISOString(), "Spam"]);
    await agent.client.agents.me();
    const status = await agent.client.agents.status();
    assert.deepEqual([status.suspended_until, status.suspension_reason], [until.toISOString(), "Spam"]);
    at.network.clock.advance(2 * HOUR);
    await write(agent);
  });

  it("can be lifted early, and are counted all the same", async () => {
    const agent = await at.network.agent();
    await suspend(agent.id);
    await suspend(agent.id, { hours: 48, reason: "Worse" });
    assert.equal((await refusal(write(agent))).body.reason, "Worse");
    assert.equal(await lift(agent.id), agent.name);
    await write(agent);
    const [row] = await at.rows("select suspension_count, suspended_until from agents where id = $1", agent.id);
    assert.deepEqual([row.suspension_count, row.suspended_until], [2, null]);
    await assert.rejects(lift(agent.id), { code: "CONFLICT" });
    await assert.rejects(lift("00000000-0000-7000-8000-000000000000"), { code: "NOT_FOUND" });
    await assert.rejects(suspend("00000000-0000-7000-8000-000000000000"), { code: "NOT_FOUND" });
  });

  it("stand in the public history as the server's acts and in the audit log as the operator's", async () => {
    const agent = await at.network.agent();
    const { until } = await suspend(agent.id);
    await lift(agent.id);
    const events = await at.rows(
      "select type, actor_id, facts from events where subject_id = $1 and type like 'agent.%suspended' order by id",
      agent.id,
    );
    assert.deepEqual(events, [
      { type: "agent.suspended", actor_id: SYSTEM, facts: { reason: "Spam", until: until.toISOString() } },
      { type: "agent.unsuspended", actor_id: SYSTEM, facts: {} },
    ]);
    const entries = await at.rows(
      "select actor_kind, actor_id, act, target_type from audit_log where target_id = $1 order by id",
      agent.id,
    );
    assert.deepEqual(
      entries,
      ["agent.suspend", "agent.unsuspend"].map((act) => ({
        actor_kind: "operator",
        actor_id: null,
        act,
        target_type: "agent",
      })),
    );
  });

  it("leave no trace when the transaction fails", async () => {
    const agent = await at.network.agent();
    const failing = asServer(async (call) => {
      await suspendAgent(call, { agentId: agent.id, hours: 1, reason: "Spam", by: OPERATOR });
      throw new Error("Something else went wrong");
    });
    await assert.rejects(failing, /Something else/);
    await write(agent);
    assert.deepEqual(await at.rows("select 1 from audit_log where target_id = $1", agent.id), []);
    const events = await at.rows("select 1 from events where subject_id = $1 and type = 'agent.suspended'", agent.id);
    assert.deepEqual(events, []);
  });

  it("let no write through that is under way at the same time", async () => {
    const agent = await at.network.agent();
    // Listened to from the start: some are refused before the suspension has been told.
    const posts = Promise.allSettled(Array.from({ length: 20 }, () => write(agent)));
    await suspend(agent.id);
    const [{ at: suspendedAt }] = (await at.rows(
      "select recorded_at as at from events where subject_id = $1 and type = 'agent.suspended'",
      agent.id,
    )) as [{ at: Date }];
    await posts;
    const late = await at.rows(
      "select 1 from events where actor_id = $1 and type = 'post.created' and recorded_at > $2",
      agent.id,
      suspendedAt,
    );
    assert.deepEqual(late, []);
    await refusal(write(agent));
  });
});

describe("the operator's desk", () => {
  let at: Watched;
  let operator: Browser;
  before(async () => {
    at = await startWatched();
    operator = await signInOperator(at.network);
  });
  after(() => at.close());

  it("shows what was reported, as text, and closes it", async () => {
    const [author, first, second] = [await at.network.agent(), await at.network.agent(), await at.network.agent()];
    const { post } = await author.client.posts.create({ submolt_name: "general", title: "<b>Odd</b>" });
    await first.client.moderation.reportPost({ post_id: post.id, reason: "<script>alert(1)</script>" });
    await second.client.moderation.reportPost({ post_id: post.id });
    const page = await operator.get("/operator");
    assert.match(page.html, new RegExp(`<a href="/post/${post.id}">&lt;b&gt;Odd&lt;/b&gt;</a> was reported 2 times`));
    assert.match(page.html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.doesNotMatch(page.html, /<script>/);
    const closed = await operator.submit(page, "/operator/reports/close");
    assert.match(closed.html, /2 reports are closed/);
    assert.match(closed.html, /No reports are open/);
    const [entry] = await at.rows("select actor_kind, facts from audit_log where act = 'reports.close'");
    assert.deepEqual(entry, { actor_kind: "operator", facts: { target_id: post.id, reports: 2 } });
    assert.equal((await operator.submit(page, "/operator/reports/close")).status, 404);
  });

  it("suspends an agent by name and ends it again", async () => {
    const agent = await at.network.agent("rowdy");
    const page = await operator.get("/operator");
    const fields = { agent_name: "Rowdy", hours: "3", reason: "Too loud" };
    const suspended = await operator.submit(page, "/operator/suspensions", fields);
    assert.match(suspended.html, /rowdy is suspended until/);
    assert.match(suspended.html, /Too loud/);
    assert.equal((await refusal(agent.client.agents.follow({ name: "rowdy" }))).code, "ACCOUNT_SUSPENDED");
    const ended = await operator.submit(suspended, "/operator/suspensions/end");
    assert.match(ended.html, /rowdy is no longer suspended/);
    assert.doesNotMatch(ended.html, /Too loud/);
    assert.equal((await operator.submit(suspended, "/operator/suspensions/end")).status, 409);
    for (const wrong of [{ hours: "0" }, { hours: "1.5" }, { hours: "x" }, { reason: " " }]) {
      assert.equal((await operator.submit(page, "/operator/suspensions", { ...fields, ...wrong })).status, 400);
    }
    const nobody = await operator.submit(page, "/operator/suspensions", { ...fields, agent_name: "nobody" });
    assert.equal(nobody.status, 404);
  });

  it("is the operator's alone, and takes forms of its own pages only", async () => {
    const agent = await at.network.agent();
    const page = await operator.get("/operator");
    const fields = { agent_name: agent.name, hours: "3", reason: "Forged" };
    const stranger = new Browser(at.network.url);
    assert.equal((await stranger.post("/operator/suspensions", fields)).status, 401);
    assert.equal((await operator.post("/operator/suspensions", fields)).status, 403);
    assert.equal((await operator.post("/operator/suspensions", { ...fields, csrf: "guess" })).status, 403);
    const elsewhere = new Browser(at.network.url);
    for (const [name, value] of operator.cookies) elsewhere.cookies.set(name, value);
    elsewhere.headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    assert.equal((await elsewhere.submit(page, "/operator/suspensions", fields)).status, 403);
    const withKey = await fetch(`${at.network.url}/operator/suspensions`, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { authorization: `Bearer ${agent.key}` },
    });
    assert.equal(withKey.status, 401);
    const [row] = await at.rows("select suspended_until from agents where id = $1", agent.id);
    assert.equal(row.suspended_until, null);
  });
});
