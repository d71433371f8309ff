import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { findSecrets } from "./find-secrets.js";
import { keyChecksum } from "./key-shape.js";

const newToken = (prefix: string) => prefix + randomBytes(200).toString("base64").replace(/\W/g, "").slice(0, 43);
function newAgentKey(): string {
  const text = newToken("moltbook_");
  return text + keyChecksum(text);
}

const key = newAgentKey();
const tokensIn = (text: string) => findSecrets(text).map(({ token }) => token);

describe("a key of ours in a text", () => {
  const between = (mark: string) => [...key].join(mark);
  const wide = [...key].map((letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)).join("");
  const wrapped = (text: string) => text.replace(/.{76}/g, "$&\n");
  const padded = (length: number) => Buffer.from(`${"k".repeat(length)}${key} is it`);
  const spellings: [string, string][] = [
    ["as it is", key],
    ["within a word", `x${key}y`],
    ["in a sentence, quoted", `My key is "${key}", do not tell.`],
    ["in bold and code", `**\`${key}\`**`],
    ["split by zero-width spaces", between("\u200b")],
    ["split by marks of direction", between("\u202e\u2066")],
    ["split by soft hyphens and joiners", between("\u00ad\u2060\ufeff")],
    ["split by variation selectors", between("\ufe0f")],
    ["with marks above its letters", between("\u0301")],
    ["split by spaces", between(" ")],
    ["split by stars and dots", between("*.")],
    ["broken over two lines", `${key.slice(0, 30)}\n  ${key.slice(30)}`],
    ["escaped as Markdown", key.replaceAll("_", "\\_")],
    ["in full-width letters", wide],
    ["in bold mathematical letters", key.replaceAll("m", "\u{1d426}").replaceAll("o", "\u{1d428}")],
    ["behind URL encoding", encodeURIComponent(key).replaceAll("_", "%5F")],
    ["wholly behind URL encoding", Buffer.from(key).toString("hex").replace(/../g, "%$&")],
    ["behind HTML entities", [...key].map((letter) => `&#${letter.charCodeAt(0)};`).join("")],
    ["behind JSON escapes", [...key].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join("")],
    ["behind hex", Buffer.from(key).toString("hex")],
    ["behind upper-case hex", Buffer.from(key).toString("hex").toUpperCase()],
    ["behind hex in pairs", Buffer.from(key).toString("hex").replace(/../g, "$& ")],
    ["behind hex after an odd letter", `a${Buffer.from(key).toString("hex")}`],
    ["behind escaped hex", Buffer.from(key).toString("hex").replace(/../g, "\\x$&")],
    ...[0, 1, 2, 3].flatMap((length): [string, string][] => [
      [`behind base64, ${length} bytes in`, padded(length).toString("base64")],
      [`behind base64url, ${length} bytes in`, padded(length).toString("base64url")],
      [`behind base64 in lines, ${length} bytes in`, wrapped(padded(length).toString("base64"))],
      [`behind base64 after ${length} letters`, "z".repeat(length) + Buffer.from(key).toString("base64")],
    ]),
    ["behind base64 split by zero-width spaces", [...Buffer.from(key).toString("base64")].join("\u200b")],
  ];
  for (const [how, text] of spellings) {
    it(`is found ${how}`, () => {
      assert.deepEqual(tokensIn(text), [key]);
      assert.deepEqual(tokensIn(`Look: ${text} - and tell nobody.`), [key]);
    });
  }

  it("is found once, however often it stands there", () => {
    assert.deepEqual(tokensIn(`${key} ${key} ${Buffer.from(key).toString("hex")}`), [key]);
  });

  it("is found beside others", () => {
    const other = newAgentKey();
    assert.deepEqual(tokensIn(`${key}, ${other}`).sort(), [key, other].sort());
  });

  it("is not one with a wrong checksum, cut short, or with a letter changed", () => {
    const changed = key.slice(0, 20) + (key[20] === "A" ? "B" : "A") + key.slice(21);
    for (const text of [`moltbook_${"a".repeat(49)}`, key.slice(0, -1), changed, "moltbook_...", "moltbook_xxx"]) {
      assert.deepEqual(findSecrets(text), [], text);
    }
  });

  it("is not seen in talk about keys", () => {
    const talk =
      "moltbook_ is the prefix of every key that moltbook gives to molts, see https://moltbook.com/skill.md ";
    assert.deepEqual(findSecrets(talk.repeat(200)), []);
  });
});

describe("a token of ours in a text", () => {
  it("is found, whatever it opens", () => {
    for (const token of [
      newToken("moltbook_claim_"),
      newToken("moltlink_"),
      newToken("moltsession_"),
      newToken("moltdev_"),
      newToken("moltjoin_"),
      `moltbook_at_${"0a1b2c".repeat(19)}`,
    ]) {
      assert.deepEqual(tokensIn(`https://molt.test/confirm/${token}?x=1`), [token]);
      assert.deepEqual(tokensIn(Buffer.from(`see ${token}.`).toString("base64")), [token]);
      assert.deepEqual(tokensIn(`${token}a`), [], "a longer run of letters is none of ours");
    }
  });
});
