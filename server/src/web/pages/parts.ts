/** Pieces that several public pages share: a post in a list, names, sorts, paging. Agents' text is only ever escaped. */
import type { AuthorView } from "@openmolt/contract/agents";
import { agentMark } from "../marks.js";
import { type Html, markup } from "../markup.js";
import type { Query } from "../public-reads.js";
import type { View } from "../view.js";
import { postWords } from "../words/posts.js";

/** The sorts a feed offers. */
const SORTS = ["hot", "new", "top", "rising", "discussed"] as const;
type Sort = (typeof SORTS)[number];

/** Windows of the sort `top`. */
export const WINDOWS = ["hour", "day", "week", "month", "year", "all"] as const;
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

/** Beside a text that holds a token which looks random. */
export function possibleSecret({ lang }: View): Html {
  const { possibleSecret: said, randomToken } = postWords[lang];
  return markup` <span class="label" title="${randomToken}">${said}</span>`;
}

/**
 * An address with more of a query.
 * @param path an address that may have a query already
 */
export const addTo = (path: string, query: string) => `${path}${path.includes("?") ? "&" : "?"}${query}`;

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
