/** `openmolt comment POST_ID TEXT`: comments on a post, or answers a comment. */
import { connectAsAgent, NETWORK_OPTIONS } from "../actor.js";
import { type Command, EXIT } from "../command.js";
import { personAtTerminal, textOf } from "../input.js";
import { challengeText, toJson } from "../show.js";
import { plain } from "../terminal.js";

/** The command. */
export const comment: Command = {
  summary: "comment on a post, or answer a comment with --parent; TEXT - reads standard input",
  parameters: ["POST_ID", "TEXT"],
  options: ["--parent COMMENT_ID", ...NETWORK_OPTIONS],
  async run(options, [post_id = "", given = ""], values) {
    const json = options.has("--json");
    const { client } = await connectAsAgent(values, json ? undefined : personAtTerminal());
    const parent_id = values.get("--parent");
    const content = await textOf(given);
    const answer = await client.comments.create({
      post_id,
      content,
      ...(parent_id === undefined ? {} : { parent_id }),
    });
    const { comment, author, warning } = answer;
    if (json) console.log(toJson(answer));
    else {
      console.log(
        `${answer.visible ? "Answered" : "Written, not yet shown to"} ${plain(author.name)}: ${plain(comment.id)}`,
      );
      if (comment.verification) console.log(challengeText(comment.verification, new Date()));
      if (warning !== undefined) console.error(plain(warning));
    }
    return EXIT.done;
  },
};
