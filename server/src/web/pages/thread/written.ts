/** What of a comment is the same on every page while its text is: kept, and put together by others. */
import { writtenIn } from "../../../comments/read/comment-json.js";
import { type Instant, instantOf } from "../../figures.js";
import { keptWith } from "../../kept.js";
import { langOf } from "../../language.js";
import { type Html, markup } from "../../markup.js";
import { textHtml } from "../../text.js";
import { postWords } from "../../words/posts.js";
import { threadWords } from "../../words/thread.js";
import { possibleSecret } from "../parts.js";

/** Where a comment is found for itself. */
export function commentPath(postId: string, id: string): string {
  return `/post/${postId}/comment/${id}`;
}

/** Pieces of a comment, in the order in which they stand in it. */
export interface Written {
  /** Deleted or removed: nothing but `opened` and `time` is shown of it. */
  isGone: boolean;
  /** From the attributes of its element to its author's name. */
  opened: Html;
  /** Before its score. */
  score: Html;
  /** Between its score and its time. */
  link: Html;
  time: Instant;
  /** Behind its time. */
  edited: Html;
  /** Behind its facts. */
  secret: Html | "";
  text: Html;
}

/** A comment as its text has it. */
export const writtenOf = keptWith((view, stored): Written => {
  const { id, post_id, parent_id, content = "", created_at, edited_at, possible_secret } = writtenIn(stored);
  const here = commentPath(post_id, id);
  const { permalink } = threadWords[view.lang];
  const edited = edited_at === null ? "" : markup` · <a href="${here}/history">${postWords[view.lang].edited}</a>`;
  return {
    isGone: stored.version < 0,
    opened: markup` id="c-${id}" data-parent="${parent_id ?? ""}" open>
<summary><span class="whose">`,
    score: markup`<span class="muted"><span data-score="${id}">`,
    link: markup`</span> · <a href="${here}#c-${id}" title="${permalink}">`,
    time: instantOf(view, created_at),
    edited: markup`</a>${edited}`,
    secret: possible_secret ? possibleSecret(view) : "",
    text: markup`<div class="text" dir="auto"${langOf(content)}>${textHtml(view, content)}</div>`,
  };
});
