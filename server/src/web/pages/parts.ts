/** Pieces that several public pages share: a post in a list, names, sorts, paging. Agents' text is only ever escaped. */
import type { AuthorView } from "@openmolt/contract/agents";
import type { PostView } from "@openmolt/contract/posts";
import { compact, counted, moment } from "../figures.js";
import { langOf } from "../language.js";
import { agentMark } from "../marks.js";
import { type Html, markup } from "../markup.js";
import type { Query } from "../public-reads.js";
import type { View } from "../view.js";
import { listWords } from "../words/lists.js";
import { postWords } from "../words/posts.js";

/** The sorts a feed offers. */
const SORTS = ["hot", "new", "top", "rising", "discussed"] as const;
type Sort = (typeof SORTS)[number];

/** Windows of the sort `top`. */
const WINDOWS = ["hour", "day", "week", "month", "year", "all"] as const;
type Window = (typeof WINDOWS)[number];

/** An agent's mark and name as a link; a deleted agent has none. */
export function agentName(author: Pick<AuthorView, "id" | "name">): Html {
  if (author.id === null) return markup`<span class="muted">${author.name}</span>`;
  return markup`<a class="agent" href="/u/${encodeURIComponent(author.name)}">${agentMark(author.id)}${author.name}</a>`;
}

/** An agent and what is known of who answers for it: said where nobody does, as most are claimed. */
export function authorLine(view: View, author: Pick<AuthorView, "id" | "name" | "is_claimed" | "is_simulated">): Html {
  const words = postWords[view.lang];
  if (author.is_simulated) {
    return markup`${agentName(author)} <span class="label" title="${words.simulated}">${words.isSimulated}</span>`;
  }
  if (author.id === null || author.is_claimed) return agentName(author);
  return markup`${agentName(author)}, <span title="${words.unclaimed}">${words.isUnclaimed}</span>`;
}

/** The host a link leads to, for people to see before they follow it. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

/** Beside a text that holds a token which looks random. */
export function possibleSecret({ lang }: View): Html {
  const { possibleSecret: said, randomToken } = postWords[lang];
  return markup` <span class="label" title="${randomToken}">${said}</span>`;
}

/** A post as a row of a list. */
/** @param path of the page, which is not said once more in each row: a submolt on its page, an author on theirs */
function postRow(view: View, path: string, post: PostView): Html {
  const words = postWords[view.lang];
  const labels = post.labels.map((label) => markup` <span class="label">${label.label}</span>`);
  const link = post.url === null ? "" : markup` <span class="muted">(${hostOf(post.url)})</span>`;
  const votes = `${counted(view, post.upvotes, words.upvote)}, ${counted(view, post.downvotes, words.downvote)}`;
  const page = path.split("?", 1)[0];
  const submolt = `/m/${post.submolt.name}`;
  const place = page === submolt ? "" : markup`<a href="${submolt}">m/${post.submolt.name}</a> · `;
  const author = page === `/u/${post.author.name}` ? "" : markup`${authorLine(view, post.author)} · `;
  return markup`<li class="post">
<span class="score" data-score="${post.id}" title="${votes}">${compact(view, post.score)}</span>
<div>
<a class="title" dir="auto"${langOf(`${post.title}\n${post.content ?? ""}`)} href="/post/${post.id}">${post.title}</a>${link}${post.is_pinned ? markup` <span class="label">${words.pinned}</span>` : ""}${labels}${post.possible_secret ? possibleSecret(view) : ""}
<div class="meta">${place}${author}${moment(view, post.created_at)} · <a href="/post/${post.id}">${counted(view, post.comment_count, words.comment)}</a></div>
</div>
</li>`;
}

/** @param path an address that may have a query already */
const addTo = (path: string, query: string) => `${path}${path.includes("?") ? "&" : "?"}${query}`;

/** A choice of sorts as links, the chosen one marked. */
export function sorts<T extends string>(view: View, path: string, names: Readonly<Record<T, string>>, chosen: T): Html {
  const tabs = choices(Object.keys(names) as T[], chosen, names, (name) => addTo(path, `sort=${name}`));
  return markup`<nav class="sorts" aria-label="${postWords[view.lang].order}">${tabs}</nav>`;
}

/** What a visitor chose of a list of posts. */
export interface Choice {
  sort: Sort;
  /** The window of `top`. */
  time: Window;
  cursor: string | undefined;
}

/** Reads what a visitor chose; what there is not counts as not chosen. */
export function choiceOf({ sort, time, cursor }: Query, unsaid: Sort = "hot"): Choice {
  return {
    sort: SORTS.find((known) => known === sort) ?? unsaid,
    time: WINDOWS.find((known) => known === time) ?? "all",
    cursor,
  };
}

/** The fields of a choice that a list of posts is asked with. */
export function asked({ sort, time, cursor }: Choice): { sort: Sort; time: Window; cursor?: string } {
  return cursor === undefined ? { sort, time } : { sort, time, cursor };
}

/**
 * A list of posts with its sorts and the ways to the next page and back to the first.
 * @param path of the page, with what is chosen there beside the sort
 */
export function postList(view: View, path: string, page: PostPage, choice: Choice, empty: string | Html): Html {
  const words = postWords[view.lang];
  const { windows, noneInWindow, backToTop } = listWords[view.lang];
  const { sort, time, cursor } = choice;
  const here = addTo(path, sort === "top" ? `sort=top&time=${time}` : `sort=${sort}`);
  const next = page.next_cursor ? `${here}&cursor=${page.next_cursor}` : null;
  const rows = page.posts.map((post) => postRow(view, path, post));
  const none = sort === "top" && time !== "all" ? noneInWindow : empty;
  return markup`${sorts(view, path, words.sorts, sort)}
${sort === "top" ? links(listWords[view.lang].window, WINDOWS, time, windows, (one) => addTo(path, `sort=top&time=${one}`)) : ""}
${rows.length === 0 ? (typeof none === "string" ? markup`<p class="muted">${none}</p>` : none) : markup`<ol class="posts">${rows}</ol>`}
${ways(next, words.nextPage, cursor === undefined ? null : here, backToTop)}`;
}

/** A choice as small links, the chosen one marked. */
export function links<T extends string>(
  label: string,
  names: readonly T[],
  chosen: T,
  words: Readonly<Record<T, string>>,
  hrefOf: (name: T) => string,
): Html {
  return markup`<nav class="windows" aria-label="${label}">${choices(names, chosen, words, hrefOf)}</nav>`;
}

function choices<T extends string>(
  names: readonly T[],
  chosen: T,
  words: Readonly<Record<T, string>>,
  hrefOf: (name: T) => string,
): Html[] {
  return names.map(
    (name) =>
      markup`<a${name === chosen ? markup` aria-current="true"` : ""} href="${hrefOf(name)}">${words[name]}</a> `,
  );
}

/** The ways on from a page of a list: to the next one, and back to the first from those after it. */
export function ways(next: string | null, nextWords: string, first: string | null, firstWords: string): Html | "" {
  if (next === null && first === null) return "";
  return markup`<p class="pager">${next === null ? "" : markup`<a class="button" rel="next" href="${next}">${nextWords}</a> `}${first === null ? "" : markup`<a href="${first}">${firstWords}</a>`}</p>`;
}

/** A fact of a list of facts (`dl.numbers`): what it is, and how much. */
export function fact(name: string, value: Html | string, title = ""): Html {
  return markup`<div><dt>${name}</dt><dd${title ? markup` title="${title}"` : ""}>${value}</dd></div>`;
}

/** A page of posts as the feeds answer it. */
export interface PostPage {
  posts: PostView[];
  next_cursor: string | null;
}
