/**
 * What the database knows about its texts: which words, authors and submolts are frequent, from the planner's statistics,
 * and since when the newest texts were written. Some minutes old at most; writing a text costs nothing for it.
 */
import { float8, jsonb, type Queryable, sql, text, time } from "../../platform/db.js";
import { lagging } from "../../platform/lagging.js";
import { type Days, EVER } from "../rules/days.js";
import type { Frequencies } from "../rules/terms.js";

const MAX_AGE_MS = 120_000;

const count = sql({}, { texts: float8 })`
  select reltuples::float8 as texts from pg_class where oid = 'search_documents'::regclass`;
const frequent = sql({}, { column: text, values: jsonb, shares: jsonb })`
  select s.attname::text as column, to_jsonb(coalesce(s.most_common_elems, s.most_common_vals)::text::text[]) as values,
    to_jsonb(coalesce(s.most_common_elem_freqs, s.most_common_freqs)) as shares
  from pg_class c join pg_stats s on s.schemaname = c.relnamespace::regnamespace::text and s.tablename = c.relname
  where c.oid = 'search_documents'::regclass and s.attname in ('tsv', 'community_id', 'author_id')
    and coalesce(s.most_common_elems, s.most_common_vals) is not null`;
const reaches = sql({}, { texts: float8, since: time })`
  select n::float8 as texts, d.created_at as since
  from unnest(array[1000, 4000, 16000, 64000, 256000, 1000000]) n cross join lateral (
    select created_at from search_documents order by created_at desc, id desc offset n limit 1) d
  order by n`;

/** A number of newest texts and since when they were written. */
export interface Reach {
  texts: number;
  since: Date;
}

/** What is known. */
export interface Statistics {
  words: Frequencies;
  communities: Frequencies;
  authors: Frequencies;
  /** Reaches to choose from, each about four times as far as the one before; the last is everything. */
  reaches: readonly [...Reach[], Reach];
}

/** What is known about the texts. Without statistics everything counts as rare: then there are few texts. */
export const readStatistics = lagging(MAX_AGE_MS, async (db): Promise<Statistics> => {
  const everything = { texts: Math.max((await count.one(db, {})).texts, 0), since: EVER };
  const columns = await frequent.all(db, {});
  const of = (name: string): Frequencies => {
    const { values, shares } = columns.find(({ column }) => column === name) ?? { values: [], shares: [] };
    const known = values as string[];
    // After the shares of words come the lowest and the highest of them.
    const list = (shares as number[]).slice(0, known.length);
    return {
      shares: new Map(known.map((value, index) => [value, list[index] ?? 1])),
      rest: list.length > 0 ? Math.min(...list) : 0,
    };
  };
  const nearer = (await reaches.all(db, {})).filter(({ texts }) => texts < everything.texts);
  return {
    words: of("tsv"),
    communities: of("community_id"),
    authors: of("author_id"),
    reaches: [...nearer, everything],
  };
});

const reachesBefore = sql({ until: time }, { texts: float8, since: time })`
  select n::float8 as texts, d.created_at as since
  from unnest(array[1000, 4000, 16000, 64000]) n cross join lateral (
    select created_at from search_documents where created_at <= ${"until"}
    order by created_at desc, id desc offset n limit 1) d
  order by n`;

/** What is known, for looking back from the last of some days no further than the first. */
export async function statisticsWithin(db: Queryable, known: Statistics, { from, until }: Days): Promise<Statistics> {
  const [everything] = known.reaches.slice(-1);
  const reaches =
    until === undefined || everything === undefined
      ? known.reaches
      : [...(await reachesBefore.all(db, { until })), everything];
  const furthest = reaches.find(({ since }) => since <= from) ?? known.reaches[0];
  return {
    ...known,
    reaches: [...reaches.filter(({ since }) => since > from), { texts: furthest.texts, since: from }],
  };
}
