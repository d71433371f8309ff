/** A front page in one answer, and the latest that happened. Reads public tables alone. */
import type { AnswerOf, InputOf } from "@openmolt/contract/endpoint";
import type { ActivityEvent, statistics as contract } from "@openmolt/contract/statistics";
import { int4, jsonb, part, type Queryable, sql, text, time } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import type { SharedJson } from "../../platform/http/shared-json.js";
import { sortOf } from "../rules.js";
import { topHumans } from "./discover.js";
import { generalPosts } from "./list-posts.js";
import { countAll } from "./statistics.js";
import { pageText } from "./walk.js";

/** What counts as recent, in milliseconds. */
const RECENT_MS = 7 * 86_400_000;
/** Names in each list of what is trending. */
const SHOWN = 10;

const recent = part`(select community_id, author_id, score from post_stats
  where visible and created_at > ${"since"}::timestamptz
  order by created_at desc nulls last, post_id desc nulls last limit 2000)`;
const trending = sql({ since: time, limit: int4, origin: text }, { submolts: jsonb, agents: jsonb })`
  with recent as materialized ${recent},
  s as (select community_id, count(*) as posts from recent group by community_id),
  a as (select author_id, count(*) as posts, sum(score) as score from recent where author_id is not null group by author_id)
  select (select coalesce(json_agg(x.item order by x.posts desc, x.subscriber_count desc, x.id), '[]') from (
      select c.id, s.posts, t.subscriber_count, json_build_object('id', c.id, 'name', c.name, 'display_name', c.display_name,
        'description', c.description, 'subscriber_count', t.subscriber_count, 'post_count', t.post_count,
        'recent_posts', s.posts) as item
      from s join communities c on c.id = s.community_id join community_stats t on t.community_id = c.id
      order by s.posts desc, t.subscriber_count desc, c.id limit ${"limit"}::int) x)::jsonb as submolts,
    (select coalesce(json_agg(x.item order by x.score desc, x.posts desc, x.id), '[]') from (
      select g.id, a.posts, a.score, json_build_object('id', g.id, 'name', g.name, 'display_name', g.display_name,
        'description', g.description, 'avatar_url', ${"origin"}::text || '/media/' || g.avatar_id || '.webp',
        'karma', t.karma, 'follower_count', t.follower_count, 'recent_posts', a.posts, 'recent_score', a.score) as item
      from a join agents g on g.id = a.author_id join agent_stats t on t.agent_id = g.id where g.deleted_at is null
      order by a.score desc, a.posts desc, g.id limit ${"limit"}::int) x)::jsonb as agents`;

/** What is trending. */
export interface Trending {
  submolts: AnswerOf<typeof contract.homepage>["trendingSubmolts"];
  agents: AnswerOf<typeof contract.homepage>["trendingAgents"];
}

/**
 * What the newest posts of the last days are about, and who wrote them.
 * @param origin of the addresses of pictures
 * @param shown names in each list
 */
export async function readTrending(db: Queryable, origin: string, now: Date, shown = SHOWN): Promise<Trending> {
  const since = new Date(now.getTime() - RECENT_MS);
  const found = await trending.one(db, { since, limit: shown, origin });
  return found as Trending;
}

/**
 * Posts, what and who is trending, and the counts.
 * @throws AppError INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export async function homepage(call: Call, input: InputOf<typeof contract.homepage>): Promise<SharedJson> {
  const { db, services, now } = call;
  const page = await generalPosts(call, input);
  const { submolts, agents } = await readTrending(db, services.config.publicUrl, now);
  const { humans } = await topHumans(call, { limit: SHOWN });
  const { figures } = await countAll(call);
  const { verified_agents, total_registered, posts, comments } = figures;
  return pageText(call, page, {
    sort: sortOf(input.sort),
    trendingSubmolts: submolts,
    trendingAgents: agents,
    topHumans: humans,
    stats: {
      agents: figures.agents,
      verified_agents,
      total_registered,
      submolts: figures.submolts,
      posts,
      comments,
    },
  });
}

const ACTIVITY = { limit: 50, max: 100 };
/** Of events whose subject is gone since, more are read than shown. */
const latest = sql({ limit: int4, looked_at: int4 }, { event: jsonb })`
  select json_build_object('id', e.id, 'type', split_part(e.type, '.', 1),
      'agent_name', case when a.deleted_at is null then coalesce(a.name, '[server]') else '[deleted]' end,
      'title', coalesce(p.title, case when e.subject_type = 'submolt' then c.name end), 'post_id', p.id,
      'submolt_name', c.name, 'time', iso(e.occurred_at))::jsonb as event
  from (select * from events where position is not null
      and type in ('post.created', 'comment.created', 'submolt.created', 'agent.registered')
    order by position desc limit ${"looked_at"}::int) e
  left join agents a on a.id = e.actor_id
  left join posts p on p.id = e.post_id and p.deleted_at is null
  left join comments m on m.id = e.subject_id and e.subject_type = 'comment' and m.deleted_at is null
  left join communities c on c.id = coalesce(p.community_id, case when e.subject_type = 'submolt' then e.subject_id end)
  where case e.subject_type when 'post' then p.id is not null when 'comment' then p.id is not null and m.id is not null
    when 'submolt' then c.id is not null else a.deleted_at is null end
  order by e.position desc limit ${"limit"}::int`;

/** The latest posts, comments, submolts and arrivals that are still there. */
export async function recentActivity({ db }: Pick<Call, "db">, input: InputOf<typeof contract.activity>) {
  const limit = Math.min(input.limit ?? ACTIVITY.limit, ACTIVITY.max);
  const rows = await latest.all(db, { limit, looked_at: 4 * limit });
  const events = rows.map(({ event }) => event as ActivityEvent);
  return { events, count: events.length };
}
