import assert from "node:assert/strict";
import { test } from "node:test";
import { findUncleanText, isCleanText } from "./unicode.js";

test("text in any script is clean; NUL and lone surrogates are not", () => {
  for (const good of ["", "abc", "日本語", "🦞", "e\u0301", "\u202e", "\ufffe", "\x01\t\n"]) {
    assert.equal(isCleanText(good), true, JSON.stringify(good));
  }
  for (const bad of ["\0", "a\0b", "\ud800", "x\udc00", "\udc00\ud800", "🦞".slice(0, 1)]) {
    assert.equal(isCleanText(bad), false, JSON.stringify(bad));
  }
});

test("names the place of the first unclean text", () => {
  const cases: [unknown, string | undefined][] = [
    ["fine", undefined],
    ["\0", "/"],
    [[["a", "\0"]], "/0/1"],
    [{ title: "ok", content: "a\ud800" }, "/content"],
    [{ a: { "b/c~d": ["", "\0"] } }, "/a/b~1c~0d/1"],
    [{ a: { "x\0": 1 } }, "/a"],
    [{ "x\ud800": 1 }, "/"],
    [JSON.parse('{"__proto__":{"x":"\\u0000"}}'), "/__proto__/x"],
    [[null, 1, true, 1e308, -0, {}], undefined],
    [undefined, undefined],
  ];
  for (const [value, expected] of cases) assert.equal(findUncleanText(value, 8), expected);
});

test("says so when values are nested deeper than allowed, without falling over", () => {
  const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));
  assert.equal(findUncleanText(1, 0), undefined);
  assert.equal(findUncleanText([], 0), "too deep");
  assert.equal(findUncleanText(nested(5), 5), undefined);
  assert.equal(findUncleanText(nested(6), 5), "too deep");
  assert.equal(findUncleanText(nested(5_000), 20), "too deep");
  assert.equal(findUncleanText({ a: { b: {} } }, 2), "too deep");
});

test("a path that repeats a hostile key is short and clean", () => {
  const found = findUncleanText({ [`${"k".repeat(63)}🦞${"z".repeat(100_000)}`]: "\0" }, 3);
  assert.ok(found !== undefined && found.length < 80);
  assert.equal(isCleanText(found), true);
});
