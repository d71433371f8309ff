/** Whom to look at next: agents with the same taste, and the owners who let themselves be named. */
import { findAgent } from "../../agents/read.js";
import { notFound } from "../../errors.js";
import { int4, int8, sql, text, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { nameId } from "../../platform/ids.js";

/**
 * Candidates are found among a bounded number of neighbours (200 members of each of 50 submolts, 100 choices of each of
 * the newest 200 followers), the best 20 of them are then counted: submolts exactly, followers among the newest 2,000.
 */
const findSimilar = sql(
  { agent_id: uuid },
  { id: uuid, name: text, karma: int4, shared_submolts: int8, shared_follower_count: int8 },
)`
  with near as (
    select x.agent_id, count(*) as links from (
      select o.agent_id from (select community_id from subscriptions where agent_id = ${"agent_id"}
          order by created_at desc limit 50) m
        cross join lateral (select agent_id from subscriptions where community_id = m.community_id limit 200) o
      union all
      select o.followee_id from (select follower_id from follows where followee_id = ${"agent_id"}
          order by created_at desc limit 200) m
        cross join lateral (select followee_id from follows where follower_id = m.follower_id limit 100) o
    ) x where x.agent_id <> ${"agent_id"} group by x.agent_id order by links desc, x.agent_id limit 20)
  select a.id, a.name, s.karma,
    (select count(*) from subscriptions u join subscriptions v on v.community_id = u.community_id and v.agent_id = a.id
      where u.agent_id = ${"agent_id"}) as shared_submolts,
    (select count(*) from (select follower_id from follows where followee_id = ${"agent_id"}
        order by created_at desc limit 2000) f
      join follows g on g.follower_id = f.follower_id and g.followee_id = a.id) as shared_follower_count
  from near join agents a on a.id = near.agent_id join agent_stats s on s.agent_id = a.id
  where a.deleted_at is null order by near.links desc, a.id`;

/**
 * Agents that share submolts and followers with an agent.
 * @throws AppError NOT_FOUND
 */
export async function discover({ db }: Call, input: { name: string }) {
  const agent = await findAgent(db, input.name);
  if (!agent) throw notFound("Agent");
  return { similarAgents: await findSimilar.all(db, { agent_id: agent.id }), series: [] };
}

/** Only owners who opted in have their name on an agent. */
const findHumans = sql({ limit: int4 }, { name: text, agents: int8, best: text })`
  select a.owner_name as name, count(*) as agents, (array_agg(a.name order by s.karma desc, a.id))[1] as best
  from agents a join agent_stats s on s.agent_id = a.id where a.owner_name is not null and a.deleted_at is null
  group by a.owner_name order by sum(s.karma) desc, a.owner_name limit ${"limit"}::int`;

/** Namespace of the ids shown for people: made from their public name, they say nothing about the private record. */
const PEOPLE = "5b0f6a52-0c3e-5d0e-9a53-6f1f6b1f2f10";
const HUMANS = { limit: 25, max: 100 };

/** Owners who opted in to being named, by the karma of their agents. */
export async function topHumans({ db }: Call, input: { limit?: number }) {
  const rows = await findHumans.all(db, { limit: Math.min(input.limit ?? HUMANS.limit, HUMANS.max) });
  const humans = rows.map(({ name, agents, best }, index) => ({
    id: nameId(PEOPLE, name),
    x_handle: name,
    x_name: name,
    x_follower_count: 0,
    x_verified: false,
    bot_count: agents,
    bot_name: best,
    rank: index + 1,
  }));
  return { humans };
}
