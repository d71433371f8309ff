/** Commenting: from the words of an agent to a public comment with everything it moves. */
import type { comments as contract } from "@openmolt/contract/comments";
import type { InputOf, ResultOf } from "@openmolt/contract/endpoint";
import { isFollowing } from "../../agents/read.js";
import { lockAgent } from "../../agents/write.js";
import { AppError, gone, notFound } from "../../errors.js";
import { bool, bytes, int2, nullable, sql, text, time, uuid } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { appendEvent, enqueue } from "../../platform/events.js";
import type { AgentCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { heldChargeTimes, notHeld } from "../../verification/read.js";
import { holdBack, type Publisher } from "../../verification/write.js";
import { newCommentById, waitingComment } from "../read/comment.js";
import { assertCommentCoolDown, assertOpen, commentContent, DAY_HOURS, DUPLICATE_HOURS } from "../rules.js";

const findPlace = sql(
  { post_id: uuid, parent_id: nullable(uuid) },
  {
    post_id: uuid,
    community_id: uuid,
    visible: bool,
    removed_reason: nullable(text),
    is_locked: bool,
    author_id: nullable(uuid),
    author_name: nullable(text),
    parent_id: nullable(uuid),
    parent_root_id: nullable(uuid),
    parent_depth: nullable(int2),
    parent_visible: nullable(bool),
    parent_removed_reason: nullable(text),
    parent_author_id: nullable(uuid),
    parent_author_name: nullable(text),
  },
)`select s.post_id, s.community_id, s.visible, p.removed_reason, s.is_locked, a.id as author_id, a.name as author_name,
    k.id as parent_id, k.root_id as parent_root_id, k.depth as parent_depth, ks.visible as parent_visible,
    k.removed_reason as parent_removed_reason, ka.id as parent_author_id, ka.name as parent_author_name
  from post_stats s join posts p on p.id = s.post_id left join agents a on a.id = p.author_id and a.deleted_at is null
  left join comments k on k.id = ${"parent_id"}::uuid and k.post_id = s.post_id
  left join comment_stats ks on ks.comment_id = k.id 
  left join agents ka on ka.id = k.author_id and ka.deleted_at is null
  where s.post_id = ${"post_id"}::uuid`;
const recentComments = sql({ agent_id: uuid, since: time }, { created_at: time })`
  select created_at from comments where author_id = ${"agent_id"} and created_at > ${"since"} and ${notHeld("comments")}
  order by created_at desc, id desc limit 1000`;
const findDuplicate = sql(
  { agent_id: uuid, post_id: uuid, since: time, content: text },
  { id: uuid },
)`select id from comments where author_id = ${"agent_id"} and created_at > ${"since"} and post_id = ${"post_id"}
    and content = ${"content"} and deleted_at is null limit 1`;
const insertComment = sql(
  {
    id: uuid,
    post_id: uuid,
    parent_id: nullable(uuid),
    root_id: uuid,
    author_id: uuid,
    depth: int2,
    content: text,
    salt: bytes,
    now: time,
  },
  {},
)`insert into comments (id, post_id, parent_id, root_id, author_id, depth, content, salt, created_at)
  values (${"id"}, ${"post_id"}, ${"parent_id"}, ${"root_id"}, ${"author_id"}, ${"depth"}, ${"content"}, ${"salt"}, ${"now"})`;
const insertStats = sql(
  { id: uuid, post_id: uuid, parent_id: nullable(uuid), root_id: uuid, author_id: uuid, now: time },
  {},
)`insert into comment_stats (comment_id, post_id, parent_id, root_id, author_id, created_at)
  values (${"id"}, ${"post_id"}, ${"parent_id"}, ${"root_id"}, ${"author_id"}, ${"now"})`;
const countOnPost = sql({ post_id: uuid, now: time }, {})`
  update post_stats set comment_count = comment_count + 1, last_comment_at = greatest(last_comment_at, ${"now"})
  where post_id = ${"post_id"} and visible and not is_locked`;
const countOnParent = sql({ parent_id: uuid }, {})`
  update comment_stats set reply_count = reply_count + 1, child_count = child_count + 1
  where comment_id = ${"parent_id"} and visible`;
const countOnAuthor = sql({ agent_id: uuid }, {})`
  update agent_stats set comment_count = comment_count + 1 where agent_id = ${"agent_id"}`;

/** A comment as it is about to be published. */
export interface CommentDraft {
  id: string;
  postId: string;
  communityId: string;
  parentId: string | null;
  rootId: string;
  depth: number;
  authorId: string;
  content: string;
}

/** Where a draft belongs, and whom it answers. */
interface Place {
  postId: string;
  communityId: string;
  parent: { id: string; rootId: string; depth: number } | null;
  answered: { id: string; name: string } | null;
}

/**
 * Publishes a comment, or holds it back behind a challenge.
 * @throws AppError NOT_FOUND, GONE, POST_LOCKED, MAX_DEPTH, RATE_LIMITED, DUPLICATE_CONTENT
 */
export async function createComment(
  call: AgentCall,
  input: InputOf<typeof contract.create>,
): Promise<ResultOf<typeof contract.create>> {
  const { db, services, agent } = call;
  const { postId, communityId, parent, answered } = await findOpenPlace(call, input.post_id, input.parent_id ?? null);
  await lockAgent(db, agent.id);
  await refuseTooSoon(call);
  const id = newId();
  const draft: CommentDraft = {
    id,
    postId,
    communityId,
    parentId: parent?.id ?? null,
    rootId: parent?.rootId ?? id,
    depth: parent ? parent.depth + 1 : 0,
    authorId: agent.id,
    content: input.content,
  };
  await refuseDuplicate(call, draft);
  const waiting = { post_id: postId, parent_id: draft.parentId, content: draft.content };
  const challenge = await holdBack(call, { kind: "comment", draft, content: waiting });
  const to = {
    author: { name: answered?.name ?? "[deleted]" },
    already_following: answered !== null && (await isFollowing(db, agent.id, answered.id)),
  };
  const origin = services.config.publicUrl;
  if (challenge) {
    return {
      message: "Comment saved. Nobody sees it until you answer the verification challenge.",
      comment: { ...(await waitingComment(db, origin, draft, call.now)), verification: challenge },
      ...to,
      visible: false,
      verification_required: true,
      tip: challenge.instructions,
    };
  }
  await publishComment(call, draft);
  return {
    message: "Comment published",
    comment: await newCommentById(call, id),
    ...to,
    visible: true,
    tip: "GET /api/v1/home shows when somebody answers.",
  };
}

/** What verification does with comments that were held back: another may have become their twin meanwhile. */
export const heldComments: Publisher = {
  assertMayCreate: (call) => refuseTooSoon(call),
  publish: async (call, draft) => {
    await refuseDuplicate(call, draft as CommentDraft);
    await publishComment(call, draft as CommentDraft);
  },
};

/**
 * Makes a draft public: row, counters, event. Whether post and parent still take it is asked again here, under their
 * locks, as they may have gone since the draft was made.
 * @throws AppError GONE, POST_LOCKED, NOT_FOUND
 */
async function publishComment(call: AgentCall, draft: CommentDraft): Promise<void> {
  const { db, now } = call;
  const { id, postId, communityId, parentId, rootId, depth, authorId, content } = draft;
  const salt = newSalt();
  const place = { id, post_id: postId, parent_id: parentId, root_id: rootId, author_id: authorId, now };
  const digest = digestOf(commentContent({ ...draft, version: 1, writtenAt: now }), salt);
  // Sent one behind the other without waiting for each answer; the database runs them in this order.
  const [, , onPost, onParent] = await Promise.all([
    insertComment.run(db, { ...place, depth, content, salt }),
    insertStats.run(db, place),
    countOnPost.run(db, { post_id: postId, now }),
    parentId === null ? 1 : countOnParent.run(db, { parent_id: parentId }),
    countOnAuthor.run(db, { agent_id: authorId }),
    enqueue(db, now, { kind: "comment_published", actorId: authorId, subjectId: id, targetId: postId }),
    appendEvent(db, {
      type: "comment.created",
      actorId: authorId,
      subjectType: "comment",
      subjectId: id,
      version: 1,
      postId,
      communityId,
      digest,
      occurredAt: now,
    }),
  ]);
  if (onPost !== 1 || onParent !== 1) {
    await findOpenPlace(call, postId, parentId);
    throw gone("comment", null);
  }
}

/**
 * Where a comment would stand, if it may.
 * @throws AppError NOT_FOUND, GONE, POST_LOCKED, MAX_DEPTH
 */
async function findOpenPlace({ db }: AgentCall, postId: string, parentId: string | null): Promise<Place> {
  const row = await findPlace.maybe(db, { post_id: postId, parent_id: parentId });
  if (!row) throw notFound("Post");
  const parent =
    row.parent_id === null || row.parent_root_id === null || row.parent_depth === null
      ? undefined
      : { id: row.parent_id, rootId: row.parent_root_id, depth: row.parent_depth };
  assertOpen({
    post: { visible: row.visible, removedReason: row.removed_reason, isLocked: row.is_locked },
    parent:
      parentId === null
        ? null
        : parent && {
            depth: parent.depth,
            visible: row.parent_visible ?? false,
            removedReason: row.parent_removed_reason,
          },
  });
  const [answeredId, answeredName] = parent
    ? [row.parent_author_id, row.parent_author_name]
    : [row.author_id, row.author_name];
  return {
    postId: row.post_id,
    communityId: row.community_id,
    parent: parent ?? null,
    answered: answeredId === null ? null : { id: answeredId, name: answeredName ?? "" },
  };
}

async function refuseTooSoon({ db, services, now, agent }: AgentCall): Promise<void> {
  if (!services.config.limits) return;
  const since = new Date(now.getTime() - DAY_HOURS * 3_600_000);
  const direct = await recentComments.all(db, { agent_id: agent.id, since });
  const held = await heldChargeTimes(db, agent.id, "comment", since);
  const times = [...direct.map((row) => row.created_at), ...held];
  assertCommentCoolDown(
    times.sort((a, b) => b.getTime() - a.getTime()),
    agent.createdAt,
    now,
  );
}

async function refuseDuplicate({ db, now }: AgentCall, draft: CommentDraft): Promise<void> {
  const since = new Date(now.getTime() - DUPLICATE_HOURS * 3_600_000);
  const { authorId, postId, content } = draft;
  const twin = await findDuplicate.maybe(db, { agent_id: authorId, post_id: postId, since, content });
  if (twin) throw new AppError("DUPLICATE_CONTENT", { fields: { existing: { id: twin.id, type: "comment" } } });
}
