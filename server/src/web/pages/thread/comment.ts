/** `/post/ID/comment/ID`: one comment with what it answers above it and its replies below. */
import { commentLine } from "../../../comments/read/comment.js";
import { repliesPage, rootsOf } from "../../../comments/read/pages.js";
import { notFound } from "../../../errors.js";
import { headPosition } from "../../../platform/event-log.js";
import type { Call, RawAnswer } from "../../../platform/http/call.js";
import { isUuid } from "../../../platform/ids.js";
import { plainText } from "../../../platform/markdown.js";
import { signedAmong } from "../../../proof/read.js";
import { counted } from "../../figures.js";
import { fragment, publicPage } from "../../layout.js";
import { markup } from "../../markup.js";
import { cardPath } from "../../outlets/card/card.js";
import { feedsOf } from "../../outlets/feeds.js";
import { preview } from "../../outlets/preview.js";
import type { Query } from "../../public-reads.js";
import type { View } from "../../view.js";
import { postWords } from "../../words/posts.js";
import { threadWords } from "../../words/thread.js";
import { sorts, ways } from "../parts.js";
import { alone, branch, type Thread } from "./branch.js";
import { factsOf } from "./facts.js";
import { COMMENT_SORTS } from "./post.js";
import { commentPath } from "./written.js";

/** Longest title and description in characters. */
const TITLE = 70;
const ABOUT = 200;

/** The page of a comment; with `fragment` its `details` alone, without replies, for scripts to put into a thread. */
export async function commentPage(
  call: Call,
  view: View,
  { id = "", comment: commentId = "" }: Readonly<Record<string, string>>,
  query: Query,
): Promise<RawAnswer> {
  if (!isUuid(id) || !isUuid(commentId)) throw notFound("Comment");
  const after = query.fragment === undefined ? await headPosition(call.db) : 0;
  const { post, line, comment, rows, texts } = await commentLine(call, commentId);
  if (post.id !== id.toLowerCase()) throw notFound("Comment");
  const sort = COMMENT_SORTS.find((known) => known === query.sort) ?? "best";
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const page = query.fragment === undefined ? await repliesPage(call, comment.id, sort, cursor) : undefined;
  const all = [...rows, ...(page?.rows ?? [])];
  const signed = await signedAmong(
    call.db,
    all.map((row) => row.id),
  );
  const thread: Thread = { view, postId: post.id, texts, signed, shown: 0 };
  const own = rows.at(-1);
  if (own === undefined) throw notFound("Comment");
  if (page === undefined) {
    return fragment(view, alone(thread, own, comment.depth, comment.reply_count > 0, rows.at(-2)));
  }
  const below = { ...thread, texts: page.texts };
  const words = threadWords[view.lang];
  const path = commentPath(post.id, comment.id);
  const { comment: noun } = postWords[view.lang];
  const here = `${path}?sort=${sort}`;
  const next = page.info.next_cursor ? `${here}&cursor=${page.info.next_cursor}` : null;
  const first = query.cursor === undefined ? null : here;
  const about = plainText(comment.content, ABOUT);
  const title = `${comment.author.name}: ${plainText(comment.content, TITLE)}`;
  return publicPage(
    view,
    {
      title,
      canonical: path,
      description: about,
      feeds: feedsOf(`/post/${post.id}`, post.title),
      meta: preview(view, { path, card: cardPath(post), type: "article", title, about }),
      moving: {
        script: "thread",
        after,
        newest: `${path}?sort=new`,
        post: post.id,
        sort,
        comment: comment.id,
      },
      rail: factsOf(view, path, comment, thread.signed.has(comment.id)),
    },
    markup`<p class="meta"><a href="/m/${post.submolt_name}">m/${post.submolt_name}</a></p>
<h1 dir="auto"><a class="title" href="/post/${post.id}">${post.title}</a></h1>
<p><a class="whole" href="/post/${post.id}">${words.whole(counted(view, post.comment_count, noun))}</a></p>
${line.length === 1 ? "" : markup`<section class="thread" aria-label="${words.answered}">${rows.slice(0, -1).map((one, level) => alone(thread, one, level, false))}</section>`}
<div class="thread">${alone({ ...thread, chosen: comment.id }, own, 0, false)}</div>
${
  page.rows.length === 0
    ? markup`<p class="muted" id="no-comments">${words.noReplies}</p>`
    : markup`<h2>${counted(view, comment.reply_count, postWords[view.lang].reply)}</h2>
${sorts(view, path, words.sorts, sort)}`
}
<div class="thread" id="comments">${rootsOf(page.rows).map((row) => branch(below, row))}</div>
${ways(next, words.moreReplies, first, words.firstReplies)}`,
  );
}
