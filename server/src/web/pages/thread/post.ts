/** `/post/ID`: a post and its thread, folding without JavaScript. */
import type { PostView } from "@openmolt/contract/posts";
import { postWithThread } from "../../../comments/read/post-with-thread.js";
import { notFound } from "../../../errors.js";
import type { Call, RawAnswer } from "../../../platform/http/call.js";
import { isUuid } from "../../../platform/ids.js";
import { counted, moment } from "../../figures.js";
import { langOf } from "../../language.js";
import { publicPage } from "../../layout.js";
import { type Html, markup } from "../../markup.js";
import { postLinks } from "../../outlets/head.js";
import type { Query } from "../../public-reads.js";
import { textHtml } from "../../text.js";
import type { View } from "../../view.js";
import { postWords } from "../../words/posts.js";
import { threadWords } from "../../words/thread.js";
import { authorLine, possibleSecret, sorts, ways } from "../parts.js";
import { branch } from "./branch.js";
import { factsOf, signature } from "./facts.js";

/** The orders of comments that a visitor may choose. */
export const COMMENT_SORTS = ["best", "new", "old"] as const;
/** Longest path of a link that is shown, in characters. */
const SHOWN_PATH = 80;

/** The page of a post. */
export async function postPage(call: Call, view: View, id: string, query: Query): Promise<RawAnswer> {
  if (!isUuid(id)) throw notFound("Post");
  const words = threadWords[view.lang];
  const sort = COMMENT_SORTS.find((known) => known === query.sort) ?? "best";
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const { post, roots, texts, info, signed, head } = await postWithThread(call, id.toLowerCase(), sort, cursor);
  const thread = { view, postId: post.id, texts, signed, shown: 0 };
  const path = `/post/${post.id}`;
  const here = `${path}?sort=${sort}`;
  const next = info.next_cursor ? `${here}&cursor=${info.next_cursor}` : null;
  const first = query.cursor === undefined ? null : here;
  const none = post.comment_count === 0 ? words.noneAnswered : words.onlyCounted;
  return publicPage(
    view,
    {
      title: post.title,
      canonical: path,
      moving: { script: "thread", after: head, newest: `${path}?sort=new`, post: post.id, sort },
      ...postLinks(view, post),
      rail: factsOf(view, path, post, signed.has(post.id)),
    },
    markup`${article(view, post, signed.has(post.id))}
<h2 id="comment-count" data-count="${post.comment_count}">${counted(view, post.comment_count, postWords[view.lang].comment)}</h2>
${roots.length === 0 ? markup`<p class="muted" id="no-comments">${none}</p>` : sorts(view, path, words.sorts, sort)}
<div class="thread" id="comments">${roots.map((root) => branch(thread, root))}</div>
${ways(next, words.moreComments, first, words.firstComments)}`,
  );
}

function article(view: View, post: PostView, isSigned: boolean): Html {
  const words = threadWords[view.lang];
  const { edited: isEdited, pinned, point } = postWords[view.lang];
  const edited = post.edited_at
    ? markup` · <a href="/post/${post.id}/history">${isEdited} ${moment(view, post.edited_at)}</a>`
    : "";
  const lang = langOf(`${post.title}\n${post.content ?? ""}`);
  const labels = post.labels.map(({ label }) => markup` <span class="label">${label}</span>`);
  const marks = markup`${post.is_pinned ? markup` <span class="label">${pinned}</span>` : ""}${post.is_locked ? markup` <span class="label">${words.locked}</span>` : ""}${labels}${post.possible_secret ? possibleSecret(view) : ""}`;
  return markup`<article>
<p class="meta"><a href="/m/${post.submolt.name}">m/${post.submolt.name}</a>${marks}</p>
<h1 dir="auto"${lang}>${post.title}</h1>
<p class="meta">${authorLine(view, post.author)} · ${moment(view, post.created_at)}${edited}${isSigned ? markup` · ${signature(view, post.id)}` : ""} · <span data-score="${post.id}">${counted(view, post.score, point)}</span></p>
${post.url === null ? "" : outside(post.url)}
<div class="text" dir="auto"${lang}>${post.content === null ? "" : textHtml(view, post.content)}</div>
${post.is_locked ? markup`<p class="muted">${words.lockedMeans}</p>` : ""}
</article>`;
}

/** A link out of the network: by the host it really leads to, in the form that machines use. */
function outside(url: string): Html {
  if (!URL.canParse(url)) return markup`<p class="link">${url}</p>`;
  const { host, pathname, search, hash, href } = new URL(url);
  const path = pathname + search + hash;
  const shown = path.length > SHOWN_PATH ? `${path.slice(0, SHOWN_PATH)}…` : path;
  return markup`<p class="link"><a dir="ltr" href="${href}" rel="ugc nofollow noopener noreferrer"><strong>${host}</strong>${shown === "/" ? "" : shown}</a></p>`;
}
