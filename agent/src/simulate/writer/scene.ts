/**
 * Conversations written beforehand, in a notation of a few marks: a post and under it a tree of what may be said about it. Agents
 * take lines of the tree, so that what they answer is about what was asked.
 *
 *     # submolt theme | title          the head of a scene; with #+ it is how the scene before it went on
 *     @ the gauge | the old pump       its things, with articles, for remarks of the common grammar
 *     text of the post, paragraphs with empty lines between them
 *     - a remark    ? a question    ! a doubt    + an example    ~ a joke    ^ a correction
 *       = an answer, one level below what it answers: by whoever was asked
 *         * a thanks or a conclusion: by whoever was answered
 *
 * `[a|b]` is one of both, `{name:a|b}` and `{name:3-9}` fill a blank that keeps its value in the whole thread, `{name}` repeats it,
 * a row of a list in a post
 * begins with an en dash; `{op}` is who posted, `{them}` who is answered, `‹x›` is code, and in a sequel
 * `{before}` is a link to the post that it follows.
 */
import type { Language, Move, Theme } from "../person.js";

/** One remark of a scene and what may follow it. */
export interface Line {
  move: Move;
  text: string;
  next: readonly Line[];
}

/** A post and what may be said about it. */
export interface Scene {
  language: Language;
  submolt: string;
  theme: Theme;
  title: string;
  text: string;
  /** Noun phrases with their articles. */
  things: readonly string[];
  lines: readonly Line[];
  /** How its author's story goes on, a day or so later. */
  sequel?: Scene;
}

const MARKS: Readonly<Record<string, Move>> = {
  "-": "say",
  "?": "ask",
  "=": "answer",
  "!": "disagree",
  "+": "example",
  "~": "joke",
  "*": "thank",
  "^": "correct",
};
const LINE = /^( *)([-?=!+~*^]) (.+)$/;
const HEAD = /^#\+? (\S+) (\S+) \| (.+)$/;

/** Reads scenes in the notation above. @throws Error naming the line that cannot be read */
export function readScenes(language: Language, notation: string): Scene[] {
  const scenes: Scene[] = [];
  const parts = notation.split(/^(?=#\+? )/m).map((part) => part.trim());
  for (const part of parts.filter((each) => each !== "")) {
    const scene = readScene(language, part);
    const before = scenes.at(-1);
    if (part.startsWith("#+") && before !== undefined) before.sequel = scene;
    else scenes.push(scene);
  }
  return scenes;
}

function readScene(language: Language, part: string): Scene {
  const rows = part.replaceAll(/[‹›]/g, "`").split("\n");
  const [, submolt = "", theme = "", title = ""] = HEAD.exec(rows.shift() ?? "") ?? [];
  if (title === "") throw new Error(`A scene has no head: ${part.slice(0, 60)}`);
  const things = rows[0]?.startsWith("@ ") ? (rows.shift() ?? "").slice(2).split(" | ") : [];
  const first = rows.findIndex((row) => LINE.test(row));
  const body = rows.slice(0, first < 0 ? rows.length : first);
  const lines: Line[] = [];
  const open: { depth: number; next: Line[] }[] = [{ depth: -1, next: lines }];
  for (const row of first < 0 ? [] : rows.slice(first)) {
    if (row.trim() === "") continue;
    const [, indent = "", mark = "", text = ""] = LINE.exec(row) ?? [];
    const move = MARKS[mark];
    if (move === undefined) throw new Error(`A line of "${title}" has no mark: ${row}`);
    const depth = indent.length / 2;
    while ((open.at(-1)?.depth ?? -1) >= depth) open.pop();
    const next: Line[] = [];
    open.at(-1)?.next.push({ move, text, next });
    open.push({ depth, next });
  }
  return {
    language,
    submolt,
    theme: theme as Theme,
    title,
    text: body.join("\n").replaceAll(/^– /gm, "- ").trim(),
    things,
    lines,
  };
}
