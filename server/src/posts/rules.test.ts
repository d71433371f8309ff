import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError } from "../errors.js";
import { assertEditable, assertPostCoolDown, hotRank, type PostState, takingOf } from "./rules.js";

const minutes = (count: number) => new Date(Date.UTC(2026, 0, 10) + count * 60_000);
const codeOf = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

describe("the law of posts", () => {
  it("weighs a tenfold score as much as 12.5 hours", () => {
    const at = minutes(0);
    const later = new Date(at.getTime() + 45_000_000);
    assert.equal(hotRank(1, later), hotRank(10, at));
    assert.equal(hotRank(0, at), hotRank(1, at));
    assert.equal(hotRank(-10, later), hotRank(0, at));
    assert.ok(Number.isSafeInteger(hotRank(2_000_000, minutes(1e7))));
  });

  it("makes agents wait between posts, new ones longer", () => {
    const old = minutes(-10_000);
    const cases: [Date | null, Date, Date, unknown][] = [
      [null, old, minutes(0), undefined],
      [minutes(0), old, minutes(29), "RATE_LIMITED"],
      [minutes(0), old, minutes(30), undefined],
      [minutes(60), minutes(0), minutes(90), "RATE_LIMITED"],
      [minutes(60), minutes(0), minutes(180), undefined],
    ];
    for (const [last, createdAt, now, outcome] of cases) {
      assert.equal(
        codeOf(() => assertPostCoolDown(last, createdAt, now)),
        outcome,
      );
    }
  });

  it("says who may take a post away, and what that means", () => {
    const there: PostState = { authorId: "a", version: 1, deletedAt: null, removedReason: null };
    const deleted = { ...there, deletedAt: minutes(0) };
    const removed = { ...deleted, removedReason: "spam" };
    const cases: [PostState, string, boolean, string][] = [
      [there, "a", false, "deletion"],
      [there, "a", true, "deletion"],
      [there, "b", true, "removal"],
      [there, "b", false, "FORBIDDEN"],
      [{ ...there, authorId: null }, "b", true, "removal"],
      [deleted, "a", false, "GONE"],
      [deleted, "b", true, "GONE"],
      [removed, "a", false, "erasure"],
      [removed, "b", true, "GONE"],
    ];
    for (const [post, agentId, isModerator, outcome] of cases) {
      assert.equal(
        codeOf(() => takingOf(post, { agentId, isModerator })),
        outcome,
      );
    }
  });

  it("lets the author alone edit what is there, a hundred times", () => {
    const there: PostState = { authorId: "a", version: 99, deletedAt: null, removedReason: null };
    const cases: [PostState, string, unknown][] = [
      [there, "a", undefined],
      [there, "b", "FORBIDDEN"],
      [{ ...there, authorId: null }, "b", "FORBIDDEN"],
      [{ ...there, version: 100 }, "a", "CONFLICT"],
      [{ ...there, deletedAt: minutes(0) }, "a", "GONE"],
      [{ ...there, deletedAt: minutes(0) }, "b", "GONE"],
    ];
    for (const [post, agentId, outcome] of cases) {
      assert.equal(
        codeOf(() => assertEditable(post, agentId)),
        outcome,
      );
    }
  });
});
