import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ApiError } from "@openmolt/sdk";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type TestOwner, testOwner } from "../../test/owners.js";
import { quietUntil } from "./owner-limits.js";

describe("quiet hours", () => {
  const at = (from: number, until: number, zone = "UTC") => ({ zone, quiet: { from, until }, caps: {} });
  const night = at(22 * 60, 7 * 60);
  for (const [what, limits, now, end] of [
    ["begin on the minute", night, "2026-05-01T22:00:00Z", "2026-05-02T07:00:00Z"],
    ["go over midnight", night, "2026-05-02T03:12:45Z", "2026-05-02T07:00:00Z"],
    ["end on the minute", night, "2026-05-02T07:00:00Z", undefined],
    ["leave the day alone", night, "2026-05-02T21:59:59Z", undefined],
    ["can be within a day", at(60, 120), "2026-05-02T01:30:00Z", "2026-05-02T02:00:00Z"],
    ["are meant in their time zone", at(0, 360, "Asia/Kolkata"), "2026-05-01T19:00:00Z", "2026-05-02T00:30:00Z"],
    [
      "are shorter when clocks go forward",
      at(60, 360, "Europe/Berlin"),
      "2026-03-29T00:30:00Z",
      "2026-03-29T04:00:00Z",
    ],
    ["are longer when clocks go back", at(60, 360, "Europe/Berlin"), "2026-10-24T23:30:00Z", "2026-10-25T05:00:00Z"],
  ] as const) {
    it(what, () => {
      assert.equal(quietUntil(limits, new Date(now))?.toISOString(), end && new Date(end).toISOString());
    });
  }
});

describe("what an owner allows an agent", () => {
  let network: TestServer;
  let admin: pg.Client;
  let agent: TestAgent;
  let other: TestAgent;
  let owner: TestOwner;
  let posts: string[];
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    other = await network.agent();
    posts = [];
    for (let n = 0; n < 12; n++) {
      const { post } = await other.client.posts.create({ submolt_name: "general", title: `A place to act ${n}` });
      posts.push(post.id);
    }
  });
  after(async () => {
    await admin.end();
    await network.close();
  });
  const setUp = async (fields: Record<string, string>) => {
    agent = await network.agent();
    owner = await testOwner(network, agent);
    return set(fields);
  };
  const set = (fields: Record<string, string>) => owner.act(agent, "/owner/agents/limits", fields);
  const count = async (acts: Promise<unknown>[]) => {
    const outcomes = await Promise.allSettled(acts);
    const codes = outcomes.flatMap((one) => (one.status === "rejected" ? [(one.reason as ApiError).code] : []));
    return { done: acts.length - codes.length, codes: [...new Set(codes)] };
  };
  const left = async () =>
    Object.fromEntries((await agent.client.agents.status()).owner_limits?.caps.map((cap) => [cap.act, cap.left]) ?? []);

  it("is nothing special until the owner says so", async () => {
    agent = await network.agent();
    assert.equal((await agent.client.agents.status()).owner_limits, null);
  });

  it("is exact when everything comes at once, one by one and together with others", async () => {
    await setUp({ posts: "3", comments: "4", votes: "5", messages: "2" });
    const { conversation_id } = await agent.client.messages.request({ to: other.name, message: "hello" });
    await other.client.messages.approve({ conversation_id });
    const crowd = await Promise.all(Array.from({ length: 5 }, () => network.agent()));
    const around = crowd.flatMap(({ client }) => posts.map((post_id) => client.votes.upvotePost({ post_id })));
    const [made, said, voted, sent] = await Promise.all([
      count(
        Array.from({ length: 10 }, (_, n) =>
          agent.client.posts.create({ submolt_name: "general", title: `${agent.name} ${n}` }),
        ),
      ),
      count(posts.map((post_id) => agent.client.comments.create({ post_id, content: "mine" }))),
      count(posts.map((post_id) => agent.client.votes.upvotePost({ post_id }))),
      count(
        Array.from({ length: 6 }, (_, n) => agent.client.messages.send({ conversation_id, message: `message ${n}` })),
      ),
      ...around,
    ]);
    assert.deepEqual(made, { done: 3, codes: ["OWNER_CAP"] });
    assert.deepEqual(said, { done: 4, codes: ["OWNER_CAP"] });
    assert.deepEqual(voted, { done: 5, codes: ["OWNER_CAP"] });
    assert.deepEqual(sent, { done: 1, codes: ["OWNER_CAP"] }, "the request was a message, too");
    assert.deepEqual(await left(), { post: 0, comment: 0, vote: 0, message: 0 });
    const { rows } = await admin.query("select count(*)::int as n from posts where author_id = $1", [agent.id]);
    assert.equal(rows[0].n, 3);
  });

  it("is told with what is left and when it goes on, and goes on the next day", async () => {
    await setUp({ votes: "1", time_zone: "Pacific/Auckland" });
    const [post_id = ""] = posts;
    await agent.client.votes.upvotePost({ post_id });
    const error = await refusal(agent.client.votes.upvotePost({ post_id }));
    assert.equal(error.status, 429);
    assert.equal(error.code, "OWNER_CAP");
    const seconds = Number(error.headers.get("retry-after"));
    assert.ok(seconds > 0 && seconds <= 86_400);
    assert.equal(error.body.remaining, 0);
    assert.equal(error.body.limit, 1);
    network.clock.advance(seconds * 1_000);
    assert.deepEqual(await left(), { vote: 1 });
    await agent.client.votes.upvotePost({ post_id });
    assert.deepEqual(await left(), { vote: 0 });
  });

  it("counts nothing that was refused, and nothing twice that was repeated", async () => {
    await setUp({ votes: "3", posts: "2", messages: "1" });
    const [post_id = ""] = posts;
    const missing = other.id;
    await refusal(agent.client.votes.upvotePost({ post_id: missing }));
    await refusal(agent.client.posts.create({ submolt_name: "nowhere_at_all", title: "Lost" }));
    await refusal(agent.client.messages.send({ conversation_id: missing, message: "to nobody" }));
    assert.deepEqual(await left(), { vote: 3, post: 2, message: 1 });
    const vote = () => agent.client.votes.votePost({ post_id, value: 1 }, { idempotencyKey: `once-${agent.id}` });
    await vote();
    await vote();
    assert.deepEqual(await left(), { vote: 2, post: 2, message: 1 });
    await count([...posts.slice(0, 2), missing, missing].map((id) => agent.client.votes.upvotePost({ post_id: id })));
    assert.deepEqual(await left(), { vote: 0, post: 2, message: 1 });
  });

  it("lets nothing be written in quiet hours, also not what waited in a queue, and reads as ever", async () => {
    await setUp({ quiet_from: "00:00", quiet_until: "23:59" });
    const hour = network.clock.now().getUTCHours();
    if (hour === 23) network.clock.advance(3_600_000);
    const [post_id = ""] = posts;
    for (const write of [
      () => agent.client.votes.upvotePost({ post_id }),
      () => agent.client.posts.create({ submolt_name: "general", title: "Hush" }),
      () => agent.client.comments.create({ post_id, content: "Hush" }),
      () => agent.client.messages.request({ to: other.name, message: "Hush" }),
      () => agent.client.submolts.subscribe({ name: "general" }),
    ]) {
      const error = await refusal(write());
      assert.equal(error.status, 403);
      assert.equal(error.code, "QUIET_HOURS");
      assert.ok(Number(error.headers.get("retry-after")) > 0);
      assert.match(String(error.body.quiet_until), /T23:59:00/);
    }
    await agent.client.home.get();
    await agent.client.posts.get({ post_id });
    await set({ quiet_from: "", quiet_until: "" });
    await agent.client.votes.upvotePost({ post_id });
  });

  it("reaches a write that waits for its turn while the owner decides", async () => {
    await setUp({});
    const [post_id = ""] = posts;
    await admin.query("begin");
    await admin.query("select from agents where id = $1 for update", [agent.id]);
    const stuck = refusal(agent.client.comments.create({ post_id, content: "I wait" }));
    for (;;) {
      const { rows } = await admin.query("select count(*)::int as n from pg_locks where not granted");
      if (rows[0].n > 0) break;
    }
    const limits = JSON.stringify({ zone: "UTC", quiet: null, caps: { comment: 0 } });
    await admin.query("update agents set owner_limits = $2 where id = $1", [agent.id, limits]);
    await admin.query("commit");
    assert.equal((await stuck).code, "OWNER_CAP");
  });

  it("refuses hours and zones that do not exist, and another owner's agent", async () => {
    await setUp({ votes: "7" });
    const wrong: Record<string, string>[] = [
      { time_zone: "Mars/Olympus" },
      { quiet_from: "25:00", quiet_until: "07:00" },
      { quiet_from: "22:00" },
      { quiet_from: "22:00", quiet_until: "22:00" },
      { votes: "-1" },
      { votes: "many" },
    ];
    for (const fields of wrong) assert.equal((await set(fields)).status, 400, JSON.stringify(fields));
    assert.equal((await set({ agent_id: other.id })).status, 404);
    assert.match((await owner.page(agent)).html, /name="votes"[^>]*value="7"/);
  });
});
