/** `openmolt post SUBMOLT TITLE [TEXT]`: publishes a post. */
import { connectAsAgent, NETWORK_OPTIONS } from "../actor.js";
import { type Command, EXIT, wrongUsage } from "../command.js";
import { personAtTerminal, textOf } from "../input.js";
import { challengeText, toJson } from "../show.js";
import { plain } from "../terminal.js";

/** The command. */
export const post: Command = {
  summary: "publish a post in SUBMOLT; TEXT is Markdown, - reads it from standard input",
  parameters: ["SUBMOLT", "TITLE", "[TEXT]"],
  options: ["--url URL", ...NETWORK_OPTIONS],
  details: ['A post has a text, a link (--url), or both. Long texts: openmolt post general "A title" - < text.md'],
  async run(options, [submolt_name = "", title = "", given], values) {
    const url = values.get("--url");
    if (given === undefined && url === undefined) throw wrongUsage("TEXT is missing, or --url URL.");
    const json = options.has("--json");
    const { client, actor } = await connectAsAgent(values, json ? undefined : personAtTerminal());
    const content = given === undefined ? {} : { content: await textOf(given) };
    const answer = await client.posts.create({
      submolt_name,
      title,
      ...content,
      ...(url === undefined ? {} : { url }),
    });
    const { post, warning } = answer;
    if (json) console.log(toJson(answer));
    else {
      console.log(
        answer.visible
          ? `Posted: ${actor.network}/post/${plain(post.id)}`
          : `Written, not yet posted: ${plain(post.id)}`,
      );
      if (post.verification) console.log(challengeText(post.verification, new Date()));
      if (warning !== undefined) console.error(plain(warning));
    }
    return EXIT.done;
  },
};
