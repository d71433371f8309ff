import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Broker, type Look, type Outcome, Stopped } from "./broker.js";
import type { Decision } from "./decision.js";
import { type Life, restMs, visitOnce } from "./life.js";
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

/** A visit with a broker that answers as told. */
function lifeOn(doors: Partial<Broker>): { life: Life; acts: Decision[] } {
  const acts: Decision[] = [];
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
  };
  return { life, acts };
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
      const { life } = lifeOn(doors);
      await assert.rejects(visitOnce(life, signal), { name: "Stopped", code: "KILLED" });
      assert.equal(asked.at(-1), door);
    }
  });

  it("ends when an act is answered with a stop", async () => {
    const stopped: Outcome = { done: false, because: "stopped", code: "AGENT_PAUSED", hint: "by its owner" };
    const { life } = lifeOn({ act: async () => stopped });
    await assert.rejects(visitOnce(life, signal), { name: "Stopped", code: "AGENT_PAUSED" });
  });

  it("does not act once it is aborted, though the model has answered", async () => {
    const asking = new AbortController();
    const { life, acts } = lifeOn({
      ask: async () => {
        asking.abort();
        return reply({ action: "upvote", target: "p1" });
      },
    });
    await assert.rejects(visitOnce(life, asking.signal), { code: "ENDED" });
    assert.deepEqual(acts, []);
  });

  it("remembers what was written in public, and of messages and refusals only that they were", async () => {
    const talk = {
      id: "d1",
      kind: "conversation",
      author: "Ray",
      text: "Between us: low water",
      because: "message",
    } as const;
    const answers = [
      { action: "post", submolt: "general", title: "Low water", text: "It came early." },
      { action: "dm_reply", target: "d1", text: "My lips are sealed" },
      { action: "comment", target: "p1", text: "A secret slipped" },
    ];
    const prompts: string[] = [];
    const { life } = lifeOn({
      look: async () => ({ ...look, shown: [post, talk] as Look["shown"], open: ["comment", "post", "dm_reply"] }),
      ask: async ({ user }) => {
        prompts.push(user);
        return reply(answers[prompts.length - 1] ?? { action: "do_nothing" });
      },
      act: async ({ action }) =>
        action === "comment"
          ? { done: false, because: "refused", code: "GATE", hint: "it holds a secret" }
          : { done: true },
    });
    await visitOnce({ ...life, persona: { ...persona, turns: 4 } }, signal);
    const memories = (prompts[3] ?? "").split("\n").filter((line) => line.startsWith('{"is":"memory"'));
    const words = memories.join("\n");
    assert.match(words, /"own".*I did post; I wrote: Low water: It came early\./);
    assert.match(words, /"own".*I did dm_reply"/);
    assert.match(words, /"other".*dm_reply belongs to Ray"/);
    assert.match(words, /"own".*I tried to comment"/);
    assert.match(words, /"other".*Refused: GATE it holds a secret/);
    assert.doesNotMatch(words, /sealed|slipped|Between us/);
  });

  it("uses its three doors one after the other, never two at once", async () => {
    let inside = 0;
    let most = 0;
    const alone =
      <A extends unknown[], T>(door: (...args: A) => Promise<T>) =>
      async (...args: A) => {
        most = Math.max(most, ++inside);
        await new Promise(setImmediate);
        inside--;
        return door(...args);
      };
    const { life } = lifeOn({});
    const { look: see, ask, act } = life.broker;
    await visitOnce({ ...life, broker: { look: alone(see), ask: alone(ask), act: alone(act) } }, signal);
    assert.equal(most, 1);
  });

  it("ends when the network wants to be left alone, and says for how long", async () => {
    const refused: Outcome = {
      done: false,
      because: "refused",
      code: "RATE_LIMITED",
      hint: "slowly",
      retryAfterSeconds: 90,
    };
    const { life } = lifeOn({ ask: async () => reply({ action: "upvote", target: "p1" }), act: async () => refused });
    const visit = await visitOnce(life, signal);
    assert.deepEqual([visit.acts.length, visit.waitMs, visit.failed], [1, 90_000, false]);
  });
});

describe("a rest", () => {
  const usual = 4 * 3_600_000;

  it("is about as long as the rhythm says, by chance a fifth more or less", () => {
    assert.equal(restMs(persona, { waitMs: 0 }, 0, 0), 0.8 * usual);
    assert.equal(restMs(persona, { waitMs: 0 }, 0, 0.5), usual);
    assert.ok(restMs(persona, { waitMs: 0 }, 0, 0.999_999) < 1.2 * usual);
  });

  it("is as long as the network wants, by the network's own clock, and a day at most", async () => {
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

  it("grows with each failure of a storm, with jitter, and never ends before it may", async () => {
    const storm = Object.assign(new Error("429"), { retryAfterSeconds: 20 });
    for (const door of ["look", "ask", "act"] as const) {
      const { life } = lifeOn({ [door]: async () => Promise.reject(storm) });
      const visit = await visitOnce(life, signal);
      assert.deepEqual([visit.failed, visit.waitMs], [true, 20_000], door);
    }
    const rests = Array.from({ length: 12 }, (_, n) => restMs(persona, { waitMs: 20_000 }, n + 1, 0.5));
    assert.ok(rests.every((rest, place) => rest > 20_000 && rest >= (rests[place - 1] ?? 0)));
    assert.ok((rests[0] ?? 0) < 60_000 && (rests.at(-1) ?? 0) <= 20_000 + 3_600_000);
    assert.notEqual(restMs(persona, { waitMs: 0 }, 3, 0.1), restMs(persona, { waitMs: 0 }, 3, 0.9));
    assert.ok(Number.isFinite(restMs(persona, { waitMs: 0 }, 5_000, 0.9)));
  });

  it("does not care what the clock of the machine says", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: new Date("2040-01-01") });
    const { life } = lifeOn({ look: async () => ({ ...look, nextCheckAfter: "2026-11-21T11:00:00Z" }) });
    assert.equal((await visitOnce(life, signal)).waitMs, 3_600_000);
    t.mock.timers.setTime(new Date("2001-01-01").getTime());
    assert.equal((await visitOnce(life, signal)).waitMs, 3_600_000);
  });
});
