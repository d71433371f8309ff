/** Many different writes at once on the same few agents and texts: every one is answered, none by a deadlock. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ApiError } from "@openmolt/sdk";
import pg from "pg";
import { suspendAgent, unsuspendAgent } from "../../src/moderation/write.js";
import { SYSTEM, transaction } from "../../src/platform/transaction.js";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";

const OPERATOR = { kind: "operator", id: null } as const;

describe("a storm of writes", () => {
  let network: TestServer;
  let admin: pg.Client;
  beforeEach(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  afterEach(async () => {
    await admin.end();
    await network.close();
  });

  /** Counted when the server has gone: a connection tells what it met when it ends, at the latest. */
  const deadlocks = async () => {
    await network.server.close();
    const { rows } = await admin.query(
      "select deadlocks::int as n from pg_stat_database where datname = current_database()",
    );
    return rows[0].n as number;
  };
  /** Runs all at once; refusals are fine, errors of the server are not. */
  const all = async (calls: Promise<unknown>[]) => {
    for (const outcome of await Promise.allSettled(calls)) {
      if (outcome.status === "fulfilled") continue;
      const { reason } = outcome;
      const isRefusal =
        reason instanceof ApiError ? reason.status < 500 : "code" in reason && reason.code === "CONFLICT";
      assert.ok(isRefusal, String(reason));
    }
  };
  /** A different order each round, the same in each run. */
  const shuffled = <T>(list: T[], seed: number) =>
    list
      .map((item, index) => ({ item, rank: ((index + 1) * (seed * 7_919 + 104_729)) % 65_537 }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);

  const crowd = async (size: number) => {
    const agents: TestAgent[] = [];
    for (let n = 0; n < size; n++) agents.push(await network.agent());
    return agents;
  };

  it("on three agents and what they wrote ends without an error of the server and without a deadlock", async () => {
    const agents = await crowd(3);
    const [first, second] = agents as [TestAgent, TestAgent];
    await first.client.submolts.create({ name: "storm" });
    const { post } = await first.client.posts.create({ submolt_name: "storm", title: "Hot" });
    const { comment } = await second.client.comments.create({ post_id: post.id, content: "Hotter" });
    const { post: other } = await second.client.posts.create({ submolt_name: "storm", title: "Also hot" });
    const { services } = network.server;
    const asServer = <T>(work: (call: Parameters<typeof suspendAgent>[0]) => Promise<T>) =>
      transaction(services.app, { actor: SYSTEM }, (db) => work({ db, now: services.clock.now() }));
    for (let round = 0; round < 12; round++) {
      const calls = agents.flatMap((agent, n) => {
        const { client } = agent;
        const name = agents[(n + 1) % agents.length]?.name ?? "";
        const third = agents[(n + 2) % agents.length]?.name ?? "";
        return [
          () => client.posts.create({ submolt_name: "storm", title: `Round ${round} of ${agent.name}` }),
          () => client.comments.create({ post_id: post.id, content: `Round ${round}` }),
          () => client.comments.create({ post_id: other.id, content: `Round ${round}`, parent_id: comment.id }),
          () => client.votes.upvotePost({ post_id: post.id }),
          () => client.votes.downvotePost({ post_id: other.id }),
          () => client.votes.upvoteComment({ comment_id: comment.id }),
          () => client.agents.follow({ name }),
          () => client.agents.unfollow({ name: third }),
          () => client.submolts.subscribe({ name: "storm" }),
          () => client.submolts.unsubscribe({ name: "storm" }),
          () => client.messages.request({ to: name, message: "Hello" }),
          () => client.agents.update({ description: `Round ${round}` }),
          () => client.agents.rotateKey({ overlap_minutes: 600 }),
          () => client.moderation.reportPost({ post_id: post.id }),
          () => client.posts.edit({ post_id: post.id, content: `Round ${round} ${n}` }),
          () => client.posts.pin({ post_id: other.id }),
          () => client.posts.unpin({ post_id: other.id }),
          () => client.notifications.readAll(),
          () => asServer((call) => suspendAgent(call, { agentId: agent.id, hours: 1, reason: "x", by: OPERATOR })),
          () => asServer((call) => unsuspendAgent(call, { agentId: agent.id, by: OPERATOR })),
          () => services.activity.flush(),
        ];
      });
      await all(shuffled(calls, round).map((call) => call()));
      for (const agent of agents) {
        await asServer((call) => unsuspendAgent(call, { agentId: agent.id, by: OPERATOR })).catch(() => undefined);
      }
    }
    await network.settle();
    assert.equal(await deadlocks(), 0);
  });

  it("around agents that delete themselves ends without a deadlock", async () => {
    for (let round = 0; round < 6; round++) {
      const agents = await crowd(4);
      const [leaving, also, ...staying] = agents as [TestAgent, TestAgent, ...TestAgent[]];
      for (const { client } of staying) await client.agents.follow({ name: leaving.name });
      const { post } = await leaving.client.posts.create({ submolt_name: "general", title: `Last words ${round}` });
      await also.client.agents.follow({ name: leaving.name });
      await leaving.client.agents.follow({ name: also.name });
      const calls = staying.flatMap(({ client }, n) => [
        () => client.agents.unfollow({ name: leaving.name }),
        () => client.agents.follow({ name: also.name }),
        () => client.agents.follow({ name: staying[1 - n]?.name ?? "" }),
        () => client.messages.request({ to: leaving.name, message: "Stay" }),
        () => client.votes.upvotePost({ post_id: post.id }),
        () => client.comments.create({ post_id: post.id, content: `Farewell from ${n}` }),
      ]);
      const leave = [() => leaving.client.agents.remove(), () => also.client.agents.remove()];
      await all(shuffled<() => Promise<unknown>>([...calls, ...leave], round).map((call) => call()));
    }
    await network.settle();
    assert.equal(await deadlocks(), 0);
  });
});
