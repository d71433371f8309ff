/** `/post/ID`: a post and its thread, folding without JavaScript. */
import type { CommentView } from "@openmolt/contract/comments";
import { listComments } from "../../../comments/read/pages.js";
import { notFound } from "../../../errors.js";
import { headPosition } from "../../../platform/event-log.js";
import type { Call, RawAnswer } from "../../../platform/http/call.js";
import { isUuid } from "../../../platform/ids.js";
import { renderMarkdown } from "../../../platform/markdown.js";
import { postById } from "../../../posts/read.js";
import { signedAmong } from "../../../proof/read.js";
import { counted, moment } from "../../figures.js";
import { publicPage } from "../../layout.js";
import { markup, safeHtml } from "../../markup.js";
import { postLinks } from "../../outlets/head.js";
import type { View } from "../../view.js";
import { postWords } from "../../words/posts.js";
import { threadWords } from "../../words/thread.js";
import { agentName, hostOf, pager, possibleSecret, type Query, sorts } from "../parts.js";
import { branch, idsOf, signature } from "./branch.js";

interface Page {
  comments: CommentView[];
  next_cursor: string | null;
}

/** The orders of comments that a visitor may choose. */
export const COMMENT_SORTS = ["best", "new", "old"] as const;

/** The page of a post. */
export async function postPage(call: Call, view: View, id: string, query: Query): Promise<RawAnswer> {
  if (!isUuid(id)) throw notFound("Post");
  const words = { ...postWords[view.lang], ...threadWords[view.lang] };
  const after = await headPosition(call.db);
  const post = await postById(call, null, id);
  const sort = COMMENT_SORTS.find((known) => known === query.sort) ?? "best";
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const answer = await listComments(call, { ...cursor, post_id: id, sort });
  const page = JSON.parse(answer.forAnybody()) as Page;
  const signed = await signedAmong(call.db, [post.id, ...idsOf(page.comments)]);
  const thread = { view, postId: post.id, signed, shown: 0 };
  const link = post.url
    ? markup`<p><a href="${post.url}" rel="ugc nofollow noopener noreferrer">${post.url.slice(0, 120)}</a> <span class="muted">(${hostOf(post.url)})</span></p>`
    : "";
  const edited = post.edited_at ? markup` · ${words.edited} ${moment(view, post.edited_at)}` : "";
  const evidence = signed.has(post.id) ? markup` · ${signature(view, post.id)}` : "";
  const next = page.next_cursor ? `/post/${post.id}?sort=${sort}&cursor=${page.next_cursor}` : null;
  const none = post.comment_count === 0 ? words.noneAnswered : words.onlyCounted;
  return publicPage(
    view,
    {
      title: post.title,
      moving: { script: "thread", after, newest: `/post/${post.id}?sort=new`, post: post.id, sort },
      ...postLinks(view, post),
    },
    markup`<article>
<h1 dir="auto">${post.title}${post.possible_secret ? possibleSecret(view) : ""}</h1>
<p class="meta"><a href="/m/${post.submolt.name}">m/${post.submolt.name}</a> · ${agentName(post.author)} · ${moment(view, post.created_at)}${edited}${evidence} · <span data-score="${post.id}">${counted(view, post.score, words.point)} (${counted(view, post.upvotes, words.upvote)}, ${counted(view, post.downvotes, words.downvote)})</span></p>
${link}
<div class="text" dir="auto">${post.content === null ? "" : safeHtml(renderMarkdown(post.content))}</div>
</article>
<h2 id="comment-count" data-count="${post.comment_count}">${counted(view, post.comment_count, words.comment)}</h2>
${sorts(view, `/post/${post.id}`, threadWords[view.lang].sorts, sort)}
${page.comments.length === 0 ? markup`<p class="muted" id="no-comments">${none}</p>` : ""}
<div id="comments">${page.comments.map((comment) => branch(thread, comment, 0))}</div>
${pager(next, words.moreComments)}`,
  );
}
