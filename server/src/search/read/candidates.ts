/**
 * Texts that may answer a query, with their similarity. Of those that match, the newest are ranked, never all; how far
 * back they are looked for follows from how often the words occur, so that no query costs more than its share.
 */
import type { Pool } from "pg";
import {
  type Fragment,
  float8,
  int8,
  nullable,
  part,
  type Row,
  sql,
  text,
  texts,
  time,
  times,
  uuid,
} from "../../platform/db.js";
import { isTimeout } from "../../platform/db-errors.js";
import { shareOf, type Term, termsOf } from "../rules/terms.js";
import { MOST_WORDS, type Query } from "../rules/words.js";
import type { Reach, Statistics } from "./statistics.js";

/** Texts with all words that are ranked, and with some of them, at most. */
const RANKED = { all: 500, some: 200 };
/** Shares of those that are hoped for, and that are enough. */
const WANTED = 0.8;
const ENOUGH = 0.4;
/** Places of words in the index that one question may pass over: some 15 ms. */
const STEPS = 100_000;
/** Titles that are compared with a query letter by letter: the newest. */
const TITLES: Fragment = { parts: ["1000"], holes: [] };
/** Queries outside these lengths are no titles. */
const TITLE_LENGTH = { shortest: 2, longest: 64 };

/** Where to look. */
export interface Scope {
  kind: "post" | "comment" | null;
  community: string | null;
  author: string | null;
  /** Only what was written since. */
  from: Date;
  /** Only what was there then. */
  asOf: Date;
}

const scope = { kind: nullable(text), community: nullable(uuid), author: nullable(uuid), from: time, as_of: time };
const marks = part`search_marks(d.kind, d.community_id, d.author_id, d.created_at)`;
/** The first day is not for the planner: an index by time alone would seem good enough to it. */
const inScope = part`${marks} @> (select search_scope(${"kind"}, ${"community"}, ${"author"})) and d.created_at <= ${"as_of"}
  and (d.created_at < ${"from"}) is not true`;

/** How many of the words a document has: one by one, as a loop in the statement would cost ten times as much. */
const having: Fragment = {
  parts: [
    Array.from({ length: MOST_WORDS }, (_, index) => `coalesce((d.tsv @@ asked.words[${index + 1}])::int, 0)`).join(
      " + ",
    ),
  ],
  holes: [],
};

/**
 * The best of the newest matches of several questions. A question has two parts, both of which a text must answer: so the
 * index can skip from the places of one to those of the other. Half of the similarity is the share of words that a text
 * has, the other half how much it is about them: ts_rank, which weighs words of the title ten times as much as those of
 * the text and falls with its length, brought between 0 and 1.
 */
const byWords = sql(
  {
    rarest: texts,
    others: texts,
    since: times,
    words: texts,
    any: text,
    key: text,
    ranked: int8,
    limit: int8,
    ...scope,
  },
  { question: int8, id: uuid, similarity: float8, matches: int8 },
)`
  select q.question, found.* from unnest(${"rarest"}::text[], ${"others"}::text[], ${"since"}::timestamptz[])
      with ordinality q (rarest, others, since, question)
    cross join (select ${"any"}::text::tsquery as any_word, ${"words"}::text[]::tsquery[] as words offset 0) asked
    cross join lateral (
      select d.id, case when d.title_key = ${"key"} then 1 else
        round(10000 * d.coverage * (0.5 + 0.5 * d.weight / (d.weight + 0.1))) / 10000 end as similarity,
        count(*) over () as matches
      from (select d.id, d.title_key, ts_rank(d.tsv, asked.any_word, 1)::float8 as weight,
          (${having})::float8 / cardinality(asked.words) as coverage
        from (select d.id, d.title_key, d.tsv from search_documents d
          where d.tsv @@ q.rarest::tsquery and d.tsv @@ q.others::tsquery and ${inScope}
            and ${marks} && search_window(q.since, ${"as_of"})
          order by d.created_at desc, d.id desc limit ${"ranked"}) d
        offset 0) d
      order by similarity desc, d.id desc limit ${"limit"}) found`;
/**
 * One by one: an index of trigrams gathers all titles that share some, which takes seconds in a large network. The inner
 * limits leave the planner no choice.
 */
const byTitle = sql({ key: text, ...scope }, { id: uuid, similarity: float8 })`
  select d.id, round(0.8 * word_similarity(${"key"}, d.title_key)::numeric, 4)::float8 as similarity
  from (select post_id from post_stats where visible and created_at <= ${"as_of"}
      order by created_at desc nulls last, post_id desc nulls last limit ${TITLES}) s
    cross join lateral (select * from search_documents where id = s.post_id limit 1) d
  where d.title_key %> ${"key"}::text and ${inScope}`;

const candidate = { id: uuid, similarity: float8 };
/** Something that may answer. */
export type Candidate = Row<typeof candidate>;

function unlessTimeout(error: unknown): undefined {
  if (!isTimeout(error)) throw error;
}

/** What was found, or nothing when the time for it was over. */
export async function inTime<T>(rows: Promise<T[]>): Promise<T[]> {
  return (await rows.catch(unlessTimeout)) ?? [];
}

interface Question {
  rarest: string;
  others: string;
  /** How far back to look now, and at most. */
  reach: Reach;
  furthest: Reach;
}

/**
 * Texts that answer a query, the best ones, each once, in no order: those with all its words; where there are none, those
 * with some of them, and if a word is nowhere, titles that are spelled almost like the query.
 * @param limit how many of them are needed
 */
export async function findTexts(
  pool: Pool,
  query: Query,
  where: Scope,
  known: Statistics,
  limit: number,
): Promise<Candidate[]> {
  const { key } = query;
  const { kind, community, author, from, asOf: as_of } = where;
  const terms = termsOf(query.words, known.words);
  const [rarest, ...others] = terms;
  if (rarest === undefined) return [];
  const words = terms.map((term) => term.text);
  const values = { key, kind, community, author, from, as_of };
  const scopes = [
    community === null ? 1 : shareOf(community, known.communities),
    author === null ? 1 : shareOf(author, known.authors),
  ];

  /** The newest matches; where a question has too few, it is asked again further back. */
  const newest = async (questions: readonly Question[], any: string, ranked: number) => {
    const found: Candidate[] = [];
    let hasEmpty = false;
    for (let open = questions; open.length > 0; ) {
      const asked = {
        rarest: open.map((one) => one.rarest),
        others: open.map((one) => one.others),
        since: open.map((one) => one.reach.since),
      };
      const rows = await byWords.all(pool, { ...asked, words, any, ranked, limit, ...values }).catch(unlessTimeout);
      if (rows === undefined) break;
      const again: Question[] = [];
      for (const [index, question] of open.entries()) {
        const own = rows.filter((row) => row.question === index + 1);
        const matches = own[0]?.matches ?? 0;
        if (matches >= ENOUGH * ranked || question.reach === question.furthest) {
          found.push(...own);
          hasEmpty ||= matches === 0;
        } else {
          const wanted = (question.reach.texts * WANTED * ranked) / (matches + 1);
          again.push({ ...question, reach: reachOf(wanted, question.furthest, known) });
        }
      }
      open = again;
    }
    return { found, hasEmpty };
  };

  const all = await newest([questionOf(rarest, others, scopes, RANKED.all, known)], words.join(" & "), RANKED.all);
  if (all.found.length > 0) return all.found;
  const ranked = Math.ceil(RANKED.some / terms.length);
  const each = terms.map((term) => questionOf(term, [], scopes, ranked, known));
  const some = others.length > 0 ? await newest(each, words.join(" | "), ranked) : all;
  const isTitle = key.length >= TITLE_LENGTH.shortest && key.length <= TITLE_LENGTH.longest && kind !== "comment";
  const titled = some.hasEmpty && isTitle ? await inTime(byTitle.all(pool, values)) : [];
  const best = new Map<string, Candidate>();
  for (const { id, similarity } of [...some.found, ...titled]) {
    if ((best.get(id)?.similarity ?? -1) < similarity) best.set(id, { id, similarity });
  }
  return [...best.values()];
}

/**
 * Asks for texts with all of some words, the rarest of them first: at first as far back as should be enough, at most as
 * far as the rarest of what is asked for can be followed.
 * @param scopes the shares of all texts that are in the community and by the author
 */
function questionOf(
  rarest: Term,
  others: readonly Term[],
  scopes: readonly number[],
  ranked: number,
  known: Statistics,
): Question {
  const shares = [rarest.share, ...others.map((term) => term.share), ...scopes];
  const share = shares.reduce((product, one) => product * one, 1);
  const least = Math.min(...shares);
  const furthest = known.reaches.findLast(({ texts }) => texts * least <= STEPS) ?? known.reaches[0];
  return {
    rarest: rarest.text,
    others: others.length > 0 ? others.map((term) => term.text).join(" & ") : rarest.text,
    reach: reachOf((WANTED * ranked) / share, furthest, known),
    furthest,
  };
}

/** The shortest reach over so many texts, no further than the furthest. */
function reachOf(wanted: number, furthest: Reach, { reaches }: Statistics): Reach {
  const enough = reaches.find(({ texts }) => texts >= wanted) ?? furthest;
  return enough.texts < furthest.texts ? enough : furthest;
}
