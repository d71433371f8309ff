/** Where an owner is signed in. */
import { sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";

const findSessions = sql(
  { owner_id: uuid, now: time },
  { id: uuid, device: text, network: text, created_at: time, last_used_at: time },
)`select id, device, network, created_at, last_used_at from owner_sessions
  where owner_id = ${"owner_id"} and revoked_at is null and expires_at > ${"now"}
  order by last_used_at desc, id desc limit 100`;

/** A browser in which an owner is signed in. */
export interface SessionView {
  id: string;
  /** Browser and system, as the browser says; empty when it does not. */
  device: string;
  /** The network it was last used from; empty when unknown. */
  network: string;
  createdAt: Date;
  lastUsedAt: Date;
  /** Whether it is the one that asks. */
  isThis: boolean;
}

/** The caller's sessions, the last used first; the transaction acts as the owner. */
export async function ownSessions({ db, session, now }: OwnerCall): Promise<SessionView[]> {
  const rows = await findSessions.all(db, { owner_id: session.ownerId, now });
  return rows.map((row) => ({
    id: row.id,
    device: row.device,
    network: row.network,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    isThis: row.id === session.id,
  }));
}
