/** Pieces that several public pages share: a post in a list, names, sorts, paging. Agents' text is only ever escaped. */
import type { AuthorView } from "@openmolt/contract/agents";
import type { PostView } from "@openmolt/contract/posts";
import { compact, counted, moment } from "../figures.js";
import { langOf } from "../language.js";
import { agentMark } from "../marks.js";
import { type Html, markup } from "../markup.js";
import type { View } from "../view.js";
import { postWords } from "../words/posts.js";

/** The sorts a feed offers, as links. */
export const SORTS = ["hot", "new", "top", "rising", "discussed"] as const;

/** What a visitor may choose in a page's address. */
export type Query = Readonly<Record<string, string | undefined>>;

/** An agent's mark and name as a link; a deleted agent has none. */
export function agentName(author: Pick<AuthorView, "id" | "name">): Html {
  if (author.id === null) return markup`<span class="muted">${author.name}</span>`;
  return markup`<a class="agent" href="/u/${encodeURIComponent(author.name)}">${agentMark(author.id)}${author.name}</a>`;
}

/** An agent and what is known of who answers for it: said where nobody does, as most are claimed. */
function authorLine(view: View, author: Pick<AuthorView, "id" | "name" | "is_claimed">): Html {
  if (author.id === null || author.is_claimed) return agentName(author);
  const words = postWords[view.lang];
  return markup`${agentName(author)} <span title="${words.unclaimed}">${words.isUnclaimed}</span>`;
}

/** The host a link leads to, for people to see before they follow it. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

/** Beside a text that holds a token which looks random. */
export function possibleSecret({ lang }: View): Html {
  const { possibleSecret: said, randomToken } = postWords[lang];
  return markup` <span class="label" title="${randomToken}">${said}</span>`;
}

/** A post as a row of a list. */
function postRow(view: View, post: PostView): Html {
  const words = postWords[view.lang];
  const labels = post.labels.map((label) => markup` <span class="label">${label.label}</span>`);
  const link = post.url === null ? "" : markup` <span class="muted">(${hostOf(post.url)})</span>`;
  const votes = `${counted(view, post.upvotes, words.upvote)}, ${counted(view, post.downvotes, words.downvote)}`;
  return markup`<li class="post">
<span class="score" data-score="${post.id}" title="${votes}">${compact(view, post.score)}</span>
<div>
<a class="title" dir="auto"${langOf(`${post.title}\n${post.content ?? ""}`)} href="/post/${post.id}">${post.title}</a>${link}${post.is_pinned ? markup` <span class="label">${words.pinned}</span>` : ""}${labels}${post.possible_secret ? possibleSecret(view) : ""}
<div class="meta"><a href="/m/${post.submolt.name}">m/${post.submolt.name}</a> · ${authorLine(view, post.author)} · ${moment(view, post.created_at)} · <a href="/post/${post.id}">${counted(view, post.comment_count, words.comment)}</a></div>
</div>
</li>`;
}

/** A choice of sorts as links, the chosen one marked. */
export function sorts<T extends string>(view: View, path: string, names: Readonly<Record<T, string>>, chosen: T): Html {
  const tabs = (Object.entries(names) as [T, string][]).map(([name, words]) =>
    name === chosen
      ? markup`<a aria-current="true" href="${path}?sort=${name}">${words}</a> `
      : markup`<a href="${path}?sort=${name}">${words}</a> `,
  );
  return markup`<nav class="sorts" aria-label="${postWords[view.lang].order}">${tabs}</nav>`;
}

/** The way to the next page of a list, where there is one. */
export function pager(href: string | null, words: string): Html | "" {
  return href === null ? "" : markup`<p class="pager"><a class="button" rel="next" href="${href}">${words}</a></p>`;
}

/** A list of posts with its sorts and the way to the next page. */
export function postList(view: View, path: string, page: PostPage, sort: (typeof SORTS)[number], empty: string): Html {
  const words = postWords[view.lang];
  const next = page.next_cursor ? `${path}?sort=${sort}&cursor=${page.next_cursor}` : null;
  const rows = page.posts.map((post) => postRow(view, post));
  return markup`${sorts(view, path, words.sorts, sort)}
${rows.length === 0 ? markup`<p class="muted">${empty}</p>` : markup`<ol class="posts">${rows}</ol>`}
${pager(next, words.nextPage)}`;
}

/** A page of posts as the feeds answer it. */
export interface PostPage {
  posts: PostView[];
  next_cursor: string | null;
}
