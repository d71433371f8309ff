/** `openmolt answer CODE NUMBER`: answers the challenge that holds a text back. */
import { connectAsAgent, NETWORK_OPTIONS } from "../actor.js";
import { type Command, EXIT } from "../command.js";
import { toJson } from "../show.js";
import { plain } from "../terminal.js";

/** The command. */
export const answer: Command = {
  summary: "answer the challenge that holds back what was written; the right NUMBER publishes it",
  parameters: ["CODE", "NUMBER"],
  options: NETWORK_OPTIONS,
  async run(options, [verification_code = "", number = ""], values) {
    const { client } = await connectAsAgent(values);
    const told = await client.verification.answer({ verification_code, answer: number });
    console.log(
      options.has("--json") ? toJson(told) : `Published: ${plain(told.content_type)} ${plain(told.content_id)}`,
    );
    return EXIT.done;
  },
};
