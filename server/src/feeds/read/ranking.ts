/**
 * Ranks as SQL. Every sort gives a post one whole number; a list is ordered by (rank, post_id) downwards and a cursor
 * carries that pair, so it fits exactly. The limits of inner queries are literals: with a parameter there, a plan made
 * once for all values expects a tenth of the table and sorts it.
 */
import {
  type Fragment,
  int4,
  int8,
  nullable,
  part,
  type Row,
  type SqlType,
  time,
  uuid,
  uuids,
} from "../../platform/db.js";
import { postStatement } from "../../posts/read.js";
import type { Sort } from "../rules.js";

/** Everything a list statement may take; each takes what its text names. */
const parameters = {
  after: int8,
  after_id: uuid,
  as_of: time,
  since: time,
  steady: time,
  floor: int8,
  cut: int4,
  offset: int4,
  community: nullable(uuid),
  author: nullable(uuid),
  label: nullable(uuid),
  skip: uuids,
  viewer: nullable(uuid),
};
/** The values of a list statement. */
export type ListValues = Row<typeof parameters>;

/** Beside each post: its rank, and the floor of a walk that begins with it. */
const columns = { rank: int8, floor: int8 };

/** A number of ours as SQL. */
export const figure = (value: number): Fragment => ({ parts: [String(Math.trunc(value))], holes: [] });

/** The rank of a post `s`. Formulas: protocol reference 12. */
export const rankOf: Readonly<Record<Sort, Fragment>> = {
  hot: part`s.hot`,
  new: part`(extract(epoch from s.created_at) * 1000000)::bigint`,
  top: part`s.score::bigint`,
  rising: part`round((s.score + 1) / power(extract(epoch from ${"as_of"}::timestamptz - s.created_at)::float8 / 3600 + 2, 1.5)
    * 1e9)::bigint`,
  discussed: part`s.comment_count::bigint`,
  controversial: part`(2 * least(s.upvotes, s.downvotes))::bigint`,
  random: part`uuid_hash_extended(s.post_id, (extract(epoch from ${"as_of"}::timestamptz) * 1000)::bigint) >> 11`,
};

/** The column of `s` that an index orders by like {@link rankOf}. */
export type IndexedSort = "hot" | "new" | "top";
const indexed: Readonly<Record<IndexedSort, Fragment>> = {
  hot: part`s.hot`,
  new: part`s.created_at`,
  top: part`s.score`,
};

/** The order of an index on `s`, best first. The indexes of everything are told apart by `nulls last`. */
export const orderOf = (sort: IndexedSort): Fragment => part`${indexed[sort]} desc, s.post_id desc`;
export const orderOfAll = (sort: IndexedSort): Fragment =>
  part`${indexed[sort]} desc nulls last, s.post_id desc nulls last`;

/** Rows of `s` below the cursor, in a form an index can use. */
export function belowCursor(sort: IndexedSort): Fragment {
  const place =
    sort === "new"
      ? part`timestamptz 'epoch' + ${"after"}::bigint * interval '1 microsecond'`
      : part`${"after"}::bigint`;
  return part`(${indexed[sort]}, s.post_id) < (${place}, ${"after_id"}::uuid)`;
}

/**
 * Rows that cannot have stood above the cursor when the first page was read: either the rank has not fallen since (with a
 * margin), or the row has not changed at all, its writing transaction being older than every one open then.
 */
export const steady: Readonly<Record<Sort, Fragment>> = {
  hot: settled(part`s.fell_at`),
  new: part`true`,
  top: settled(part`s.fell_at`),
  rising: settled(part`s.fell_at`),
  discussed: settled(part`s.fell_at`),
  controversial: settled(part`s.voted_at`),
  random: part`true`,
};
function settled(changed: Fragment): Fragment {
  return part`(${changed} is null or ${changed} <= ${"steady"}::timestamptz
    or ((s.xmin::text::bigint - ${"floor"}::bigint) & 4294967295) >= 2147483648)`;
}

/** How a page is cut from a list: 25 at most, 100 at most, or after skipping some. */
export type Cut = "short" | "long" | "offset";
/** The end of the inner query for each cut; one row more than a page, to know of a next one. */
export const cuts: Readonly<Record<Cut, Fragment>> = {
  short: part`limit 26`,
  long: part`limit 101`,
  offset: part`limit ${"cut"}::int offset ${"offset"}::int`,
};

/** A registered list. */
export type ListStatement = ReturnType<typeof pageStatement>;

/** Makes a page statement of an inner query that gives `rank` and the columns of post_stats, best first. */
export function pageStatement(source: Fragment, customPlan: boolean) {
  const used = new Set(namesIn(source));
  const types = Object.fromEntries(Object.entries(parameters).filter(([name]) => used.has(name)));
  return postStatement<Record<string, SqlType<unknown>>, typeof columns>(types, columns, {
    fields: part`s.rank, (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint) as floor`,
    source: part`(${source})`,
    rest: part`order by s.rank desc, s.post_id desc`,
    customPlan,
  });
}

function namesIn(fragment: Fragment): string[] {
  return fragment.holes.flatMap((hole) => (typeof hole === "string" ? [hole] : namesIn(hole)));
}
