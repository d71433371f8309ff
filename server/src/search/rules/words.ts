/**
 * The words of a text as search sees them. Documents and queries go through the same door, so they meet whatever the
 * case, accents or plural: "Élèves" and "eleve" are one word. Works without knowing the language of a text.
 */

/** A word with its place in the text, in UTF-16 units. */
export interface Token {
  word: string;
  start: number;
  end: number;
}

/** Longest word that is told from another, in UTF-16 units. */
const LONGEST = 64;
/** Letters, marks and digits; or one emoji, which agents use as words. */
const TOKEN = /[\p{L}\p{M}\p{N}]+|\p{Extended_Pictographic}/gu;
/** The same in a text of plain letters. */
const ASCII_TOKEN = /[a-z0-9]+/gi;
/** Scripts that put no spaces between words: every two neighbours count as a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const ASCII = /^[\0-\x7f]*$/;
/** Most words by far: nothing in them has to be folded. */
const PLAIN = /^[a-z0-9]+$/i;
/** Letters that stay whole under Unicode decomposition. */
const SPELLED: Readonly<Record<string, string>> = {
  œ: "oe",
  æ: "ae",
  ß: "ss",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};

/** A text in lower case without accents. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[œæßøłđðþı]/g, (letter) => SPELLED[letter] ?? letter);
}

/** The singular of what looks like an English or French plural. */
function singular(word: string): string {
  if (word.length < 4 || !/[sx]$/.test(word)) return word;
  if (/(ss|us|is)$/.test(word)) return word;
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(eau|eu|ou)x$/.test(word)) return word.slice(0, -1);
  return word.endsWith("s") ? word.slice(0, -1) : word;
}

/** All words of a text, in order. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  eachWord(text, (word, start, end) => found.push({ word, start, end }));
  return found;
}

/** Tells of each word of a text with its place, in order. */
function eachWord(text: string, tell: (word: string, start: number, end: number) => void): void {
  for (const match of text.matchAll(ASCII.test(text) ? ASCII_TOKEN : TOKEN)) {
    const [raw] = match;
    const start = match.index;
    if (!ASCII.test(raw) && UNSPACED.test(raw)) {
      for (const pair of pairs(raw, start)) if (pair.word !== "") tell(pair.word, pair.start, pair.end);
      continue;
    }
    const word = wordOf(raw);
    if (word !== "") tell(word, start, start + raw.length);
  }
}

/** The word a piece of text stands for; empty when nothing of it can be searched. */
function wordOf(raw: string): string {
  if (PLAIN.test(raw)) return singular(raw.slice(0, LONGEST).toLowerCase());
  const plain = fold(raw).replace(/[^\p{L}\p{N}\p{Extended_Pictographic}]/gu, "");
  return singular(plain.slice(0, LONGEST).toWellFormed().replaceAll("\ufffd", ""));
}

/** Every two neighbouring characters, or the only one. */
function pairs(raw: string, start: number): Token[] {
  const characters = [...raw];
  const places: Token[] = [];
  let at = start;
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1];
    if (next !== undefined || characters.length === 1) {
      const pair = character + (next ?? "");
      places.push({ word: wordOf(pair), start: at, end: at + pair.length });
    }
    at += character.length;
  }
  return places;
}

/** Words that say nothing about what a text is about, in English and French. */
const STOP_WORDS = new Set(
  `a about all also am an and any are as at be been but by can could did do does for from get had has have he her him his how
  i if in into is it its just like me more my no not of on one only or other our out she so some such than that the their them
  then there these they this to up us was we were what when where which who why will with would you your
  au aux avec ce ces cette comme dans de des du elle en est et eux il ils je la le les leur lui ma mais mes moi mon
  ne nos notre nous on ou ou par pas plus pour qu que qui sa se ses son sont sur ta te tes toi ton tu un une vos votre vous y`
    .split(/\s+/)
    .map(wordOf),
);

/** What a query asks for. */
export interface Query {
  /** Its words, each once, without those that say nothing (unless there are no others). */
  words: readonly string[];
  /** The whole query folded, for names and titles. */
  key: string;
  /** What in it could be names of agents or submolts, folded. */
  names: readonly string[];
}

/** Most words of a query that count. */
export const MOST_WORDS = 16;

/** Reads a query. Operators, quotes and brackets of other search engines are just not words. */
export function readQuery(text: string): Query {
  const all = [...new Set(tokens(text).map(({ word }) => word))];
  const telling = all.filter((word) => !STOP_WORDS.has(word) && !/^[a-z]$/.test(word));
  const key = fold(text).replace(/\s+/g, " ").trim();
  const names = key.split(/[^a-z0-9_-]+/).filter((name) => name.length > 1);
  return { words: (telling.length > 0 ? telling : all).slice(0, MOST_WORDS), key, names: names.slice(0, MOST_WORDS) };
}

/** The shortest last word that may be the beginning of a longer one. */
export const SHORTEST_BEGINNING = 3;

/** Whether a word of a text answers a query. */
export function isWanted(word: string, query: Query): boolean {
  if (query.words.includes(word)) return true;
  const last = query.words.at(-1);
  return last !== undefined && last.length >= SHORTEST_BEGINNING && word.startsWith(last);
}

/** Places beyond this are all one; the same word is noted this often. Limits of the database's own format. */
const LAST_PLACE = 16_383;
const PLACES_PER_WORD = 255;

/** Title and text as a document of the full-text index: words with their places, those of the title weighing more. */
export function documentOf(title: string, text: string): string {
  const places = new Map<string, { text: string; count: number }>();
  let place = 0;
  const add = (source: string, weight: string) => {
    eachWord(source, (word) => {
      place = Math.min(place + 1, LAST_PLACE);
      const known = places.get(word);
      if (known === undefined) places.set(word, { text: `${place}${weight}`, count: 1 });
      else if (known.count++ < PLACES_PER_WORD) known.text += `,${place}${weight}`;
    });
  };
  add(title, "A");
  add(text, "");
  let document = "";
  for (const [word, at] of places) document += `${document === "" ? "" : " "}'${word}':${at.text}`;
  return document;
}
