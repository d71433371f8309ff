import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertNoWider, type KeyLimits, networksOf, scopesOfToken, secondsOfToken } from "./rules.js";

const NOW = new Date("2026-03-01T12:00:00Z");
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
const limits = (networks: string[]): KeyLimits => ({ scopes: ["read"], networks, notAfter: null });

describe("networks of a key", () => {
  it("have one spelling each", () => {
    const spellings: [string, string][] = [
      ["192.0.2.1", "192.0.2.1/32"],
      ["10.0.0.0/8", "10.0.0.0/8"],
      ["0.0.0.0/0", "0.0.0.0/0"],
      ["2001:DB8:0:0::/32", "2001:db8::/32"],
      ["::1", "::1/128"],
      ["::/0", "::/0"],
    ];
    for (const [given, kept] of spellings) assert.deepEqual(networksOf([given]), [kept], given);
    assert.deepEqual(networksOf(["::1", "0:0::1", "192.0.2.1", "192.0.2.1/32"]), ["::1/128", "192.0.2.1/32"]);
  });

  it("are within another key's when each lies in one of them", () => {
    const table: [string[], string[], boolean][] = [
      [[], [], true],
      [["10.0.0.0/8"], [], true],
      [[], ["10.0.0.0/8"], false],
      [["10.0.0.0/8"], ["10.0.0.0/8"], true],
      [["10.255.0.0/16"], ["10.0.0.0/8"], true],
      [["11.0.0.0/16"], ["10.0.0.0/8"], false],
      [["10.0.0.0/7"], ["10.0.0.0/8"], false],
      [["192.0.2.0/24"], ["192.0.2.0/25", "192.0.2.128/25"], false],
      [["192.0.2.1/32", "10.1.0.0/16"], ["192.0.2.0/25", "10.0.0.0/8"], true],
      [["2001:db8:1::/48"], ["2001:db8::/32"], true],
      [["2001:db9::/48"], ["2001:db8::/32"], false],
      [["::/0"], ["0.0.0.0/0"], false],
      [["10.0.0.1/32"], ["::/0"], false],
    ];
    for (const [wanted, own, isWithin] of table) {
      const check = () => assertNoWider(limits(wanted), { ...limits(own), expiresAt: null });
      if (isWithin) assert.doesNotThrow(check, `${wanted} in ${own}`);
      else assert.throws(check, { code: "KEY_TOO_NARROW" }, `${wanted} in ${own}`);
    }
  });
});

describe("a token", () => {
  it("has some scopes of its key, never account", () => {
    assert.deepEqual(scopesOfToken(undefined, ["read", "account"]), ["read"]);
    assert.deepEqual(scopesOfToken(" post  read ", ["read", "post", "vote"]), ["read", "post"]);
    for (const asked of ["account", "read account", "vote", "", "READ"]) {
      assert.throws(() => scopesOfToken(asked, ["read", "account"]), { code: "KEY_TOO_NARROW" }, asked);
    }
    assert.throws(() => scopesOfToken(undefined, ["account"]), { code: "KEY_TOO_NARROW" });
  });

  it("works 15 minutes, or as long as its key", () => {
    assert.equal(secondsOfToken(null, NOW), 900);
    assert.equal(secondsOfToken(later(901), NOW), 900);
    assert.equal(secondsOfToken(later(60.9), NOW), 60);
    assert.throws(() => secondsOfToken(later(0.9), NOW), { code: "KEY_EXPIRED" });
  });
});
