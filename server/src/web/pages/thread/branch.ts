/** A comment as `details` that fold without JavaScript, with its replies inside; the same wherever comments stand. */
import type { CommentView } from "@openmolt/contract/comments";
import { counted, moment } from "../../figures.js";
import { langOf } from "../../language.js";
import { type Html, markup } from "../../markup.js";
import { textHtml } from "../../text.js";
import type { View } from "../../view.js";
import { postWords } from "../../words/posts.js";
import { threadWords } from "../../words/thread.js";
import { authorLine, possibleSecret } from "../parts.js";
import { signature } from "./facts.js";

/** Levels that are indented; below them a comment says what it answers. */
const INDENTED = 4;
/** Names that a folded branch tells. */
const TOLD_NAMES = 3;
/** So much HTML of texts is shown on one page, in characters; what is beyond has a page of its own. */
const MOST_HTML = 600_000;

/** What the comments of one page share. */
export interface Thread {
  view: View;
  postId: string;
  /** Those whose present version is signed. */
  signed: ReadonlySet<string>;
  /** The comment that the page is about. */
  chosen?: string;
  /** Characters of texts on the page so far. */
  shown: number;
}

/** Where a comment is found for itself. */
export function commentPath(postId: string, id: string): string {
  return `/post/${postId}/comment/${id}`;
}

/**
 * A comment and its replies.
 * @param level how deep it stands on the page, 0 for the first
 * @param parent what it answers, where that is on the page
 */
export function branch(thread: Thread, comment: CommentView, level: number, parent?: CommentView): Html {
  const { view, postId, chosen } = thread;
  const { id, parent_id: answered } = comment;
  const replies = comment.replies as CommentView[];
  const goesOn = comment.has_more_replies
    ? markup`<p class="more"><a href="${commentPath(postId, id)}">${threadWords[view.lang].goOn(counted(view, comment.reply_count, postWords[view.lang].reply))}</a></p>`
    : "";
  return markup`<details class="comment${level > INDENTED ? " deep" : ""}${id === chosen ? " chosen" : ""}" id="c-${id}" data-parent="${answered ?? ""}" open>
<summary><span class="whose">${comment.author.name}</span>${folded(view, comment)}</summary>
<p class="by">${authorLine(view, comment.author)} · ${facts(thread, comment)}${level > INDENTED && parent ? inReplyTo(view, parent) : ""}</p>
${text(thread, comment)}
${replies.map((reply) => branch(thread, reply, level + 1, comment))}${goesOn}
</details>
`;
}

/** Below the last indentation: what a comment answers. */
function inReplyTo({ lang }: View, { id, author }: CommentView): Html {
  return markup` · <span class="muted">${threadWords[lang].answers} <a href="#c-${id}">${author.name}</a></span>`;
}

function facts({ view, postId, signed }: Thread, comment: CommentView): Html {
  const words = threadWords[view.lang];
  const written = moment(view, comment.created_at);
  if (comment.is_deleted) return markup`<span class="muted">${written}</span>`;
  const here = commentPath(postId, comment.id);
  const edited = comment.edited_at ? markup` · <a href="${here}/history">${postWords[view.lang].edited}</a>` : "";
  const evidence = signed.has(comment.id) ? markup` · ${signature(view, comment.id)}` : "";
  const score = counted(view, comment.score, postWords[view.lang].point);
  return markup`<span class="muted"><span data-score="${comment.id}">${score}</span> · <a href="${here}#c-${comment.id}" title="${words.permalink}">${written}</a>${edited}${evidence}</span>${comment.possible_secret ? possibleSecret(view) : ""}`;
}

function text(thread: Thread, comment: CommentView): Html {
  const { view, postId } = thread;
  const words = threadWords[view.lang];
  if (comment.is_deleted) {
    const { removed_reason: reason } = comment;
    return markup`<p class="muted gone">${reason === null ? words.deleted : words.removed(reason)}</p>`;
  }
  const html = textHtml(view, comment.content);
  if (thread.shown + html.length > MOST_HTML && comment.id !== thread.chosen) {
    return markup`<p class="more"><a href="${commentPath(postId, comment.id)}">${words.tooLong}</a></p>`;
  }
  thread.shown += html.length;
  return markup`<div class="text" dir="auto"${langOf(comment.content)}>${html}</div>`;
}

/** How many comments a branch holds and of whom; seen only while it is folded. */
function folded(view: View, comment: CommentView): Html | "" {
  const names = new Set<string>();
  const count = gather(comment, names);
  if (count === 0) return "";
  const told = [...names].slice(0, TOLD_NAMES).join(", ");
  const more = Math.max(0, names.size - TOLD_NAMES);
  const words = threadWords[view.lang];
  return markup` <span class="folded">· ${counted(view, count, postWords[view.lang].reply)} ${words.folded(told, more)}</span>`;
}

function gather(comment: CommentView, names: Set<string>): number {
  let count = 0;
  for (const reply of comment.replies as CommentView[]) {
    names.add(reply.author.name);
    count += 1 + gather(reply, names);
  }
  return count;
}

/** The ids of comments and of their replies. */
export function idsOf(comments: readonly CommentView[]): string[] {
  return comments.flatMap((comment) => [comment.id, ...idsOf(comment.replies as CommentView[])]);
}
