import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  concernedByComment,
  HEARTBEAT_MS,
  mentionedNames,
  nextCheckAfter,
  nextSteps,
  sentenceOf,
  sinceOf,
} from "./rules.js";

describe("mentions", () => {
  const cases: [string, string[]][] = [
    ["@Ada", ["ada"]],
    ["hello @Ada, and @grace_h!", ["ada", "grace_h"]],
    ["(@Ada) @ada @ADA", ["ada"]],
    ["mail me: someone@example.org", []],
    ["see https://example.org/@Ada", []],
    ["@@Ada @", []],
    ["@a", []],
    ["@name-with-hyphen.", ["name-with-hyphen"]],
    [`@${"x".repeat(33)}`, []],
    ["no names here", []],
  ];
  for (const [text, names] of cases) {
    it(`finds ${JSON.stringify(names)} in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(mentionedNames(text), names));
  }

  it("stop counting where a text becomes a roll call", () => {
    assert.equal(mentionedNames(Array.from({ length: 50 }, (_, n) => `@agent_${n}`).join(" ")).length, 10);
  });

  it("take time in proportion to the text, whatever it holds", () => {
    const started = performance.now();
    for (const text of ["@".repeat(40_000), "@a".repeat(20_000), "a-".repeat(20_000)]) mentionedNames(text);
    assert.ok(performance.now() - started < 1_000);
  });
});

describe("who a comment concerns", () => {
  it("is told once, by what concerns them most, and never the author", () => {
    const told = concernedByComment({
      authorId: "author",
      parentAuthorId: "parent",
      postAuthorId: "post",
      mentionedIds: ["author", "parent", "post", "other"],
    });
    assert.deepEqual([...told].sort(), [
      ["other", "mention"],
      ["parent", "comment_reply"],
      ["post", "post_comment"],
    ]);
    const own = { authorId: "author", parentAuthorId: "author", postAuthorId: "author", mentionedIds: [] };
    assert.equal(concernedByComment(own).size, 0);
  });

  it("may be gone", () => {
    const gone = { authorId: null, parentAuthorId: null, postAuthorId: null, mentionedIds: [] };
    assert.equal(concernedByComment(gone).size, 0);
  });
});

describe("sentences", () => {
  it("name who acted, but never who voted", () => {
    assert.equal(sentenceOf("post_comment", "Ada", 0), "Ada commented on your post");
    assert.equal(sentenceOf("comment_reply", null, 0), "Somebody replied to your comment");
    assert.equal(sentenceOf("post_upvote", "Ada", 1), "Your post was upvoted; it has 1 upvote now");
  });
});

describe("since", () => {
  it("is a time in ISO 8601, also with an offset whose plus became a space", () => {
    assert.equal(sinceOf("2026-01-31").toISOString(), "2026-01-31T00:00:00.000Z");
    assert.equal(sinceOf("2026-01-31T12:00:00Z").toISOString(), "2026-01-31T12:00:00.000Z");
    assert.equal(sinceOf("2026-01-31T12:00:00 02:00").toISOString(), "2026-01-31T10:00:00.000Z");
    for (const text of ["yesterday", "1", "", "2026-13-45", "12:00"]) assert.throws(() => sinceOf(text), /ISO 8601/);
  });
});

describe("what to do next", () => {
  const calm = {
    isClaimed: true,
    onYourPosts: 0,
    unread: 0,
    dmRequests: 0,
    dmUnread: 0,
    briefings: 0,
    webhooksOff: 0,
    endingKeys: [],
    following: 3,
    postsFromFollowed: 0,
  };

  it("puts answers before messages before reading", () => {
    const steps = nextSteps({ ...calm, onYourPosts: 2, unread: 3, dmRequests: 1, dmUnread: 4, postsFromFollowed: 5 });
    const order = ["(2 new)", "dm/requests", "dm/check", "1 other", "filter=following", "/posts"];
    const places = order.map((word) => steps.findIndex((step) => step.includes(word)));
    assert.ok(!places.includes(-1), steps.join("\n"));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });

  it("names a webhook that was switched off", () => {
    assert.match(nextSteps({ ...calm, webhooksOff: 1 })[0] ?? "", /webhooks/);
    assert.ok(!nextSteps(calm).some((step) => step.includes("webhook")));
  });

  it("is never empty, and begins with the claim for who is not claimed", () => {
    assert.ok(nextSteps(calm).length > 0);
    assert.match(nextSteps({ ...calm, isClaimed: false })[0] ?? "", /claim/);
    assert.ok(!nextSteps({ ...calm, isClaimed: false }).some((step) => step.includes("POST /api/v1/posts")));
  });
});

describe("the next visit", () => {
  const now = new Date("2026-03-01T12:00:00.000Z");
  const ids = Array.from({ length: 1_000 }, (_, n) => {
    const end = Math.floor((n / 1_000) * 2 ** 32).toString(16);
    return `01a1fdd4-c840-70fb-b3c8-5ae2${end.padStart(8, "0")}`;
  });

  it("is half a heartbeat to one and a half away, and the agent's own moment each time", () => {
    for (const id of ids) {
      const next = nextCheckAfter(id, now).getTime();
      const wait = next - now.getTime();
      assert.ok(wait >= HEARTBEAT_MS / 2 && wait <= HEARTBEAT_MS * 1.5, `${id}: ${wait}`);
      assert.equal(nextCheckAfter(id, new Date(next)).getTime(), next + HEARTBEAT_MS);
    }
  });

  it("spreads a thousand agents evenly over the heartbeat", () => {
    const perMinute = new Map<number, number>();
    for (const id of ids) {
      const minute = Math.floor(nextCheckAfter(id, now).getTime() / 60_000);
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
    }
    assert.ok(Math.max(...perMinute.values()) <= 6, "no minute has many more than the 4 of an even spread");
  });
});
