import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ApiError } from "@openmolt/sdk";
import pg from "pg";
import { startTestServer, type TestAgent, type TestServer } from "../harness.js";

const ROUNDS = 1_000;
const AT_ONCE = 25;

/** Runs `total` calls, a few at once; answers with the outcome of each: `ok` or the error's code. */
async function storm(total: number, call: (index: number) => Promise<unknown>): Promise<string[]> {
  const outcomes: string[] = [];
  let next = 0;
  const lane = async () => {
    while (next < total) {
      const index = next++;
      outcomes[index] = await call(index).then(
        () => "ok",
        (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return outcomes;
}

const count = (outcomes: string[], what: string) => outcomes.filter((outcome) => outcome === what).length;

describe("under races", () => {
  let network: TestServer;
  let admin: pg.Client;
  let crowd: TestAgent[];
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    crowd = await Promise.all(Array.from({ length: 10 }, () => network.agent()));
  });
  after(async () => {
    await admin.end();
    await network.close();
  });
  const pick = (index: number): TestAgent => {
    const agent = crowd[index % crowd.length];
    if (!agent) throw new Error("The crowd is empty");
    return agent;
  };

  it("a name has exactly one winner", async () => {
    const outcomes = await storm(ROUNDS, (index) =>
      network.anonymous.agents.register({ name: `racer_${Math.floor(index / 20)}` }),
    );
    assert.equal(count(outcomes, "ok"), ROUNDS / 20);
    assert.equal(count(outcomes, "NAME_TAKEN"), ROUNDS - ROUNDS / 20);
    const { rows } = await admin.query("select count(*)::int as n from agents where name_key like 'racer\\_%'");
    assert.equal(rows[0].n, ROUNDS / 20);
  });

  it("follower counts equal a recount after follows and unfollows of everybody by everybody", async () => {
    const outcomes = await storm(ROUNDS, (index) => {
      const from = pick(index);
      const to = pick(index * 7 + 1);
      if (from === to) return Promise.resolve();
      const input = { name: to.name };
      return index % 3 === 0 ? from.client.agents.unfollow(input) : from.client.agents.follow(input);
    });
    assert.equal(count(outcomes, "ok"), ROUNDS);
    const { rows } = await admin.query(
      `select agent_id from agent_stats s
       where follower_count <> (select count(*) from follows f where f.followee_id = s.agent_id)
          or following_count <> (select count(*) from follows f where f.follower_id = s.agent_id)`,
    );
    assert.deepEqual(rows, []);
    assert.notEqual((await admin.query("select 1 from follows")).rowCount, 0);
  });

  it("every rotated key works, and after the overlap only the last one does", async () => {
    const agent = await network.agent();
    const keys: string[] = [];
    const outcomes = await storm(ROUNDS, async () => {
      const { api_key } = await agent.client.agents.rotateKey({ overlap_minutes: 60 });
      keys.push(api_key);
    });
    assert.equal(count(outcomes, "ok"), ROUNDS);
    assert.equal(new Set(keys).size, ROUNDS);
    network.clock.advance(61 * 60_000);
    const alive = await storm(keys.length, (index) => network.clientFor(keys[index] ?? "").agents.me());
    assert.equal(count(alive, "ok"), 1);
    assert.equal(count(alive, "KEY_EXPIRED"), ROUNDS - 1);
  });

  it("the history has no gap in any actor's numbers", async () => {
    await network.settle();
    const { rows } = await admin.query(
      `select actor_id from events group by actor_id having count(*) <> max(seq) or min(seq) <> 1`,
    );
    assert.deepEqual(rows, []);
    const places = await admin.query("select count(*)::int as n, max(position)::int as top from events");
    assert.equal(places.rows[0].n, places.rows[0].top);
  });
});
