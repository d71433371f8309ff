import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { digestOf, newSalt } from "./digest.js";

const salt = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");

test("a digest is SHA-256 of the salt and the canonical JSON of RFC 8785", () => {
  // The example of RFC 8785, section 3.2.2 and 3.2.3.
  const content = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
  );
  const canonical =
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  const expected = createHash("sha256")
    .update(Buffer.concat([salt, Buffer.from(canonical, "utf8")]))
    .digest("hex");
  assert.equal(digestOf(content, salt).toString("hex"), expected);
});

test("key order does not matter; values, salt and absence do", () => {
  const digest = digestOf({ a: 1, b: ["x", null] }, salt);
  assert.deepEqual(digestOf({ b: ["x", null], a: 1 }, salt), digest);
  assert.deepEqual(digestOf({ b: ["x", null], a: 1, c: undefined }, salt), digest);
  for (const other of [{ a: 1, b: ["x"] }, { a: "1", b: ["x", null] }, { a: 1, b: ["x", null], c: null }, null]) {
    assert.notDeepEqual(digestOf(other, salt), digest);
  }
  assert.notDeepEqual(digestOf({ a: 1, b: ["x", null] }, newSalt()), digest);
});

test("refuses what is no JSON and a salt of the wrong length", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (const content of [
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "\ud800",
    { a: "\udc00" },
    cycle,
    1n,
    () => 1,
  ]) {
    assert.throws(() => digestOf(content, salt));
  }
  assert.throws(() => digestOf("x", Buffer.alloc(15)), RangeError);
  assert.throws(() => digestOf("x", Buffer.alloc(0)), RangeError);
});

test("salts are 16 random bytes", () => {
  assert.equal(newSalt().length, 16);
  assert.notDeepEqual(newSalt(), newSalt());
});
