/**
 * The spellings under which one text may hide another: invisible characters, look-alikes that Unicode calls compatible,
 * and one layer of escapes, base64 or hex. Each is made in time linear in the text, and only where the text gives cause.
 */

const BEYOND_ASCII = /[^\0-\x7f]/;
/** Marks on other characters, characters that only steer the display, and fillers that leave no ink. */
const UNSEEN = /[\p{M}\p{Cf}\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800]+/gu;

/** The text as a reader would copy it: without what cannot be seen, compatible characters as their plain ones (NFKC). */
export function plainOf(text: string): string {
  return BEYOND_ASCII.test(text) ? text.replace(UNSEEN, "").normalize("NFKC") : text;
}

const ESCAPED = /%[0-9a-f]{2}|&#|\\[ux]/i;
const ESCAPE =
  /%(?<percent>[0-9a-f]{2})|&#(?:(?<decimal>[0-9]{1,7})|x(?<entity>[0-9a-f]{1,6}));?|\\(?:u(?<wide>[0-9a-f]{4})|x(?<byte>[0-9a-f]{2}))/gi;

/** The text without URL, HTML or JSON escapes of single characters; undefined when it has none. */
export function unescaped(text: string): string | undefined {
  if (!ESCAPED.test(text)) return undefined;
  return text.replace(ESCAPE, (whole, percent, decimal, entity, wide, byte) => {
    const code = decimal === undefined ? Number.parseInt(percent ?? entity ?? wide ?? byte, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** What the first four letters of our tokens, `molt`, are in base64 at the three places of a group, and in hex. */
const IN_BASE64 = new RegExp(["bW9sd", "1vbH", "tb2x0"].map(spaced).join("|"));
const IN_HEX = new RegExp(spaced("6d6f6c74"), "i");
/** Runs that are long enough for one of our tokens. */
const BASE64_RUN = /[0-9A-Za-z+/_-]{60,}/g;
const HEX_RUN = /[0-9a-f]{100,}/gi;

/** What stands in the text in base64, base64url or hex, where that may be a token of ours; line breaks do not matter. */
export function decoded(text: string): string[] {
  const found: string[] = [];
  if (IN_BASE64.test(text)) {
    for (const [run] of text.replace(/\s+/g, "").matchAll(BASE64_RUN)) {
      // Letters that stand before it by chance move it within the groups of four.
      for (let skip = 0; skip < 4; skip++) found.push(Buffer.from(run.slice(skip), "base64").toString("latin1"));
    }
  }
  if (IN_HEX.test(text)) {
    for (const [run] of text.replace(/[^0-9A-Za-z]+/g, "").matchAll(HEX_RUN)) {
      for (let skip = 0; skip < 2; skip++) found.push(Buffer.from(run.slice(skip), "hex").toString("latin1"));
    }
  }
  return found;
}

/** A pattern of the same letters with anything between them that is neither letter, digit nor underscore. */
export function spaced(letters: string): string {
  return [...letters].join("\\W*");
}
