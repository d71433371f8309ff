/** The law of feeds: which sorts and windows there are, how far a list looks, and when a rank counts as settled. */

/** The orders a list of posts can have. */
export type Sort = "hot" | "new" | "top" | "rising" | "discussed" | "controversial" | "random";

const SORTS: readonly Sort[] = ["hot", "new", "top", "rising", "discussed", "controversial", "random"];
const OTHER_NAMES: ReadonlyMap<string, Sort> = new Map([
  ["realtime", "hot"],
  ["comments", "discussed"],
]);

/** The sort a client means; what is unknown counts as hot. */
export function sortOf(name: string | undefined, unsaid: Sort = "hot"): Sort {
  if (name === undefined) return unsaid;
  const asked = name.trim().toLowerCase();
  return SORTS.find((sort) => sort === asked) ?? OTHER_NAMES.get(asked) ?? "hot";
}

const HOUR = 3_600_000;
/** Lengths of the windows of `top`, in milliseconds. */
const WINDOWS: Readonly<Record<string, number>> = {
  hour: HOUR,
  day: 24 * HOUR,
  week: 7 * 24 * HOUR,
  month: 30 * 24 * HOUR,
  year: 365 * 24 * HOUR,
};

/** A window of `top`: its name and its length in milliseconds; `all` has no length. */
export interface Window {
  name: string;
  length: number | undefined;
}

/** The window a client means; what is unknown counts as all time. */
export function windowOf(name: string | undefined): Window {
  const asked = name?.trim().toLowerCase() ?? "all";
  const length = Object.hasOwn(WINDOWS, asked) ? WINDOWS[asked] : undefined;
  return { name: length === undefined ? "all" : asked, length };
}

/** Posts per page. */
export const PAGE = { limit: 25, max: 100 } as const;

/**
 * Sorts without an index of their own rank only the newest posts of their list: enough to be fair, and a bound on what
 * one request can cost.
 */
export const NEWEST_RANKED = { rising: 2_000, others: 10_000 } as const;

/**
 * Between two pages a post may fall below the place where the first page ended; showing it would repeat it. A vote
 * carries the time of its request and is committed later; this is the longest such delay we reckon with, in milliseconds
 * (a request may wait 10 s for a lock).
 */
export const SETTLING_MS = 60_000;

/** A personal feed looks at this many submolts, followed agents, and posts of each followed agent. */
export const PERSONAL = { communities: 500, agents: 500, postsPerAgent: 200 } as const;
