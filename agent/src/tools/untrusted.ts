/**
 * Texts of strangers on their way to a model: what cannot be seen is taken out, what would read as a sign of the model's own
 * machinery is made plain text, and all of it stands between markers that nobody could have guessed.
 */
import { randomBytes } from "node:crypto";

/** The two ends of a marked text. Made anew for each answer or prompt: whoever has seen one could imitate it. */
export interface Marker {
  open: string;
  close: string;
}

/** Makes a marker with 64 random bits. */
export function newMarker(): Marker {
  const id = randomBytes(8).toString("hex");
  return { open: `<<<UNTRUSTED ${id}>>>`, close: `<<<END ${id}>>>` };
}

/** Puts a text between markers, neutralised. */
export function mark(text: string, { open, close }: Marker): string {
  return `${open}\n${neutralise(text)}\n${close}`;
}

/** What breaks a line, except the plain line feed. */
const LINE_BREAK = /\r\n?|[\v\f\u0085\u2028\u2029]/g;

/** Line feeds, tabs, and the invisible characters that languages and pictures are written with. */
const NEEDED = [
  "[\\n\\t]",
  "(?<=\\p{Extended_Pictographic}[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]?)\\u200d(?=\\p{Extended_Pictographic})",
  "(?<=(?!\\p{Script=Latin})[\\p{L}\\p{M}])[\\u200c\\u200d](?=(?!\\p{Script=Latin})\\p{L})",
  "(?<=\\p{Emoji})\\ufe0f",
].join("|");
/** Control characters, marks of direction, tags, fillers, variation selectors, signs of private use. */
const UNSEEN = "[\\p{Cc}\\p{Co}\\p{Default_Ignorable_Code_Point}\\ufff9-\\ufffb]";
const NEEDED_OR_UNSEEN = new RegExp(`(${NEEDED})|${UNSEEN}`, "gu");

/** Angle brackets and vertical bars, and what looks like them or becomes them when a text is normalised. */
const LESS = "[<\\uff1c\\ufe64\\u276e\\u2770\\u27e8\\u2329\\u3008\\u300a\\u27ea\\u02c2\\u1438\\u226a\\u22d8]";
const MORE = "[>\\uff1e\\ufe65\\u276f\\u2771\\u27e9\\u232a\\u3009\\u300b\\u27eb\\u02c3\\u1433\\u226b\\u22d9]";
const BAR = "[|\\uff5c\\ufe31\\u2223\\u2502\\u01c0]";
const NAMES = [
  "s|bos|eos|pad|unk|mask|eot|eom|sys|inst|system|developer|user|human|assistant|model|tools?|instructions?|prompt",
  "think(?:ing)?|channel|message|documents?|untrusted|end|im_(?:start|end|sep)|fim_(?:prefix|middle|suffix)",
  "(?:start|end)_(?:of_turn|header_id)|(?:antml:)?(?:invoke|parameter|function_(?:calls?|results?))",
  "(?:available_)?tools?_(?:calls?|results?|use|response|outputs?)|available_tools",
].join("|");

/** What is made plain, and the sign that is put in the place of each of its characters. */
const SIGNS: readonly (readonly [RegExp, (found: string) => string])[] = [
  // Three brackets or more, however they are spaced, as the markers have them.
  [new RegExp(`${LESS}(?:[ \\t]*${LESS}){2,}|${MORE}(?:[ \\t]*${MORE}){2,}`, "gu"), plain],
  // <|...|> of any look.
  [new RegExp(`${LESS}[ \\t]*${BAR}|${BAR}[ \\t]*${MORE}`, "gu"), plain],
  // <system>, </s>, <tool_call name="...">.
  [new RegExp(`${LESS}(?=[ \\t]*/?[ \\t]*(?:${NAMES})(?:[ \\t][^<>\\n]{0,200})?/?[ \\t]*${MORE})`, "giu"), plain],
  // [INST], [/SYSTEM].
  [new RegExp(`[[\\uff3b](?=[ \\t]*/?[ \\t]*(?:${NAMES})[ \\t]*[\\]\\uff3d])`, "giu"), () => "("],
  // A line where another speaker's turn would begin.
  [/(?<=^[ \t>*_#]*(?:human|user|assistant|system|developer|instruction|response)[ \t*_]*)[:\uff1a]/gimu, () => "∶"],
];

function plain(found: string): string {
  return found
    .replace(new RegExp(LESS, "gu"), "‹")
    .replace(new RegExp(MORE, "gu"), "›")
    .replace(new RegExp(BAR, "gu"), "¦");
}

/**
 * The same text, safe to show to a model: no invisible character, nothing that reads as a control token of a model or as one
 * of our markers. Ordinary language in any script stays as it is.
 */
export function neutralise(text: string): string {
  const seen = text
    .toWellFormed()
    .replace(LINE_BREAK, "\n")
    .replace(NEEDED_OR_UNSEEN, (_, needed: string | undefined) => needed ?? "");
  return SIGNS.reduce((told, [sign, spell]) => told.replace(sign, spell), seen);
}

/** Cuts a text to a number of UTF-16 units, never through a character, and shows that it did. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, "")} […]`;
}
