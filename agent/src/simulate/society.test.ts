/** A simulated society: repeatable to the byte, readable, and like the network that was measured. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Model } from "../runner/model.js";
import { type Action, lineOf } from "./action.js";
import { castOf } from "./cast/cast.js";
import { Society } from "./engine.js";
import { measure } from "./measure.js";
import { type Profile, profiles } from "./profile.js";
import { Random } from "./random.js";
import { modelVoice } from "./voice.js";
import { MOST_OVERLAP, overlapOf, REMEMBERED, triplesOf } from "./writer/overlap.js";

const DAY = 86_400_000;

async function lived(profile: Profile, agents: number, days: number, seed = "1"): Promise<Action[]> {
  const actions: Action[] = [];
  const society = new Society({ seed, profile, people: castOf(agents, seed) });
  for await (const action of society.live(days * DAY)) actions.push(action);
  return actions;
}

describe("a simulated society", () => {
  it("writes the same log to the byte for the same seed, and another for another", async () => {
    const log = async (seed: string) => (await lived(profiles.salon, 46, 3, seed)).map(lineOf).join("");
    const [one, again, other] = [await log("a"), await log("a"), await log("b")];
    assert.ok(one === again, "two logs of one seed differ");
    assert.ok(one !== other, "two seeds gave one log");
  });

  it("lives on from where it stopped as if it had not stopped", async () => {
    const society = new Society({ seed: "1", profile: profiles.salon, people: castOf(46, "1") });
    const actions: Action[] = [];
    for (const until of [1, 1.5, 3]) for await (const action of society.live(until * DAY)) actions.push(action);
    assert.deepEqual(actions, await lived(profiles.salon, 46, 3));
  });

  it("acts in the order of time, and names no id and no key", async () => {
    const actions = await lived(profiles.salon, 46, 7);
    for (const [index, { at }] of actions.slice(1).entries()) assert.ok(at >= (actions[index]?.at ?? 0));
    const log = actions.map(lineOf).join("");
    assert.doesNotMatch(log, /[0-9a-f]{8}-[0-9a-f]{4}-|moltbook_[a-z]*_?[A-Za-z0-9]{16}/);
  });

  it("never says in its week what it said in one of the last 200 texts", async () => {
    const last: ReadonlySet<string>[] = [];
    let most = 0;
    for (const action of await lived(profiles.salon, 46, 7)) {
      if (action.kind !== "post" && action.kind !== "comment") continue;
      if (isHarm(action.who)) continue;
      const triples = triplesOf(action.kind === "post" ? `${action.title} ${action.text}` : action.text);
      most = Math.max(most, ...last.map((other) => overlapOf(triples, other)));
      last.push(triples);
      if (last.length > REMEMBERED) last.shift();
    }
    assert.ok(most < MOST_OVERLAP, `an overlap of ${most}`);
  });

  it("talks at least three answers deep in many places, in four languages, French and English most", async () => {
    const actions = await lived(profiles.salon, 46, 7);
    const level = new Map<number, number>();
    const deep = new Set<number>();
    for (const action of actions) {
      if (action.kind !== "comment") continue;
      const own = action.parent === undefined ? 1 : (level.get(action.parent) ?? 0) + 1;
      level.set(action.ref, own);
      if (own >= 3) deep.add(action.post);
    }
    assert.ok(deep.size >= 45, `only ${deep.size} threads are three deep`);
    const own = new Map(castOf(46, "1").map(({ name, languages }) => [name, languages[0]]));
    const spoken = new Map<string, number>();
    for (const { kind, who } of actions) {
      const language = own.get(who) ?? "";
      if (kind === "post") spoken.set(language, (spoken.get(language) ?? 0) + 1);
    }
    const [first, second] = [...spoken].sort(([, one], [, other]) => other - one).map(([language]) => language);
    assert.deepEqual(new Set([first, second]), new Set(["en", "fr"]));
    assert.ok((spoken.get("es") ?? 0) > 0 && (spoken.get("de") ?? 0) > 0);
  });

  it("sets French as it is printed", async () => {
    for (const action of await lived(profiles.salon, 46, 7)) {
      if (action.kind !== "comment" && action.kind !== "post") continue;
      assert.doesNotMatch(action.text, /« (?=\S)|(?<=\S) »|\{\w+\}/, action.text);
    }
  });

  it("lets those who do harm be answered, reported and taken down", async () => {
    const actions = await lived(profiles.salon, 46, 7);
    const harm = new Set(actions.flatMap((one) => ("ref" in one && isHarm(one.who) ? [one.ref] : [])));
    assert.ok(harm.size >= 10);
    assert.ok(actions.some((one) => one.kind === "comment" && harm.has(one.parent ?? one.post)));
    assert.ok(actions.some((one) => one.kind === "report" && harm.has(one.on)));
    assert.ok(actions.some((one) => one.kind === "remove" && harm.has(one.on)));
    for (const one of actions) if (one.kind === "remove") assert.ok(harm.has(one.on), "something harmless was removed");
  });

  it("lets a model speak for the personas it was given, and keeps the written words where it fails", async () => {
    const questions: string[] = [];
    const model: Model = async ({ system, user }) => {
      questions.push(user);
      const text =
        questions.length % 2 === 0 ? "no JSON" : JSON.stringify({ text: `Model ${questions.length} speaks.` });
      assert.match(system, /^You are tidewrack, /);
      return { text, tokens: { input: 1, output: 1 }, costMicros: 0 };
    };
    const voice = modelVoice(model, new Set(["tidewrack"]), 5, AbortSignal.timeout(60_000));
    const society = new Society({ seed: "1", profile: profiles.salon, people: castOf(46, "1"), voice });
    const spoken: string[] = [];
    for await (const action of society.live(4 * DAY)) {
      if ("text" in action && action.text.startsWith("Model ")) spoken.push(action.who);
    }
    assert.deepEqual([questions.length, spoken], [5, ["tidewrack", "tidewrack", "tidewrack"]]);
    assert.ok(
      questions.some((user) => /<<<UNTRUSTED [0-9a-f]{16}>>>/.test(user)),
      "what is answered stands unmarked",
    );
  });

  it("resembles the network that studies measured, in its moltbook profile", async () => {
    const figures = measure(await lived(profiles.moltbook, 500, 7));
    const near = (name: keyof typeof figures, published: number, tolerance: number) =>
      assert.ok(
        Math.abs(figures[name] - published) <= tolerance,
        `${name} is ${figures[name]}, published is ${published} ± ${tolerance}`,
      );
    near("activityTail", 1.7, 0.15);
    near("popularityTail", 1.84, 0.2);
    near("depth", 1.07, 0.03);
    near("unanswered", 0.935, 0.03);
    near("reciprocity", 0.197, 0.1);
    near("duplicates", 0.341, 0.06);
    near("human", 0.094, 0.03);
    near("decay", -1, 0.3);
  });
});

function isHarm(who: string): boolean {
  return castOf(46, "1").some(({ name, hostile }) => name === who && hostile !== undefined);
}

describe("chance from a seed", () => {
  it("gives the same numbers again, and others for a part of the work", () => {
    const draw = (random: Random) => Array.from({ length: 5 }, () => random.integer(0, 1_000_000));
    assert.deepEqual(draw(new Random("x")), draw(new Random("x")));
    assert.notDeepEqual(draw(new Random("x")), draw(new Random("x").fork("part")));
  });

  it("spreads evenly, and follows weights", () => {
    const random = new Random("even");
    const mean = Array.from({ length: 10_000 }, () => random.next()).reduce((sum, each) => sum + each, 0) / 10_000;
    assert.ok(Math.abs(mean - 0.5) < 0.02, `${mean}`);
    const heavy = Array.from({ length: 1_000 }, () => random.weighted([1, 9], (each) => each)).filter(
      (one) => one === 9,
    );
    assert.ok(heavy.length > 850 && heavy.length < 950, `${heavy.length}`);
    assert.equal(
      random.weighted([1, 2], () => 0),
      undefined,
    );
  });
});
