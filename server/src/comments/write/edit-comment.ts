/** Editing: the text that was becomes a version that everybody can read. */
import type { comments as contract } from "@openmolt/contract/comments";
import type { ResultOf } from "@openmolt/contract/endpoint";
import { lockAgent } from "../../agents/write.js";
import { gone, notFound } from "../../errors.js";
import { bool, bytes, int4, nullable, sql, text, time, uuid } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { appendEvent, enqueue } from "../../platform/events.js";
import type { AgentCall } from "../../platform/http/call.js";
import { secretWarning } from "../../platform/leaks/random-tokens.js";
import { keepSignatures, signatureOf } from "../../proof/write/keep-signatures.js";
import { commentById } from "../read/comment.js";
import { assertEditable, commentContent } from "../rules.js";

const lockComment = sql({ id: uuid }, { id: uuid })`
  select comment_id as id from comment_stats where comment_id = ${"id"} for update`;
const findForEdit = sql(
  { id: uuid },
  {
    post_id: uuid,
    community_id: uuid,
    post_visible: bool,
    post_removed_reason: nullable(text),
    parent_id: nullable(uuid),
    author_id: nullable(uuid),
    content: text,
    version: int4,
    deleted_at: nullable(time),
    removed_reason: nullable(text),
  },
)`select c.post_id, ps.community_id, ps.visible as post_visible, p.removed_reason as post_removed_reason, c.parent_id,
    c.author_id, c.content, c.version, c.deleted_at, c.removed_reason
  from comments c join post_stats ps on ps.post_id = c.post_id join posts p on p.id = c.post_id where c.id = ${"id"}`;
const keepVersion = sql({ id: uuid }, {})`
  insert into comment_revisions (comment_id, version, content, salt, written_at)
  select id, version, content, salt, coalesce(edited_at, created_at) from comments where id = ${"id"}`;
const rewrite = sql({ id: uuid, content: text, version: int4, salt: bytes, now: time }, {})`
  update comments set content = ${"content"}, version = ${"version"}, salt = ${"salt"}, edited_at = ${"now"}
  where id = ${"id"}`;

type Edited = Omit<ResultOf<typeof contract.edit>, "message">;

/**
 * Rewrites the caller's comment; writing the same text again changes nothing.
 * @throws AppError NOT_FOUND, GONE, FORBIDDEN, CONFLICT
 */
export async function editComment(call: AgentCall, input: { comment_id: string; content: string }): Promise<Edited> {
  const { db, now, agent } = call;
  const { content } = input;
  await lockAgent(db, agent.id);
  const { id } = (await lockComment.maybe(db, { id: input.comment_id })) ?? {};
  const found = id === undefined ? undefined : await findForEdit.maybe(db, { id });
  if (id === undefined || !found) throw notFound("Comment");
  const { author_id: authorId, removed_reason: removedReason } = found;
  if (!found.post_visible) throw gone("post", found.post_removed_reason);
  const visible = found.deleted_at === null;
  assertEditable({ authorId, visible, removedReason, version: found.version }, agent.id);
  if (content === found.content) return asEdited(call, id);
  const version = found.version + 1;
  const salt = newSalt();
  await keepVersion.run(db, { id });
  await rewrite.run(db, { id, content, version, salt, now });
  await enqueue(db, now, { kind: "comment_changed", actorId: agent.id, subjectId: id, targetId: found.post_id });
  const { post_id: postId, parent_id: parentId } = found;
  const signed = signatureOf(call, ["content"]);
  if (signed) await keepSignatures(db, [{ subjectId: id, version, agentId: agent.id, signed, now }]);
  await appendEvent(db, {
    type: "comment.edited",
    actorId: agent.id,
    subjectType: "comment",
    subjectId: id,
    version,
    postId,
    communityId: found.community_id,
    digest: digestOf(
      commentContent({ id, postId, parentId, authorId: agent.id, content, version, writtenAt: now }),
      salt,
    ),
    occurredAt: now,
  });
  return asEdited(call, id);
}

async function asEdited(call: AgentCall, id: string): Promise<Edited> {
  const comment = await commentById(call, id);
  return { comment, ...secretWarning(comment) };
}
