/** Links that are not mailed, the end of sessions, and forgetting what has had its time. */
import { type AuditActor, record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import { sql, text, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { presentedToken } from "../../platform/http/cookies.js";
import { variantOf } from "../../platform/http/variant.js";
import { sweepIdempotencyKeys } from "../../platform/idempotency.js";
import { sweepOneTime } from "../../platform/one-time.js";
import type { Services } from "../../platform/services.js";
import {
  endRunOut,
  endSession,
  endSessionOf,
  openSession,
  type SignIn,
  sweepSessions,
  type Ticket,
} from "../../platform/sessions.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import { visitorOf } from "../../platform/visitors.js";
import { afterDays, afterMinutes, OPERATOR_LINK_HOURS } from "../rules.js";
import { makeLink } from "./send-link.js";

const dropLinks = sql({ purpose: text }, {})`
  delete from magic_links where purpose = ${"purpose"} and operator_id is null and used_at is null`;

/** A new link for the operator; the one before stops working. */
export async function makeOperatorLink(services: Services): Promise<string> {
  const now = services.clock.now();
  return transaction(services.app, { actor: SYSTEM }, async (db) => {
    await dropLinks.run(db, { purpose: "operator" });
    const expiresAt = afterMinutes(now, OPERATOR_LINK_HOURS * 60);
    return makeLink(db, services, now, { purpose: "operator", expiresAt });
  });
}

const noteLanguage = sql({ id: uuid, language: text }, {})`
  update owners set language = ${"language"} where id = ${"id"} and language <> ${"language"}`;

/**
 * Signs in whoever has just proved who they are. The session that the browser had before ends, so that the proof is
 * worth nothing to whoever else may hold its token. The transaction acts as the server.
 */
export async function signIn(
  { db, services, headers, address, now }: Call,
  who: SignIn,
  how: "link" | "passkey" | "provider" | "place",
  provedAt = now,
): Promise<Ticket> {
  const by: AuditActor =
    "ownerId" in who ? { kind: "owner", id: who.ownerId } : { kind: "operator", id: who.operatorId };
  if ("ownerId" in who) await noteLanguage.run(db, { id: who.ownerId, language: variantOf(headers).lang });
  const earlier = presentedToken(services, headers, "operatorId" in who ? "operator" : "owner");
  const ended = earlier === undefined ? 0 : await endSessionOf(db, services.vault, earlier, now);
  await record(db, { by, act: `${by.kind}.sign_in`, facts: { by: how, ...(ended > 0 ? { ended } : {}) }, at: now });
  return openSession(db, services.vault, who, visitorOf(headers, address), now, provedAt);
}

/** Notes in an owner's ledger that somebody was refused who wanted to be them. It costs no time, so it gives nothing away. */
export function noteRefusedSignIn(
  { services, address, now: at }: Pick<Call, "services" | "address" | "now">,
  ownerId: string | null | undefined,
  by: "link" | "passkey" | "provider",
  error: unknown,
): void {
  if (!ownerId || !(error instanceof AppError)) return;
  services.ledger.refuseSignIn({ ownerId, at, refused: error.code, by, address });
}

/** Ends the session of the caller. */
export async function signOut({ db, session, now }: Call): Promise<void> {
  if (!session) return;
  await endSession(db, session, now);
  const by: AuditActor = session.operator
    ? { kind: "operator", id: session.operator.id }
    : { kind: "owner", id: session.ownerId };
  await record(db, { by, act: `${by.kind}.sign_out`, at: now });
}

/** A claim link that has expired says so this long, in days. */
const EXPIRED_CLAIM_DAYS = 30;

const forgetLinks = sql({ before: time }, {})`delete from magic_links where expires_at < ${"before"}`;
const forgetClaims = sql({ before: time }, {})`delete from claims where used_at is null and expires_at < ${"before"}`;

const forgetOffers = sql({ before: time }, {})`delete from agent_offers where expires_at < ${"before"}`;

/** Forgets links, offers, sessions and kept answers that ended more than a day ago, and claims that ended long ago. */
export async function sweepEnded(services: Services): Promise<void> {
  const now = services.clock.now();
  const before = afterMinutes(now, -24 * 60);
  await transaction(services.app, { actor: SYSTEM }, async (db) => {
    await forgetLinks.run(db, { before });
    await forgetOffers.run(db, { before });
    await forgetClaims.run(db, { before: afterDays(now, -EXPIRED_CLAIM_DAYS) });
    for (const { ownerId, operatorId, at } of await endRunOut(db, now)) {
      const target = ownerId === null ? {} : { target: { type: "owner" as const, id: ownerId } };
      const facts = operatorId === null ? { at } : { operator: operatorId, at };
      await record(db, { by: { kind: "server", id: null }, act: "session.run_out", ...target, facts, at: now });
    }
    await sweepSessions(db, now);
    await sweepOneTime(db, now);
  });
  await sweepIdempotencyKeys(services.app, now);
}
