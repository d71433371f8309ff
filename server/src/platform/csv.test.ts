import assert from "node:assert/strict";
import { it } from "node:test";
import { csvOf } from "./csv.js";

it("writes cells that no spreadsheet takes for a formula, and that come back as they were", () => {
  const cells = [
    "=1+1",
    "+1",
    "-1",
    "@sum(a1)",
    "\t=1",
    "\r=1",
    "\u200b=1",
    " ＝1",
    "|cmd",
    'say "no"',
    "a,b",
    "two\nlines",
    "plain",
    null,
    undefined,
  ];
  const rows = cells.map((a) => ({ a, b: { deep: ["=x"] } }));
  const [head, ...lines] = csvOf(["a", "b"], rows).split("\r\n");
  assert.equal(head, "a,b");
  const first = lines.map((line) => line.slice(0, line.indexOf(',"{')));
  assert.deepEqual(first.slice(0, 5), ["'=1+1", "'+1", "'-1", "'@sum(a1)", "'\t=1"]);
  assert.deepEqual(first.slice(6), [
    "'\u200b=1",
    "' ＝1",
    "'|cmd",
    '"say ""no"""',
    '"a,b"',
    '"two\nlines"',
    "plain",
    "",
    "",
    "",
  ]);
  for (const line of lines.slice(0, -1)) assert.ok(!/^[=+\-@]/.test(line), line);
});
