/** Owners signing out browsers, this one or others; the transactions act as the owner. */
import { record } from "../../audit/write.js";
import { notFound } from "../../errors.js";
import { sql, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";

const revokeOne = sql({ id: uuid, owner_id: uuid, now: time }, {})`
  update owner_sessions set revoked_at = ${"now"}
  where id = ${"id"} and owner_id = ${"owner_id"} and revoked_at is null`;
const revokeOthers = sql({ id: uuid, owner_id: uuid, now: time }, {})`
  update owner_sessions set revoked_at = ${"now"}
  where id <> ${"id"} and owner_id = ${"owner_id"} and revoked_at is null and expires_at > ${"now"}`;

/**
 * Ends one session of the caller.
 * @throws AppError NOT_FOUND when it is nobody's, somebody else's or ended
 */
export async function endOwnSession({ db, session, now }: OwnerCall, input: { session_id: string }): Promise<void> {
  const ended = await revokeOne.run(db, { id: input.session_id, owner_id: session.ownerId, now });
  if (ended === 0) throw notFound("Session");
  await record(db, { by: { kind: "owner", id: session.ownerId }, act: "session.end", at: now });
}

/** Ends all sessions of the caller but the one that asks. @returns how many */
export async function endOtherSessions({ db, session, now }: OwnerCall): Promise<number> {
  const ended = await revokeOthers.run(db, { id: session.id, owner_id: session.ownerId, now });
  await record(db, {
    by: { kind: "owner", id: session.ownerId },
    act: "session.end_others",
    facts: { ended },
    at: now,
  });
  return ended;
}
