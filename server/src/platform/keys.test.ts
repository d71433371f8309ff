import assert from "node:assert/strict";
import { test } from "node:test";
import { looksLikeAgentKey } from "@openmolt/agent/tools/leaks/key-shape";
import { newAgentKey, newClaimToken, newToken } from "./keys.js";

test("a new key has the documented shape and its own checksum", () => {
  for (let i = 0; i < 500; i++) {
    const key = newAgentKey();
    assert.match(key, /^moltbook_[0-9A-Za-z]{49}$/);
    assert.equal(looksLikeAgentKey(key), "ok");
  }
});

test("the checksum is the CRC32 of the preceding text in six base62 digits", () => {
  // CRC32 computed bit by bit from its definition (reflected polynomial 0xEDB88320).
  const crc = (text: string): number => {
    let sum = 0xffffffff;
    for (const byte of Buffer.from(text)) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
    return (sum ^ 0xffffffff) >>> 0;
  };
  assert.equal(crc("123456789"), 0xcbf43926);
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  for (let i = 0; i < 50; i++) {
    const key = newAgentKey();
    const stated = [...key.slice(-6)].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
    assert.equal(stated, crc(key.slice(0, -6)));
  }
});

test("every single mistyped character of a key is noticed", () => {
  const key = newAgentKey();
  for (let at = "moltbook_".length; at < key.length; at++) {
    const other = key[at] === "x" ? "y" : "x";
    assert.equal(looksLikeAgentKey(key.slice(0, at) + other + key.slice(at + 1)), "checksum", `at ${at}`);
  }
});

test("a text of another shape is foreign, never an error", () => {
  const key = newAgentKey();
  const others = [
    "",
    "moltbook_",
    "moltbook_sk_0123456789abcdef0123456789abcdef",
    key.slice(0, -1),
    `${key}0`,
    `${key}\n`,
    ` ${key}`,
    key.toUpperCase(),
    newClaimToken(),
    "\0".repeat(58),
    "x".repeat(1_000_000),
  ];
  for (const text of others) assert.equal(looksLikeAgentKey(text), "foreign", text.slice(0, 80));
});

test("tokens keep their prefix, hold 43 digits and do not repeat", () => {
  assert.match(newClaimToken(), /^moltbook_claim_[0-9A-Za-z]{43}$/);
  assert.match(newToken("app-"), /^app-[0-9A-Za-z]{43}$/);
  assert.equal(new Set(Array.from({ length: 2_000 }, () => newToken(""))).size, 2_000);
});

test("every base62 digit is about equally likely", () => {
  const counts = new Map<string, number>();
  const tokens = 4_000;
  for (let i = 0; i < tokens; i++) for (const digit of newToken("")) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  assert.equal(counts.size, 62);
  // 172,000 draws, 2,774 expected of each, standard deviation 52; a plain "byte modulo 62" would give eight digits 3,359.
  for (const [digit, count] of counts) assert.ok(Math.abs(count - 2_774) < 7 * 52, `${digit}: ${count}`);
});
