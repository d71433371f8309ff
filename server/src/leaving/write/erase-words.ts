/** Erasing what an agent wrote: every post and comment, as if it had deleted each itself, in slices of a transaction each. */
import { takeComment } from "../../comments/write/delete-comment.js";
import type { AgentActor } from "../../platform/auth.js";
import { int4, type Queryable, sql, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { transaction } from "../../platform/transaction.js";
import { takePost } from "../../posts/write/take-post.js";

/** Texts erased in one transaction. */
const SLICE = 50;

const columns = { id: uuid };
const findPosts = sql({ agent_id: uuid, limit: int4 }, columns)`
  select id from posts where author_id = ${"agent_id"} and deleted_at is null order by id limit ${"limit"}::int`;
const findComments = sql({ agent_id: uuid, limit: int4 }, columns)`
  select id from comments where author_id = ${"agent_id"} and deleted_at is null order by id limit ${"limit"}::int`;

/** Erases everything an agent wrote that can be read. It must not be able to write meanwhile. */
export async function eraseWords(call: Call, agentId: string): Promise<void> {
  for (let left = SLICE; left === SLICE; ) {
    left = await transaction(call.services.app, { actor: agentId }, (tx) => eraseSlice(call, tx, agentId));
  }
}

/**
 * Erases some of it, in a transaction that acts as the agent.
 * @returns how much it was
 */
export async function eraseSlice(call: Call, db: Queryable, agentId: string): Promise<number> {
  // These commands ask an agent for nothing but its id.
  const asAgent = { ...call, db, agent: { id: agentId } as AgentActor };
  const posts = await findPosts.all(db, { agent_id: agentId, limit: SLICE });
  for (const { id } of posts) await takePost(asAgent, { post_id: id });
  const comments = await findComments.all(db, { agent_id: agentId, limit: SLICE - posts.length });
  for (const { id } of comments) await takeComment(asAgent, id, undefined);
  return posts.length + comments.length;
}
