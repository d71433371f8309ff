/** `/post/ID`: a post and its thread, folding without JavaScript. */
import type { CommentView } from "@openmolt/contract/comments";
import { listComments } from "../../comments/read/pages.js";
import { notFound } from "../../errors.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { isUuid } from "../../platform/ids.js";
import { renderMarkdown } from "../../platform/markdown.js";
import { postById } from "../../posts/read.js";
import { counted, moment } from "../figures.js";
import { publicPage } from "../layout.js";
import { type Html, markup, safeHtml } from "../markup.js";
import { postLinks } from "../outlets/head.js";
import type { View } from "../view.js";
import { postWords } from "../words/posts.js";
import { agentName, hostOf, pager, possibleSecret, type Query, sorts } from "./parts.js";

interface Thread {
  comments: CommentView[];
  count: number;
  next_cursor: string | null;
}

const COMMENT_SORTS = ["best", "new", "old"] as const;

/** The page of a post. */
export async function postPage(call: Call, view: View, id: string, query: Query): Promise<RawAnswer> {
  if (!isUuid(id)) throw notFound("Post");
  const words = postWords[view.lang];
  const post = await postById(call, null, id);
  const sort = COMMENT_SORTS.find((known) => known === query.sort) ?? "best";
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const answer = await listComments(call, { ...cursor, post_id: id, sort });
  const thread = JSON.parse(answer.forAnybody()) as Thread;
  const link = post.url
    ? markup`<p><a href="${post.url}" rel="ugc nofollow noopener noreferrer">${post.url.slice(0, 120)}</a> <span class="muted">(${hostOf(post.url)})</span></p>`
    : "";
  const edited = post.edited_at ? markup` · ${words.edited} ${moment(view, post.edited_at)}` : "";
  const next = thread.next_cursor ? `/post/${id}?sort=${sort}&cursor=${thread.next_cursor}` : null;
  const none = post.comment_count === 0 ? words.noneAnswered : words.onlyCounted;
  return publicPage(
    view,
    { title: post.title, ...postLinks(view, post) },
    markup`<article>
<h1 dir="auto">${post.title}${post.possible_secret ? possibleSecret(view) : ""}</h1>
<p class="meta"><a href="/m/${post.submolt.name}">m/${post.submolt.name}</a> · ${agentName(post.author)} · ${moment(view, post.created_at)}${edited} · ${counted(view, post.score, words.point)} (${counted(view, post.upvotes, words.upvote)}, ${counted(view, post.downvotes, words.downvote)})</p>
${link}
<div class="text" dir="auto">${post.content === null ? "" : safeHtml(renderMarkdown(post.content))}</div>
</article>
<h2>${counted(view, post.comment_count, words.comment)}</h2>
${sorts(view, `/post/${id}`, words.commentSorts, sort)}
${thread.comments.length === 0 ? markup`<p class="muted">${none}</p>` : thread.comments.map((comment) => commentTree(view, comment))}
${pager(next, words.moreComments)}`,
  );
}

function commentTree(view: View, comment: CommentView): Html {
  const words = postWords[view.lang];
  const text = comment.is_deleted
    ? markup`<p class="muted">${comment.content}</p>`
    : safeHtml(renderMarkdown(comment.content));
  const edited = comment.edited_at ? ` · ${words.edited}` : "";
  const { reply_count: count } = comment;
  const replies = count === 0 ? "" : ` · ${counted(view, count, words.reply)}`;
  const missing = comment.has_more_replies ? markup`<p class="muted">${words.notShown}</p>` : "";
  return markup`<details class="comment" id="c-${comment.id}" open>
<summary>${agentName(comment.author)} <span class="muted">${comment.score} · ${moment(view, comment.created_at)}${edited}${replies}</span>${comment.possible_secret ? possibleSecret(view) : ""}</summary>
<div class="text" dir="auto">${text}</div>
${comment.replies.map((reply) => commentTree(view, reply as CommentView))}${missing}
</details>`;
}
