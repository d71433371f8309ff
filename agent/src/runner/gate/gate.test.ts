import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RULES } from "../prompt.js";
import { type Guard, gate, gateDecision, loggable } from "./gate.js";

const letters = (length: number) => "aZ3kQ9xW7mB2nV5cR8tY1uI4oP6sD0fG".repeat(5).slice(0, length);
const guard: Guard = {
  canary: "kelp-7f3a91c2",
  texts: [
    RULES,
    "My owner keeps a blue boat in the harbour of Roscoff, next to the lighthouse.\nThe dog is called Ferdinand.",
  ],
  keys: [`provider-${letters(24)}`],
  links: ["molt.test"],
};
const rulesOf = (text: string) => [...new Set(gate(text, guard).map(({ rule }) => rule))];

describe("the gate", () => {
  it("lets ordinary texts pass", () => {
    const texts = [
      "The tides are late again. Measured at 12:30:45 on 2026-11-21, version 1.2.3.",
      "See https://molt.test/post/1 and https://www.molt.test/u/Kelp for what @Kelp said.",
      "Edit config.json, README.md and node.js files; e.g. src/main.rs. Ratio 3:4.",
      "A key is a secret; a token is a promise. Never publish one. The password policy was changed.",
      "do re mi; fish and chips; the quick brown fox jumps over the lazy dog while many other animals watch.",
      "::1 is loopback, 127.0.0.1 too, and std::vec::Vec is no address.",
      "Authorization matters. Bearer tokens are short-lived.",
      "",
    ];
    for (const text of texts) assert.deepEqual(gate(text, guard), [], text);
  });

  const secrets: [string, string][] = [
    ["a key of ours without its checksum", `moltbook_${letters(40)}`],
    ["a Moltbook key", `moltbook_sk_${letters(32)}`],
    ["a key of Anthropic", `sk-ant-api03-${letters(90)}`],
    ["a key of OpenAI", `sk-proj-${letters(40)}`],
    ["a GitHub token", `ghp_${letters(36)}`],
    ["an AWS key", "AKIA" + "Z2KJ7Q4XW3MN5PRT"],
    ["a Google key", `AIza${letters(35)}`],
    ["a Slack token", `xoxb-${"1".repeat(12)}-${letters(24)}`],
    ["a Discord token", `MTA${letters(21)}.GaBcDe.${letters(30)}`],
    ["a Telegram token", `123456789:AA${letters(33)}`],
    ["a Stripe key", `sk_live_${letters(24)}`],
    ["an npm token", `npm_${letters(36)}`],
    ["a JWT", `eyJ${letters(20)}.eyJ${letters(30)}.${letters(43)}`],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc"],
    ["an Authorization header", `Authorization: Bearer ${letters(20)}`],
    ["credentials in an address", "postgres://molt:hunter2@localhost/db"],
    ["a setting", `API_KEY="${letters(20)}"`],
    ["a seed phrase", "ladder crisp ocean velvet anchor puzzle timber rocket saddle meadow copper window"],
    ["a key that is held", guard.keys[0] ?? ""],
  ];
  for (const [what, secret] of secrets) {
    it(`finds ${what}, also behind base64, hex, URL escapes and invisible characters`, () => {
      assert.ok(rulesOf(`It is ${secret} ok`).includes("secret"), "plain");
      assert.ok(rulesOf(Buffer.from(secret).toString("base64")).includes("secret"), "base64");
      assert.ok(rulesOf(Buffer.from(secret).toString("hex")).includes("secret"), "hex");
      assert.ok(
        rulesOf([...secret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join("")).includes("secret"),
        "url",
      );
      assert.ok(rulesOf([...secret].join("\u200b")).includes("secret"), "zero width");
    });
  }

  it("finds the mark of the prompt and keys that are held, spaced, shouted or backwards", () => {
    assert.deepEqual(rulesOf(`It says ${guard.canary}.`), ["canary"]);
    assert.deepEqual(rulesOf([...guard.canary].join(" ").toUpperCase()), ["canary"]);
    assert.deepEqual(rulesOf([...(guard.keys[0] ?? "")].join(".")), ["secret"]);
    assert.deepEqual(rulesOf([...guard.canary].reverse().join("-")), ["canary"]);
  });

  it("finds forty letters of the private prompt in a row, and short lines of it as a whole", () => {
    assert.deepEqual(rulesOf("MY OWNER keeps a blue boat -- in the harbour of Roscoff, next to it"), ["prompt"]);
    assert.deepEqual(rulesOf("my owner keeps a blue boat"), []);
    assert.deepEqual(rulesOf("As you know, the dog is called Ferdinand!"), ["prompt"]);
    assert.deepEqual(rulesOf(`Rules: ${RULES.slice(100, 160)}`), ["prompt"]);
    assert.deepEqual(rulesOf(Buffer.from(RULES.slice(0, 90)).toString("base64")), ["prompt"]);
  });

  it("finds what tells of people and machines", () => {
    for (const text of [
      "/home/ada/notes.txt",
      "C:\\Users\\Ada\\x",
      "/Users/ada",
      "/root/.ssh",
      "/etc/passwd",
      "/proc/1/environ",
      "write to ada@example.org",
      "from 192.168.1.20",
      "at 2001:db8:0:1:2:3:4:5",
      "fe80::1ff:fe23:4567:890a",
    ]) {
      assert.deepEqual(rulesOf(`see ${text} there`), ["private"], text);
    }
  });

  it("finds links to hosts that are not allowed, however they are written", () => {
    for (const text of [
      "https://evil.test/x",
      "HTTPS://EVIL.TEST",
      "[here](//evil.test/x)",
      "![x](http://molt.test.evil.test/p.png)",
      "https://molt.test@evil.test/",
      "hxxps://evil[.]test/x",
      "go to evil.com now",
      "evil(dot)xyz",
      "http:\\\\evil.test",
      "javascript:alert(1)",
      "data:text/html;base64,AAAA",
      "https://xn--mlt-0na.test",
      "https://мolt.test/x",
      "ftp://10.0.0.1/x".replace("10.0.0.1", "evil.test"),
    ]) {
      assert.ok(rulesOf(text).includes("link"), text);
    }
  });

  it("shows a few characters of what it found, never all of it", () => {
    for (const [, secret] of secrets) {
      for (const { evidence } of gate(secret, guard)) {
        assert.ok(!evidence.includes(secret.slice(0, 9)) && evidence.length < 60, evidence);
      }
    }
  });

  it("looks at everything that would be published, and at nothing else", () => {
    const canary = `x ${guard.canary}`;
    assert.equal(gateDecision({ action: "upvote", target: canary, why: canary }, guard).length, 0);
    assert.equal(gateDecision({ action: "comment", target: "c1", text: canary }, guard).length, 1);
    assert.equal(gateDecision({ action: "post", submolt: "general", title: canary, text: "a" }, guard).length, 1);
    assert.equal(
      gateDecision({ action: "create_submolt", name: "kelp-7f3a91c2", title: "a", text: "b" }, guard).length,
      1,
    );
  });

  it("quotes a direct message to nobody but whom it came from", () => {
    const said = "Between us: the archive of the harbour office burnt down in May, all of it.";
    const shown = [{ id: "d1", kind: "conversation", text: said, because: "message" } as const];
    const text = `Kelp wrote: ${said}`;
    assert.equal(gateDecision({ action: "comment", target: "p1", text }, guard, shown).length, 1);
    assert.equal(gateDecision({ action: "dm_reply", target: "d2", text }, guard, shown).length, 1);
    assert.equal(gateDecision({ action: "dm_reply", target: "d1", text }, guard, shown).length, 0);
    assert.equal(gateDecision({ action: "comment", target: "p1", text: "Between us: no" }, guard, shown).length, 0);
  });

  it("keeps nothing in a log that it held back", () => {
    const why = `told to say ${guard.canary}`;
    const kept = loggable({ action: "comment", target: "c1", text: `${guard.keys[0]}`, why }, guard);
    assert.deepEqual(kept, {
      action: "comment",
      target: "c1",
      text: "[held back, 33 characters]",
      why: "[held back, 25 characters]",
    });
  });

  it("takes time that grows with the text, whatever the text is", () => {
    const cost = (part: string, length: number) => {
      const text = part.repeat(Math.ceil(length / part.length));
      const start = process.cpuUsage();
      gate(text, guard);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1_000;
    };
    for (const part of ["a", "a ", "a.", "/", "x:", "{", "aB1", "1.", "ab:", "token=", "//a", "%41", "seed abc "]) {
      assert.ok(cost(part, 20_000) < 750, `${part} takes ${cost(part, 20_000)} ms`);
    }
  });
});

const data = process.env.OPENMOLT_TEST_DATA ?? join(import.meta.dirname, "../../../../../shared/data");
it("few real texts are held back but for their links", {
  skip: existsSync(data) ? false : "no OPENMOLT_TEST_DATA",
}, (t) => {
  const texts = ["comments", "posts"].flatMap((file) =>
    readFileSync(join(data, "moltbook-content", `${file}.ndjson`), "utf8")
      .trim()
      .split("\n")
      .slice(0, 1_500)
      .map((line) => (JSON.parse(line) as { content?: string }).content ?? ""),
  );
  const held = texts
    .map((text) => gate(text, guard).filter(({ rule }) => rule !== "link"))
    .filter((hits) => hits.length > 0);
  for (const [hit] of held.slice(0, 40)) t.diagnostic(`${hit?.rule}: ${hit?.what}: ${hit?.evidence}`);
  t.diagnostic(`${held.length} of ${texts.length} are held back`);
  assert.ok(texts.length > 1_000);
  assert.ok(held.length <= texts.length / 100);
});
