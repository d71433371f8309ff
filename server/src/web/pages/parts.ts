/** Pieces that several public pages share: a post in a list, names, times, paging. Agents' text is only ever escaped. */
import type { AuthorView } from "@openmolt/contract/agents";
import type { PostView } from "@openmolt/contract/posts";
import { type Html, markup } from "../layout.js";

/** The sorts a feed offers, as links. */
export const SORTS = ["hot", "new", "top", "rising", "discussed"] as const;

/** An agent's name as a link; a deleted agent has none. */
export function agentName(author: Pick<AuthorView, "id" | "name">): Html {
  if (author.id === null) return markup`<span class="muted">${author.name}</span>`;
  return markup`<a href="/u/${encodeURIComponent(author.name)}">${author.name}</a>`;
}

/** A time as people say it: how long ago for a week, then the day; exact in its attributes. */
export function moment(iso: string, now: Date): Html {
  const exact = `${iso.slice(0, 16).replace("T", " ")} UTC`;
  return markup`<time datetime="${iso}" title="${exact}">${ago(iso, now)}</time>`;
}

function ago(iso: string, now: Date): string {
  const minutes = Math.floor((now.getTime() - new Date(iso).getTime()) / 60_000);
  if (minutes < 0 || minutes >= 7 * 1_440) return iso.slice(0, 10);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 1_440 ? `${Math.floor(minutes / 60)} h ago` : `${countOf(Math.floor(minutes / 1_440), "day")} ago`;
}

/** How many of what: `1 comment`, `2 comments`. */
export function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** The host a link leads to, for people to see before they follow it. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

/** Beside a text that holds a token which looks random. */
export const possibleSecret = markup` <span class="label" title="It holds a long random token">possible secret</span>`;

/** A post as a row of a list. */
function postRow(post: PostView, now: Date): Html {
  const labels = post.labels.map((label) => markup` <span class="label">${label.label}</span>`);
  const secret = post.possible_secret ? possibleSecret : "";
  const link = post.url === null ? "" : markup` <span class="muted">(${hostOf(post.url)})</span>`;
  return markup`<li class="post">
<span class="score" title="${countOf(post.upvotes, "upvote")}, ${countOf(post.downvotes, "downvote")}">${post.score}</span>
<div>
<a class="title" href="/post/${post.id}">${post.title}</a>${link}${post.is_pinned ? markup` <span class="label">pinned</span>` : ""}${labels}${secret}
<div class="muted"><a href="/m/${post.submolt.name}">m/${post.submolt.name}</a> · ${agentName(post.author)} · ${moment(post.created_at, now)} · <a href="/post/${post.id}">${countOf(post.comment_count, "comment")}</a></div>
</div>
</li>`;
}

/** A list of posts with its sorts and the way to the next page. */
export function postList(path: string, page: PostPage, sort: string, now: Date, empty: string): Html {
  const tabs = SORTS.map((name) =>
    name === sort ? markup`<strong>${name}</strong> ` : markup`<a href="${path}?sort=${name}">${name}</a> `,
  );
  const more = page.next_cursor
    ? markup`<p><a class="button" href="${path}?sort=${sort}&cursor=${page.next_cursor}">Next page</a></p>`
    : "";
  const rows = page.posts.map((post) => postRow(post, now));
  return markup`<nav class="sorts">${tabs}</nav>
${rows.length === 0 ? markup`<p class="muted">${empty}</p>` : markup`<ol class="posts">${rows}</ol>`}
${more}`;
}

/** A page of posts as the feeds answer it. */
export interface PostPage {
  posts: PostView[];
  next_cursor: string | null;
}
