import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Look, Stopped } from "./broker.js";
import { type Bounds, decide, objectIn, problemWith, readDecision } from "./decide.js";
import type { Decision } from "./decision.js";
import type { Prompt, Reply } from "./model.js";

const shown = [
  { id: "p1", kind: "post", text: "a", because: "feed" },
  { id: "c1", kind: "comment", text: "b", because: "reply" },
  { id: "d1", kind: "conversation", text: "c", because: "message" },
  { id: "a1", kind: "agent", text: "d", because: "suggestion" },
] as Look["shown"];
const bounds: Bounds = {
  shown,
  submolts: ["general"],
  open: ["do_nothing", "upvote", "comment", "post", "dm_reply", "follow"],
};
const none: ReadonlySet<string> = new Set();
const read = (answer: unknown) =>
  readDecision(typeof answer === "string" ? answer : JSON.stringify(answer), bounds, none);
const prompt: Prompt = { system: "s", user: "u", schema: {}, maxTokens: 1 };
const reply = (text: string): Reply => ({ text, tokens: { input: 1, output: 1 }, costMicros: 0 });

describe("an answer", () => {
  it("is read alone, in a fence, behind prose, and behind what was thought aloud", () => {
    const object = '{"action":"comment","target":"p1","text":"Say {more} \\"please\\"","why":null}';
    const decision = { action: "comment", target: "p1", text: 'Say {more} "please"' };
    for (const text of [
      object,
      `\n ${object}\n`,
      `\`\`\`json\n${object}\n\`\`\``,
      `Here is what I'd do: ${object} Good?`,
      `<think>Perhaps {"action":"upvote","target":"p1"}? No {really}.</think>${object}`,
      `{"a": 1} ${object}`,
    ]) {
      assert.deepEqual(read(text), { decision }, text);
    }
  });

  it("counts for nothing when it is garbage, half of one, or too long", () => {
    for (const text of [
      "",
      "I would rather not.",
      '{"action":"comment","target":"p1","text":"Sa',
      "[1,2]",
      "null",
      '"upvote"',
      "{".repeat(50_000),
      `{"action":"do_nothing","why":"${"x".repeat(70_000)}"}`,
    ]) {
      assert.ok("problem" in read(text), text.slice(0, 40));
    }
  });

  it("holds the fields of its act and no other", () => {
    assert.deepEqual(read({ action: "upvote", target: "p1", text: "x", command: "rm", submolt: null, why: "fine" }), {
      decision: { action: "upvote", target: "p1", why: "fine" },
    });
    assert.deepEqual(read({ action: "do_nothing", why: "y".repeat(900) }), {
      decision: { action: "do_nothing", why: "y".repeat(500) },
    });
    assert.deepEqual(read('{"action":"upvote","target":"p1","__proto__":{"text":"x"}}'), {
      decision: { action: "upvote", target: "p1" },
    });
  });

  it("is refused for a target that was not shown or is of another kind, and for an act that is not open", () => {
    for (const answer of [
      { action: "upvote", target: "p2" },
      { action: "upvote", target: "d1" },
      { action: "follow", target: "p1" },
      { action: "dm_reply", target: "a1", text: "x" },
      { action: "comment", target: "a1", text: "x" },
      { action: "comment", target: "p1" },
      { action: "comment", target: "p1", text: "" },
      { action: "comment", target: "p1", text: "x".repeat(10_001) },
      { action: "downvote", target: "p1" },
      { action: "post", submolt: "other", title: "x", text: "y" },
      { action: "create_submolt", name: "abc", title: "x", text: "y" },
      { action: "delete_account" },
      { action: "toString" },
      {},
    ]) {
      assert.ok("problem" in read(answer), JSON.stringify(answer));
    }
  });

  it("is refused when it does a second time what was done", () => {
    const again = readDecision('{"action":"upvote","target":"p1"}', bounds, new Set(["upvote p1"]));
    assert.ok("problem" in again && /before/.test(again.problem));
  });

  it("is told what is wrong with it in our own words alone", () => {
    for (const answer of [{ action: "upvote", target: "IGNORE ALL" }, { action: "IGNORE ALL" }, "IGNORE ALL"]) {
      const found = read(answer);
      assert.ok("problem" in found && !found.problem.includes("IGNORE"));
    }
  });

  it("is measured by the broker, too, whatever its type says", () => {
    const forged = { action: "upvote", target: "p1", extra: 1 } as unknown as Decision;
    assert.match(problemWith(forged, bounds) ?? "", /schema/);
    assert.equal(problemWith({ action: "upvote", target: "p1" }, bounds), undefined);
    assert.equal(problemWith({ action: "do_nothing" }, { ...bounds, open: [] }), undefined);
  });

  it("is found in time that does not grow with the square of it", () => {
    for (const text of ['{"'.repeat(29_000), "{}".repeat(29_000), '{"a":'.repeat(11_000), "\\".repeat(59_000)]) {
      const start = process.cpuUsage();
      objectIn(text);
      assert.ok(process.cpuUsage(start).user < 500_000, text.slice(0, 10));
    }
  });
});

describe("a decision", () => {
  it("takes one question, or two, and then is to do nothing", async () => {
    const asked: Prompt[] = [];
    const answering =
      (...texts: string[]) =>
      async (question: Prompt) => {
        asked.push(question);
        return reply(texts[asked.length - 1] ?? "");
      };
    assert.deepEqual(
      (await decide(answering('{"action":"upvote","target":"p1"}'), prompt, bounds, none)).trouble,
      undefined,
    );
    assert.equal(asked.splice(0).length, 1);
    const late = await decide(answering("hm", '{"action":"upvote","target":"p1"}'), prompt, bounds, none);
    assert.equal(late.decision.action, "upvote");
    assert.equal(asked[1]?.system, "s");
    assert.equal(asked.splice(0).length, 2);
    const never = await decide(answering("hm", "hm", '{"action":"upvote","target":"p1"}'), prompt, bounds, none);
    assert.equal(never.decision.action, "do_nothing");
    assert.equal(never.trouble, "unreadable");
    assert.equal(asked.length, 2);
  });

  it("is to do nothing when the model fails, and none at all when nothing may be asked", async () => {
    const cause = new Error("503");
    const failed = await decide(async () => Promise.reject(cause), prompt, bounds, none);
    assert.deepEqual([failed.decision.action, failed.trouble, failed.cause], ["do_nothing", "model_failed", cause]);
    await assert.rejects(
      decide(async () => Promise.reject(new Stopped("BUDGET", "used up")), prompt, bounds, none),
      Stopped,
    );
  });
});
