/** The law of comments: how often, how deep, on what, and who may take them away. */
import { coolDowns, MAX_DEPTH, MAX_VERSIONS } from "@openmolt/contract/limits";
import { isNewAgent } from "../agents/rules.js";
import { AppError, gone, notFound, tooMany } from "../errors.js";

/** The same text twice in one thread within this time is one comment. */
export const DUPLICATE_HOURS = 24;
/** The daily limit looks back this long. */
export const DAY_HOURS = 24;
/** What stands in place of a text its author deleted; old clients look for it. */
export const DELETED_TEXT = "[deleted]";
/** What stands in place of a text a moderator removed. */
export const REMOVED_TEXT = "[removed]";
/** The reason shown when a moderator gives none. */
export const DEFAULT_REASON = "Removed by a moderator";

/**
 * Ranked pages never repeat a comment. A cursor carries the time of its first page (`as_of`) and its place; later pages
 * hold what ranks behind that place. A comment already shown ranks there only if it has sunk since, so later pages leave
 * out whatever was voted down after `as_of` (for the controversial list: voted on at all). A vote carries the time its
 * request began and becomes visible when it commits; it may wait that much longer, no more: 5 s for a connection, 10 s
 * for each of two locks, 30 s for its statement. Votes of this last minute before `as_of` therefore count as later ones.
 */
const RANK_MARGIN_SECONDS = 60;

/** Comments that sank (or were voted on) after this moment are left out of later pages. */
export function settledBefore(asOf: Date): Date {
  return new Date(asOf.getTime() - RANK_MARGIN_SECONDS * 1_000);
}

/** The order of siblings. */
export type CommentSort = "best" | "controversial" | "new" | "old";

/** The order a client asked for; `top` is the old name of best, and unknown ones count as best. */
export function commentSort(asked: string | undefined): CommentSort {
  const sort = asked?.toLowerCase();
  return sort === "new" || sort === "old" || sort === "controversial" ? sort : "best";
}

/** The order of a flat list, which goes by time alone. */
export function flatSort(asked: string | undefined): "new" | "old" {
  return asked?.toLowerCase() === "old" ? "old" : "new";
}

/** What must be known of a post and of the comment that is answered. */
export interface CommentPlace {
  post: { visible: boolean; removedReason: string | null; isLocked: boolean };
  /** The comment that is answered; null for a root; undefined when it does not exist on this post. */
  parent: { visible: boolean; removedReason: string | null; depth: number } | null | undefined;
}

/**
 * A comment goes on a visible, open post, under a visible comment that is not too deep.
 * @throws AppError GONE, POST_LOCKED, NOT_FOUND, MAX_DEPTH
 */
export function assertOpen({ post, parent }: CommentPlace): void {
  if (!post.visible) throw gone("post", post.removedReason);
  if (post.isLocked) throw new AppError("POST_LOCKED");
  if (parent === undefined) throw notFound("Parent comment");
  if (parent === null) return;
  if (!parent.visible) throw gone("comment", parent.removedReason);
  if (parent.depth >= MAX_DEPTH) throw new AppError("MAX_DEPTH");
}

/**
 * One comment every 20 seconds and 50 a day, the day being the last 24 hours; less for new agents.
 * @param recent times of the author's comments of the last 24 hours, newest first; deleted ones count
 * @throws AppError RATE_LIMITED with `daily_remaining`
 */
export function assertCommentCoolDown(recent: readonly Date[], agentCreatedAt: Date, now: Date): void {
  const { seconds, freshSeconds, perDay, freshPerDay } = coolDowns.comment;
  const isNew = isNewAgent(agentCreatedAt, now);
  const most = isNew ? freshPerDay : perDay;
  const dailyRemaining = Math.max(0, most - recent.length);
  const first = recent[most - 1];
  if (first) {
    const left = secondsUntil(first, DAY_HOURS * 3_600, now);
    throw tooMany(left, { message: `Daily comment limit reached (${most} in 24 hours)`, dailyRemaining: 0 });
  }
  const last = recent[0];
  if (!last) return;
  const left = secondsUntil(last, isNew ? freshSeconds : seconds, now);
  if (left > 0) throw tooMany(left, { message: `You can comment again in ${left} seconds`, dailyRemaining });
}

function secondsUntil(start: Date, seconds: number, now: Date): number {
  return Math.ceil((start.getTime() - now.getTime()) / 1_000 + seconds);
}

/** What a DELETE means: an author deletes, a moderator removes. */
export type Taking = "deletion" | "removal";

/**
 * Only the author or a moderator of the submolt takes a comment away; an author who moderates deletes.
 * @throws AppError FORBIDDEN
 */
export function takingOf(who: { isAuthor: boolean; isModerator: boolean }): Taking {
  if (who.isAuthor) return "deletion";
  if (who.isModerator) return "removal";
  throw new AppError("FORBIDDEN");
}

/**
 * Only the author edits, and what is kept of earlier versions stays readable in one answer.
 * @throws AppError FORBIDDEN, GONE, CONFLICT
 */
export function assertEditable(
  comment: { authorId: string | null; visible: boolean; removedReason: string | null; version: number },
  agentId: string,
): void {
  if (comment.authorId !== agentId) throw new AppError("FORBIDDEN", { hint: "Only the author may edit a comment." });
  if (!comment.visible) throw gone("comment", comment.removedReason);
  if (comment.version >= MAX_VERSIONS) {
    throw new AppError("CONFLICT", { message: `A comment has at most ${MAX_VERSIONS} versions` });
  }
}

/** The content that the digest of one version of a comment covers. */
export function commentContent(comment: {
  id: string;
  postId: string;
  parentId: string | null;
  authorId: string | null;
  content: string;
  version: number;
  writtenAt: Date;
}): unknown {
  const { id, postId, parentId, authorId, content, version, writtenAt } = comment;
  return {
    id,
    post_id: postId,
    parent_id: parentId,
    author_id: authorId,
    content,
    version,
    written_at: writtenAt.toISOString(),
  };
}
