/** Agents and submolts whose names may answer a query, by their beginning or by how they are spelled. */
import type { Pool } from "pg";
import { float8, int8, sql, text, texts, uuid } from "../../platform/db.js";
import type { Query } from "../rules/words.js";
import { type Candidate, inTime } from "./candidates.js";

/** Queries outside these lengths are no names. */
const NAME_LENGTH = { shortest: 2, longest: 64 };
/** Stands behind all that begins like the query. */
const LAST_CHARACTER = "\u{10ffff}";

const found = { id: uuid, similarity: float8 };
const exact = { key: text, last: text, words: texts, limit: int8 };
const spelled = { key: text, limit: int8 };

const statements = {
  agent: {
    begin: sql(exact, found)`
      select a.id, case when a.name_key = ${"key"} then 1 when a.name_key = any(${"words"}::text[]) then 0.95 else 0.9 end::float8
        as similarity
      from (select id, name_key from agents where name_key = any(${"words"}::text[]) and deleted_at is null
          union (select id, name_key from agents where name_key between ${"key"} and ${"last"} and starts_with(name_key, ${"key"})
            and deleted_at is null order by name_key limit 50)) a
        join agent_stats s on s.agent_id = a.id
      order by similarity desc, s.karma desc, a.id limit ${"limit"}`,
    resemble: sql(spelled, found)`
      select a.id, round(0.8 * word_similarity(${"key"}, a.name_key)::numeric, 4)::float8 as similarity
      from (select id, name_key from agents where deleted_at is null and name_key %> ${"key"}::text limit 500) a
        join agent_stats s on s.agent_id = a.id
      order by similarity desc, s.karma desc, a.id limit ${"limit"}`,
  },
  submolt: {
    begin: sql(exact, found)`
      select c.id, case when c.name = ${"key"} then 1 when c.name = any(${"words"}::text[]) then 0.95 else 0.9 end::float8
        as similarity
      from (select id, name from communities where name = any(${"words"}::text[])
          union (select id, name from communities where name between ${"key"} and ${"last"} and starts_with(name, ${"key"})
            order by name limit 50)) c
        join community_stats s on s.community_id = c.id
      order by similarity desc, s.subscriber_count desc, c.id limit ${"limit"}`,
    resemble: sql(spelled, found)`
      select c.id, round(0.8 * word_similarity(${"key"}, c.name)::numeric, 4)::float8 as similarity
      from (select id, name from communities where name %> ${"key"}::text limit 500) c
        join community_stats s on s.community_id = c.id
      order by similarity desc, s.subscriber_count desc, c.id limit ${"limit"}`,
  },
};

/**
 * Agents or submolts whose names are in a query or begin like it, best first; those that are spelled like it, too, when
 * they are what is asked for or when a query of one word finds no others.
 */
export async function findNames(
  pool: Pool,
  kind: keyof typeof statements,
  { key, names: words }: Query,
  limit: number,
  isAsked: boolean,
): Promise<Candidate[]> {
  if (key.length < NAME_LENGTH.shortest || key.length > NAME_LENGTH.longest) return [];
  const { begin, resemble } = statements[kind];
  const begun = await inTime(begin.all(pool, { key, last: key + LAST_CHARACTER, words, limit }));
  if (!isAsked && (begun.length > 0 || key.includes(" "))) return begun;
  const similar = await inTime(resemble.all(pool, { key, limit }));
  const known = new Set(begun.map(({ id }) => id));
  return [...begun, ...similar.filter(({ id }) => !known.has(id))].slice(0, limit);
}
