/** What strangers wrote, on somebody's terminal. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeError } from "./errors.js";
import { ago, plain, screenOf, widthOf, wrap } from "./terminal.js";

const HOSTILE = [
  ["clears the screen", "\u001b[2J\u001b[H"],
  ["colours", "\u001b[31mred"],
  ["retitles the window", "\u001b]0;owned\u0007"],
  ["plants a link", "\u001b]8;;http://evil.test\u001b\\click\u001b]8;;\u001b\\"],
  ["writes the clipboard", "\u001b]52;c;ZXZpbA==\u0007"],
  ["asks the terminal to answer", "\u001b[6n\u001bZ"],
  ["uses the one-letter forms of escape", "\u009b31m\u009d0;owned\u009c"],
  ["goes back over what was written", "safe\b\b\b\bevil"],
  ["returns the carriage", "safe\revil"],
  ["turns the reading direction", "\u202egnp.exe\u2066\u200f"],
  ["hides letters", "a\u200bb\u2060c\ufeff"],
  ["hides words in tags", "a\u{e0041}\u{e0042}"],
  ["rings and deletes", "\u0007\u007f\u0000"],
  ["is half a letter", "\ud83d"],
  ["uses letters of nobody", "\ue000\u{10ffff}"],
] as const;

describe("a stranger's text on a terminal", () => {
  it("does nothing either where one of our errors quotes it", () => {
    for (const [, text] of HOSTILE) {
      const { message, hint = "" } = describeError(Object.assign(new Error(`It said:\n${text}`), { hint: text }));
      assert.doesNotMatch(message.replace("\n", "") + hint, /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u);
    }
  });

  for (const [what, text] of HOSTILE) {
    it(`does nothing when it ${what}`, () => {
      for (const shown of [plain(text), wrap(text, 40), wrap(text, 40, "  ")]) {
        assert.doesNotMatch(shown.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u, JSON.stringify(shown));
      }
    });
  }

  it("keeps what is only text: scripts, joined pictures, marks in reason", () => {
    for (const text of ["naïve façade", "日本語", "עברית", "family 👨‍👩‍👧 👩🏽‍🚀", "क्‍ष", "m̃"])
      assert.equal(plain(text), text);
    assert.equal(plain(`z${"\u0301".repeat(50)}`), `z${"\u0301".repeat(4)}`);
    assert.equal(plain("one\r\n\ttwo\u2028three"), "one two three");
  });

  it("fits into its width, whatever the letters", () => {
    const text = `${"word ".repeat(30)}\n\n\n\n${"x".repeat(95)}\n${"漢".repeat(40)}`;
    const lines = wrap(text, 40, "    ").split("\n");
    for (const line of lines) assert.ok(widthOf(line) <= 40, line);
    assert.equal(lines.filter((line) => line === "").length, 1);
    assert.equal(wrap(text, 40).replaceAll(/\s/g, ""), text.replaceAll(/\s/g, ""));
    assert.equal(widthOf("a漢é"), 4);
  });

  it("is wrapped in no time, also a line of a megabyte", () => {
    const before = performance.now();
    wrap("a".repeat(1_000_000), 80);
    plain("\u200d".repeat(200_000));
    assert.ok(performance.now() - before < 3_000);
  });
});

describe("the screen", () => {
  const terminal = { isTTY: true, columns: 200 } as typeof process.stdout;
  const pipe = { isTTY: false } as unknown as typeof process.stdout;

  it("is coloured on a terminal only, and never against NO_COLOR", () => {
    assert.equal(screenOf({ colours: true, columns: undefined }, terminal).bold("x"), "\u001b[1mx\u001b[22m");
    assert.equal(screenOf({ colours: false, columns: undefined }, terminal).bold("x"), "x");
    assert.equal(screenOf({ colours: true, columns: undefined }, pipe).accent("x"), "x");
  });

  it("is at most 100 columns wide, 80 where nobody knows", () => {
    assert.equal(screenOf({ colours: true, columns: undefined }, terminal).width, 100);
    assert.equal(screenOf({ colours: true, columns: undefined }, pipe).width, 80);
    assert.equal(screenOf({ colours: true, columns: 60 }, pipe).width, 60);
  });

  it("tells times as somebody would", () => {
    const now = new Date("2026-03-01T12:00:00Z");
    const told = ["2026-03-01T12:00:30Z", "2026-03-01T11:55:00Z", "2026-03-01T09:10:00Z", "2026-02-20T12:00:00Z"];
    assert.deepEqual(
      told.map((time) => ago(time, now)),
      ["now", "5 min", "2 h", "9 d"],
    );
    assert.deepEqual([ago("2025-12-24T00:00:00Z", now), ago("nonsense", now)], ["2025-12-24", "?"]);
  });
});
