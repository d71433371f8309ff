/** A comment as `details` that fold without JavaScript, with its replies inside; the same wherever comments stand. */
import type { Texts } from "../../../comments/read/comment-json.js";
import type { NodeRow } from "../../../comments/read/node-rows.js";
import { counted, told } from "../../figures.js";
import { type Html, markup } from "../../markup.js";
import type { View } from "../../view.js";
import { postWords } from "../../words/posts.js";
import { threadWords } from "../../words/thread.js";
import { type Writer, writerOf } from "../writer.js";
import { signature } from "./facts.js";
import { commentPath, type Written, writtenOf } from "./written.js";

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
  texts: Texts;
  /** Those whose present version is signed. */
  signed: ReadonlySet<string>;
  /** The comment that the page is about. */
  chosen?: string;
  /** Characters of texts on the page so far. */
  shown: number;
}

/**
 * A comment without its replies, and whether it says that there are some.
 * @param level how deep it stands on the page, 0 for the first
 * @param parent what it answers, where that is known
 */
export function alone(thread: Thread, row: NodeRow, level: number, hasMore: boolean, parent?: NodeRow): Html {
  return details(thread, row, level, parent, "", [], hasMore);
}

/**
 * A comment with those that answer it on this page.
 * @param level how deep it stands on the page, 0 for the first
 * @param parent what it answers, where that is on the page
 */
export function branch(thread: Thread, row: NodeRow, level = 0, parent?: NodeRow): Html {
  const { replies, children } = row;
  const inside = replies.map((reply) => branch(thread, reply, level + 1, row));
  return details(thread, row, level, parent, folded(thread, row), inside, children > replies.length);
}

function details(
  thread: Thread,
  row: NodeRow,
  level: number,
  parent: NodeRow | undefined,
  summary: Html | "",
  inside: readonly Html[],
  hasMore: boolean,
): Html {
  const { chosen } = thread;
  const written = writtenIn(thread, row);
  const writer = writerIn(thread, row);
  const deep = level > INDENTED ? " deep" : "";
  const answers = deep && parent ? inReplyTo(thread, parent) : "";
  return markup`<details class="comment${deep}${row.id === chosen ? " chosen" : ""}"${written.opened}${writer.name}</span>${summary}</summary>
<p class="by">${writer.line} · ${facts(thread, row, written)}${answers}</p>
${text(thread, row, written)}
${inside}${hasMore ? goesOn(thread, row) : ""}
</details>
`;
}

function writtenIn({ view, texts }: Thread, { id }: NodeRow): Written {
  const text = texts.comments.get(id);
  if (text === undefined) throw new Error(`Comment ${id} has no text`);
  return writtenOf(view, text);
}

function writerIn({ view, texts }: Thread, { author_id: id }: NodeRow): Writer {
  return writerOf(view, id === null ? undefined : texts.authors.get(id));
}

function goesOn({ view, postId }: Thread, { id, replyCount }: NodeRow): Html {
  const replies = counted(view, replyCount, postWords[view.lang].reply);
  return markup`<p class="more"><a href="${commentPath(postId, id)}">${threadWords[view.lang].goOn(replies)}</a></p>`;
}

/** Below the last indentation: what a comment answers. */
function inReplyTo(thread: Thread, parent: NodeRow): Html {
  const { answers } = threadWords[thread.view.lang];
  return markup` · <span class="muted">${answers} <a href="#c-${parent.id}">${writerIn(thread, parent).name}</a></span>`;
}

function facts({ view, signed }: Thread, { id, score }: NodeRow, written: Written): Html {
  const time = told(view, written.time);
  if (written.isGone) return markup`<span class="muted">${time}</span>`;
  const evidence = signed.has(id) ? markup` · ${signature(view, id)}` : "";
  const points = counted(view, score, postWords[view.lang].point);
  return markup`${written.score}${points}${written.link}${time}${written.edited}${evidence}</span>${written.secret}`;
}

function text(thread: Thread, { id, removed_reason: reason }: NodeRow, { isGone, text: html }: Written): Html {
  const words = threadWords[thread.view.lang];
  if (isGone) return markup`<p class="muted gone">${reason === null ? words.deleted : words.removed(reason)}</p>`;
  if (thread.shown + html.length > MOST_HTML && id !== thread.chosen) {
    return markup`<p class="more"><a href="${commentPath(thread.postId, id)}">${words.tooLong}</a></p>`;
  }
  thread.shown += html.length;
  return html;
}

/** How many comments a branch holds and of whom; seen only while it is folded. */
function folded(thread: Thread, row: NodeRow): Html | "" {
  const names = new Set<string>();
  const count = gather(thread, row, names);
  if (count === 0) return "";
  const { view } = thread;
  const first = [...names].slice(0, TOLD_NAMES).join(", ");
  const more = Math.max(0, names.size - TOLD_NAMES);
  const words = threadWords[view.lang];
  return markup` <span class="folded">· ${counted(view, count, postWords[view.lang].reply)} ${words.folded(first, more)}</span>`;
}

function gather(thread: Thread, row: NodeRow, names: Set<string>): number {
  let count = 0;
  for (const reply of row.replies) {
    names.add(writerIn(thread, reply).name);
    count += 1 + gather(thread, reply, names);
  }
  return count;
}
