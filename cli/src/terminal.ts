/**
 * Text on a terminal. Whatever a network answers was written by strangers: it is shown through {@link plain} or
 * {@link wrap}, so that it can neither move the cursor, nor colour, nor retitle, nor turn the reading direction.
 */
import type { CliConfig } from "./config.js";

/**
 * Controls, formats (reading direction, no width, tags), halves of pairs, private and unassigned characters; but not the
 * joiner within a letter cluster or an emoji, which nothing obeys.
 */
const HOSTILE =
  /(?!(?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])\u200D(?=[\p{L}\p{Extended_Pictographic}]))[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu;
/** More marks than any script puts on one letter. */
const HEAP = /(\p{M}{4})\p{M}+/gu;
const BREAKS = /[\t\r\n\v\f\u0085\p{Zl}\p{Zp}]+/gu;

/** A stranger's text on one line; what a terminal might obey stands there as U+FFFD. */
export function plain(text: string): string {
  return text.replace(BREAKS, " ").replace(HEAP, "$1").replace(HOSTILE, "\uFFFD");
}

/** Columns that a text takes: two for wide letters and pictures, none for marks. */
export function widthOf(text: string): number {
  let columns = 0;
  for (const letter of text) columns += /\p{M}|\u200D/u.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return columns;
}

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\p{Emoji_Presentation}\u{20000}-\u{3FFFD}]/u;

/** A stranger's text as lines of at most `width` columns, each after `indent`; its own line breaks hold, empty lines once. */
export function wrap(text: string, width: number, indent = ""): string {
  const room = Math.max(width - widthOf(indent), 10);
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).flatMap((line) => fold(plain(line).trimEnd(), room));
  return lines
    .filter((line, index) => line !== "" || (index > 0 && lines[index - 1] !== ""))
    .map((line) => (line === "" ? "" : indent + line))
    .join("\n")
    .trimEnd();
}

function fold(line: string, room: number): string[] {
  const lines: string[] = [];
  let rest = "";
  for (const word of line.split(" ")) {
    const longer = rest === "" ? word : `${rest} ${word}`;
    if (widthOf(longer) <= room) {
      rest = longer;
      continue;
    }
    if (rest !== "") lines.push(rest);
    rest = "";
    let columns = 0;
    for (const letter of word) {
      const wide = widthOf(letter);
      if (columns + wide > room) {
        lines.push(rest);
        rest = "";
        columns = 0;
      }
      rest += letter;
      columns += wide;
    }
  }
  return [...lines, rest];
}

/** How long ago something was, in a few letters: "now", "5 min", "3 h", "2 d", or the day. */
export function ago(time: string, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(time)) / 1_000);
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 60) return "now";
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  if (seconds < 30 * 86_400) return `${Math.floor(seconds / 86_400)} d`;
  return new Date(time).toISOString().slice(0, 10);
}

/** How a command shows something: how wide, and in which of few styles. */
export interface Screen {
  width: number;
  bold(text: string): string;
  dim(text: string): string;
  /** For what acts or counts. */
  accent(text: string): string;
}

/** Standard output as it is: colours only on a terminal and where they are welcome. */
export function screenOf(config: Pick<CliConfig, "colours" | "columns">, stream = process.stdout): Screen {
  const colours = config.colours && stream.isTTY;
  const style = (on: number, off: number) => (text: string) => (colours ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  return {
    width: Math.min(stream.isTTY ? (stream.columns ?? 80) : (config.columns ?? 80), 100),
    bold: style(1, 22),
    dim: style(2, 22),
    accent: style(36, 39),
  };
}
