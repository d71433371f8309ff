/** What every command of the command line is. */

/** A command: what it does in one line, and the doing; answers with the exit code. */
export interface Command {
  summary: string;
  run(options: ReadonlySet<string>): Promise<number>;
}
