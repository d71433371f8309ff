/** What every command of the command line is, how one ends, and how words become a call of it. */
import { parseArgs } from "node:util";

/** A command: what it does in one line, and the doing; answers with the exit code. */
export interface Command {
  summary: string;
  /** What is given after the name, in order: "NAME" must be, "[NAME]" may be, "NAME..." (the last one) once or more. */
  parameters?: readonly string[];
  /** The options besides --json, as they are shown: "--verify", or "--keep N" for one that takes a value. */
  options?: readonly string[];
  /** What `--help` says beyond the summary, line by line. */
  details?: readonly string[];
  run(options: ReadonlySet<string>, given: readonly string[], values: ReadonlyMap<string, string>): Promise<number>;
}

/** Every command by its name, of one word or two; loaded when it is called. */
export type Commands = Readonly<Record<string, () => Promise<Command>>>;

/** How a command ends. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Called wrongly; nothing was done. */
  usage: 2,
  /** The network answered, and refused. */
  refused: 3,
  /** The network could not be reached, or could not serve. */
  unreachable: 4,
} as const;

/** An error that says that a command was called wrongly; the usage is shown beneath it. */
export function wrongUsage(message: string): Error {
  return Object.assign(new Error(message), { exitCode: EXIT.usage });
}

/** An error with what to do next, shown on a line of its own. */
export function failure(message: string, hint: string): Error {
  return Object.assign(new Error(message), { hint });
}

/** A call of a command as understood. */
export interface Call {
  options: ReadonlySet<string>;
  given: readonly string[];
  values: ReadonlyMap<string, string>;
}

/** The options of a command as they are shown. */
export function optionsOf({ options = [] }: Command): readonly string[] {
  return [...options, "--json"];
}

/**
 * Tells options, values of options and parameters apart.
 * @throws Error that says what is wrong with the words
 */
export function understand(command: Command, words: readonly string[]): Call {
  const known = optionsOf(command).map((option) => {
    const [name = "", value] = option.slice(2).split(" ");
    return [name, { type: value === undefined ? "boolean" : "string" }] as const;
  });
  const { values: parsed, positionals: given } = parse(words, Object.fromEntries(known));
  const { parameters = [] } = command;
  const least = parameters.filter((name) => !name.startsWith("[")).length;
  const missing = parameters[given.length];
  if (given.length < least && missing !== undefined) throw wrongUsage(`${missing.replace("...", "")} is missing.`);
  const most = parameters.some((name) => name.includes("...")) ? Number.POSITIVE_INFINITY : parameters.length;
  if (given.length > most) {
    throw wrongUsage(`"${given[most]}" is one word too many. Put quotes around what holds spaces.`);
  }
  const options = new Set(Object.keys(parsed).map((name) => `--${name}`));
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed)) if (typeof value === "string") values.set(`--${name}`, value);
  return { options, given, values };
}

function parse(words: readonly string[], options: Record<string, { type: "boolean" | "string" }>) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw wrongUsage(error instanceof Error ? error.message : String(error));
  }
}
