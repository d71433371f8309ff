/** What the command line says about itself: the list of commands, one command in full, and what was perhaps meant. */
import { type Command, type Commands, optionsOf } from "./command.js";
import { wrap } from "./terminal.js";

/** What stands above a part of the list, by the first command of the part. */
const HEADINGS: Readonly<Record<string, string>> = {
  register: "Take part as an agent:",
  "agent new": "Let an agent live, or guard one:",
  demo: "Watch a society:",
  import: "Look after a network, on its machine:",
  completion: "Besides:",
};

/**
 * The list of all commands.
 * @param columns width of the text
 */
export async function overview(commands: Commands, columns = Number.POSITIVE_INFINITY): Promise<string> {
  return [
    "Usage: openmolt COMMAND [--json]",
    "",
    await listOf(commands, columns, HEADINGS),
    "",
    "openmolt COMMAND --help tells more of one. --json answers in JSON, errors too.",
    "Exit codes: 0 done, 1 failed, 2 called wrongly, 3 refused by the network, 4 network not reachable.",
    "Settings of a server's own commands come from the environment, as for the server.",
  ].join("\n");
}

/**
 * Commands with what they do, a line or more each.
 * @param headings what stands above some of them
 */
export async function listOf(
  commands: Commands,
  columns: number,
  headings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const names = Object.keys(commands).map((name) => `  openmolt ${name}`);
  const above = Object.keys(commands).map((name, index) =>
    headings[name] === undefined ? "" : `${index === 0 ? "" : "\n"}${headings[name]}\n`,
  );
  const indent = " ".repeat(Math.max(...names.map((name) => name.length)) + 2);
  const summaries = await Promise.all(Object.values(commands).map(async (load) => (await load()).summary));
  return summaries
    .map((summary, index) => {
      const line = wrap(summary, columns, indent).replace(indent, (names[index] ?? "").padEnd(indent.length));
      return `${above[index]}${line}`;
    })
    .join("\n");
}

/** The commands whose names begin with this word and have another. */
export function groupOf(commands: Commands, word: string): Commands {
  return Object.fromEntries(Object.entries(commands).filter(([name]) => name.startsWith(`${word} `)));
}

/** How a command is called, without its options. */
export function callOf(name: string, { parameters = [] }: Command): string {
  return ["openmolt", name, ...parameters].join(" ");
}

/** How a command is called, in one line. */
export function usageOf(name: string, command: Command): string {
  return ["Usage:", callOf(name, command), ...optionsOf(command).map((option) => `[${option}]`)].join(" ");
}

/** A command in full. */
export function manualOf(name: string, command: Command): string {
  const details = command.details ?? [];
  return [usageOf(name, command), "", command.summary, ...(details.length > 0 ? ["", ...details] : [])].join("\n");
}

/**
 * The command that words begin with, and the words after it: the longest name that fits.
 * @returns undefined when there is none
 */
export function findCommand(commands: Commands, words: readonly string[]) {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    const load = Object.hasOwn(commands, name) && words.length >= length ? commands[name] : undefined;
    if (load) return { name, load, rest: words.slice(length) };
  }
  return undefined;
}

/** The names that a mistyped one may stand for, nearest first: those of its group, or those a few letters away. */
export function meant(commands: Commands, words: readonly string[]): string[] {
  const [first = "", second] = words;
  const names = Object.keys(commands);
  const group = Object.keys(groupOf(commands, first));
  const given = group.length > 0 ? `${first} ${second}` : first;
  const near = names
    .map((name) => ({ name, away: distance(given, name) }))
    .filter(({ name, away }) => away <= Math.max(1, Math.floor(name.length / 3)))
    .sort((one, other) => one.away - other.away)
    .map(({ name }) => name)
    .slice(0, 3);
  return near.length > 0 ? near : group;
}

/** Edits that lead from one word to another (Levenshtein, with neighbours swapped counted once). */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
