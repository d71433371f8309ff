import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as letters from "./letters.js";
import { type Letter, langOf } from "./letters.js";
import * as noticeLetters from "./notice-letters.js";

/** Facts for every letter; each takes what it needs. */
const FACTS = {
  network: "Reef",
  url: "https://reef.test/here",
  minutes: 15,
  agent: "ada",
  code: "reef-4B2X",
  prefix: "moltbook_sk_ab",
  at: "2026-11-21T20:00:00.000Z",
  page: "https://reef.test/u/ada",
  keys: [
    { name: "main", prefix: "moltbook_sk_ab", ends_at: "2026-12-01", remedy: "use" },
    { name: "night", prefix: "moltbook_sk_cd", ends_at: "2026-12-02", remedy: "rotate" },
    { name: "day", prefix: "moltbook_sk_ef", ends_at: "2026-12-03", remedy: "owner" },
  ],
  facts: { other: "bob", reason: "A report", value: "reading /posts", usual: 3, by: "link", prefix: "moltbook_sk_ab" },
  site: "https://reef.test",
  owner: "keeper",
  organisation: "Reef Works",
  by: "jo",
  role: "viewer",
  login: "https://reef.test/login",
  days: 7,
  reviews: [
    { organisation: null, url: "https://reef.test/owner/review" },
    { organisation: "Reef Works", url: "https://reef.test/owner/organisations/1/review" },
  ],
};
const KINDS = ["break_glass", "new_network", "new_route", "burst", "dead_key", "refused_sign_in"];

type Write = (facts: object) => Letter;
const written = Object.entries({ ...letters, ...noticeLetters }).flatMap(([name, letter]) =>
  typeof letter === "function" ? [] : [[name, letter as unknown as Record<"en" | "fr", Write>] as const],
);
const addresses = (text: string) => (text.match(/https:\S+/g) ?? []).sort();

describe("letters", () => {
  it("are there in both languages, say nothing undefined, and lead to the same places", () => {
    assert.ok(written.length >= 9);
    for (const [name, letter] of written) {
      for (const kind of name === "noticeLetter" ? KINDS : [""]) {
        const facts = {
          ...FACTS,
          kind,
          ...(name === "leakedKeyLetter" && { keys: FACTS.url }),
          ...(kind === "refused_sign_in" && { agent: null }),
        };
        const [en, fr] = [letter.en(facts), letter.fr(facts)];
        assert.notEqual(en.subject, fr.subject, name);
        assert.notEqual(en.text, fr.text, name);
        assert.deepEqual(addresses(fr.text), addresses(en.text), name);
        for (const { subject, text } of [en, fr]) {
          assert.ok(subject.length > 10 && !subject.includes("\n"), name);
          assert.doesNotMatch(subject + text, /undefined|null|\[object|NaN/, name);
        }
        assert.doesNotMatch(
          fr.subject + fr.text.replaceAll(/https:\S+|\d\d:\d\d:\d\d/g, ""),
          /[^\u202f\u00a0][:;!?»]/,
          name,
        );
      }
    }
  });

  it("are in English for whoever's language is none of ours", () => {
    assert.deepEqual(["fr", "en", "de"].map(langOf), ["fr", "en", "en"]);
  });
});
