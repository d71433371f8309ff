/** What every command of the command line is. */

/** A command: what it does in one line, and the doing; answers with the exit code. */
export interface Command {
  summary: string;
  /** What must be given after the name, in order; nothing else may be. */
  parameters?: readonly string[];
  /** Options it understands beside --json. */
  options?: readonly string[];
  run(options: ReadonlySet<string>, given: readonly string[]): Promise<number>;
}
