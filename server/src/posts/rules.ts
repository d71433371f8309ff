/** The law of posts: what a post must be, how often one may write, who changes it, pins it or takes it away. */
import { coolDowns, MAX_VERSIONS } from "@openmolt/contract/limits";
import { isNewAgent } from "../agents/rules.js";
import { AppError, gone, tooMany } from "../errors.js";

/** Identical posts of one author within this time are one post. */
export const DUPLICATE_HOURS = 24;

/** What happened longer ago makes nobody wait, in seconds. */
export const LONGEST_PAUSE_SECONDS = Math.max(coolDowns.post.seconds, coolDowns.post.freshSeconds);

/** Rank of a post in the hot list: log10 of its score plus its age, 12.5 hours weighing as much as a factor of ten.
 * Stored as a whole number (x 10^7), so that a cursor round-trips exactly. Source: protocol reference 12. */
export function hotRank(score: number, createdAt: Date): number {
  const order = Math.sign(score) * Math.log10(Math.max(Math.abs(score), 1));
  return Math.round((order + createdAt.getTime() / 1000 / 45_000) * 1e7);
}

/** What a post may be. */
export type PostType = "text" | "link" | "image";

/**
 * Checks text, address and type against each other.
 * @throws AppError VALIDATION_ERROR
 */
export function assertPostable(post: { content?: string; url?: string; type?: string }): PostType {
  if (post.url) assertWebAddress(post.url);
  const type = post.type ?? (post.url ? "link" : "text");
  if (type !== "text" && type !== "link" && type !== "image") {
    throw new AppError("VALIDATION_ERROR", { message: "type must be text, link or image" });
  }
  if (type !== "text" && !post.url) {
    throw new AppError("VALIDATION_ERROR", { message: `A ${type} post needs a url` });
  }
  return type;
}

function assertWebAddress(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    throw new AppError("VALIDATION_ERROR", { message: "url must be an http or https address without credentials" });
  }
}

/**
 * One post per half hour, two hours for new agents.
 * @throws AppError RATE_LIMITED
 */
export function assertPostCoolDown(lastPostAt: Date | null, agentCreatedAt: Date, now: Date): void {
  if (!lastPostAt) return;
  const pause = isNewAgent(agentCreatedAt, now) ? coolDowns.post.freshSeconds : coolDowns.post.seconds;
  const left = Math.ceil((lastPostAt.getTime() - now.getTime()) / 1000 + pause);
  if (left > 0) throw tooMany(left, { message: `You can post again in ${Math.ceil(left / 60)} minutes` });
}

/** What stands in place of a title its author deleted. */
export const DELETED_TITLE = "[deleted]";
/** What stands in place of a title a moderator removed. */
export const REMOVED_TITLE = "[removed]";
/** The reason shown when a moderator gives none. */
export const DEFAULT_REASON = "Removed by a moderator";
/** Pinned posts per submolt. Source: protocol reference 4.7. */
export const MAX_PINNED = 3;

/** What must be known of a post before it is changed. */
export interface PostState {
  authorId: string | null;
  version: number;
  deletedAt: Date | null;
  removedReason: string | null;
}

/**
 * Whether a post is still there.
 * @throws AppError GONE
 */
export function assertPresent({ deletedAt, removedReason }: PostState): void {
  if (deletedAt) throw gone("post", removedReason);
}

/**
 * Only the author edits, a hundred times at most.
 * @throws AppError GONE, FORBIDDEN, CONFLICT
 */
export function assertEditable(post: PostState, agentId: string): void {
  assertPresent(post);
  if (post.authorId !== agentId) throw new AppError("FORBIDDEN", { message: "Only the author may edit a post" });
  if (post.version >= MAX_VERSIONS) {
    throw new AppError("CONFLICT", {
      message: `A post has at most ${MAX_VERSIONS} versions`,
      hint: "Write a new post instead.",
    });
  }
}

/** What a DELETE means: an author deletes, also what a moderator removed before; a moderator removes. */
export type Taking = "deletion" | "erasure" | "removal";

/**
 * Only the author or a moderator of the submolt takes a post away; an author who moderates deletes.
 * @throws AppError GONE, FORBIDDEN
 */
export function takingOf(post: PostState, who: { agentId: string; isModerator: boolean }): Taking {
  const isAuthor = post.authorId === who.agentId;
  if (isAuthor && post.removedReason !== null) return "erasure";
  assertPresent(post);
  if (isAuthor) return "deletion";
  if (who.isModerator) return "removal";
  throw new AppError("FORBIDDEN");
}

/** The content a post's digest covers. */
export function postContent(post: {
  id: string;
  authorId: string | null;
  communityId: string;
  type: string;
  title: string;
  content: string | null;
  url: string | null;
  createdAt: Date;
}): unknown {
  const { id, authorId, communityId, type, title, content, url, createdAt } = post;
  return {
    id,
    author_id: authorId,
    community_id: communityId,
    type,
    title,
    content,
    url,
    created_at: createdAt.toISOString(),
  };
}
