/**
 * Tokens in a text that look as if chance had made them, as keys and passwords do. What they are nobody can tell, so a text
 * that holds one is only labelled. Pure; its work is linear in the text, whatever the text is.
 */

/** Shorter tokens look random too often, longer ones are pictures and other data, in characters. */
const SHORTEST = 20;
const LONGEST = 128;
/** A base64 token may be split at a slash, as paths are; what is left of it is long enough nearly always. */
const RUN = new RegExp(`(?<![\\w+-])[\\w+-]{${SHORTEST},${LONGEST}}(?![\\w+-])`, "g");
const SPACE = 32;
const ADDRESS = /:\/\/|www\./;
/** Parts of UUIDs, digests, addresses, numbers. */
const HEX = /^(?:0x)?[0-9a-f]+$/i;
/** Wallet addresses and signatures: base58 leaves out four characters that a random token of that length has nearly always. */
const BASE58 = /^[1-9A-HJ-NP-Za-km-z]{33,}$/;
const BECH32 = /^[a-z]{2,5}1[02-9ac-hj-np-z]{38,}$/;
/** Bytes of text behind base64. */
const READABLE = /^[\x20-\x7e\s\x80-\xff]*$/;
const ALPHABETS = [/[0-9]/, /[a-z]/, /[A-Z]/];

/** Whether a token in the text looks random: long, of letters and digits that change all the time, of high entropy. */
export function looksRandomInside(text: string): boolean {
  for (const word of longWords(text)) {
    if (ADDRESS.test(word)) continue;
    for (const [run] of word.matchAll(RUN)) if (looksRandom(run)) return true;
  }
  return false;
}

/** The words of a text that are long enough: each of them covers one of the places that are {@link SHORTEST} apart. */
function* longWords(text: string): Generator<string> {
  for (let at = SHORTEST - 1; at < text.length; at += SHORTEST) {
    let start = at;
    while (start >= 0 && text.charCodeAt(start) > SPACE) start--;
    if (start === at) continue;
    while (at < text.length && text.charCodeAt(at) > SPACE) at++;
    if (at - start > SHORTEST) yield text.slice(start + 1, at);
  }
}

/** What an author is told whose text is labelled. */
export function secretWarning({ possible_secret: isPossible }: { possible_secret: boolean }): { warning?: string } {
  if (!isPossible) return {};
  return {
    warning:
      "The text holds a long random token, so readers see it labelled as a possible secret. If it opens anything, replace it there, then delete the text.",
  };
}

function looksRandom(run: string): boolean {
  const token = run
    .split(/\W|_/)
    .filter((part) => !HEX.test(part))
    .join("");
  if (token.length < SHORTEST || BASE58.test(token) || BECH32.test(token)) return false;
  const digits = token.replace(/[^0-9]/g, "").length;
  if (digits < 2 || digits > 0.6 * token.length) return false;
  const isMixed = /[a-z]/.test(token) && /[A-Z]/.test(token);
  const entropy = entropyOf(token);
  // Chance changes between cases and digits at two of three characters, between one case and digits at two of five.
  if (!isMixed) return token.length >= 24 && entropy >= 3.7 && turnsOf(token) >= 0.25 * token.length;
  const isEnough = entropy >= Math.min(4, Math.log2(token.length) - 0.6) && turnsOf(token) >= 0.4 * token.length;
  return isEnough && !isText(Buffer.from(run, "base64").toString("latin1"));
}

function isText(bytes: string): boolean {
  return READABLE.test(bytes) && bytes.replace(/[^\x20-\x7e]/g, "").length > 0.8 * bytes.length;
}

/** Shannon's entropy in bits a character, by the frequencies within the token. */
function entropyOf(token: string): number {
  const counts = new Map<string, number>();
  for (const letter of token) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / token.length) * Math.log2(count / token.length);
  return bits;
}

/** How often a character is of another alphabet than the one before it. */
function turnsOf(token: string): number {
  const alphabets = [...token].map((letter) => ALPHABETS.findIndex((alphabet) => alphabet.test(letter)));
  return alphabets.filter((alphabet, index) => index > 0 && alphabet !== alphabets[index - 1]).length;
}
