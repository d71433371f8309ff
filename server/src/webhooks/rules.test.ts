import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { disabledBy, newSecret, nextAttempt, outcomeOf, signedHeaders } from "./rules.js";

const now = new Date("2026-03-01T12:00:00.000Z");
const later = (ms: number) => new Date(now.getTime() + ms);
const failure = { status: 500, error: "status" as const, retryAfter: null };
const HOUR = 3_600_000;

describe("signatures", () => {
  it("are those of the official library, one for each secret", () => {
    const [first, second] = [newSecret(), newSecret()];
    const body = '{"type":"ping","words":"grüß"}';
    const headers = signedHeaders("an-id", now, body, [first, second]);
    const expected = [first, second].map((secret) => new Webhook(secret).sign("an-id", now, body));
    assert.deepEqual(headers, {
      "webhook-id": "an-id",
      "webhook-timestamp": "1772366400",
      "webhook-signature": expected.join(" "),
    });
  });
});

describe("the next attempt", () => {
  it("comes after at most a pause that grows to four hours, and at least a second", () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((attempts) => {
      const at = nextAttempt(attempts, failure, 1, now, later(24 * HOUR));
      return ((at?.getTime() ?? 0) - now.getTime()) / 1_000;
    });
    assert.deepEqual(longest, [10, 60, 240, 1_200, 3_600, 7_200, 14_400, 14_400, 14_400]);
    assert.deepEqual(nextAttempt(5, failure, 0, now, later(HOUR)), later(1_000));
    assert.deepEqual(nextAttempt(5, failure, 0.5, now, later(HOUR)), later(HOUR / 2));
  });

  it("is not made after the message's day", () => {
    assert.equal(nextAttempt(5, failure, 1, now, later(HOUR - 1)), null);
    assert.deepEqual(nextAttempt(5, failure, 1, now, later(HOUR)), later(HOUR));
  });

  it("waits as long as the receiver asks, up to six hours", () => {
    const cases: [number, string | undefined, number | null][] = [
      [429, "120", 120_000],
      [503, later(90_000).toUTCString(), 90_000],
      [503, "999999999", 6 * HOUR],
      [429, later(-HOUR).toUTCString(), 0],
      [429, "soon", null],
      [429, "", null],
      [429, undefined, null],
      [500, "120", null],
    ];
    for (const [status, header, expected] of cases) {
      assert.equal(outcomeOf(status, header, now).retryAfter, expected, `${status} ${header}`);
    }
    const asked = outcomeOf(429, "120", now);
    assert.deepEqual(nextAttempt(1, asked, 0.5, now, later(HOUR)), later(120_000));
    assert.deepEqual(nextAttempt(6, asked, 1, now, later(24 * HOUR)), later(2 * HOUR));
  });
});

describe("an answer", () => {
  it("is a success from 200 to 299 and nothing else", () => {
    for (const status of [200, 201, 204, 299]) assert.equal(outcomeOf(status, undefined, now).error, null);
    for (const status of [0, 199, 300, 301, 304, 400, 404, 410, 429, 500, 503]) {
      assert.equal(outcomeOf(status, undefined, now).error, "status");
    }
  });

  it("switches a webhook off when it is 410, or when nothing succeeded for three days", () => {
    assert.equal(disabledBy({ ...failure, status: 410 }, now, now), "gone");
    assert.equal(disabledBy(failure, later(-72 * HOUR), now), "failing");
    assert.equal(disabledBy(failure, later(1 - 72 * HOUR), now), null);
    assert.equal(disabledBy({ ...failure, status: null }, now, now), null);
  });
});
