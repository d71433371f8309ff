import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readable } from "./log.js";

const time = new Date(2026, 1, 3, 4, 5, 6).getTime();

describe("the log on a terminal", () => {
  it("tells news as plain lines", () => {
    assert.equal(readable({ level: 30, time, msg: "Applied migration 0001." }), "  Applied migration 0001.");
  });

  it("tells trouble with its time, level, place and cause, and bugs with their stack", () => {
    const err = { message: "refused", stack: "Error: refused\n    at here" };
    assert.equal(
      readable({ level: 40, time, msg: "database away", route: "/m/:name", err }),
      "  04:05:06 warn: database away (/m/:name): refused",
    );
    assert.equal(
      readable({ level: 50, time, msg: "unexpected error", request_id: "r1", err }),
      "  04:05:06 error: unexpected error (r1): Error: refused\n        at here",
    );
  });

  it("lets no text steer the terminal", () => {
    assert.equal(readable({ level: 30, time, msg: "a\u001b[2Jb\u202ec\u0007" }), "  a [2Jb c ");
  });
});
