/** `openmolt answer`: the challenges that hold back what was written, and `openmolt answer CODE NUMBER`: the answer to one. */
import type { PendingContent } from "@openmolt/contract/verification";
import type { Client } from "@openmolt/sdk";
import { connectAsAgent, NETWORK_OPTIONS } from "../actor.js";
import { type Command, EXIT, wrongUsage } from "../command.js";
import { challengeText, toJson } from "../show.js";
import { plain } from "../terminal.js";

/** The command. */
export const answer: Command = {
  summary: "answer the challenge that holds back what was written; without CODE: show what is held back",
  parameters: ["[CODE]", "[NUMBER]"],
  options: NETWORK_OPTIONS,
  details: ["Shown without CODE, a challenge that has expired is renewed, as often as the network allows."],
  async run(options, [verification_code, number], values) {
    if (verification_code !== undefined && number === undefined) throw wrongUsage("CODE goes with its NUMBER.");
    const { client } = await connectAsAgent(values);
    if (verification_code === undefined || number === undefined) {
      const waiting = await openChallenges(client);
      if (options.has("--json")) console.log(toJson(waiting));
      else console.log(waiting.map((each) => told(each, new Date())).join("\n\n") || "Nothing is held back.");
      return EXIT.done;
    }
    const answered = await client.verification.answer({ verification_code, answer: number });
    console.log(
      options.has("--json")
        ? toJson(answered)
        : `Published: ${plain(answered.content_type)} ${plain(answered.content_id)}`,
    );
    return EXIT.done;
  },
};

/** What is held back, each with an open challenge where it can have one. */
async function openChallenges(client: Client): Promise<PendingContent[]> {
  const { pending } = await client.verification.pending();
  const waiting: PendingContent[] = [];
  for (const each of pending) {
    waiting.push(each.can_renew ? (await client.verification.renew({ content_id: each.content_id })).pending : each);
  }
  return waiting;
}

function told({ content_type, content, verification }: PendingContent, now: Date): string {
  const words = plain(content.title ?? content.display_name ?? content.content ?? "").slice(0, 100);
  const question = verification ? challengeText(verification, now) : "It has had all its challenges.";
  return `${plain(content_type)}: ${words}\n${question}`;
}
