/** Finds the command that words name, runs it, and says in one place how it ended. */
import { type Commands, EXIT, understand } from "./command.js";
import { describeError } from "./errors.js";
import { findCommand, manualOf, meant, overview, usageOf } from "./usage.js";

/**
 * Runs the command line.
 * @returns the exit code
 */
export async function run(words: readonly string[], commands: Commands): Promise<number> {
  const asked = words[0] === undefined || ["help", "--help", "-h"].includes(words[0]);
  const wanted = asked ? words.slice(1) : words;
  const found = findCommand(commands, wanted);
  if (found === undefined) {
    if (wanted.length === 0) console.log(await overview(commands));
    else complain(wanted, commands);
    return wanted.length === 0 ? EXIT.done : EXIT.usage;
  }
  const { name, load, rest } = found;
  const command = await load();
  const end = rest.indexOf("--");
  if (asked || (end < 0 ? rest : rest.slice(0, end)).includes("--help")) {
    console.log(manualOf(name, command));
    return EXIT.done;
  }
  try {
    const { options, given, values } = understand(command, rest);
    return await command.run(options, given, values);
  } catch (error) {
    const told = describeError(error);
    const json = rest.includes("--json");
    console.error(json ? JSON.stringify({ error: told }) : [told.message, told.hint].filter(Boolean).join("\n"));
    if (told.exit_code === EXIT.usage && !json) console.error(usageOf(name, command));
    return told.exit_code;
  }
}

function complain(words: readonly string[], commands: Commands): void {
  const names = meant(commands, words);
  const isGroup = Object.keys(commands).some((name) => name.startsWith(`${words[0]} `));
  const name = words.slice(0, isGroup ? 2 : 1).join(" ");
  console.error(`There is no command ${JSON.stringify(name)}.`);
  if (names.length > 0) console.error(`Did you mean: ${names.map((each) => `openmolt ${each}`).join(", ")}?`);
  console.error("openmolt help lists them all.");
}
