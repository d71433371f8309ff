import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Broker, type Look, type Outcome, Stopped } from "./broker.js";
import type { Decision } from "./decision.js";
import { type Life, live, restMs, type Visit, visitOnce } from "./life.js";
import type { Reply } from "./model.js";
import { offlineModel } from "./models/offline.js";
import { newPersona } from "./persona.js";

const persona = newPersona({ name: "Tide", role: "Reads logbooks", interests: ["tides"], turns: 3 });
const post = {
  id: "p1",
  kind: "post",
  author: "Kelp",
  title: "On tides",
  text: "The tides are late.",
  because: "feed",
};
const look = {
  now: "2026-11-21T10:00:00Z",
  me: { name: "Tide", karma: 3 },
  shown: [post],
  submolts: ["general"],
  open: ["do_nothing", "upvote", "comment"],
} as Look;
const reply = (answer: object): Reply => ({
  text: JSON.stringify(answer),
  tokens: { input: 1, output: 1 },
  costMicros: 0,
});
const { signal } = new AbortController();

/** A broker that answers as told, and a life on it that rests no time. */
function lifeOn(doors: Partial<Broker>, visits = 1): { life: Life; acts: Decision[]; rests: number[] } {
  const acts: Decision[] = [];
  const rests: number[] = [];
  let kept: unknown;
  const life: Life = {
    persona,
    canary: "c4n4ry",
    memory: {
      read: async () => kept,
      write: async (memory) => {
        kept = memory;
      },
    },
    broker: {
      look: async () => look,
      ask: (prompt) => offlineModel(prompt, signal),
      act: async (decision): Promise<Outcome> => {
        acts.push(decision);
        return { done: true };
      },
      ...doors,
    },
    rest: async (milliseconds) => {
      rests.push(milliseconds);
      if (rests.length >= visits) throw new Stopped("ENOUGH", "The test has seen enough.");
    },
    random: () => 0.5,
  };
  return { life, acts, rests };
}

describe("a visit", () => {
  it("acts on what is shown, once on each thing", async () => {
    const { life, acts } = lifeOn({ ask: async () => reply({ action: "upvote", target: "p1" }) });
    await visitOnce(life, signal);
    assert.deepEqual(
      acts.map(({ action }) => action),
      ["upvote", "do_nothing"],
    );
  });

  it("survives whatever the model answers", async () => {
    const answers: (() => Promise<Reply>)[] = [
      async () => ({ ...reply({}), text: "I cannot help with that." }),
      async () => ({ ...reply({}), text: '{"action":"comment","target":"p1","te' }),
      async () => ({ ...reply({}), text: `${"{".repeat(30_000)}` }),
      async () => ({ ...reply({}), text: '```json\n{"action":"rm -rf","target":"/"}\n```' }),
      async () => reply({ action: "comment", target: "p2", text: "hello" }),
      async () => reply({ action: "post", submolt: "elsewhere", title: "a", text: "b" }),
      async () => reply({ action: "downvote", target: "p1" }),
      async () => reply(["upvote"]),
      async () => ({}) as Reply,
      async () => Promise.reject(new Error("timed out")),
      async () => Promise.reject(Object.assign(new Error("busy"), { retryAfterSeconds: 90 })),
    ];
    for (const ask of answers) {
      const { life, acts } = lifeOn({ ask });
      const visit = await visitOnce(life, signal);
      assert.deepEqual(
        acts.map(({ action }) => action),
        ["do_nothing"],
      );
      assert.equal(visit.acts.length, 1);
    }
  });

  it("asks once more when an answer cannot be used, and takes the better one", async () => {
    const asked: string[] = [];
    const { life, acts } = lifeOn({
      ask: async ({ user }) => {
        asked.push(user);
        return asked.length === 1
          ? { ...reply({}), text: "Sure." }
          : reply({ action: "comment", target: "p1", text: "Late by how much?", title: null, extra: 1 });
      },
    });
    await visitOnce({ ...life, persona: { ...persona, turns: 1 } }, signal);
    assert.equal(asked.length, 2);
    assert.match(asked[1] ?? "", /could not be used: it holds no whole JSON object/);
    assert.deepEqual(acts, [{ action: "comment", target: "p1", text: "Late by how much?" }]);
  });

  it("does nothing further once it is stopped", async () => {
    for (const door of ["look", "ask", "act"] as const) {
      const asked: string[] = [];
      const doors = Object.fromEntries(
        (["look", "ask", "act"] as const).map((name) => [
          name,
          async () => {
            asked.push(name);
            if (name === door) throw new Stopped("KILLED", "by its owner");
            return name === "look" ? look : reply({ action: "do_nothing" });
          },
        ]),
      );
      const { life, rests } = lifeOn(doors);
      const end = await live(life, signal);
      assert.equal(end.code, "KILLED");
      assert.equal(asked.at(-1), door);
      assert.equal(rests.length, 0);
    }
  });

  it("ends when an act is answered with a stop", async () => {
    const stopped: Outcome = { done: false, because: "stopped", code: "AGENT_PAUSED", hint: "by its owner" };
    const { life } = lifeOn({ act: async () => stopped });
    assert.equal((await live(life, signal)).code, "AGENT_PAUSED");
  });
});

describe("a life", () => {
  it("rests about as long as its rhythm says, and comes back", async () => {
    const { life, rests } = lifeOn({}, 3);
    assert.equal((await live(life, signal)).code, "ENOUGH");
    assert.deepEqual(rests, [14_400_000, 14_400_000, 14_400_000]);
    const shortest = restMs(persona, { waitMs: 0 }, 0, 0);
    const longest = restMs(persona, { waitMs: 0 }, 0, 0.999_999);
    assert.ok(shortest === 0.8 * 14_400_000 && longest > 1.19 * 14_400_000 && longest < 1.2 * 14_400_000);
  });

  it("stays away as long as the network wants, by the network's clock, and a day at most", async () => {
    for (const [nextCheckAfter, waitMs] of [
      ["2026-11-21T20:00:00Z", 36_000_000],
      ["1999-01-01T00:00:00Z", 0],
      ["9999-01-01T00:00:00Z", 86_400_000],
      ["soon", 0],
    ] as const) {
      const { life } = lifeOn({ look: async () => ({ ...look, nextCheckAfter }) });
      assert.equal((await visitOnce(life, signal)).waitMs, waitMs);
    }
    assert.ok(restMs(persona, { waitMs: 36_000_000 }, 0, 0) >= 36_000_000);
  });

  it("backs off further with each failure of a storm, with jitter, and never before it may", async () => {
    const storm = Object.assign(new Error("429"), { retryAfterSeconds: 20 });
    const { life, rests } = lifeOn({ look: async () => Promise.reject(storm) }, 12);
    await live(life, signal);
    assert.equal(rests.length, 12);
    assert.ok(rests.every((rest, place) => rest >= 20_000 && rest >= (rests[place - 1] ?? 0)));
    assert.ok((rests.at(-1) ?? 0) <= 20_000 + 3_600_000);
    assert.notEqual(restMs(persona, { waitMs: 0 }, 3, 0.1), restMs(persona, { waitMs: 0 }, 3, 0.9));
  });

  it("takes up its rhythm again after a storm", async () => {
    let looks = 0;
    const { life, rests } = lifeOn({ look: async () => (++looks < 3 ? Promise.reject(new Error("503")) : look) }, 3);
    await live(life, signal);
    assert.ok((rests[0] ?? 0) < 60_000 && (rests[2] ?? 0) === 14_400_000);
  });

  it("never visits twice at once, and ends when it is aborted while it rests or asks", async () => {
    let inside = 0;
    let most = 0;
    const enter = async () => {
      most = Math.max(most, ++inside);
      await Promise.resolve();
      inside--;
      return look;
    };
    const { life } = lifeOn({ look: enter }, 5);
    await live(life, signal);
    assert.equal(most, 1);

    const resting = new AbortController();
    const { rest: _, ...timed } = lifeOn({}).life;
    const ending = live({ ...timed, onVisit: () => setImmediate(() => resting.abort()) }, resting.signal);
    assert.equal((await ending).code, "ENDED");

    const asking = new AbortController();
    const { life: busy, acts } = lifeOn({
      ask: async () => {
        asking.abort();
        return reply({ action: "upvote", target: "p1" });
      },
    });
    assert.equal((await live(busy, asking.signal)).code, "ENDED");
    assert.deepEqual(acts, []);
  });

  it("does not care what the clock of the machine says", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: new Date("2040-01-01") });
    const { life, rests } = lifeOn({ look: async () => ({ ...look, nextCheckAfter: "2026-11-21T11:00:00Z" }) }, 2);
    life.onVisit = (_visit: Visit) => t.mock.timers.setTime(new Date("2001-01-01").getTime());
    await live(life, signal);
    assert.deepEqual(rests, [14_400_000, 14_400_000]);
  });
});
