/** Whom to look at next: agents with the same taste, and the owners who let themselves be named. */
import { findAgent } from "../../agents/read.js";
import { notFound } from "../../errors.js";
import { int4, int8, sql, text, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { nameId } from "../../platform/ids.js";

const findSimilar = sql(
  { agent_id: uuid },
  { id: uuid, name: text, karma: int4, shared_submolts: int8, shared_follower_count: int8 },
)`
  select id, name, karma, shared_submolts, shared_follower_count from agents_like(${"agent_id"})`;

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
