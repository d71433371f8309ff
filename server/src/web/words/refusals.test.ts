/** What rules say when they refuse a form, in French. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { refusals } from "./refusals.js";

const SOURCES = new URL("../../../../src/", import.meta.url);

describe("the French of what rules say", () => {
  it("is of sentences that stand in the sources, word for word", () => {
    const all = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.includes("/words/") && !name.endsWith(".test.ts"))
      .map((name) => readFileSync(new URL(name, SOURCES), "utf8"))
      .join("\n")
      // A value in a sentence, as the words write it.
      .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "{}");
    const gone = Object.keys(refusals).filter((sentence) => !all.includes(sentence));
    assert.deepEqual(gone, []);
  });

  it("names no value that its sentence does not", () => {
    const count = (text: string) => text.split("{}").length;
    const wrong = Object.entries(refusals).filter(([english, french]) => count(french) > count(english));
    assert.deepEqual(wrong, []);
  });

  it("keeps the spaces before double marks", () => {
    assert.deepEqual(
      Object.values(refusals).filter((french) => /[^\u202f\u00a0][;!?»]|[^\u00a0] ?:(?!\/)(?<!\u00a0:)/.test(french)),
      [],
    );
  });
});
