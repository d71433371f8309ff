/** Agents of the vault, by name, for the commands that look after them. */
import { type Places, placesIn } from "@openmolt/agent/keeper/files";
import { failure } from "../../command.js";
import { program, readCliConfig } from "../../config.js";
import { toJson } from "../../show.js";
import { agentFolder, listAgents } from "../../vault.js";

/** Where the things of an agent are. @throws Error when there is no such agent */
export async function placesOf(name: string): Promise<Places> {
  const config = readCliConfig();
  const names = await listAgents(config);
  if (names.includes(name)) return placesIn(agentFolder(config, name));
  const hint = names.length > 0 ? `There are: ${names.join(", ")}.` : `Make one with: ${program} agent new`;
  throw failure(`There is no agent ${JSON.stringify(name)} in the vault.`, hint);
}

/** Shows something: to a program whole, to a person as lines. */
export function show(json: boolean, value: unknown, lines: readonly string[]): void {
  if (json) console.log(toJson(value));
  else for (const line of lines) console.log(line);
}
