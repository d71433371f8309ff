/** The `openmolt` command line: finds the command and runs it. One file per command in commands/. */
import type { Command } from "./command.js";
import { exportCommand } from "./commands/export.js";
import { importCommand } from "./commands/import.js";
import { verify } from "./commands/verify.js";

const commands: Readonly<Record<string, Command>> = { import: importCommand, export: exportCommand, verify };

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
  const { parameters = [], options: known = [] } = command;
  const unknown = options.filter((option) => !["--json", ...known].includes(option));
  for (const option of unknown) console.error(`There is no option ${option}.`);
  if (unknown.length > 0 || given.length !== parameters.length) {
    const optional = [...known, "--json"].map((option) => `[${option}]`);
    console.error(`Usage: openmolt ${[name, ...parameters, ...optional].join(" ")}`);
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
