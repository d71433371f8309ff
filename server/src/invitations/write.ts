/** Invitations made, used and revoked. The code is shown once; only its keyed hash is kept. */
import { invitationLimits } from "@openmolt/contract/limits";
import { record } from "../audit/write.js";
import { AppError, notFound } from "../errors.js";
import { bytes, int4, nullable, sql, text, time, uuid } from "../platform/db.js";
import type { Call } from "../platform/http/call.js";
import { newId } from "../platform/ids.js";
import { newToken } from "../platform/keys.js";
import type { Services } from "../platform/services.js";
import { actAs, SYSTEM, transaction } from "../platform/transaction.js";
import { deadInvitation, ENDED_DAYS, needsInvitation } from "./rules.js";

const DAY_MS = 86_400_000;
/** Characters of a code that are kept to tell it from others: its kind and five of its digits. */
const PREFIX_LENGTH = 16;

const insertInvitation = sql(
  {
    id: uuid,
    owner_id: nullable(uuid),
    code_hash: bytes,
    prefix: text,
    most_uses: int4,
    now: time,
    expires_at: time,
  },
  {},
)`insert into invitations (id, owner_id, code_hash, prefix, most_uses, created_at, expires_at)
  values (${"id"}, ${"owner_id"}, ${"code_hash"}, ${"prefix"}, ${"most_uses"}, ${"now"}, ${"expires_at"})`;
const countOpen = sql({ owner_id: nullable(uuid), now: time }, { open: int4 })`
  select count(*)::int as open from invitations where owner_id is not distinct from ${"owner_id"}
    and revoked_at is null and expires_at > ${"now"} and uses < most_uses`;
const takeUse = sql({ code_hash: bytes, now: time }, { id: uuid, owner_id: nullable(uuid) })`
  update invitations set uses = uses + 1 where code_hash = ${"code_hash"} and revoked_at is null
    and expires_at > ${"now"} and uses < most_uses returning id, owner_id`;
const endInvitation = sql({ id: uuid, now: time }, { prefix: text })`
  update invitations set revoked_at = ${"now"} where id = ${"id"} and revoked_at is null returning prefix`;
const forgetEnded = sql({ before: time }, {})`
  delete from invitations where expires_at < ${"before"} or revoked_at < ${"before"}`;

/** Who invites: an owner, or the operator. */
const inviterOf = ({ session }: Call) =>
  ({
    kind: session?.isOperator ? "operator" : "owner",
    id: session?.operator?.id ?? session?.ownerId ?? null,
  }) as const;

/**
 * Makes an invitation by the signed-in owner or operator.
 * @returns the code
 * @throws AppError INVITATION_LIMIT
 */
export async function makeInvitation(call: Call, input: { uses: number; days: number }): Promise<string> {
  const { db, services, now } = call;
  const by = inviterOf(call);
  const ownerId = call.session?.ownerId ?? null;
  const { open } = await countOpen.one(db, { owner_id: ownerId, now });
  if (open >= invitationLimits.open) throw new AppError("INVITATION_LIMIT");
  const code = newToken("moltinvite_");
  const id = newId();
  await insertInvitation.run(db, {
    id,
    owner_id: ownerId,
    code_hash: services.vault.hmac("invitation", code),
    prefix: code.slice(0, PREFIX_LENGTH),
    most_uses: input.uses,
    now,
    expires_at: new Date(now.getTime() + input.days * DAY_MS),
  });
  const facts = { invitation_id: id, uses: input.uses, days: input.days };
  await record(db, { by, act: "invitation.make", facts, at: now });
  return code;
}

/**
 * Ends an invitation: an owner's own, or as the operator anybody's.
 * @returns how the code began
 * @throws AppError NOT_FOUND
 */
export async function revokeInvitation(call: Call, input: { invitation_id: string }): Promise<string> {
  const { db, now } = call;
  const ended = await endInvitation.maybe(db, { id: input.invitation_id, now });
  if (!ended) throw notFound("Invitation");
  const facts = { invitation_id: input.invitation_id };
  await record(db, { by: inviterOf(call), act: "invitation.revoke", facts, at: now });
  return ended.prefix;
}

/** An invitation that let somebody in. */
export interface UsedInvitation {
  id: string;
  /** Whose it was; null for the operator's. */
  ownerId: string | null;
}

/**
 * Asks for leave to register an agent and uses its invitation up, where one is needed; a registration that fails later
 * has not used it. The transaction acts as the server afterwards.
 * @throws AppError REGISTRATION_CLOSED, INVITATION_REQUIRED
 */
export async function admitAgent(
  { db, services, now }: Call,
  code: string | undefined,
): Promise<UsedInvitation | undefined> {
  if (!needsInvitation(services.config.registration, code)) return undefined;
  await actAs(db, { actor: SYSTEM });
  const used = await takeUse.maybe(db, { code_hash: services.vault.hmac("invitation", code.trim()), now });
  if (!used) throw deadInvitation();
  return { id: used.id, ownerId: used.owner_id };
}

/** Forgets invitations that ended long ago. */
export async function sweepAgentInvitations({ app, clock }: Services): Promise<void> {
  const before = new Date(clock.now().getTime() - ENDED_DAYS * DAY_MS);
  await transaction(app, { actor: SYSTEM }, (db) => forgetEnded.run(db, { before }));
}
