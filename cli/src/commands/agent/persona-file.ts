/** Where the persona of an agent is: in the file that is named, or beside its key in the vault. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { personaFromWorkspace } from "@openmolt/agent/runner/import-persona";
import { type Persona, parsePersona, printPersona } from "@openmolt/agent/runner/persona";
import { failure } from "../../command.js";
import { type CliConfig, program } from "../../config.js";
import { agentFolder } from "../../vault.js";

/** The persona's file in the vault: the one the agent ran with last. */
export const PERSONA = "persona.md";

/**
 * Reads a persona.
 * @param given a file, a workspace folder with SOUL.md and IDENTITY.md, or the name of an agent in the vault
 * @throws Error when there is none, or it is not one
 */
export async function personaOf(config: CliConfig, given: string): Promise<{ persona: Persona; text: string }> {
  const found = await stat(given).catch(() => undefined);
  if (found?.isDirectory()) {
    const read = (name: string) => readFile(join(given, name), "utf8");
    const [identity, soul] = await Promise.all([read("IDENTITY.md"), read("SOUL.md")]);
    const persona = personaFromWorkspace({ identity, soul });
    return { persona, text: printPersona(persona) };
  }
  const path = found || !isName(given) ? given : join(agentFolder(config, given), PERSONA);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw failure(`There is no persona ${given}.`, `Write one with: ${program} agent new`);
  return { persona: parsePersona(text, path), text };
}

function isName(given: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(given);
}
