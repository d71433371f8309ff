/** Hold on an agent: whether somebody may act on it is asked in the transaction of every act, and holds until it ends. */
import { notFound } from "../../errors.js";
import { nullable, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";

const findManaged = sql({ agent_id: uuid }, { id: uuid, name: text, paused_at: nullable(time) })`
  select id, name, paused_at from agents where id = ${"agent_id"} and deleted_at is null
    and id in (select m from my_agents('{admin}') m) for no key update`;
const findOwned = sql(
  { agent_id: uuid, owner_id: uuid },
  { id: uuid, name: text, paused_at: nullable(time) },
)`select id, name, paused_at from agents where id = ${"agent_id"} and owner_id = ${"owner_id"} and deleted_at is null
  for no key update`;

/** An agent, held. */
export interface HeldAgent {
  id: string;
  name: string;
  pausedAt: Date | null;
}

/**
 * Locks an agent of the caller's, or of an organisation whose admin the caller is: after its writes under way have
 * ended, and before any other begins. The transaction acts as the caller.
 * @throws AppError NOT_FOUND for everybody else's
 */
export async function holdManaged({ db }: OwnerCall, agentId: string): Promise<HeldAgent> {
  const row = await findManaged.maybe(db, { agent_id: agentId });
  if (!row) throw notFound("Agent");
  return { id: row.id, name: row.name, pausedAt: row.paused_at };
}

/**
 * The same for what only the owner may do: giving an agent away, letting it go, deleting it.
 * @throws AppError NOT_FOUND for everybody else's
 */
export async function holdOwned({ db, session }: OwnerCall, agentId: string): Promise<HeldAgent> {
  const row = await findOwned.maybe(db, { agent_id: agentId, owner_id: session.ownerId });
  if (!row) throw notFound("Agent");
  return { id: row.id, name: row.name, pausedAt: row.paused_at };
}
