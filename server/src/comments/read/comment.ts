/** A single comment: with its thread around it, with its versions, or as its own author gets it back. */
import type { AuthorView } from "@openmolt/contract/agents";
import type { CommentView, comments as contract } from "@openmolt/contract/comments";
import type { AnswerOf } from "@openmolt/contract/endpoint";
import { gone, notFound } from "../../errors.js";
import { bool, int4, nullable, part, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { AgentCall, Call } from "../../platform/http/call.js";
import { SharedJson } from "../../platform/http/shared-json.js";
import { looksRandomInside } from "../../platform/leaks/random-tokens.js";
import { addPosts, keepPostText, postStatement, postTextColumns, postTextFields } from "../../posts/read.js";
import { addLine, addNested, answerWith, type Texts, textsOf, wholeThread } from "./comment-json.js";
import { type NodeRow, nodeStatement } from "./node-rows.js";
import { ancestors, FEW, fewCommentsAsJson, oneWithReplies, orders } from "./nodes.js";
import { readOwnValues } from "./own-values.js";
import { firstComments, rootsOf } from "./pages.js";

const findWithReplies = nodeStatement({ id: uuid }, oneWithReplies(orders.best));
const findAncestors = nodeStatement({ id: uuid }, ancestors());
const findLine = nodeStatement({ id: uuid }, ancestors(true));
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
    comment_count: int4,
  },
)`select s.visible, k.removed_reason, s.post_id, ps.visible as post_visible, p.removed_reason as post_removed_reason,
    p.title, c.name as submolt_name, ps.comment_count
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
export async function commentInThread(call: Call, id: string): Promise<SharedJson> {
  const { db } = call;
  const place = await findComment(db, id);
  const rows = await findWithReplies.all(db, { id });
  if (rows.length === 0) throw notFound("Comment");
  const above = await findAncestors.all(db, { id });
  const texts = await textsOf(call, [...rows, ...above]);
  const post = { id: place.post_id, title: place.title, submolt_name: place.submolt_name };
  const answer = answerWith({ success: true, post }).add(`,"comment":`);
  addNested(answer, rootsOf(rows), texts).add(`,"ancestors":[`);
  return addLine(answer, above, texts, true).add("]}");
}

/** A comment in its line: what it answers, root first, and last itself, all without their replies; and its post. */
export interface CommentLine {
  post: { id: string; title: string; submolt_name: string; comment_count: number };
  line: CommentView[];
  comment: CommentView;
  /** The line as rows with their texts. */
  rows: readonly NodeRow[];
  texts: Texts;
}

/**
 * A comment with what it answers, as everybody sees it. What it answers may be gone, and is then a placeholder.
 * @throws AppError NOT_FOUND, GONE when it is gone or its post
 */
export async function commentLine(call: Call, id: string): Promise<CommentLine> {
  const { db } = call;
  const place = await findComment(db, id);
  if (!place.visible) throw gone("comment", place.removed_reason, place.post_id);
  const rows = await findLine.all(db, { id });
  const texts = await textsOf(call, rows);
  const json = addLine(new SharedJson("["), rows, texts, true).add("]");
  const line = JSON.parse(json.forAnybody()) as CommentView[];
  const comment = line.at(-1);
  if (comment === undefined) throw notFound("Comment");
  const { post_id, title, submolt_name, comment_count } = place;
  return { post: { id: post_id, title, submolt_name, comment_count }, line, comment, rows, texts };
}

/** A comment that was just changed, with its replies, as its author sees it. */
export async function commentById(call: AgentCall, id: string): Promise<CommentView> {
  const comment = await sharedView(call, await findWithReplies.all(call.db, { id }));
  return JSON.parse(comment.forOne(await readOwnValues(call.db, call.agent.id, comment.places))) as CommentView;
}

async function sharedView(call: Call, rows: readonly NodeRow[]): Promise<SharedJson> {
  if (rows.length === 0) throw notFound("Comment");
  return addNested(new SharedJson(), rootsOf(rows), await textsOf(call, rows));
}

/** A comment that was just written, so that nobody can have answered it or voted on it, as its author sees it. */
export function newComment(
  draft: { id: string; postId: string; parentId: string | null; authorId: string; depth: number; content: string },
  author: AuthorView,
  status: CommentView["verification_status"],
  now: Date,
): CommentView {
  return {
    id: draft.id,
    post_id: draft.postId,
    parent_id: draft.parentId,
    author_id: draft.authorId,
    author,
    content: draft.content,
    depth: draft.depth,
    upvotes: 0,
    downvotes: 0,
    score: 0,
    reply_count: 0,
    is_deleted: false,
    removed_reason: null,
    is_spam: false,
    possible_secret: looksRandomInside(draft.content),
    verification_status: status,
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
  const { visible, removed_reason: reason, post_id: postId } = await findComment(db, id);
  if (!visible) throw gone("comment", reason, postId);
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
export async function postWithComments(call: Call, postId: string): Promise<SharedJson> {
  const post = await findPost.maybe(call.db, { id: postId });
  if (!post) throw notFound("Post");
  if (post.figures[12] === 0) throw gone("post", post.removed_reason);
  const few = wholeThread(call.services, post.comments);
  keepPostText(call.services, post);
  const rows = few.length > FEW ? await firstComments(call, post.id) : few;
  const answer = new SharedJson(`{"success":true,"post":`);
  if ((await addPosts(call, answer, [post])) === 0) throw gone("post", null);
  answer.add(`,"comments":[`);
  return addNested(answer, rootsOf(rows), await textsOf(call, rows)).add("]}");
}

const findPost = postStatement(
  { id: uuid },
  { ...postTextColumns, removed_reason: nullable(text), comments: text },
  {
    fields: part`${postTextFields}, p.removed_reason,
      (${fewCommentsAsJson(part`s.post_id`)}) as comments`,
    source: part`post_stats`,
    rest: part`where s.post_id = ${"id"}`,
  },
);

async function findComment(db: Queryable, id: string) {
  const place = await findPlace.maybe(db, { id });
  if (!place) throw notFound("Comment");
  if (!place.post_visible) throw gone("post", place.post_removed_reason);
  return place;
}
