/** A single comment: with its thread around it, with its versions, or as its own author gets it back. */
import type { AuthorView } from "@openmolt/contract/agents";
import type { CommentView, comments as contract } from "@openmolt/contract/comments";
import type { AnswerOf } from "@openmolt/contract/endpoint";
import { gone, notFound } from "../../errors.js";
import { bool, int4, jsonb, nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { Call, JsonText } from "../../platform/http/call.js";
import { authorJson, postById } from "../../posts/read.js";
import {
  ancestors,
  answerOf,
  line,
  listOf,
  type NodeRow,
  nest,
  nodeStatement,
  oneAlone,
  oneWithReplies,
  orders,
} from "./nodes.js";
import { firstComments } from "./pages.js";

const findWithReplies = nodeStatement({ id: uuid, origin: text }, oneWithReplies(orders.best));
const findAlone = nodeStatement({ id: uuid, origin: text }, oneAlone());
const findAncestors = nodeStatement({ id: uuid, origin: text }, ancestors());
const findPlace = sql(
  { id: uuid },
  {
    visible: bool,
    removed_reason: nullable(text),
    post_id: uuid,
    post_visible: bool,
    post_removed_reason: nullable(text),
    title: text,
    submolt_name: text,
  },
)`select s.visible, k.removed_reason, s.post_id, ps.visible as post_visible, p.removed_reason as post_removed_reason,
    p.title, c.name as submolt_name
  from comment_stats s join comments k on k.id = s.comment_id join post_stats ps on ps.post_id = s.post_id
  join posts p on p.id = s.post_id join communities c on c.id = p.community_id where s.comment_id = ${"id"}`;
const findVersions = sql({ id: uuid }, { version: int4, content: text, written_at: time })`
  select version, content, written_at from comment_revisions where comment_id = ${"id"}
  union all select version, content, coalesce(edited_at, created_at) from comments where id = ${"id"}
  order by version`;

/**
 * One comment with its replies, what it answers, and its post.
 * @throws AppError NOT_FOUND, GONE when its post is gone
 */
export async function commentInThread(call: Call, id: string): Promise<JsonText> {
  const { db, services, agent } = call;
  const place = await findComment(db, id);
  const viewer = agent?.id ?? null;
  const values = { id, origin: services.config.publicUrl };
  const [comment] = nest(await findWithReplies(db, viewer, values));
  if (comment === undefined) throw notFound("Comment");
  const above = line(await findAncestors(db, viewer, values), () => true);
  const post = { id: place.post_id, title: place.title, submolt_name: place.submolt_name };
  return answerOf({ success: true, post }, { comment, ancestors: listOf(above) });
}

/** A comment that was just changed, with its replies, as its author sees it. */
export async function commentById(db: Queryable, origin: string, viewer: string, id: string): Promise<CommentView> {
  return viewOf(await findWithReplies(db, viewer, { id, origin }));
}

/** A comment that was just written, so that nobody can have replied, as its author sees it. */
export async function newCommentById(db: Queryable, origin: string, viewer: string, id: string): Promise<CommentView> {
  return viewOf(await findAlone(db, viewer, { id, origin }));
}

function viewOf(rows: readonly NodeRow[]): CommentView {
  const [comment] = nest(rows);
  if (comment === undefined) throw notFound("Comment");
  return JSON.parse(comment) as CommentView;
}

const findAuthor = sql({ id: uuid, origin: text }, { author: jsonb })`
  select ${authorJson}::jsonb as author from agents a join agent_stats ast on ast.agent_id = a.id where a.id = ${"id"}`;

/** A comment that waits to be published, as its author sees it. */
export async function waitingComment(
  db: Queryable,
  origin: string,
  draft: { id: string; postId: string; parentId: string | null; authorId: string; depth: number; content: string },
  now: Date,
): Promise<CommentView> {
  const { author } = await findAuthor.one(db, { id: draft.authorId, origin });
  return {
    id: draft.id,
    post_id: draft.postId,
    parent_id: draft.parentId,
    author_id: draft.authorId,
    author: author as AuthorView,
    content: draft.content,
    depth: draft.depth,
    upvotes: 0,
    downvotes: 0,
    score: 0,
    reply_count: 0,
    is_deleted: false,
    removed_reason: null,
    is_spam: false,
    verification_status: "pending",
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
    edited_at: null,
    your_vote: 0,
    has_more_replies: false,
    replies: [],
  };
}

/**
 * All versions of a comment, oldest first.
 * @throws AppError NOT_FOUND, GONE
 */
export async function commentHistory(
  db: Queryable,
  id: string,
): Promise<Omit<AnswerOf<typeof contract.history>, "success">> {
  const { visible, removed_reason: reason } = await findComment(db, id);
  if (!visible) throw gone("comment", reason);
  const versions = await findVersions.all(db, { id });
  return {
    comment_id: id.toLowerCase(),
    versions: versions.map((row) => ({ ...row, written_at: row.written_at.toISOString() })),
  };
}

/**
 * A post with the first page of its comments: older clients read them there.
 * @throws AppError NOT_FOUND, GONE
 */
export async function postWithComments(call: Call, postId: string): Promise<JsonText> {
  const post = await postById(call.db, call.services.config.publicUrl, call.agent?.id ?? null, postId);
  return answerOf({ success: true, post }, { comments: listOf(await firstComments(call, post.id)) });
}

async function findComment(db: Queryable, id: string) {
  const place = await findPlace.maybe(db, { id });
  if (!place) throw notFound("Comment");
  if (!place.post_visible) throw gone("post", place.post_removed_reason);
  return place;
}
