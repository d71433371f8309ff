/**
 * Atom and JSON Feed of the lists and threads: `/feed.atom` and `/feed.json` below the page with the same list, newest
 * first unless a sort is asked for.
 */
import type { Query } from "../public-reads.js";
import { ATOM, atomFeed } from "./atom.js";
import type { Feed } from "./feed.js";
import { JSON_FEED, jsonFeed } from "./json-feed.js";
import { LISTS } from "./lists.js";
import type { Outlet } from "./outlet.js";

const FORMATS = [
  { name: "atom", type: ATOM, write: atomFeed },
  { name: "json", type: JSON_FEED, write: jsonFeed },
] as const;

/** Every feed in every format. */
export const feedOutlets: readonly Outlet[] = Object.entries(LISTS).flatMap(([page, { query: known, limit, read }]) =>
  FORMATS.map(({ name, type, write }) => ({
    path: `${page}/feed.${name}`,
    query: known,
    limit,
    type: `${type}; charset=utf-8`,
    make: async (call, params, query) => {
      const [param = ""] = Object.values(params);
      const place = page.replace(/:\w+/, encodeURIComponent(param));
      const { cursor: _, ...chosen } = query;
      const { title, items, next_cursor: cursor } = await read(call, param, { ...query, sort: query.sort ?? "new" });
      const { publicUrl: origin, networkName: site } = call.services.config;
      const address = (more: Query) => withQuery(`${origin}${place}/feed.${name}`, more);
      const feed: Feed = {
        title,
        site,
        origin,
        page: withQuery(`${origin}${place || "/"}`, chosen),
        self: address(query),
        first: address(chosen),
        next: cursor === null ? null : address({ ...chosen, cursor }),
        items,
      };
      return write(feed);
    },
  })),
);

function withQuery(address: string, query: Query): string {
  const search = new URLSearchParams(query).toString();
  return search === "" ? address : `${address}?${search}`;
}

/**
 * The feeds of a page, for its head.
 * @param path of the page without its query: `/`, `/m`, `/m/NAME`, `/u`, `/u/NAME`, `/post/ID` or `/search`
 * @param title what the page is called
 * @param query what is chosen on the page, if its feed is of that alone
 */
export function feedsOf(path: string, title: string, query = ""): { href: string; title: string; type: string }[] {
  const base = path === "/" ? "" : path;
  return FORMATS.map(({ name, type }) => ({
    href: `${base}/feed.${name}${query === "" ? "" : `?${query}`}`,
    title: name === "atom" ? `${title} (Atom)` : `${title} (JSON Feed)`,
    type,
  }));
}
