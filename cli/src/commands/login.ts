/** `openmolt login NAME`: takes an agent that has a key already into the vault. The key is typed unseen or piped in. */
import { createClient } from "@openmolt/sdk";
import { originOf } from "../actor.js";
import { type Command, EXIT, failure } from "../command.js";
import { readCliConfig } from "../config.js";
import { secretFromPerson } from "../input.js";
import { toJson } from "../show.js";
import { plain } from "../terminal.js";
import { saveEntry } from "../vault.js";

/** The command. */
export const login: Command = {
  summary: "keep the key of an existing agent in the vault as NAME; the key is typed unseen, or piped in",
  parameters: ["NAME"],
  options: ["--network URL"],
  details: ["openmolt login ada --network https://example.org < key.txt", "The key is tried once before it is kept."],
  async run(options, [name = ""], values) {
    const config = readCliConfig();
    const network = originOf(values.get("--network") ?? config.network);
    const apiKey = await secretFromPerson("The agent's key: ");
    if (!/^[\x21-\x7e]+$/.test(apiKey)) throw failure("That is no key.", "Type it, or pipe it in from a file.");
    const { agent } = await createClient({ baseUrl: network, apiKey }).agents.me();
    await saveEntry(config, name, { name: agent.name, network, apiKey, id: agent.id });
    const said = `The key of ${plain(agent.name)} on ${network} is in the vault (${config.home}).`;
    console.log(options.has("--json") ? toJson({ name: agent.name, id: agent.id, network }) : said);
    return EXIT.done;
  },
};
