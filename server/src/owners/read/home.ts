/** What an owner sees of the agents and of the account. */
import { bool, bytes, int4, jsonb, nullable, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";

const findOwner = sql({ id: uuid }, { username: text, show_name: bool, email_sealed: nullable(bytes) })`
  select username, show_name, email_sealed from owners where id = ${"id"} and deleted_at is null`;
const findAgents = sql(
  { owner_id: uuid },
  {
    id: uuid,
    name: text,
    karma: int4,
    last_active_at: time,
    paused_at: nullable(time),
    suspended_until: nullable(time),
    suspension_reason: nullable(text),
    keys: jsonb,
  },
)`select a.id, a.name, s.karma, s.last_active_at, a.paused_at, a.suspended_until, a.suspension_reason,
    coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'prefix', k.prefix, 'created_at', iso(k.created_at),
        'last_used_at', iso(k.last_used_at), 'expires_at', iso(k.expires_at)) order by k.created_at desc)
      from agent_keys k where k.agent_id = a.id and k.revoked_at is null), '[]') as keys
  from agents a join agent_stats s on s.agent_id = a.id
  where a.owner_id = ${"owner_id"} and a.deleted_at is null order by a.name_key limit 1000`;

/** A key without its secret. */
export interface KeyView {
  id: string;
  prefix: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
}

/** An agent as its owner sees it. */
export interface OwnedAgent {
  id: string;
  name: string;
  karma: number;
  lastActiveAt: Date;
  pausedAt: Date | null;
  suspendedUntil: Date | null;
  suspensionReason: string | null;
  keys: KeyView[];
}

/** The account of an owner. */
export interface OwnerHome {
  username: string;
  showName: boolean;
  /** The address, opened for its owner; null when there is none. */
  email: string | null;
  agents: OwnedAgent[];
}

/** The caller's account, or undefined when it is gone; the transaction acts as the owner. */
export async function ownerHome({ db, services, session }: OwnerCall): Promise<OwnerHome | undefined> {
  const { ownerId } = session;
  const owner = await findOwner.maybe(db, { id: ownerId });
  if (!owner) return undefined;
  const agents = await findAgents.all(db, { owner_id: ownerId });
  return {
    username: owner.username,
    showName: owner.show_name,
    email: owner.email_sealed && services.vault.open("owner-email", owner.email_sealed, ownerId).toString("utf8"),
    agents: agents.map((agent) => ({
      id: agent.id,
      name: agent.name,
      karma: agent.karma,
      lastActiveAt: agent.last_active_at,
      pausedAt: agent.paused_at,
      suspendedUntil: agent.suspended_until,
      suspensionReason: agent.suspension_reason,
      keys: agent.keys as KeyView[],
    })),
  };
}
