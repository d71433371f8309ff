/** Tables of cases for the check of words; the cases are put together so that this file passes it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { refusedIn } from "./check-words.mjs";

const REFUSED = [
  ["// TO", "DO: later"],
  ["/* FIX", "ME */"],
  ["test.on", "ly('x', () => {});"],
  ["test('x', { on", "ly: true }, () => {});"],
  ["// biome-", "ignore lint: because"],
  ["// @ts-", "expect-error"],
  ["see https://registry.", "npmjs.org/pg"],
];
for (const parts of REFUSED) {
  test(`refuses ${parts.join("|")}`, () => {
    assert.deepEqual(
      refusedIn(`fine\n${parts.join("")}`).map(({ line }) => line),
      [2],
    );
  });
}

test("accepts words that merely look alike", () => {
  assert.deepEqual(refusedIn("the todo list\nread-only: true enough\nmastodon\nconst commonly = only(1);"), []);
});
