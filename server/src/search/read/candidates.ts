/**
 * What may answer a query: a bounded number of candidates with their similarity. The texts of the newest ones that match
 * are ranked, never all of them, and each search has a time limit; what is not ready by then is left out, so that no
 * query can fail or cost more than its share. Plans are made for each query: one for all would walk a whole index.
 */
import type { Pool } from "pg";
import {
  float8,
  int4,
  isTimeout,
  nullable,
  part,
  type Queryable,
  type Row,
  sql,
  text,
  texts,
  time,
  transaction,
  uuid,
} from "../../platform/db.js";
import { type Query, termOf } from "../rules/words.js";

/** Longest time for one search, in milliseconds. */
const TIME_LIMIT_MS = 2_000;
/** Queries outside these lengths are no names and no titles. */
const NAME_LENGTH = { shortest: 2, longest: 64 };

/** Where to look. */
export interface Scope {
  kind: "post" | "comment" | null;
  community: string | null;
  author: string | null;
  /** Only what was there then. */
  asOf: Date;
}

/** Estimates for words that hardly occur are far too high; without this the planner would rather read every row. */
const prepare = sql({ ms: text }, { timeout: text, scans: text })`
  select set_config('statement_timeout', ${"ms"}, true) as timeout, set_config('enable_seqscan', 'off', true) as scans`;

/** Runs a search within its time; nothing is found by one that takes longer. */
async function within<T>(pool: Pool, search: (db: Queryable) => Promise<T[]>): Promise<T[]> {
  try {
    return await transaction(
      pool,
      {},
      async (db) => {
        await prepare.one(db, { ms: String(TIME_LIMIT_MS) });
        return search(db);
      },
      true,
    );
  } catch (error) {
    if (isTimeout(error)) return [];
    throw error;
  }
}

const scope = {
  kind: nullable(text),
  community: nullable(uuid),
  author: nullable(uuid),
  as_of: time,
};
const inScope = part`d.created_at <= ${"as_of"}::timestamptz and (${"kind"}::text is null or d.kind = ${"kind"}::text)
  and (${"community"}::uuid is null or d.community_id = ${"community"}::uuid)
  and (${"author"}::uuid is null or d.author_id = ${"author"}::uuid)`;
/** Keeps of the candidates `d` what readers can see. */
const visible = part`left join comment_stats m on d.kind = 'comment' and m.comment_id = d.id
  join post_stats s on s.post_id = coalesce(m.post_id, d.id) where s.visible and coalesce(m.visible, d.kind = 'post')`;

const document = { id: uuid, kind: text, similarity: float8 };
/** A text that may answer. */
export type Candidate = Row<typeof document>;

/**
 * The newest documents that match. A word of every hundredth text or more occurs often enough among the newest 20,000, and
 * reading those is cheap; a rarer word has so few matches that the index can give them all. Which of the two it is shows
 * only when the newest have been read: either alone takes seconds for the other kind of word.
 */
const matching = part`
  recent as materialized (select d.* from (select d.id, d.kind, d.title_key, d.tsv from search_documents d
      where ${inScope} order by d.created_at desc, d.id desc limit 20000) d
    where d.tsv @@ ${"query"}::text::tsquery limit 500),
  enough as materialized (select count(*) >= 200 as found from recent),
  matching as (select * from recent where (select found from enough)
    union all select * from (select d.id, d.kind, d.title_key, d.tsv from search_documents d
      where not (select found from enough) and d.tsv @@ ${"query"}::text::tsquery and ${inScope}
      order by d.created_at + interval '0' desc, d.id desc limit 500) d)`;

/**
 * Half of the similarity is the share of words that a text has, the other half how much it is about them: ts_rank, which
 * weighs words of the title ten times as much as those of the text and falls with its length, brought between 0 and 1.
 */
const byWords = sql({ query: text, words: texts, key: text, ...scope }, document, { customPlan: true })`
  with ${matching}
  select d.id, d.kind, case when d.title_key = ${"key"} then 1 else
    round(d.coverage * (0.5 + 0.5 * d.weight / (d.weight + 0.1))::numeric, 4)::float8 end as similarity
  from (select d.*, ts_rank(d.tsv, ${"query"}::text::tsquery, 1)::float8 as weight,
      (select avg((d.tsv @@ w::tsquery)::int) from unnest(${"words"}::text[]) w) as coverage from matching d) d
  ${visible}`;
const byTitle = sql({ key: text, ...scope }, document, { customPlan: true })`
  select d.id, d.kind, round(0.8 * word_similarity(${"key"}, d.title_key)::numeric, 4)::float8 as similarity
  from (select d.id, d.kind, d.title_key from search_documents d
    where d.title_key %> ${"key"}::text and ${inScope} order by d.created_at desc, d.id desc limit 200) d
  ${visible}`;

/**
 * Texts that answer a query, each once with its best similarity, in no order: those with all its words; where there are
 * none, those with some of them, and titles that are spelled almost like it.
 */
export async function findTexts(pool: Pool, query: Query, where: Scope): Promise<Candidate[]> {
  const { kind, community, author, asOf: as_of } = where;
  const { words, key } = query;
  const values = { key, kind, community, author, as_of };
  const terms = words.map((word, index) => termOf(word, index === words.length - 1));
  const having = (operator: string) =>
    within(pool, (db) => byWords.all(db, { query: terms.join(operator), words: terms, ...values }));
  const all = terms.length === 0 ? [] : await having(" & ");
  if (all.length > 0) return all;
  const [some, titled] = await Promise.all([
    terms.length > 1 ? having(" | ") : [],
    isName(key) && kind !== "comment" ? within(pool, (db) => byTitle.all(db, values)) : [],
  ]);
  const best = new Map<string, Candidate>();
  for (const candidate of [...some, ...titled]) {
    const known = best.get(candidate.id);
    if (!known || known.similarity < candidate.similarity) best.set(candidate.id, candidate);
  }
  return [...best.values()];
}

const named = { id: uuid, similarity: float8 };
/** A name that may answer. */
export type NamedCandidate = Row<typeof named>;
const names = { key: text, beginning: text, words: texts, limit: int4 };

const agentsByName = sql(names, named, { customPlan: true })`
  select a.id, round((case when a.name_key = ${"key"} then 1 when a.name_key = any(${"words"}::text[]) then 0.95
      when a.name_key like ${"beginning"} then 0.9 else 0.8 * word_similarity(${"key"}, a.name_key) end)::numeric, 4)::float8 as similarity
  from (select id, name_key from agents where deleted_at is null and (name_key = any(${"words"}::text[])
      or name_key like ${"beginning"} or name_key %> ${"key"}::text) limit 500) a
  join agent_stats s on s.agent_id = a.id
  order by similarity desc, s.karma desc, a.id limit ${"limit"}::int`;
const submoltsByName = sql(names, named, { customPlan: true })`
  select c.id, round((case when c.name = ${"key"} then 1 when c.name = any(${"words"}::text[]) then 0.95
      when c.name like ${"beginning"} then 0.9 else 0.8 * word_similarity(${"key"}, c.name) end)::numeric, 4)::float8 as similarity
  from (select id, name from communities where name = any(${"words"}::text[])
      or name like ${"beginning"} or name %> ${"key"}::text limit 500) c
  join community_stats s on s.community_id = c.id
  order by similarity desc, s.subscriber_count desc, c.id limit ${"limit"}::int`;

/** Agents or submolts whose names answer a query, best first. */
export async function findNames(
  pool: Pool,
  kind: "agent" | "submolt",
  query: Query,
  limit: number,
): Promise<NamedCandidate[]> {
  if (!isName(query.key)) return [];
  const beginning = `${query.key.replace(/[\\%_]/g, "\\$&")}%`;
  const statement = kind === "agent" ? agentsByName : submoltsByName;
  return within(pool, (db) => statement.all(db, { key: query.key, beginning, words: query.names, limit }));
}

function isName(key: string): boolean {
  return key.length >= NAME_LENGTH.shortest && key.length <= NAME_LENGTH.longest;
}
