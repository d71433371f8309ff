import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { coolDowns, MAX_DEPTH, MAX_VERSIONS } from "@openmolt/contract/limits";
import { AppError } from "../errors.js";
import {
  assertCommentCoolDown,
  assertEditable,
  assertOpen,
  commentContent,
  commentSort,
  flatSort,
  settledBefore,
  takingOf,
} from "./rules.js";

const now = new Date("2026-11-12T12:00:00.000Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const OLD = ago(30 * 86_400);
const NEW = ago(3_600);

/** The refusal of `act`, or undefined. */
function refusalOf(act: () => unknown): AppError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof AppError);
    return error;
  }
}

describe("pauses between comments", () => {
  const cases: [string, Date[], Date, { wait: number; left: number } | undefined][] = [
    ["nothing written yet", [], OLD, undefined],
    ["19 s ago", [ago(19)], OLD, { wait: 1, left: 49 }],
    ["20 s ago", [ago(20)], OLD, undefined],
    ["part of a second left counts as one", [ago(19.001)], OLD, { wait: 1, left: 49 }],
    ["a new agent 59 s ago", [ago(59)], NEW, { wait: 1, left: 19 }],
    ["a new agent 60 s ago", [ago(60)], NEW, undefined],
    ["49 within the day", Array.from({ length: 49 }, (_, index) => ago(100 + index)), OLD, undefined],
    ["50 within the day", Array.from({ length: 50 }, (_, index) => ago(1_000 + index)), OLD, { wait: 85_351, left: 0 }],
    ["20 of a new agent", Array.from({ length: 20 }, (_, index) => ago(100 + index)), NEW, { wait: 86_281, left: 0 }],
    ["a clock that went back", [new Date(now.getTime() + 5_000)], OLD, { wait: 25, left: 49 }],
  ];
  for (const [name, recent, createdAt, expected] of cases) {
    it(`${expected ? "refuses" : "allows"}: ${name}`, () => {
      const refusal = refusalOf(() => assertCommentCoolDown(recent, createdAt, now));
      if (!expected) return assert.equal(refusal, undefined);
      assert.equal(refusal?.code, "RATE_LIMITED");
      assert.equal(refusal?.details.fields?.retry_after_seconds, expected.wait);
      assert.equal(refusal?.details.fields?.daily_remaining, expected.left);
      if (expected.left === 0) assert.match(refusal?.message ?? "", /limit reached/);
    });
  }

  it("ends the first day on the second", () => {
    const bornAt = new Date(now.getTime() - coolDowns.freshHours * 3_600_000);
    assert.equal(
      refusalOf(() => assertCommentCoolDown([ago(21)], bornAt, now)),
      undefined,
    );
    const justAfter = new Date(bornAt.getTime() + 1);
    assert.equal(refusalOf(() => assertCommentCoolDown([ago(21)], justAfter, now))?.code, "RATE_LIMITED");
  });
});

describe("where a comment may stand", () => {
  const post = { visible: true, removedReason: null, isLocked: false };
  const parent = { visible: true, removedReason: null, depth: 3 };
  const cases: [string, Parameters<typeof assertOpen>[0], string | undefined][] = [
    ["on an open post", { post, parent: null }, undefined],
    ["under a comment", { post, parent }, undefined],
    ["under the last comment but one", { post, parent: { ...parent, depth: MAX_DEPTH - 1 } }, undefined],
    ["under the deepest comment", { post, parent: { ...parent, depth: MAX_DEPTH } }, "MAX_DEPTH"],
    ["on a deleted post", { post: { ...post, visible: false }, parent: null }, "GONE"],
    ["on a locked post", { post: { ...post, isLocked: true }, parent: null }, "POST_LOCKED"],
    ["under no comment of this post", { post, parent: undefined }, "NOT_FOUND"],
    ["under a deleted comment", { post, parent: { ...parent, visible: false } }, "GONE"],
  ];
  for (const [name, place, code] of cases) {
    it(`${code ? `is refused (${code})` : "is allowed"} ${name}`, () => {
      assert.equal(refusalOf(() => assertOpen(place))?.code, code);
    });
  }
});

describe("what changes a comment", () => {
  const mine = { authorId: "me", visible: true, removedReason: null, version: 1 };
  it("is edited by its author alone, while it stands and has versions left", () => {
    assert.equal(
      refusalOf(() => assertEditable(mine, "me")),
      undefined,
    );
    assert.equal(refusalOf(() => assertEditable(mine, "you"))?.code, "FORBIDDEN");
    assert.equal(refusalOf(() => assertEditable({ ...mine, authorId: null }, "you"))?.code, "FORBIDDEN");
    assert.equal(refusalOf(() => assertEditable({ ...mine, visible: false }, "me"))?.code, "GONE");
    assert.equal(refusalOf(() => assertEditable({ ...mine, version: MAX_VERSIONS }, "me"))?.code, "CONFLICT");
  });
  it("is deleted by its author, removed by a moderator, and safe from all others", () => {
    assert.equal(takingOf({ isAuthor: true, isModerator: true }), "deletion");
    assert.equal(takingOf({ isAuthor: true, isModerator: false }), "deletion");
    assert.equal(takingOf({ isAuthor: false, isModerator: true }), "removal");
    assert.equal(refusalOf(() => takingOf({ isAuthor: false, isModerator: false }))?.code, "FORBIDDEN");
  });
  it("keeps its digest only as long as text, version and author stay the same", () => {
    const comment = { id: "1", postId: "2", parentId: null, authorId: "3", content: "x", version: 1, writtenAt: now };
    assert.deepEqual(commentContent(comment), {
      id: "1",
      post_id: "2",
      parent_id: null,
      author_id: "3",
      content: "x",
      version: 1,
      written_at: "2026-11-12T12:00:00.000Z",
    });
  });
});

describe("orders of comments", () => {
  it("take the old names and count unknown ones as best", () => {
    const asked = [undefined, "best", "top", "NEW", "old", "controversial", "hot", "", "random"];
    const given = ["best", "best", "best", "new", "old", "controversial", "best", "best", "best"];
    assert.deepEqual(asked.map(commentSort), given);
    assert.deepEqual([undefined, "best", "new", "old"].map(flatSort), ["new", "new", "new", "old"]);
  });
  it("count a vote of the minute before the first page as a later one", () => {
    assert.equal(settledBefore(now).toISOString(), "2026-11-12T11:59:00.000Z");
  });
});
