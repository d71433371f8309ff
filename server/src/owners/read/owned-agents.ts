/** The agents of an owner, as the owner sees them; the transaction acts as the owner. */
import type { OwnerLimitsView } from "@openmolt/contract/agents";
import type { KeyView } from "@openmolt/contract/keys";
import { notFound } from "../../errors.js";
import { keyJson, livingKey } from "../../keys/read.js";
import { int4, jsonb, nullable, part, type Row, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { limitsView, type OwnerLimits } from "../../platform/owner-limits.js";

const agentColumns = {
  id: uuid,
  name: text,
  karma: int4,
  last_active_at: time,
  paused_at: nullable(time),
  suspended_until: nullable(time),
  suspension_reason: nullable(text),
  keys: jsonb,
  open_challenges: int4,
  owner_limits: nullable(jsonb),
  owner_id: nullable(uuid),
};
const agentFields = part`a.id, a.name, s.karma, s.last_active_at, a.paused_at, a.suspended_until, a.suspension_reason,
    coalesce((select jsonb_agg(${keyJson} order by k.created_at desc)
      from agent_keys k where k.agent_id = a.id and ${livingKey}), '[]') as keys,
    (select count(*)::int from challenges c where c.agent_id = a.id and c.outcome is null and c.expires_at > ${"now"})
      as open_challenges, a.owner_limits, a.owner_id`;
const findAgents = sql({ owner_id: uuid, now: time }, agentColumns)`
  select ${agentFields} from agents a join agent_stats s on s.agent_id = a.id
  where a.owner_id = ${"owner_id"} and a.deleted_at is null order by a.name_key limit 1000`;
const findAgent = sql({ name_key: text, now: time }, agentColumns)`
  select ${agentFields} from agents a join agent_stats s on s.agent_id = a.id
  where a.name_key = ${"name_key"} and a.deleted_at is null
    and a.id in (select m from my_agents('{admin}') m)`;
const findOffer = sql(
  { agent_id: uuid, owner_id: uuid, now: time },
  { to_name_key: nullable(text), expires_at: time },
)`select to_name_key, expires_at from agent_offers
  where agent_id = ${"agent_id"} and offered_by = ${"owner_id"} and expires_at > ${"now"}`;

/** An agent as its owner sees it. */
export interface OwnedAgent {
  id: string;
  name: string;
  karma: number;
  lastActiveAt: Date;
  pausedAt: Date | null;
  suspendedUntil: Date | null;
  suspensionReason: string | null;
  /** Keys that work, the newest first. */
  keys: KeyView[];
  /** Challenges that wait for the agent's answer. */
  openChallenges: number;
}

/** All agents of the caller, by name. */
export async function ownedAgents({ db, session, now }: OwnerCall): Promise<OwnedAgent[]> {
  return (await findAgents.all(db, { owner_id: session.ownerId, now })).map(viewOf);
}

/** An agent with what its owner allows it. */
export interface OwnedAgentInFull extends OwnedAgent {
  limits: OwnerLimitsView | null;
  /** Whether it is the caller's own, not an organisation's only. */
  isOwn: boolean;
  /** The name it is offered to; null when it was an address, or there is no offer. */
  offeredTo: string | null;
  offeredUntil: Date | null;
}

/**
 * One agent of the caller, or of an organisation whose admin the caller is.
 * @throws AppError NOT_FOUND for everybody else's
 */
export async function ownedAgent({ db, session, now }: OwnerCall, name: string): Promise<OwnedAgentInFull> {
  const row = await findAgent.maybe(db, { name_key: name.toLowerCase(), now });
  if (!row) throw notFound("Agent");
  const limits = row.owner_limits as OwnerLimits | null;
  const offer = await findOffer.maybe(db, { agent_id: row.id, owner_id: session.ownerId, now });
  return {
    ...viewOf(row),
    limits: limits && (await limitsView(db, row.id, limits, now)),
    isOwn: row.owner_id === session.ownerId,
    offeredTo: offer?.to_name_key ?? null,
    offeredUntil: offer?.expires_at ?? null,
  };
}

function viewOf(row: Row<typeof agentColumns>): OwnedAgent {
  return {
    id: row.id,
    name: row.name,
    karma: row.karma,
    lastActiveAt: row.last_active_at,
    pausedAt: row.paused_at,
    suspendedUntil: row.suspended_until,
    suspensionReason: row.suspension_reason,
    keys: row.keys as KeyView[],
    openChallenges: row.open_challenges,
  };
}
