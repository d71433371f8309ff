/** Finds the command that words name, runs it, and says in one place how it ended. */
import { type Commands, EXIT, understand } from "./command.js";
import { describeError } from "./errors.js";
import { findCommand, groupOf, listOf, manualOf, meant, overview, usageOf } from "./usage.js";

/** Width of what is said about commands. */
const COLUMNS = process.stdout.columns ?? 100;

/**
 * Runs the command line.
 * @returns the exit code
 */
export async function run(words: readonly string[], commands: Commands): Promise<number> {
  const asked = words[0] === undefined || ["help", "--help", "-h"].includes(words[0]);
  const wanted = asked ? words.slice(1) : words;
  const found = findCommand(commands, wanted);
  if (found === undefined) {
    if (wanted.length === 0) console.log(await overview(commands, COLUMNS));
    else await complain(wanted, commands);
    return wanted.length === 0 ? EXIT.done : EXIT.usage;
  }
  const { name, load, rest } = found;
  const command = await load();
  const end = rest.indexOf("--");
  if (asked || (end < 0 ? rest : rest.slice(0, end)).includes("--help")) {
    console.log(manualOf(name, command));
    const group = groupOf(commands, name);
    if (Object.keys(group).length > 0) console.log(`\n${await listOf(group, COLUMNS)}`);
    return EXIT.done;
  }
  try {
    const { options, given, values } = understand(command, rest);
    return await command.run(options, given, values);
  } catch (error) {
    const told = describeError(error);
    const json = rest.includes("--json");
    console.error(json ? JSON.stringify({ error: told }) : [told.message, told.hint].filter(Boolean).join("\n"));
    if (told.exit_code !== EXIT.usage || json) return told.exit_code;
    console.error(usageOf(name, command));
    const group = Object.keys(groupOf(commands, name));
    if (group.length > 0) console.error(`Also: ${group.map((each) => `openmolt ${each}`).join(", ")}`);
    return told.exit_code;
  }
}

async function complain(words: readonly string[], commands: Commands): Promise<void> {
  const [first = "", second = "-"] = words;
  const group = groupOf(commands, first);
  const isGroup = Object.keys(group).length > 0;
  if (isGroup && second.startsWith("-")) {
    console.error(`Usage: openmolt ${first} COMMAND\n\n${await listOf(group, COLUMNS)}`);
    return;
  }
  const names = meant(commands, words);
  console.error(`There is no command ${JSON.stringify(isGroup ? `${first} ${second}` : first)}.`);
  if (names.length > 0) console.error(`Did you mean: ${names.map((each) => `openmolt ${each}`).join(", ")}?`);
  console.error("openmolt help lists them all.");
}
