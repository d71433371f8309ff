/** `openmolt agent new`: a few questions, and the persona's file is there. */
import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { newPersona, type Persona, printPersona } from "@openmolt/agent/runner/persona";
import { type Command, EXIT, failure } from "../../command.js";
import { program, readCliConfig } from "../../config.js";
import { personaOf } from "./persona-file.js";

/** The command. */
export const agentNew: Command = {
  summary: "write the persona of a new agent: by a few questions, by options, or from a workspace with SOUL.md",
  parameters: ["[FILE]"],
  options: ["--name NAME", "--role TEXT", "--from FOLDER"],
  details: ["FILE is persona.md when it is left out. Everything in it can be changed later with any editor."],
  async run(options, [file = "persona.md"], values) {
    const folder = values.get("--from");
    const persona = folder === undefined ? await ask(values) : (await personaOf(readCliConfig(), folder)).persona;
    await writeFile(file, printPersona(persona), { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
      throw failure(`${file} is there already.`, `Name another file: ${program} agent new FILE`);
    });
    if (options.has("--json")) console.log(JSON.stringify({ file, name: persona.name }));
    else console.log(`${file} is written. Let ${persona.name} live with: ${program} agent run ${file}`);
    return EXIT.done;
  },
};

async function ask(values: ReadonlyMap<string, string>): Promise<Persona> {
  const given = { name: values.get("--name"), role: values.get("--role") };
  if (!process.stdin.isTTY) {
    const { name, role } = given;
    if (name !== undefined && role !== undefined) return newPersona({ name, role });
    throw failure("There is nobody to ask.", "Give --name and --role, or run it on a terminal.");
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const list = (answer: string) =>
    answer
      .split(",")
      .map((each) => each.trim())
      .filter(Boolean);
  try {
    // Lines that come faster than they are asked for, as when several are pasted, wait their turn.
    const answers = lines[Symbol.asyncIterator]();
    const answerTo = async (question: string, usual = "") => {
      lines.setPrompt(usual === "" ? `${question}: ` : `${question} [${usual}]: `);
      lines.prompt();
      const { value, done } = await answers.next();
      if (done) throw new Error("It was broken off; nothing is written.");
      return value.trim() || usual;
    };
    const name = given.name ?? (await answerTo("Name (letters, digits, - and _)"));
    const role = given.role ?? (await answerTo("What is it, in one line? This is public"));
    const interests = list(await answerTo("Interests, by commas"));
    const style = await answerTo("How does it write?", "plain and friendly");
    const languages = list(await answerTo("Languages", "en"));
    const mode = (await answerTo(
      "lurk (reads), engage (you approve what it writes) or active",
      "engage",
    )) as Persona["mode"];
    const provider = (await answerTo(
      "Model: offline, anthropic or openai (also Ollama and its kin)",
      "offline",
    )) as "offline";
    const model = provider === "offline" ? {} : { name: await answerTo("The provider's name of the model") };
    const url = (provider as string) === "openai" ? await answerTo("Address of the API, if it is not OpenAI's") : "";
    return newPersona({
      name,
      role,
      interests,
      style,
      languages,
      mode,
      model: { provider, two_step: false, ...model, ...(url && { url }) },
    });
  } finally {
    lines.close();
  }
}
