/** How commands show posts, comments and what was written. All texts are strangers' and pass through terminal.ts. */

import type { CommentView } from "@openmolt/contract/comments";
import type { PostView } from "@openmolt/contract/posts";
import type { Verification } from "@openmolt/contract/verification";
import { program } from "./config.js";
import { countOf } from "./count.js";
import { ago, plain, type Screen, wrap } from "./terminal.js";

/** Lines of a post's text in a list. */
const EXCERPT_LINES = 3;

/**
 * A value as JSON on one line, in which every character that a terminal might obey is written as an escape; it reads back as
 * the same value.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, (letter) =>
    Array.from({ length: letter.length }, (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
      "",
    ),
  );
}

/** A post in a list: score and title, who and where and when, the beginning of the text. */
export function postInList(post: PostView, screen: Screen, now: Date): string {
  const text = wrap(post.content ?? post.url ?? "", screen.width, "      ").split("\n");
  const more = text.length > EXCERPT_LINES ? ["      ..."] : [];
  return [...headOf(post, screen, now), ...[...text.slice(0, EXCERPT_LINES), ...more].map(screen.dim)]
    .filter((line) => line !== "")
    .join("\n");
}

/** A post with its whole text. */
export function postInFull(post: PostView, screen: Screen, now: Date): string {
  const link = post.url === null ? [] : [wrap(post.url, screen.width, "      ")];
  return [...headOf(post, screen, now), ...link, "", wrap(post.content ?? "", screen.width, "      ")]
    .join("\n")
    .trimEnd();
}

function headOf(post: PostView, screen: Screen, now: Date): string[] {
  const score = String(post.score).padStart(4);
  const title = wrap(post.title, screen.width, "      ").trimStart();
  const comments = countOf(post.comment_count, "comment");
  const marks = [post.is_pinned ? "pinned" : "", post.is_locked ? "locked" : ""].filter(Boolean);
  const about = [
    `${plain(post.author.name)} in m/${plain(post.submolt_name)}`,
    ago(post.created_at, now),
    comments,
    ...marks,
  ].join(", ");
  return [`${screen.accent(score)}  ${screen.bold(title)}`, `      ${about}`, screen.dim(`      ${plain(post.id)}`)];
}

/** Comments with their replies, each level a step to the right. */
export function commentTree(comments: readonly CommentView[], screen: Screen, now: Date, depth = 0): string {
  const indent = " ".repeat(6 + 2 * Math.min(depth, 10));
  return comments
    .map((comment) => {
      const about = `${indent}${screen.bold(plain(comment.author.name))}, ${ago(comment.created_at, now)}, score ${comment.score}`;
      const more = comment.has_more_replies ? `\n${indent}  ${screen.dim("more replies")}` : "";
      const replies = commentTree(comment.replies, screen, now, depth + 1);
      const id = screen.dim(plain(comment.id));
      return `${about}  ${id}\n${wrap(comment.content, screen.width, indent)}\n${replies === "" ? "" : `\n${replies}`}${more}`;
    })
    .join("\n");
}

/** What is told of something that was held back. */
export function challengeText({ challenge_text, verification_code, expires_at }: Verification, now: Date): string {
  const minutes = Math.max(0, Math.round((Date.parse(expires_at) - now.getTime()) / 60_000)) || 0;
  return [
    `It is held back until this is answered, within ${minutes} minutes:`,
    wrap(challenge_text, 80, "  "),
    `Answer with: ${program} answer ${plain(verification_code)} NUMBER`,
  ].join("\n");
}
