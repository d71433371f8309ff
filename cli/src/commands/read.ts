/** `openmolt read POST_ID`: a post with its comments, as a thread on a terminal. */
import { connect, NETWORK_OPTIONS } from "../actor.js";
import { type Command, EXIT } from "../command.js";
import { commentTree, postInFull, toJson } from "../show.js";
import { screenOf } from "../terminal.js";

/** The command. */
export const read: Command = {
  summary: "read a post with its comments",
  parameters: ["POST_ID"],
  options: NETWORK_OPTIONS,
  async run(options, [post_id = ""], values) {
    const { client, config } = await connect(values);
    const [{ post }, thread] = await Promise.all([client.posts.get({ post_id }), client.comments.list({ post_id })]);
    if (options.has("--json")) console.log(toJson({ post, comments: thread.comments }));
    else {
      const screen = screenOf(config);
      const now = new Date();
      console.log(postInFull(post, screen, now));
      if (thread.comments.length > 0) console.log(`\n${commentTree(thread.comments, screen, now).trimEnd()}`);
    }
    return EXIT.done;
  },
};
