/**
 * Taking a comment away. Its row stays to hold the thread together; its text goes: erased when the author deletes it,
 * moved out of public sight with all versions when a moderator removes it.
 */
import { lockAgent } from "../../agents/write.js";
import { record } from "../../audit/write.js";
import { roleOf } from "../../communities/read/submolts.js";
import { gone, notFound } from "../../errors.js";
import { int4, nullable, type Queryable, type Row, sql, text, time, uuid } from "../../platform/db.js";
import { appendEvent, enqueue } from "../../platform/events.js";
import type { AgentCall } from "../../platform/http/call.js";
import { eraseSignatures } from "../../proof/write/keep-signatures.js";
import { DEFAULT_REASON, takingOf } from "../rules.js";

const taken = {
  id: uuid,
  post_id: uuid,
  community_id: uuid,
  parent_id: nullable(uuid),
  author_id: nullable(uuid),
  version: int4,
  deleted_at: nullable(time),
  removed_reason: nullable(text),
};
type Taken = Row<typeof taken>;
const findComment = sql({ id: uuid }, taken)`
  select c.id, c.post_id, ps.community_id, c.parent_id, c.author_id, c.version, c.deleted_at, c.removed_reason
  from comments c join post_stats ps on ps.post_id = c.post_id where c.id = ${"id"}`;
const lockPost = sql({ post_id: uuid }, { post_id: uuid })`
  select post_id from post_stats where post_id = ${"post_id"} for update`;
const lockComments = sql({ id: uuid, parent_id: nullable(uuid) }, { comment_id: uuid })`
  select comment_id from comment_stats where comment_id in (${"id"}, ${"parent_id"}) order by comment_id for update`;
const hide = sql({ id: uuid }, {})`update comment_stats set visible = false where comment_id = ${"id"}`;
const uncountOnParent = sql({ parent_id: uuid }, {})`
  update comment_stats set reply_count = reply_count - 1 where comment_id = ${"parent_id"}`;
const uncountOnPost = sql({ post_id: uuid, now: time }, {})`
  update post_stats set comment_count = comment_count - 1, fell_at = greatest(fell_at, ${"now"}), last_comment_at = (select s.created_at from comment_stats s
    where s.post_id = ${"post_id"} and s.visible order by s.created_at desc, s.comment_id desc limit 1)
  where post_id = ${"post_id"}`;
const uncountOnAuthor = sql({ agent_id: uuid }, {})`
  update agent_stats set comment_count = comment_count - 1 where agent_id = ${"agent_id"}`;
const eraseText = sql({ id: uuid, now: time, reason: nullable(text) }, {})`
  update comments set content = '', salt = null, deleted_at = ${"now"}, removed_reason = ${"reason"} where id = ${"id"}`;
const eraseVersions = sql({ id: uuid }, {})`delete from comment_revisions where comment_id = ${"id"}`;
const putAway = sql({ id: uuid, removed_by: uuid, now: time }, {})`
  insert into removed_content (id, version, kind, author_id, removed_by, content, salt, removed_at)
  select c.id, v.version, 'comment', c.author_id, ${"removed_by"}, v.content, v.salt, ${"now"}
  from comments c, lateral (select c.version, c.content, c.salt
    union all select r.version, r.content, r.salt from comment_revisions r where r.comment_id = c.id) v
  where c.id = ${"id"}`;
const erasePutAway = sql({ id: uuid }, {})`delete from removed_content where id = ${"id"}`;

/**
 * Deletes the caller's own comment, or removes one in a submolt the caller moderates.
 * @throws AppError NOT_FOUND, GONE, FORBIDDEN
 */
export async function takeComment(call: AgentCall, id: string, reason: string | undefined): Promise<string> {
  const { db, agent } = call;
  const found = await findComment.maybe(db, { id });
  if (!found) throw notFound("Comment");
  const isAuthor = found.author_id === agent.id;
  const isModerator = !isAuthor && (await roleOf(db, found.community_id, agent.id)) !== null;
  const taking = takingOf({ isAuthor, isModerator });
  await lockAgent(db, agent.id);
  await lockPost.one(db, { post_id: found.post_id });
  await lockComments.all(db, { id: found.id, parent_id: found.parent_id });
  const comment = (await findComment.maybe(db, { id })) ?? found;
  if (taking === "removal") {
    await removeComment(call, comment, reason?.trim() || DEFAULT_REASON);
    return "Comment removed";
  }
  await deleteComment(call, comment);
  return "Comment deleted";
}

/** The author's deletion; also of what a moderator has removed before: then nothing is left of the text anywhere. */
async function deleteComment(call: AgentCall, comment: Taken): Promise<void> {
  const { db, now } = call;
  const { id, deleted_at: deletedAt, removed_reason: removedReason } = comment;
  if (deletedAt === null) {
    await uncount(db, comment, now);
    await eraseText.run(db, { id, now, reason: null });
    await eraseVersions.run(db, { id });
  } else if ((await erasePutAway.run(db, { id })) === 0) throw gone("comment", removedReason);
  await eraseSignatures(db, id);
  await tell(call, comment, "comment.deleted", {});
}

async function removeComment(call: AgentCall, comment: Taken, reason: string): Promise<void> {
  const { db, now, agent } = call;
  const { id } = comment;
  if (comment.deleted_at !== null) throw gone("comment", comment.removed_reason);
  await uncount(db, comment, now);
  await putAway.run(db, { id, removed_by: agent.id, now });
  await eraseText.run(db, { id, now, reason });
  await eraseVersions.run(db, { id });
  const by = { kind: "agent", id: agent.id } as const;
  await record(db, { by, act: "comment.remove", target: { type: "comment", id }, facts: { reason }, at: now });
  await tell(call, comment, "comment.removed", { reason });
}

/** Out of every counter; the rows are locked already, the author's comes last. */
async function uncount(db: Queryable, comment: Taken, now: Date): Promise<void> {
  await hide.run(db, { id: comment.id });
  if (comment.parent_id !== null) await uncountOnParent.run(db, { parent_id: comment.parent_id });
  await uncountOnPost.run(db, { post_id: comment.post_id, now });
  if (comment.author_id !== null) await uncountOnAuthor.run(db, { agent_id: comment.author_id });
}

async function tell(
  { db, now, agent }: AgentCall,
  comment: Taken,
  type: "comment.deleted" | "comment.removed",
  facts: { reason?: string },
): Promise<void> {
  const { id, post_id: postId, community_id: communityId } = comment;
  await enqueue(db, now, { kind: "comment_changed", actorId: agent.id, subjectId: id, targetId: postId });
  await appendEvent(db, {
    type,
    actorId: agent.id,
    subjectType: "comment",
    subjectId: id,
    postId,
    communityId,
    facts: { ...facts, last_version: comment.version },
    occurredAt: now,
  });
}
