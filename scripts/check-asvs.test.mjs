/** Tables of cases for the check of the ASVS table. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkTable } from "./check-asvs.mjs";

const FILES = { "a.ts": "export const a = 1;", "a.test.ts": 'it("keeps its word", () => {});' };
const REQUIRED = { 1: "1.1.1", 2: "1.1.2" };
const FIRST = '| v5.0.0-1.1.1 | 1 | words are kept | met | always | `a.ts` | `a.test.ts` "keeps its word" |';
const SECOND = "| v5.0.0-1.1.2 | 2 | words are few | not met | nobody counts them |  |  |";
const SUM = "2 requirements: 1 met, 0 partly, 1 not met, 0 not applicable.";

const check = (...lines) => checkTable([SUM, ...lines].join("\n"), (path) => FILES[path], REQUIRED).mistakes;

test("accepts a whole table whose files and tests exist", () => {
  assert.deepEqual(check(FIRST, SECOND), []);
});

const CASES = [
  ["a file that does not exist", FIRST.replace("`a.ts`", "`b.ts`"), /no file b\.ts/],
  ["a test file that does not exist", FIRST.replace("a.test.ts", "b.test.ts"), /no file b\.test\.ts/],
  ["a test that does not exist", FIRST.replace("keeps its", "breaks its"), /no test "breaks its word"/],
  ["a part of a test's name", FIRST.replace("keeps its word", "keeps its"), /no test "keeps its"/],
  ["a test file without a test", FIRST.replace(' "keeps its word"', ""), /no test is named in a\.test\.ts/],
  ["a test without its file", FIRST.replace("`a.test.ts` ", ""), /stands without its file/],
  ["a verdict of its own", FIRST.replace("| met", "| nearly"), /"nearly" is none of met/],
  ["a verdict without a reason", FIRST.replace("always", ""), /why it is met/],
  ["what is met nowhere", FIRST.replace("`a.ts`", ""), /no file is named/],
  ["another level", FIRST.replace("| 1 |", "| 2 |"), /is of level 1, not 2/],
  ["a cell too many", FIRST.replace("always", "always | and ever"), /has 8 cells/],
];
for (const [what, row, expected] of CASES) {
  test(`refuses ${what}`, () => {
    const [found = ""] = check(row, SECOND);
    assert.match(found, expected);
  });
}

test("refuses a number twice, one that is missing, and one that nobody asked for", () => {
  assert.match(check(FIRST, SECOND, SECOND)[0], /1\.1\.2: stands there twice/);
  assert.match(check(FIRST)[0], /1\.1\.2: has no row/);
  assert.match(check(FIRST, SECOND, SECOND.replace("1.1.2", "9.9.9"))[0], /9\.9\.9: is no requirement/);
});

test("refuses a sum that is not that of the rows", () => {
  assert.match(check(FIRST, SECOND.replace("not met", "partly"))[0], /1 met, 1 partly, 0 not met/);
});

test("refuses to have looked at nothing", () => {
  assert.match(checkTable("", () => undefined, {}).mistakes[0], /looked at 0 rows/);
});
