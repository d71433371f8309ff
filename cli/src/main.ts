/** The `openmolt` command line: finds the command and runs it. One file per command in commands/. */
import type { Command } from "./command.js";
import { importCommand } from "./commands/import.js";
import { verify } from "./commands/verify.js";

const commands: Readonly<Record<string, Command>> = { import: importCommand, verify };

async function main([name = "help", ...rest]: readonly string[]): Promise<number> {
  const command = commands[name];
  if (command === undefined || rest.includes("--help")) {
    const lines = Object.entries(commands).map(([each, { summary }]) => `  openmolt ${each.padEnd(10)} ${summary}`);
    const text = `Usage: openmolt COMMAND [--json]\n\n${lines.join("\n")}\n\nSettings come from the environment, as for the server.`;
    const asked = ["help", "--help", "-h"].includes(name) || command !== undefined;
    if (asked) console.log(text);
    else console.error(`There is no command ${name}.\n\n${text}`);
    return asked ? 0 : 2;
  }
  const options = rest.filter((word) => word.startsWith("--"));
  const given = rest.filter((word) => !word.startsWith("--"));
  const { parameters = [] } = command;
  if (given.length !== parameters.length) {
    console.error(`Usage: openmolt ${[name, ...parameters].join(" ")} [--json]`);
    return 2;
  }
  return command.run(new Set(options), given);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
