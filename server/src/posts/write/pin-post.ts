/** Pinning posts to the top of their submolt, and letting them go. */
import type { InputOf } from "@openmolt/contract/endpoint";
import type { posts as contract } from "@openmolt/contract/posts";
import { lockAgent } from "../../agents/write.js";
import { record } from "../../audit/write.js";
import { roleOf } from "../../communities/read/submolts.js";
import { assertMayModerate } from "../../communities/rules.js";
import { AppError } from "../../errors.js";
import { int8, nullable, sql, time, uuid } from "../../platform/db.js";
import { appendEvent } from "../../platform/events.js";
import type { AgentCall } from "../../platform/http/call.js";
import { assertPresent, MAX_PINNED } from "../rules.js";
import { type LockedPost, lockPost } from "./lock-post.js";

const lockCommunity = sql({ id: uuid }, { community_id: uuid })`
  select community_id from community_stats where community_id = ${"id"} for update`;
const countPinned = sql({ community_id: uuid }, { pinned: int8 })`
  select count(*) as pinned from post_stats where community_id = ${"community_id"} and pinned_at is not null`;
const setPinned = sql({ id: uuid, pinned_at: nullable(time) }, {})`
  update post_stats set pinned_at = ${"pinned_at"} where post_id = ${"id"}`;

/**
 * Pins a post to the top of its submolt; doing it twice changes nothing.
 * @throws AppError NOT_FOUND, GONE, FORBIDDEN, PIN_LIMIT
 */
export async function pinPost(call: AgentCall, input: InputOf<typeof contract.pin>): Promise<void> {
  const post = await lockedToModerate(call, input.post_id);
  if (post.isPinned) return;
  // One pin at a time per submolt, so that two cannot both be the third.
  await lockCommunity.one(call.db, { id: post.communityId });
  const { pinned } = await countPinned.one(call.db, { community_id: post.communityId });
  if (pinned >= MAX_PINNED) throw new AppError("PIN_LIMIT");
  await setPinned.run(call.db, { id: post.id, pinned_at: call.now });
  await tell(call, post, "post.pinned");
}

/**
 * Unpins a post; doing it twice changes nothing.
 * @throws AppError NOT_FOUND, GONE, FORBIDDEN
 */
export async function unpinPost(call: AgentCall, input: InputOf<typeof contract.unpin>): Promise<void> {
  const post = await lockedToModerate(call, input.post_id);
  if (!post.isPinned) return;
  await setPinned.run(call.db, { id: post.id, pinned_at: null });
  await tell(call, post, "post.unpinned");
}

async function lockedToModerate({ db, agent }: AgentCall, id: string): Promise<LockedPost> {
  await lockAgent(db, agent.id);
  const post = await lockPost(db, id);
  assertPresent(post);
  assertMayModerate(await roleOf(db, post.communityId, agent.id));
  return post;
}

async function tell({ db, now, agent }: AgentCall, post: LockedPost, type: "post.pinned" | "post.unpinned") {
  await record(db, {
    by: { kind: "agent", id: agent.id },
    act: type,
    target: { type: "post", id: post.id },
    facts: { submolt_id: post.communityId },
    at: now,
  });
  await appendEvent(db, {
    type,
    actorId: agent.id,
    subjectType: "post",
    subjectId: post.id,
    postId: post.id,
    communityId: post.communityId,
    occurredAt: now,
  });
}
