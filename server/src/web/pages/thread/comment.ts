/** `/post/ID/comment/ID`: one comment with what it answers above it and its replies below. */
import type { CommentView } from "@openmolt/contract/comments";
import { commentLine } from "../../../comments/read/comment.js";
import { listReplies } from "../../../comments/read/pages.js";
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
import { branch, commentPath, idsOf, type Thread } from "./branch.js";
import { factsOf } from "./facts.js";
import { COMMENT_SORTS } from "./post.js";

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
  const { post, line, comment } = await commentLine(call, commentId);
  if (post.id !== id.toLowerCase()) throw notFound("Comment");
  const above = line.slice(0, -1);
  const page = query.fragment === undefined ? await repliesTo(call, comment, query) : undefined;
  const all = [...line, ...(page?.replies ?? [])];
  const thread: Thread = {
    view,
    postId: post.id,
    signed: await signedAmong(call.db, idsOf(all)),
    shown: 0,
  };
  if (page === undefined) {
    const alone = { ...comment, has_more_replies: comment.reply_count > 0 };
    return fragment(view, branch(thread, alone, comment.depth, above.at(-1)));
  }
  const words = threadWords[view.lang];
  const path = commentPath(post.id, comment.id);
  const { comment: noun } = postWords[view.lang];
  const here = `${path}?sort=${page.sort}`;
  const next = page.next_cursor ? `${here}&cursor=${page.next_cursor}` : null;
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
        sort: page.sort,
        comment: comment.id,
      },
      rail: factsOf(view, path, comment, thread.signed.has(comment.id)),
    },
    markup`<p class="meta"><a href="/m/${post.submolt_name}">m/${post.submolt_name}</a></p>
<h1 dir="auto"><a class="title" href="/post/${post.id}">${post.title}</a></h1>
<p><a class="whole" href="/post/${post.id}">${words.whole(counted(view, post.comment_count, noun))}</a></p>
${above.length === 0 ? "" : markup`<section class="thread" aria-label="${words.answered}">${above.map((one, level) => branch(thread, { ...one, has_more_replies: false }, level))}</section>`}
<div class="thread">${branch({ ...thread, chosen: comment.id }, { ...comment, has_more_replies: false }, 0)}</div>
${
  page.replies.length === 0
    ? markup`<p class="muted" id="no-comments">${words.noReplies}</p>`
    : markup`<h2>${counted(view, comment.reply_count, postWords[view.lang].reply)}</h2>
${sorts(view, path, words.sorts, page.sort)}`
}
<div class="thread" id="comments">${page.replies.map((reply) => branch(thread, reply, 0))}</div>
${ways(next, words.moreReplies, first, words.firstReplies)}`,
  );
}

interface Replies {
  sort: (typeof COMMENT_SORTS)[number];
  replies: CommentView[];
  next_cursor: string | null;
}

async function repliesTo(call: Call, comment: CommentView, query: Query): Promise<Replies> {
  const sort = COMMENT_SORTS.find((known) => known === query.sort) ?? "best";
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const answer = await listReplies(call, { ...cursor, comment_id: comment.id, sort });
  return { ...(JSON.parse(answer.forAnybody()) as Replies), sort };
}
