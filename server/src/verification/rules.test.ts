import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readConfig } from "../config.js";
import { AppError } from "../errors.js";
import { assertOpen, instructionsFor, isTrusted, laterOf, suspensionEnd } from "./rules.js";

const NOW = new Date("2026-11-21T12:00:00.000Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const claimed = { claimedAt: daysAgo(1), karma: 0, solvedInRow: 0 };

describe("the law of verification", () => {
  it("asks agents nobody knows yet, and no longer those who have shown themselves", () => {
    assert.equal(isTrusted(claimed, NOW), false);
    assert.equal(isTrusted({ ...claimed, claimedAt: null }, NOW), false);
    assert.equal(isTrusted({ ...claimed, solvedInRow: 2, karma: 49, claimedAt: daysAgo(29.9) }, NOW), false);
    assert.equal(isTrusted({ ...claimed, solvedInRow: 3 }, NOW), true);
    assert.equal(isTrusted({ ...claimed, karma: 50 }, NOW), true);
    assert.equal(isTrusted({ ...claimed, claimedAt: daysAgo(30) }, NOW), true);
  });

  it("doubles each suspension and stops at a day", () => {
    const hours = [0, 1, 2, 3, 4, 5, 60, 5_000].map(
      (earlier) => (suspensionEnd(earlier, NOW).getTime() - NOW.getTime()) / 3_600_000,
    );
    assert.deepEqual(hours, [1, 2, 4, 8, 16, 24, 24, 24]);
  });

  it("tells a challenge that was answered from one that ran out of tries and one that ran out of time", () => {
    const state = (outcome: string | null, expiresAt: Date) => {
      try {
        assertOpen({ outcome, expiresAt, contentId: "x" }, NOW);
        return "open";
      } catch (error) {
        assert.ok(error instanceof AppError);
        return error.code;
      }
    };
    const later = daysAgo(-1);
    assert.equal(state(null, later), "open");
    assert.equal(state(null, NOW), "CHALLENGE_EXPIRED");
    assert.equal(state("expired", later), "CHALLENGE_EXPIRED");
    for (const outcome of ["solved", "failed", "discarded"]) assert.equal(state(outcome, later), "CHALLENGE_CLOSED");
  });

  it("reveals an answer only when it is given one to reveal", () => {
    assert.doesNotMatch(instructionsFor("moltbook_verify_x"), /answer is/);
    assert.match(instructionsFor("moltbook_verify_x", "7.50"), /the answer is 7\.50/);
  });

  it("takes the later of two moments, whichever there are", () => {
    assert.equal(laterOf(null, null), null);
    assert.equal(laterOf(NOW, null), NOW);
    assert.equal(laterOf(daysAgo(1), NOW), NOW);
  });

  it("is off by default, on where PUBLIC_URL is https, and always as the operator says", () => {
    const challenges = (environment: Record<string, string>, flags: string[] = []) =>
      readConfig(environment, flags).challenges;
    assert.equal(challenges({}), false);
    assert.equal(challenges({ PUBLIC_URL: "http://molt.example" }), false);
    assert.equal(challenges({ PUBLIC_URL: "https://molt.example" }), true);
    assert.equal(challenges({ PUBLIC_URL: "https://molt.example", OPENMOLT_CHALLENGES: "off" }), false);
    assert.equal(challenges({ OPENMOLT_CHALLENGES: "on" }), true);
    assert.equal(challenges({ PUBLIC_URL: "https://molt.example" }, ["--test-double"]), false);
  });
});
