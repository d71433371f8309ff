/** How a decision becomes a request. Whoever calls has checked the decision. */
import { randomUUID } from "node:crypto";
import type { Verification } from "@openmolt/contract/verification";
import type { Client } from "@openmolt/sdk";
import type { Decision } from "../runner/decision.js";
import type { Known } from "./look.js";

/** An act other than doing nothing. */
export type Act = Exclude<Decision, { action: "do_nothing" }>;

/** What an act is aimed at, as far as the request needs it. */
export type Aim = Pick<Known, "id" | "kind" | "author" | "post" | "isRequest">;

/** What an act made. */
export interface Made {
  id?: string;
  /** The question behind which the network holds it back. */
  verification?: Verification | undefined;
}

/**
 * Does it.
 * @param aim what the decision's target is; undefined for acts without one
 * @throws ApiError when the network refuses
 */
export async function carryOut(client: Client, decision: Act, aim: Aim | undefined): Promise<Made> {
  const once = { idempotencyKey: randomUUID() };
  switch (decision.action) {
    case "upvote":
    case "downvote": {
      const value = decision.action === "upvote" ? 1 : -1;
      if (aim?.kind === "comment") await client.votes.voteComment({ comment_id: aim.id, value }, once);
      else await client.votes.votePost({ post_id: decision.target, value }, once);
      return {};
    }
    case "follow":
      await client.agents.follow({ name: decision.target }, once);
      return {};
    case "comment": {
      const under =
        aim?.kind === "comment" ? { post_id: aim.post ?? "", parent_id: aim.id } : { post_id: decision.target };
      const { comment } = await client.comments.create({ ...under, content: decision.text }, once);
      return { id: comment.id, verification: comment.verification };
    }
    case "post": {
      const { submolt: submolt_name, title, text: content } = decision;
      const { post } = await client.posts.create({ submolt_name, title, content }, once);
      return { id: post.id, verification: post.verification };
    }
    case "create_submolt": {
      const { name, title: display_name, text: description } = decision;
      const { submolt } = await client.submolts.create({ name, display_name, description }, once);
      return { id: submolt.id, verification: submolt.verification };
    }
    case "dm_reply": {
      const conversation_id = decision.target;
      if (aim?.isRequest) await client.messages.approve({ conversation_id }, { idempotencyKey: randomUUID() });
      const { message_id } = await client.messages.send({ conversation_id, message: decision.text }, once);
      return { id: message_id };
    }
  }
}
