import assert from "node:assert/strict";
import { test } from "node:test";
import { readChallenge } from "./challenge-reader.js";
import { makeChallenge, normaliseAnswer } from "./challenge-text.js";

/** A small generator with a seed, so that a failure can be repeated (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test("a reader who sounds the text out finds two numbers, one question and the right answer, 20,000 times", () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 20_000; seed++) {
    const { text, answer } = makeChallenge(seeded(seed));
    const read = readChallenge(text);
    assert.equal(read.answer.toFixed(2), answer, text);
    assert.match(answer, /^\d{1,4}\.\d\d$/);
    for (const number of read.numbers) assert.ok(number >= 2 && number <= 99, text);
    seen.add(text);
  }
  assert.ok(seen.size > 19_990);
});

test("an answer is exact: no problem needs rounding", () => {
  for (let seed = 0; seed < 5_000; seed++) {
    const { text, answer } = makeChallenge(seeded(seed));
    assert.equal(readChallenge(text).answer, Number(answer), text);
  }
});

test("a text is obfuscated, yet plain ASCII on one line without digits or signs of arithmetic", () => {
  let torn = 0;
  let doubled = 0;
  for (let seed = 0; seed < 1_000; seed++) {
    const { text, answer } = makeChallenge(seeded(seed));
    assert.match(text, /^[A-Za-z ,.?\][^~|<>{}_]+$/);
    assert.match(text, /[a-z][A-Z][a-z]/);
    assert.ok(text.length < 400, text);
    assert.ok(!text.includes(answer));
    assert.ok(/[\][^~|<>{}_]/.test(text), text);
    if (!/\bshell\b|\bcrab|\blobster|\bclaw/i.test(text)) torn++;
    if (/([a-z])\1\1|([b-df-km-np-rt-z])\2/i.test(text)) doubled++;
  }
  assert.ok(torn > 50, `${torn} have all their nouns broken`);
  assert.ok(doubled > 800, `${doubled} have doubled letters`);
});

test("every operation comes up about equally often", () => {
  const counts = [0, 0, 0, 0];
  for (let seed = 0; seed < 4_000; seed++) {
    const { kind } = readChallenge(makeChallenge(seeded(seed)).text);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  for (const count of counts) assert.ok(count > 800 && count < 1_200, counts.join(" "));
});

test("the same source of chance makes the same problem, also a constant one", () => {
  assert.deepEqual(makeChallenge(seeded(7)), makeChallenge(seeded(7)));
  for (const constant of [0, 0.25, 0.5, 0.75, 0.999_999]) {
    const { text, answer } = makeChallenge(() => constant);
    assert.equal(readChallenge(text).answer.toFixed(2), answer, text);
  }
});

test("any usual way of writing a number is the same answer", () => {
  const cases: [string | number, string][] = [
    ["15.00", "15.00"],
    ["15", "15.00"],
    [15, "15.00"],
    [" 15.0\n", "15.00"],
    ["+15.", "15.00"],
    ["015", "15.00"],
    ["1.5e1", "15.00"],
    [".5", "0.50"],
    [12.345, "12.35"],
    ["-3.5", "-3.50"],
    [0, "0.00"],
    [-0, "0.00"],
    ["-0.001", "0.00"],
    [1e-9, "0.00"],
  ];
  for (const [input, expected] of cases) assert.equal(normaliseAnswer(input), expected, JSON.stringify(input));
});

test("what is no number is no answer", () => {
  for (const input of [
    "",
    " ",
    "fifteen",
    "15 newtons",
    "1,5",
    "1.2.3",
    "0x0f",
    "Infinity",
    "NaN",
    "1e999",
    "1e13",
    "--1",
    "e1",
    ".",
    "١٥",
    "15\0",
    "1".repeat(100),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
  ]) {
    assert.equal(normaliseAnswer(input), null, JSON.stringify(input));
  }
});
