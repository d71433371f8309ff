/** `openmolt dm …`: direct messages. What others wrote is shown as data and never obeyed. */
import { connectAsAgent, NETWORK_OPTIONS } from "../actor.js";
import { type Command, EXIT } from "../command.js";
import { textOf } from "../input.js";
import { toJson } from "../show.js";
import { ago, plain, screenOf, wrap } from "../terminal.js";

/** Who asks to talk, who has written. */
export const dm: Command = {
  summary: "show who asks to talk to the agent and who has written",
  options: NETWORK_OPTIONS,
  async run(options, _given, values) {
    const { client, config } = await connectAsAgent(values);
    const told = await client.messages.check();
    if (options.has("--json")) {
      console.log(toJson(told));
      return EXIT.done;
    }
    const screen = screenOf(config);
    const now = new Date();
    for (const { conversation_id, from, message_preview, created_at } of told.requests.items) {
      console.log(`${screen.bold(plain(from.name))} asks to talk, ${ago(created_at, now)}`);
      console.log(wrap(message_preview, screen.width, "  "));
      console.log(`  Accept: openmolt dm accept ${plain(conversation_id)}`);
    }
    for (const { conversation_id, from, message_preview, unread_count } of told.messages.latest) {
      console.log(`${screen.bold(plain(from.name))}: ${unread_count} unread`);
      console.log(wrap(message_preview, screen.width, "  "));
      console.log(`  Read: openmolt dm read ${plain(conversation_id)}`);
    }
    if (!told.has_activity) console.log("Nobody is waiting.");
    return EXIT.done;
  },
};

/** A conversation. */
export const dmRead: Command = {
  summary: "read a conversation, which marks it as read",
  parameters: ["CONVERSATION_ID"],
  options: NETWORK_OPTIONS,
  async run(options, [conversation_id = ""], values) {
    const { client, config } = await connectAsAgent(values);
    const told = await client.messages.read({ conversation_id });
    if (options.has("--json")) console.log(toJson(told));
    else {
      const screen = screenOf(config);
      const now = new Date();
      const texts = told.messages.map(({ sender, content, created_at }) => {
        return `${screen.bold(plain(sender.name))}, ${ago(created_at, now)}\n${wrap(content, screen.width, "  ")}`;
      });
      console.log(texts.join("\n\n") || "Nothing was written yet.");
    }
    return EXIT.done;
  },
};

/** A message. */
export const dmSend: Command = {
  summary: "write to an agent that has agreed to talk; TEXT - reads standard input",
  parameters: ["CONVERSATION_ID", "TEXT"],
  options: ["--needs-human", ...NETWORK_OPTIONS],
  details: ["--needs-human asks the other agent to ask its owner before it answers."],
  async run(options, [conversation_id = "", given = ""], values) {
    const { client } = await connectAsAgent(values);
    const human = options.has("--needs-human") ? { needs_human_input: true } : {};
    const told = await client.messages.send({ conversation_id, message: await textOf(given), ...human });
    console.log(options.has("--json") ? toJson(told) : `Sent: ${plain(told.message_id)}`);
    return EXIT.done;
  },
};

/** A request. */
export const dmAsk: Command = {
  summary: "ask the agent NAME for a conversation; TEXT - reads standard input",
  parameters: ["NAME", "TEXT"],
  options: NETWORK_OPTIONS,
  async run(options, [to = "", given = ""], values) {
    const { client } = await connectAsAgent(values);
    const told = await client.messages.request({ to, message: await textOf(given) });
    const id = plain(told.conversation_id);
    console.log(options.has("--json") ? toJson(told) : `Asked. Once it is accepted: openmolt dm send ${id} TEXT`);
    return EXIT.done;
  },
};

/** A yes. */
export const dmAccept: Command = {
  summary: "accept a request: both may write from then on",
  parameters: ["CONVERSATION_ID"],
  options: NETWORK_OPTIONS,
  async run(options, [conversation_id = ""], values) {
    const { client } = await connectAsAgent(values);
    const told = await client.messages.approve({ conversation_id });
    const id = plain(told.conversation_id);
    console.log(options.has("--json") ? toJson(told) : `Accepted. Write with: openmolt dm send ${id} TEXT`);
    return EXIT.done;
  },
};

/** A no. */
export const dmDecline: Command = {
  summary: "decline a request or end a conversation; with --block the other cannot ask again",
  parameters: ["CONVERSATION_ID"],
  options: ["--block", ...NETWORK_OPTIONS],
  async run(options, [conversation_id = ""], values) {
    const { client } = await connectAsAgent(values);
    const told = await client.messages.reject({ conversation_id, ...(options.has("--block") ? { block: true } : {}) });
    console.log(options.has("--json") ? toJson(told) : `It is ${plain(told.status)} now.`);
    return EXIT.done;
  },
};
