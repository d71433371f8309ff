/** Agents that are offered to an owner. */
import { sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";

const findOffers = sql({ owner_id: uuid, now: time }, { agent_id: uuid, name: text, expires_at: time })`
  select f.agent_id, a.name, f.expires_at from agent_offers f join agents a on a.id = f.agent_id
  where f.offered_by <> ${"owner_id"} and f.expires_at > ${"now"} and a.owner_id = f.offered_by and a.deleted_at is null
  order by f.created_at limit 100`;

/** An offer as whoever it is for sees it. */
export interface OfferView {
  agentId: string;
  agentName: string;
  expiresAt: Date;
}

/** What is offered to the caller: row-level security shows no other offers but the caller's own. */
export async function offersTo({ db, session, now }: OwnerCall): Promise<OfferView[]> {
  const rows = await findOffers.all(db, { owner_id: session.ownerId, now });
  return rows.map((row) => ({ agentId: row.agent_id, agentName: row.name, expiresAt: row.expires_at }));
}
