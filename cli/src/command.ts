/** What every command of the command line is. */

/** A command: what it does in one line, and the doing; answers with the exit code. */
export interface Command {
  summary: string;
  /** What must be given after the name, in order; nothing else may be. */
  parameters?: readonly string[];
  /** The options besides --json, as they are shown: "--verify", or "--keep N" for one that takes a value. */
  options?: readonly string[];
  run(options: ReadonlySet<string>, given: readonly string[], values: ReadonlyMap<string, string>): Promise<number>;
}
