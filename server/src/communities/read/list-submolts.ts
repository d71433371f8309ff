/** Submolts page by page: the most subscribed first, the newest first, or by name. */
import type { SubmoltView } from "@openmolt/contract/submolts";
import { int4, jsonb, part, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import { type Page, type PagingInput, pageOf, readPage } from "../../platform/paging.js";
import { submoltJson } from "./submolts.js";

const listColumns = { subscriber_count: int4, created_at: time, name: text, community_id: uuid, submolt: jsonb };
const listed = part`select s.subscriber_count, s.created_at, s.name, s.community_id, ${submoltJson}::jsonb as submolt`;
const byPopularity = sql({ after: int4, after_id: uuid, limit: int4, offset: int4, origin: text }, listColumns)`
  ${listed} from (select * from community_stats where (subscriber_count, community_id) < (${"after"}::int, ${"after_id"}::uuid)
    order by subscriber_count desc, community_id desc limit ${"limit"}::int offset ${"offset"}::int) s
  join communities c on c.id = s.community_id order by s.subscriber_count desc, s.community_id desc`;
const byAge = sql({ after: time, after_id: uuid, limit: int4, offset: int4, origin: text }, listColumns)`
  ${listed} from (select * from community_stats where (created_at, community_id) < (${"after"}::timestamptz, ${"after_id"}::uuid)
    order by created_at desc, community_id desc limit ${"limit"}::int offset ${"offset"}::int) s
  join communities c on c.id = s.community_id order by s.created_at desc, s.community_id desc`;
/** Stands behind all names. */
const LAST_CHARACTER = "\u{10ffff}";
const byName = sql({ after: text, begins: text, last: text, limit: int4, offset: int4, origin: text }, listColumns)`
  ${listed} from (select * from community_stats where name > ${"after"}::text
      and name >= ${"begins"}::text and name < ${"last"}::text
    order by name, community_id limit ${"limit"}::int offset ${"offset"}::int) s
  join communities c on c.id = s.community_id order by s.name`;

/** Orders of the list of submolts. */
export type SubmoltSort = "popular" | "new" | "alphabetical";
/** What the cursor of each order holds. */
const SUBMOLT_CURSORS = {
  popular: ["number", "uuid"],
  new: ["time", "uuid"],
  alphabetical: ["text"],
} as const;

const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const LARGEST = 2_147_483_647;
const END_OF_TIME = "9999-12-31T23:59:59.999Z";

/**
 * One page of submolts; each order walks its own index.
 * @param begins what their names begin with; in alphabetical order only
 */
export async function listSubmolts(db: Queryable, origin: string, page: Page, sort: SubmoltSort, begins = "") {
  const { offset } = page;
  const limit = page.limit + 1;
  if (sort === "alphabetical") {
    const [after = ""] = (page.after ?? []) as [string?];
    const found = await byName.all(db, { after, begins, last: begins + LAST_CHARACTER, limit, offset, origin });
    return pageView(found, page, (row) => [row.name]);
  }
  if (sort === "new") {
    const [after = END_OF_TIME, after_id = LAST_ID] = (page.after ?? []) as [string?, string?];
    const found = await byAge.all(db, { after: new Date(after), after_id, limit, offset, origin });
    return pageView(found, page, (row) => [row.created_at.toISOString(), row.community_id]);
  }
  const [after = LARGEST, after_id = LAST_ID] = (page.after ?? []) as [number?, string?];
  const found = await byPopularity.all(db, { after: bounded(after), after_id, limit, offset, origin });
  return pageView(found, page, (row) => [row.subscriber_count, row.community_id]);
}

/** A cursor's number as a count that the database can compare, whatever a forger wrote. */
const bounded = (count: number) => Math.max(-LARGEST, Math.min(Math.trunc(count), LARGEST));

interface ListRow {
  subscriber_count: number;
  created_at: Date;
  name: string;
  community_id: string;
  submolt: unknown;
}
function pageView(found: ListRow[], page: Page, placeOf: (row: ListRow) => (string | number)[]) {
  const { rows, info } = pageOf(found, page, placeOf);
  return { submolts: rows.map((row) => row.submolt as SubmoltView), ...info };
}

/**
 * Reads the paging fields of a list of submolts.
 * @throws AppError INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export function submoltsPage(input: PagingInput, sort: SubmoltSort, limits: { limit: number; max: number }): Page {
  return readPage(input, `submolts/${sort}`, SUBMOLT_CURSORS[sort], limits);
}
