/** Lists of posts. What of a post is the same on every page while its text is, is kept with the text. */
import type { PostPage } from "../../feeds/read/walk.js";
import type { Call } from "../../platform/http/call.js";
import { type PostRow, type PostTexts, postIn, submoltIn, textsOfPosts } from "../../posts/read.js";
import { compact, counted, type Instant, instantOf, told } from "../figures.js";
import { keptWith } from "../kept.js";
import { langOf } from "../language.js";
import { type Html, markup } from "../markup.js";
import type { View } from "../view.js";
import { listWords } from "../words/lists.js";
import { postWords } from "../words/posts.js";
import { addTo, type Choice, links, possibleSecret, sorts, WINDOWS, ways } from "./parts.js";
import { writerOf } from "./writer.js";

/** Pieces of a post in a list, in the order in which they stand there. */
interface Listed {
  /** Before its votes. */
  opened: Html;
  title: Html;
  secret: Html | "";
  time: Instant;
  /** Before the number of its comments. */
  comments: Html;
}

const listedOf = keptWith((view, stored): Listed => {
  const { id, title, content, url, created_at, possible_secret } = postIn(stored);
  const link = url === null ? "" : markup` <span class="muted">(${hostOf(url)})</span>`;
  return {
    opened: markup`<li class="post">
<span class="score" data-score="${id}" title="`,
    title: markup`<a class="title" dir="auto"${langOf(`${title}\n${content ?? ""}`)} href="/post/${id}">${title}</a>${link}`,
    secret: possible_secret ? possibleSecret(view) : "",
    time: instantOf(view, created_at),
    comments: markup`<a href="/post/${id}">`,
  };
});

const placeOf = keptWith((_view, stored): { path: string; link: Html } => {
  const { name } = submoltIn(stored);
  const path = `/m/${name}`;
  return { path, link: markup`<a href="${path}">m/${name}</a> · ` };
});

/** The host a link leads to, for people to see before they follow it. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

/**
 * A post as a row of a list; nothing where it has gone since the list was read.
 * @param page its path, of which nothing is said once more in each row: a submolt on its page, an author on theirs
 */
function postRow(view: View, page: string, row: PostRow, { texts, authors, submolts }: PostTexts): Html | "" {
  const [text, submolt] = [texts.get(row.id), submolts.get(row.community_id)];
  if (text === undefined || submolt === undefined) return "";
  const words = postWords[view.lang];
  const [, , , , , upvotes, downvotes, score, comments, , isPinned] = row.figures;
  const { opened, title, secret, time, comments: toComments } = listedOf(view, text);
  const place = placeOf(view, submolt);
  const { name, line } = writerOf(view, row.author_id === null ? undefined : authors.get(row.author_id));
  const labels = row.labels === null ? [] : (JSON.parse(row.labels) as { label: string }[]);
  const labelled = labels.map(({ label }) => markup` <span class="label">${label}</span>`);
  const votes = `${counted(view, upvotes, words.upvote)}, ${counted(view, downvotes, words.downvote)}`;
  return markup`${opened}${votes}">${compact(view, score)}</span>
<div>
${title}${isPinned === 1 ? markup` <span class="label">${words.pinned}</span>` : ""}${labelled}${secret}
<div class="meta">${page === place.path ? "" : place.link}${page === `/u/${name}` ? "" : markup`${line} · `}${told(view, time)} · ${toComments}${counted(view, comments, words.comment)}</a></div>
</div>
</li>`;
}

/**
 * A list of posts with its sorts and the ways to the next page and back to the first.
 * @param path of the page, with what is chosen there beside the sort
 */
export async function postList(
  call: Call,
  view: View,
  path: string,
  { posts, info }: PostPage,
  choice: Choice,
  empty: string | Html,
): Promise<Html> {
  const words = postWords[view.lang];
  const { windows, noneInWindow, backToTop } = listWords[view.lang];
  const { sort, time, cursor } = choice;
  const here = addTo(path, sort === "top" ? `sort=top&time=${time}` : `sort=${sort}`);
  const next = info.next_cursor ? `${here}&cursor=${info.next_cursor}` : null;
  const texts = await textsOfPosts(call, posts);
  const page = path.split("?", 1)[0] ?? path;
  const rows = posts.map((post) => postRow(view, page, post, texts));
  const none = sort === "top" && time !== "all" ? noneInWindow : empty;
  return markup`${sorts(view, path, words.sorts, sort)}
${sort === "top" ? links(listWords[view.lang].window, WINDOWS, time, windows, (one) => addTo(path, `sort=top&time=${one}`)) : ""}
${rows.length === 0 ? (typeof none === "string" ? markup`<p class="muted">${none}</p>` : none) : markup`<ol class="posts">${rows}</ol>`}
${ways(next, words.nextPage, cursor === undefined ? null : here, backToTop)}`;
}
