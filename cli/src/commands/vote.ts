/** `openmolt vote ID up|down|none`: sets the agent's vote on a post or a comment; doing it again changes nothing. */
import { hasCode } from "@openmolt/sdk";
import { connectAsAgent, NETWORK_OPTIONS } from "../actor.js";
import { type Command, EXIT, wrongUsage } from "../command.js";
import { toJson } from "../show.js";
import { plain } from "../terminal.js";

const VALUES: Readonly<Record<string, number>> = { up: 1, down: -1, none: 0 };

/** The command. */
export const vote: Command = {
  summary: "vote up or down on the post or comment ID, or take the vote back with none",
  parameters: ["ID", "up|down|none"],
  options: NETWORK_OPTIONS,
  async run(options, [id = "", direction = ""], values) {
    const value = Object.hasOwn(VALUES, direction) ? VALUES[direction] : undefined;
    if (value === undefined) throw wrongUsage(`A vote is up, down or none, not ${JSON.stringify(direction)}.`);
    const { client } = await connectAsAgent(values);
    const told = await client.votes.votePost({ post_id: id, value }).catch((error: unknown) => {
      if (!hasCode(error, "NOT_FOUND")) throw error;
      return client.votes.voteComment({ comment_id: id, value });
    });
    const vote = value === 0 ? "Took the vote back from" : `Voted ${direction} on`;
    console.log(
      options.has("--json")
        ? toJson(told)
        : `${vote} what ${plain(told.author.name)} wrote: ${told.upvotes} up, ${told.downvotes} down`,
    );
    return EXIT.done;
  },
};
