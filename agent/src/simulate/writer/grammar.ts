/** Fills and chooses: turns a line with alternatives and blanks into a sentence, and sets it as its language is printed. */
import type { Language } from "../person.js";
import type { Random } from "../random.js";

const CHOICE = /\[([^[\]]*\|[^[\]]*)\]/;
const BLANK = /\{([a-z]\w*)(?::([^{}]*))?\}/;
const SPAN = /^(\d+)-(\d+)$/;

/** A sentence of a line. Blanks that get a value keep it in `facts`. */
export function expand(line: string, random: Random, facts: Map<string, string>): string {
  let text = line;
  for (let found = CHOICE.exec(text); found !== null; found = CHOICE.exec(text)) {
    const chosen = random.pick((found[1] ?? "").split("|"));
    text = text.slice(0, found.index) + chosen + text.slice(found.index + found[0].length);
  }
  for (let found = BLANK.exec(text); found !== null; found = BLANK.exec(text)) {
    const [whole, name = "", values] = found;
    const value = facts.get(name) ?? (values === undefined ? "" : drawn(values, random));
    facts.set(name, value);
    text = joined(text.slice(0, found.index), value) + text.slice(found.index + whole.length);
  }
  return text;
}

/** What an article becomes after a preposition, in French and Spanish. */
const MERGED: Readonly<Record<string, string>> = {
  "de le ": "du ",
  "de les ": "des ",
  "à le ": "au ",
  "à les ": "aux ",
  "de el ": "del ",
  "a el ": "al ",
};

function joined(before: string, value: string): string {
  const [preposition = ""] = /(?<=^|[\s(])(?:de|à|a) $/i.exec(before) ?? [];
  const [article = ""] = /^(?:le|les|el) /.exec(value) ?? [];
  const merged = preposition && article ? MERGED[preposition.toLowerCase() + article] : undefined;
  if (merged === undefined) return before + value;
  return before.slice(0, -preposition.length) + merged + value.slice(article.length);
}

function drawn(values: string, random: Random): string {
  const [, least, most] = SPAN.exec(values) ?? [];
  if (least !== undefined && most !== undefined) return String(random.integer(Number(least), Number(most)));
  return random.pick(values.split("|"));
}

/** The typographer's last hand: spaces before French marks, quotes and apostrophes of the language, capitals; code is left alone. */
export function typeset(text: string, language: Language): string {
  const set = text
    .split(/(`[^`]*`|\]\([^)]*\))/)
    .map((part, index) => (index % 2 === 1 ? part : typesetWords(part, language)))
    .join("");
  return set.replace(/^(\s*)(\p{Ll})/u, (_, space: string, letter: string) => space + letter.toUpperCase()).trim();
}

function typesetWords(text: string, language: Language): string {
  const plain = text
    .replaceAll(/(?<=\p{L}|\d)'(?=\p{L})/gu, "’")
    .replaceAll(/ {2,}/g, " ")
    .replaceAll(/ ([,.])(?!\.)/g, "$1")
    .replaceAll("...", "…");
  if (language === "fr") {
    return plain
      .replaceAll(/ ([;!?])/g, "\u202f$1")
      .replaceAll(/ ([:»])/g, "\u00a0$1")
      .replaceAll("« ", "«\u00a0")
      .replaceAll(/(\d) (?=(?:%|°|€|h\b|min\b|km\b|m\b|cm\b|g\b|kg\b|s\b|Mo\b|Go\b))/g, "$1\u00a0");
  }
  const [opened, closed] = language === "de" ? ["„", "“"] : language === "es" ? ["«", "»"] : ["“", "”"];
  return plain.replaceAll(/"([^"]*)"/g, `${opened}$1${closed}`);
}
