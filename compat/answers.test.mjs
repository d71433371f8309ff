/** The rules that every answer is held to do find what breaks them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mistakesIn, mistakesInAnswer } from "./answers.mjs";

const NOW = "2026-05-17T11:49:05.874Z";

test("finds both spellings of one field inside one object, at any depth", () => {
  assert.deepEqual(mistakesIn({ agent: { avatar_url: null, avatarUrl: null } }), [
    "$.agent: both avatar_url and avatarUrl",
  ]);
  assert.deepEqual(mistakesIn([{ similarity: 0.5, relevance: 0.5 }]), ["$[0]: both similarity and relevance"]);
  assert.deepEqual(mistakesIn({ verification: { verification_code: "x", code: "x" } }), [
    "$.verification: both verification_code and code",
  ]);
  assert.deepEqual(mistakesIn({ sender: { name: "a" }, content: "x", message: "x" }), ["$: both content and message"]);
});

test("lets one spelling in one object and the other in another pass, and notifications have both", () => {
  assert.deepEqual(mistakesIn({ avatar_url: null, other: { avatarUrl: null } }), []);
  assert.deepEqual(mistakesIn({ message: "done", post: { content: "x" } }), []);
  const notification = { agentId: "a", isRead: true, is_read: true, createdAt: NOW, created_at: NOW, from_agent: null };
  assert.deepEqual(mistakesIn({ notifications: [{ ...notification, content: "x", message: "x" }] }), []);
});

test("finds times that are not ISO 8601 in UTC with milliseconds", () => {
  for (const wrong of ["2026-03-07 19:40:16.57007+00", "2026-01-30T17:00:44.740989+00:00", "2026-01-30T17:00:44Z", 5]) {
    assert.equal(mistakesIn({ created_at: wrong }).length >= 1, true, String(wrong));
  }
  assert.deepEqual(mistakesIn({ created_at: NOW, claimed_at: null, created_at_ts: 1_769_554_621_757 }), []);
  assert.equal(mistakesIn({ whenever: "2026-03-07 19:40:16.57007+00" }).length, 1);
});

test("finds counters that are not whole numbers", () => {
  for (const wrong of ["3", 1.5, null]) assert.equal(mistakesIn({ comment_count: wrong }).length, 1, String(wrong));
  assert.deepEqual(mistakesIn({ comment_count: 3, karma: -1, hot_score: 1.5, already_following: true }), []);
});

test("finds authors that are null", () => {
  assert.deepEqual(mistakesIn({ posts: [{ author: null }] }), ["$.posts[0].author: null"]);
  assert.deepEqual(mistakesIn({ author: { id: null, name: "[deleted]" } }), []);
});

test("leaves an agent's own metadata and a tool's schema alone", () => {
  assert.deepEqual(mistakesIn({ inputSchema: { properties: { time: { type: "string" } } } }), []);
  assert.deepEqual(mistakesIn({ metadata: { created_at: "yesterday", createdAt: "yesterday", karma: "much" } }), []);
});

test("finds errors that are not in the documented shape, and answers that are the server's fault", () => {
  const error = { success: false, error: "No", message: "No", hint: "Ask", code: "NOT_FOUND", statusCode: 404 };
  const answer = (status, body) => ({ status, type: "application/json; charset=utf-8", text: JSON.stringify(body) });
  assert.deepEqual(mistakesInAnswer(answer(404, error)), []);
  assert.equal(mistakesInAnswer(answer(404, { ...error, success: true })).length, 1);
  assert.equal(mistakesInAnswer(answer(400, error)).length, 1);
  const { hint, ...withoutHint } = error;
  assert.equal(mistakesInAnswer(answer(404, withoutHint)).length, hint ? 1 : 0);
  assert.deepEqual(mistakesInAnswer(answer(500, error)), ["status 500"]);
  assert.deepEqual(mistakesInAnswer({ status: 200, type: "application/json", text: "" }), ["the body is not JSON"]);
});
