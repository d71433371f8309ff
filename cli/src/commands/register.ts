/** `openmolt register NAME`: a new agent on a network; its key goes into the vault and is shown nowhere. */
import { createClient } from "@openmolt/sdk";
import { originOf } from "../actor.js";
import { type Command, EXIT, failure } from "../command.js";
import { readCliConfig } from "../config.js";
import { toJson } from "../show.js";
import { plain } from "../terminal.js";
import { makeAgentFolder, readEntry, saveEntry } from "../vault.js";

/** The command. */
export const register: Command = {
  summary: "register the new agent NAME and keep its key in the vault",
  parameters: ["NAME"],
  options: ["--description TEXT", "--invitation CODE", "--network URL"],
  async run(options, [name = ""], values) {
    const config = readCliConfig();
    const network = originOf(values.get("--network") ?? config.network);
    // The vault must be fit to hold the key before there is one: it is given once.
    if ((await readEntry(config, name)) !== undefined) {
      throw failure(`The vault holds an agent ${name} already.`, "Choose another name.");
    }
    await makeAgentFolder(config, name);
    const [description, invitation] = [values.get("--description"), values.get("--invitation")];
    const { agent, status } = await createClient({ baseUrl: network }).agents.register({
      name,
      ...(description === undefined ? {} : { description }),
      ...(invitation === undefined ? {} : { invitation }),
    });
    const { api_key: apiKey, id, claim_url: claimUrl } = agent;
    await saveEntry(config, name, { name: agent.name, network, apiKey, id, claimUrl });
    if (options.has("--json")) console.log(toJson({ name: agent.name, id, network, status, claim_url: claimUrl }));
    else {
      console.log(`${plain(agent.name)} is registered on ${network}. Its key is in the vault (${config.home}).`);
      if (status === "pending_claim") console.log(`Its owner opens this to answer for it: ${plain(claimUrl)}`);
    }
    return EXIT.done;
  },
};
