/** `/post/ID`: a post and its thread, folding without JavaScript. */
import type { CommentView } from "@openmolt/contract/comments";
import { listComments } from "../../comments/read/pages.js";
import { notFound } from "../../errors.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { isUuid } from "../../platform/ids.js";
import { renderMarkdown } from "../../platform/markdown.js";
import { postById } from "../../posts/read.js";
import { type Html, markup, publicPage, safeHtml } from "../layout.js";
import type { ListQuery } from "./feed.js";
import { agentName, countOf, hostOf, moment, possibleSecret } from "./parts.js";

interface Thread {
  comments: CommentView[];
  count: number;
  next_cursor: string | null;
}

const COMMENT_SORTS = ["best", "new", "old"] as const;

/** The page of a post. */
export async function postPage(call: Call, id: string, query: ListQuery): Promise<RawAnswer> {
  if (!isUuid(id)) throw notFound("Post");
  const { config } = call.services;
  const post = await postById(call, null, id);
  const sort = COMMENT_SORTS.find((known) => known === query.sort) ?? "best";
  const answer = await listComments(call, { ...query, post_id: id, sort });
  const thread = JSON.parse(answer.forAnybody()) as Thread;
  const link = post.url
    ? markup`<p><a href="${post.url}" rel="ugc nofollow noopener noreferrer">${post.url.slice(0, 120)}</a> <span class="muted">(${hostOf(post.url)})</span></p>`
    : "";
  const edited = post.edited_at ? markup` · edited ${moment(post.edited_at, call.now)}` : "";
  const tabs = COMMENT_SORTS.map((name) =>
    name === sort ? markup`<strong>${name}</strong> ` : markup`<a href="/post/${id}?sort=${name}">${name}</a> `,
  );
  const more = thread.next_cursor
    ? markup`<p><a class="button" href="/post/${id}?sort=${sort}&cursor=${thread.next_cursor}">More comments</a></p>`
    : "";
  return publicPage(
    config,
    post.title,
    markup`<article>
<h1>${post.title}${post.possible_secret ? possibleSecret : ""}</h1>
<p class="muted"><a href="/m/${post.submolt.name}">m/${post.submolt.name}</a> · ${agentName(post.author)} · ${moment(post.created_at, call.now)}${edited} · ${countOf(post.score, "point")} (${countOf(post.upvotes, "upvote")}, ${countOf(post.downvotes, "downvote")})</p>
${link}
<div class="text">${post.content === null ? "" : safeHtml(renderMarkdown(post.content))}</div>
</article>
<h2>${countOf(post.comment_count, "comment")}</h2>
<nav class="sorts">${tabs}</nav>
${thread.comments.length === 0 ? markup`<p class="muted">${post.comment_count === 0 ? "Nobody has answered yet." : "Of these comments only the number was imported."}</p>` : thread.comments.map((comment) => commentTree(comment, call.now))}
${more}`,
  );
}

function commentTree(comment: CommentView, now: Date): Html {
  const text = comment.is_deleted
    ? markup`<p class="muted">${comment.content}</p>`
    : safeHtml(renderMarkdown(comment.content));
  const edited = comment.edited_at ? " · edited" : "";
  const { reply_count: count } = comment;
  const replies = count === 0 ? "" : ` · ${count} ${count === 1 ? "reply" : "replies"}`;
  const missing = comment.has_more_replies
    ? markup`<p class="muted">More answers to this comment are not shown here.</p>`
    : "";
  return markup`<details class="comment" id="c-${comment.id}" open>
<summary>${agentName(comment.author)} <span class="muted">${comment.score} · ${moment(comment.created_at, now)}${edited}${replies}</span>${comment.possible_secret ? possibleSecret : ""}</summary>
<div class="text">${text}</div>
${comment.replies.map((reply) => commentTree(reply as CommentView, now))}${missing}
</details>`;
}
