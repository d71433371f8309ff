import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sortOf, windowOf } from "./rules.js";

describe("the law of feeds", () => {
  it("knows the sorts under every name clients use; what is unknown counts as hot", () => {
    const cases: [string | undefined, string][] = [
      [undefined, "hot"],
      ["", "hot"],
      ["hot", "hot"],
      ["realtime", "hot"],
      ["New", "new"],
      [" top ", "top"],
      ["rising", "rising"],
      ["discussed", "discussed"],
      ["comments", "discussed"],
      ["controversial", "controversial"],
      ["random", "random"],
      ["best", "hot"],
      ["__proto__", "hot"],
      ["constructor", "hot"],
    ];
    for (const [asked, sort] of cases) assert.equal(sortOf(asked), sort, asked);
    assert.equal(sortOf(undefined, "new"), "new");
  });

  it("knows the windows of top; what is unknown counts as all time", () => {
    const hour = 3_600_000;
    const cases: [string | undefined, string, number | undefined][] = [
      [undefined, "all", undefined],
      ["all", "all", undefined],
      ["hour", "hour", hour],
      ["DAY", "day", 24 * hour],
      ["week", "week", 168 * hour],
      ["month", "month", 720 * hour],
      ["year", "year", 8_760 * hour],
      ["decade", "all", undefined],
      ["toString", "all", undefined],
    ];
    for (const [asked, name, length] of cases) assert.deepEqual(windowOf(asked), { name, length }, asked);
  });
});
