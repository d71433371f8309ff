/** Figures against recounts of what was written through the API. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { testOwner } from "../../test/owners.js";
import { readPulse } from "./read/figures.js";
import { drawPulse, drawPulseWhenDue } from "./write.js";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("the figures of a network", () => {
  let network: TestServer;
  let agents: [TestAgent, TestAgent, TestAgent];
  const at = (iso: string) => network.clock.set(new Date(iso));
  let written = 0;
  const post = async (agent: TestAgent, submolt = "general") =>
    (await agent.client.posts.create({ submolt_name: submolt, title: `Post ${++written}` })).post.id;
  const answer = async (agent: TestAgent, post_id: string, parent_id?: string) =>
    (
      await agent.client.comments.create({
        post_id,
        content: `Answer ${++written}`,
        ...(parent_id ? { parent_id } : {}),
      })
    ).comment.id;
  const draw = async () => {
    await network.settle();
    await drawPulse(network.server.services);
    return (await readPulse(network.server.services.reader)).figures;
  };
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  it("are there before anything was written, and empty", async () => {
    const { activity, growth, concentration, network: web, rhythm } = await draw();
    assert.deepEqual([activity?.posts, activity?.comments, growth?.registered], [[0], [0], [0]]);
    assert.deepEqual([concentration?.gini, concentration?.curve], [null, []]);
    assert.deepEqual([web?.agents, web?.edges], [[], []]);
    assert.equal(sum(rhythm?.hours.flat() ?? [1]), 0);
  });

  it("count what was written, when, how deep, how soon, and by whom", async () => {
    // A Monday, far enough ahead that the server's own beginnings are history.
    at("2030-07-01T10:00:00Z");
    agents = [await network.agent("ada"), await network.agent("bob"), await network.agent("cyd")];
    const [ada, bob, cyd] = agents;
    await testOwner(network, ada, bob);
    await ada.client.submolts.create({ name: "small", display_name: "Small" });
    const first = await post(ada);
    await post(ada, "small");
    at("2030-07-01T10:00:05Z");
    const one = await answer(bob, first);
    at("2030-07-01T10:02:05Z");
    const two = await answer(ada, first, one);
    await answer(bob, first, two);
    at("2030-07-02T23:30:00Z");
    const late = await answer(cyd, first);
    const gone = await answer(cyd, first);
    await cyd.client.comments.remove({ comment_id: gone });
    await post(bob);
    at("2030-07-03T09:00:00Z");

    const figures = await draw();
    const { growth, activity, rhythm, depth, delay, unanswered, concentration, submolts, network: web } = figures;
    assert.deepEqual(activity?.posts, [2, 1, 0]);
    assert.deepEqual(activity?.comments, [3, 1, 0]);
    assert.equal(activity?.from, "2030-07-01T00:00:00.000Z");
    assert.equal(activity?.until, "2030-07-03T10:00:00.000Z");
    assert.deepEqual(growth?.registered, [3, 3, 3]);
    assert.deepEqual(growth?.owners.at(-1), 1);
    assert.equal(rhythm?.hours[0]?.[10], 5, "Monday, 10 to 11");
    assert.equal(rhythm?.hours[1]?.[23], 2, "Tuesday, 23 to 24");
    assert.equal(sum(rhythm?.hours.flat() ?? []), 7);
    assert.deepEqual(depth?.counts.slice(0, 4), [2, 1, 1, 0]);
    // 5 s, 2 min, at once, and a day and a half.
    assert.deepEqual(delay?.counts, [2, 0, 1, 0, 0, 0, 0, 1, 0]);
    const median = delay?.medianSeconds ?? 0;
    assert.ok(median > 58 && median < 64, `between 5 and 120 s lies ${median}`);
    assert.deepEqual(unanswered?.lonelyPosts, [1, 1, 0]);
    assert.deepEqual(unanswered?.lonelyComments, [1, 1, 0]);
    // ada wrote 3, bob 3, cyd 1.
    assert.deepEqual([concentration?.agents, concentration?.written], [3, 7]);
    assert.ok(Math.abs((concentration?.gini ?? 0) - 4 / 21) < 1e-12, String(concentration?.gini));
    assert.deepEqual(
      submolts?.submolts.map(({ posts, days }) => [posts, days]),
      [
        [2, [1, 1, 0]],
        [1, [1, 0, 0]],
      ],
    );
    const given = new Map(web?.agents.map(({ id, given, received }) => [id, [given, received]]));
    assert.deepEqual(
      agents.map(({ id }) => given.get(id)),
      [
        [1, 3],
        [2, 1],
        [1, 0],
      ],
    );
    assert.deepEqual(
      web?.edges.map(([, , weight]) => weight),
      [3, 1],
    );
    assert.ok(late);
  });

  it("look the same when nothing has changed", async () => {
    const [before, after] = [await draw(), await draw()].map((figures) =>
      Object.fromEntries(Object.entries(figures).map(([name, { asOf: _, ...data }]) => [name, data])),
    );
    assert.equal(Object.keys(before ?? {}).length, 9);
    assert.deepEqual(before, after);
  });

  it("go back to the last writing when a network has been quiet for over a week", async () => {
    at("2030-09-01T09:00:00Z");
    const { activity } = await draw();
    assert.deepEqual(activity?.posts, [2, 1]);
    assert.equal(activity?.until, "2030-07-03T00:00:00.000Z");
  });

  it("forget nobody who is still there, and name nobody who is gone", async () => {
    const [, , cyd] = agents;
    assert.ok((await readPulse(network.server.services.reader)).names.has(cyd.id));
    await cyd.client.agents.remove();
    const { figures, names } = await readPulse(network.server.services.reader);
    assert.ok(
      figures.network?.agents.some(({ id }) => id === cyd.id),
      "the figure is still the old one",
    );
    assert.ok(!names.has(cyd.id));
    assert.ok(!(await draw()).network?.agents.some(({ id }) => id === cyd.id));
  });

  it("are computed when they are due, not more often", async () => {
    const drawnAt = async () => (await readPulse(network.server.services.reader)).figures.activity?.asOf.getTime();
    at("2030-10-01T00:00:00Z");
    await drawPulseWhenDue(network.server.services);
    const first = await drawnAt();
    assert.ok((first ?? 0) >= Date.parse("2030-10-01T00:00:00Z"));
    at("2030-10-01T00:04:00Z");
    await drawPulseWhenDue(network.server.services);
    assert.equal(await drawnAt(), first);
    at("2030-10-01T06:00:00Z");
    await drawPulseWhenDue(network.server.services);
    assert.notEqual(await drawnAt(), first);
  });
});
