/** The formulas behind the figures, as tables of cases. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Group, gini, histogram, lorenz, median, thinned, topShare } from "./rules/distribution.js";
import { type Answers, backboneOf, communitiesOf, type Edge, edgesOf, layoutOf } from "./rules/network.js";
import { cumulated, DAY_MS, daysOf, lastDays, newestSpan, spanOf, sumsOf, weekOf } from "./rules/spans.js";

const groups = (...pairs: [written: number, agents: number][]): Group[] =>
  pairs.map(([written, agents]) => ({ written, agents }));

/** The coefficient from its other definition: the mean difference between all pairs, over twice the mean. */
function giniOfPairs(values: readonly number[]): number {
  const differences = values.flatMap((a) => values.map((b) => Math.abs(a - b)));
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
  return sum(differences) / (2 * values.length * sum(values));
}

describe("the distribution of writing", () => {
  it("has the Gini coefficient that the mean difference of all pairs gives", () => {
    for (const values of [[1], [1, 1, 1], [1, 3], [1, 1, 1, 97], [1, 2, 3, 4, 5, 5, 5, 40], [7, 1, 1, 2, 2, 900]]) {
      const counts = new Map<number, number>();
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
      const found = gini(lorenz([...counts].map(([written, agents]) => ({ written, agents }))));
      assert.ok(Math.abs((found ?? Number.NaN) - giniOfPairs(values)) < 1e-12, `${values}: ${found}`);
    }
  });

  it("has no coefficient when nobody has written anything", () => {
    for (const none of [groups(), groups([0, 5])]) {
      assert.deepEqual(lorenz(none), []);
      assert.equal(gini(lorenz(none)), null);
      assert.equal(topShare(lorenz(none), 0.1), null);
    }
  });

  it("has a curve from nothing to everything, least active first", () => {
    assert.deepEqual(lorenz(groups([6, 1], [2, 1], [1, 2])), [
      [0, 0],
      [0.5, 0.2],
      [0.75, 0.4],
      [1, 1],
    ]);
  });

  it("gives the share of the most active, also within a group of equals", () => {
    const curve = lorenz(groups([1, 50], [3, 50]));
    for (const [share, expected] of [
      [1, 1],
      [0.5, 0.75],
      [0.25, 0.375],
      [0.75, 0.875],
      [0, 0],
    ] as const) {
      assert.ok(Math.abs((topShare(curve, share) ?? Number.NaN) - expected) < 1e-12, `${share}`);
    }
  });

  it("keeps the ends of a curve that is thinned, and little between them", () => {
    const curve = lorenz(Array.from({ length: 5_000 }, (_, index) => ({ written: index + 1, agents: 1 })));
    const few = thinned(curve, 80);
    assert.ok(few.length <= 80 && few.length > 40, `${few.length}`);
    assert.deepEqual(few[0], [0, 0]);
    assert.deepEqual(few.at(-1), [1, 1]);
    assert.deepEqual(thinned(lorenz(groups([1, 1])), 80), lorenz(groups([1, 1])));
  });

  it("counts a value in the first class whose bound it does not reach", () => {
    assert.deepEqual(histogram([0, 9, 10, 59, 60, 1e9], [10, 60]), [2, 2, 2]);
    assert.deepEqual(histogram([], [10, 60]), [0, 0, 0]);
  });

  it("has its median in the middle", () => {
    for (const [values, expected] of [
      [[], null],
      [[4], 4],
      [[9, 1, 5], 5],
      [[4, 1, 3, 2], 2.5],
    ] as const) {
      assert.equal(median(values), expected);
    }
  });
});

describe("the span of a figure", () => {
  const now = new Date("2026-03-10T14:20:00Z");
  const dayBefore = (days: number) => new Date(now.getTime() - days * DAY_MS);

  it("ends with the present hour, begins with a day, and not before the first writing", () => {
    for (const [first, from] of [
      [null, "2026-03-10"],
      [dayBefore(3), "2026-03-07"],
      [dayBefore(400), "2025-12-11"],
    ] as const) {
      const span = spanOf(90, now, first, now);
      assert.equal(span.from.toISOString(), `${from}T00:00:00.000Z`);
      assert.equal(span.until.toISOString(), "2026-03-10T15:00:00.000Z");
    }
    assert.equal(daysOf(spanOf(90, now, dayBefore(400), now)).length, 90);
  });

  it("goes back to the last writing when that is over a week ago, and no sooner", () => {
    assert.equal(spanOf(90, now, dayBefore(50), dayBefore(7)).until.toISOString(), "2026-03-10T15:00:00.000Z");
    const quiet = spanOf(90, now, dayBefore(50), dayBefore(8));
    assert.equal(quiet.until.toISOString(), "2026-03-02T15:00:00.000Z");
    assert.equal(daysOf(quiet).length, 43);
  });

  it("is cut to its last days", () => {
    const span = spanOf(90, now, dayBefore(400), now);
    assert.equal(daysOf(lastDays(span, 30)).length, 30);
    assert.deepEqual(lastDays(spanOf(90, now, dayBefore(2), now), 30), spanOf(90, now, dayBefore(2), now));
  });

  it("shrinks to the newest hours that hold enough", () => {
    const until = new Date("2026-03-10T15:00:00Z");
    for (const [hours, most, days, back] of [
      [[5, 5, 5, 5], 10, 30, 2],
      [[5, 5, 5, 5], 11, 30, 3],
      [[5, 5, 5, 5], 1_000, 30, 4],
      [[5, 0, 0, 0], 1, 30, 4],
      [Array.from({ length: 100 }, () => 1), 1_000, 1, 24],
    ] as const) {
      const { from } = newestSpan(hours, until, most, days);
      assert.equal((until.getTime() - from.getTime()) / 3_600_000, back, JSON.stringify([hours.length, most]));
    }
  });

  it("has its hours in the week, Monday first", () => {
    // A Tuesday at 15.
    const until = new Date("2026-03-10T15:00:00Z");
    const week = weekOf([1, 2, 3], until, 56);
    assert.deepEqual(week[1]?.slice(11, 16), [0, 1, 2, 3, 0]);
    assert.equal(
      week.flat().reduce((sum, count) => sum + count, 0),
      6,
    );
    const long = weekOf(
      Array.from({ length: 24 * 20 }, () => 1),
      until,
      14,
    );
    assert.ok(long.flat().every((count) => count === 2));
  });

  it("sums hours to days and days to totals", () => {
    assert.deepEqual(sumsOf([1, 2, 3, 4, 5], 2), [3, 7, 5]);
    assert.deepEqual(cumulated([1, 0, 2]), [1, 1, 3]);
  });
});

describe("the network of answers", () => {
  const among = (giver: string, taker: string, answers: number): Answers => ({ giver, taker, answers });
  /** Two circles of friends with one link between them. */
  const twoCircles: Edge[] = [
    [0, 1, 9],
    [1, 2, 9],
    [0, 2, 9],
    [3, 4, 9],
    [4, 5, 9],
    [3, 5, 9],
    [5, 6, 9],
    [2, 3, 1],
  ];

  it("joins both directions, strongest first, and knows only those it is about", () => {
    const answers = [
      among("b", "a", 1),
      among("a", "b", 2),
      among("c", "a", 5),
      among("a", "x", 50),
      among("c", "c", 9),
    ];
    assert.deepEqual(edgesOf(["a", "b", "c"], answers), [
      [0, 2, 5],
      [0, 1, 3],
    ]);
  });

  it("is drawn with the strongest edge of each, then with the strongest of all", () => {
    const edges: Edge[] = [
      [0, 1, 9],
      [0, 2, 8],
      [1, 2, 7],
      [0, 3, 1],
    ];
    assert.deepEqual(backboneOf(edges, 4), edges);
    assert.deepEqual(backboneOf(edges, 3), [edges[0], edges[1], edges[3]]);
    assert.deepEqual(backboneOf([], 3), []);
  });

  it("has its communities by size, and lets who answers nobody be one alone", () => {
    const found = communitiesOf(8, twoCircles);
    assert.deepEqual(found.slice(0, 7), [1, 1, 1, 0, 0, 0, 0]);
    assert.equal(found[7], 2);
    assert.deepEqual(communitiesOf(2, []), [0, 1]);
    assert.deepEqual(communitiesOf(0, []), []);
  });

  it("is drawn the same each time, inside its square, with nobody on top of another", () => {
    const draw = () => {
      const layout = layoutOf(8, twoCircles);
      while (layout.step());
      return layout.places();
    };
    const places = draw();
    assert.deepEqual(draw(), places);
    assert.equal(new Set(places.map(({ x, y }) => `${x} ${y}`)).size, 8);
    for (const { x, y } of places) assert.ok(x >= 0 && x <= 1_000 && y >= 0 && y <= 1_000, `${x} ${y}`);
  });
});
