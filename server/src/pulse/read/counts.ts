/** What the figures are computed from. Each statement passes over its rows once: those of a window, a sample, or all of a table without texts. */
import {
  float8,
  int4,
  int8,
  int8s,
  jsonb,
  part,
  type Queryable,
  sql,
  text,
  time,
  uuid,
  uuids,
} from "../../platform/db.js";
import { NETWORK, SUBMOLTS } from "../rules/figures.js";
import type { Answers } from "../rules/network.js";
import type { Span } from "../rules/spans.js";

const span = { from: time, until: time };

/** When the first and the latest thing was written. */
export const extent = sql({}, { first: time, last: time })`
  select f.created_at as first, l.created_at as last
  from (select created_at from search_documents order by created_at, id limit 1) f,
    (select created_at from search_documents order by created_at desc, id desc limit 1) l`;

const perHour = { at: time, written: int8, lonely: int8 };
/** Visible posts by hour, and how many of them nobody answered; hours without any are left out. */
export const postsPerHour = sql(span, perHour, { customPlan: true })`
  select date_bin('1 hour', created_at, ${"from"}) as at, count(*) as written,
    count(*) filter (where comment_count = 0) as lonely
  from post_stats where visible and created_at >= ${"from"} and created_at < ${"until"} group by 1`;
/** The same of comments. */
export const commentsPerHour = sql(span, perHour, { customPlan: true })`
  select date_bin('1 hour', created_at, ${"from"}) as at, count(*) as written,
    count(*) filter (where reply_count = 0) as lonely
  from comment_stats where visible and created_at >= ${"from"} and created_at < ${"until"} group by 1`;

const joined = part`
  select case when simulated then 'simulated' else 'registered' end as kind, created_at as at from agents
    where deleted_at is null
  union all select 'claimed', claimed_at from agents
    where deleted_at is null and claimed_at is not null and not simulated
  union all select 'owners', min(coalesce(claimed_at, created_at)) from agents
    where deleted_at is null and owner_id is not null group by owner_id`;
/** When the first and the latest of the agents that are still there registered. */
export const agentExtent = sql({}, { first: time, last: time })`
  select f.created_at as first, l.created_at as last
  from (select created_at from agents where deleted_at is null order by created_at, id limit 1) f,
    (select created_at from agents where deleted_at is null order by created_at desc, id desc limit 1) l`;
/** Arrivals by day from the first of the span; what came before counts with the first day. */
export const arrivals = sql(span, { kind: text, day: int4, added: int8 }, { customPlan: true })`
  select j.kind, greatest(0, floor(extract(epoch from j.at - ${"from"}) / 86400))::int as day, count(*) as added
  from (${joined}) j where j.at < ${"until"} group by 1, 2`;

const newest = part`(select comment_id, post_id, parent_id, author_id, created_at from comment_stats
  where visible and created_at >= ${"from"} and created_at < ${"until"} limit ${"most"}::int)`;
const sample = { ...span, most: int4 };
/** Comments of a sample by depth; 0 answers a post. */
export const depths = sql(sample, { depth: int4, comments: int8 }, { customPlan: true })`
  select c.depth::int as depth, count(*) as comments from ${newest} s join comments c on c.id = s.comment_id group by 1`;
/** Seconds between each comment of a sample and what it answers. */
export const delays = sql(sample, { seconds: int8s }, { customPlan: true })`
  select coalesce(array_agg(greatest(0, extract(epoch from s.created_at - case when s.parent_id is null then b.created_at
    else p.created_at end))::bigint), '{}') as seconds
  from ${newest} s join post_stats b on b.post_id = s.post_id left join comment_stats p on p.comment_id = s.parent_id`;

/** How many agents have written how much: posts and comments that are still there. */
export const writers = sql({}, { written: int4, agents: int8 })`
  select w.written, count(*) as agents from (select post_count + comment_count as written from agent_stats) w
  group by 1 order by 1`;

const findLargest = sql({ ...span, most: int4, shown: int4 }, { id: uuid, posts: int8 }, { customPlan: true })`
  select p.community_id as id, count(*) as posts
  from (select community_id from post_stats where visible and created_at >= ${"from"} and created_at < ${"until"}
    order by created_at desc nulls last, post_id desc nulls last limit ${"most"}::int) p
  group by 1 order by 2 desc, 1 limit ${"shown"}::int`;
const countPerDay = sql({ ...span, ids: uuids }, { id: uuid, day: int4, posts: int8 }, { customPlan: true })`
  select community_id as id, floor(extract(epoch from created_at - ${"from"}) / 86400)::int as day, count(*) as posts
  from post_stats where visible and community_id = any(${"ids"}) and created_at >= ${"from"} and created_at < ${"until"}
  group by 1, 2`;

/** The submolts with the most of the newest posts, and their posts by day. */
export async function largestSubmolts(db: Queryable, within: Span, days: number) {
  const found = await findLargest.all(db, { ...within, most: SUBMOLTS.posts, shown: SUBMOLTS.shown });
  const counts = await countPerDay.all(db, { ...within, ids: found.map(({ id }) => id) });
  return found.map(({ id }) => {
    const own = counts.filter((one) => one.id === id);
    const perDay = Array.from({ length: days }, (_, day) => own.find((one) => one.day === day)?.posts ?? 0);
    return { id, posts: perDay.reduce((sum, posts) => sum + posts, 0), days: perDay };
  });
}

const answersAmong = sql(
  { ...sample, agents: int4, pairs: int4 },
  { comments: int8, agents: jsonb, pairs: jsonb },
  { customPlan: true },
)`
  with sample as materialized ${newest},
  pairs as materialized (select s.author_id as giver, t.author_id as taker, count(*)::int as answers
    from sample s, lateral (select p.author_id from comment_stats p where p.comment_id = s.parent_id
      union all select b.author_id from post_stats b where s.parent_id is null and b.post_id = s.post_id) t
    where s.author_id is not null and t.author_id is not null and t.author_id <> s.author_id group by 1, 2),
  active as materialized (select e.id, sum(e.given)::int as given, sum(e.received)::int as received
    from (select giver as id, answers as given, 0 as received from pairs union all select taker, 0, answers from pairs) e
    group by 1 order by sum(e.given + e.received) desc, 1 limit ${"agents"}::int)
  select (select count(*) from sample) as comments,
    (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'given', given, 'received', received) order by id), '[]')
      from active) as agents,
    (select coalesce(jsonb_agg(jsonb_build_object('giver', x.giver, 'taker', x.taker, 'answers', x.answers)), '[]')
      from (select * from pairs where giver in (select id from active) and taker in (select id from active)
        order by answers desc, giver, taker limit ${"pairs"}::int) x) as pairs`;

/** Who answers whom among the most active agents of a sample. */
export async function answersOf(db: Queryable, within: Span) {
  const { comments, agents, pairs } = await answersAmong.one(db, {
    ...within,
    most: 2 * NETWORK.comments,
    agents: NETWORK.agents,
    pairs: 20 * NETWORK.edges,
  });
  return {
    comments,
    agents: agents as { id: string; given: number; received: number }[],
    answers: pairs as Answers[],
  };
}

/** When figures were computed last, how many there are, and how long all took together in milliseconds. */
export const drawnLast = sql({}, { drawn: int8, took_ms: int8, seconds: float8 })`
  select count(*) as drawn, coalesce(sum(took_ms), 0)::bigint as took_ms,
    coalesce(extract(epoch from max(as_of)), 0)::float8 as seconds from pulse_figures`;
