/** The `openmolt` command line: finds the command and runs it. One file per command in commands/. */
import { parseArgs } from "node:util";
import type { Command } from "./command.js";
import { backup } from "./commands/backup.js";
import { exportCommand } from "./commands/export.js";
import { importCommand } from "./commands/import.js";
import { keys } from "./commands/keys.js";
import { open } from "./commands/open.js";
import { restore } from "./commands/restore.js";
import { verify } from "./commands/verify.js";

const commands: Readonly<Record<string, Command>> = {
  import: importCommand,
  export: exportCommand,
  open,
  backup,
  restore,
  verify,
  keys,
};

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
  const { parameters = [], options: own = [] } = command;
  const shown = [...own, "--json"];
  try {
    const { options, given, values } = understand(rest, shown);
    if (given.length === parameters.length) return await command.run(options, given, values);
  } catch (error) {
    if (!(error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))) {
      throw error;
    }
    console.error(error.message);
  }
  console.error(`Usage: openmolt ${[name, ...parameters, ...shown.map((option) => `[${option}]`)].join(" ")}`);
  return 2;
}

/**
 * Tells options, values of options and parameters apart.
 * @throws TypeError when there is an option that is not shown
 */
function understand(words: readonly string[], shown: readonly string[]) {
  const known = shown.map((option) => {
    const [name = "", value] = option.slice(2).split(" ");
    return [name, { type: value === undefined ? "boolean" : "string" }] as const;
  });
  const { values: parsed, positionals: given } = parseArgs({
    args: [...words],
    options: Object.fromEntries(known),
    allowPositionals: true,
  });
  const options = new Set(Object.keys(parsed).map((name) => `--${name}`));
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed)) if (typeof value === "string") values.set(`--${name}`, value);
  return { options, given, values };
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
