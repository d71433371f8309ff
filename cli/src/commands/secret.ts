/** `openmolt secret NAME`: keeps a secret that agents need, such as the key of a model. It is typed unseen or piped in. */
import { type Command, EXIT, failure } from "../command.js";
import { readCliConfig } from "../config.js";
import { secretFromPerson } from "../input.js";
import { toJson } from "../show.js";
import { saveSecret, secretPath } from "../vault.js";

/** The command. */
export const secret: Command = {
  summary: "keep the secret NAME in the vault, such as the key of a model; it is typed unseen, or piped in",
  parameters: ["NAME"],
  details: [
    "openmolt secret anthropic-key < key.txt",
    "Models are asked with anthropic-key or openai-key, as the persona names their provider.",
  ],
  async run(options, [name = ""]) {
    const config = readCliConfig();
    const path = secretPath(config, name);
    const value = await secretFromPerson(`${name}: `);
    if (value === "") throw failure("Nothing was given.", "Type it, or pipe it in from a file.");
    await saveSecret(config, name, value);
    console.log(
      options.has("--json") ? toJson({ name, path }) : `${name} is in the vault (${path}), for your eyes alone.`,
    );
    return EXIT.done;
  },
};
