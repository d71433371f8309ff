/**
 * Inviting members by one-time links. A link that is mailed gets its token when the mail leaves, so that nothing which
 * could open it is ever at rest; nobody is told whether an address is known here.
 */
import type { OrganisationRole } from "@openmolt/contract/organisations";
import { record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { addressKey, afterMinutes, MAIL_PATIENCE_MINUTES, plainAddress } from "../../owners/rules.js";
import { bytes, int4, nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { addJob } from "../../platform/jobs.js";
import { newToken } from "../../platform/keys.js";
import { invitationLetter, langOf } from "../../platform/letters.js";
import type { Services } from "../../platform/services.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";
import { ADMINS, INVITATION_DAYS, invitationEnds, MAIL_TRIES, MOST_INVITATIONS } from "../rules/roles.js";
import { assertFreshFor, holdOrganisation } from "./hold-organisation.js";

/** The job that mails an invitation; its id is the invitation's. */
export const SEND_INVITATION = "send_invitation";

const insertInvitation = sql(
  {
    id: uuid,
    organisation_id: uuid,
    role: text,
    token_hash: bytes,
    email_sealed: nullable(bytes),
    invited_by: uuid,
    now: time,
    expires_at: time,
  },
  {},
)`insert into organisation_invitations (id, organisation_id, role, token_hash, email_sealed, invited_by, created_at,
    expires_at)
  values (${"id"}, ${"organisation_id"}, ${"role"}, ${"token_hash"}, ${"email_sealed"}, ${"invited_by"}, ${"now"},
    ${"expires_at"})`;
const countOpen = sql({ organisation_id: uuid, now: time }, { open: int4 })`
  select count(*)::int as open from organisation_invitations
  where organisation_id = ${"organisation_id"} and expires_at > ${"now"}`;
const dropOne = sql({ id: uuid, organisation_id: uuid }, {})`
  delete from organisation_invitations where id = ${"id"} and organisation_id = ${"organisation_id"}`;

/**
 * Invites somebody.
 * @returns the link, to be shown this once, when no address was given
 * @throws AppError NOT_FOUND, FORBIDDEN, PROOF_REQUIRED, CONFLICT, VALIDATION_ERROR, RATE_LIMITED
 */
export async function invite(
  call: OwnerCall,
  input: { organisation_id: string; role: OrganisationRole; email?: string },
): Promise<string | undefined> {
  const { db, services, session, now } = call;
  const address = input.email?.trim() ? plainAddress(input.email) : undefined;
  const organisation = await holdOrganisation(call, input.organisation_id, ADMINS);
  assertFreshFor(call, organisation.id);
  const { open } = await countOpen.one(db, { organisation_id: organisation.id, now });
  if (open >= MOST_INVITATIONS) {
    throw new AppError("CONFLICT", {
      message: `There are ${MOST_INVITATIONS} open invitations`,
      hint: "Withdraw some, or wait until they are accepted.",
    });
  }
  if (address !== undefined) {
    await services.limits.charge("mail", services.vault.hmac("owner-email", addressKey(address)).toString("base64"));
  }
  const id = newId();
  const token = newToken("moltjoin_");
  await insertInvitation.run(db, {
    id,
    organisation_id: organisation.id,
    role: input.role,
    token_hash: services.vault.hmac("invitation-token", token),
    email_sealed: address === undefined ? null : services.vault.seal("invitation-email", address, id),
    invited_by: session.ownerId,
    now,
    expires_at: invitationEnds(now),
  });
  const facts = { role: input.role };
  const target = { type: "organisation" as const, id: organisation.id };
  await record(db, { by: { kind: "owner", id: session.ownerId }, act: "organisation.invite", target, facts, at: now });
  if (address === undefined) return joinUrl(services, token);
  await addJob(db, SEND_INVITATION, id, MAIL_TRIES);
  return undefined;
}

const joinUrl = ({ config }: Services, token: string) => `${config.publicUrl}/owner/organisations/join/${token}`;

/**
 * Ends an open invitation.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function withdrawInvitation(
  call: OwnerCall,
  input: { organisation_id: string; invitation_id: string },
): Promise<void> {
  const { db, session, now } = call;
  const organisation = await holdOrganisation(call, input.organisation_id, ADMINS);
  const dropped = await dropOne.run(db, { id: input.invitation_id, organisation_id: organisation.id });
  if (dropped === 0) throw notFound("Invitation");
  const target = { type: "organisation" as const, id: organisation.id };
  await record(db, { by: { kind: "owner", id: session.ownerId }, act: "organisation.withdraw", target, at: now });
}

const takeInvitation = sql(
  { id: uuid, now: time },
  { email_sealed: nullable(bytes), created_at: time, role: text, organisation: text, invited_by: text, language: text },
)`select i.email_sealed, i.created_at, i.role, o.name as organisation, w.username as invited_by, w.language
  from organisation_invitations i join organisations o on o.id = i.organisation_id join owners w on w.id = i.invited_by
  where i.id = ${"id"} and i.expires_at > ${"now"} for update of i`;
const arm = sql({ id: uuid, token_hash: bytes }, {})`
  update organisation_invitations set token_hash = ${"token_hash"} where id = ${"id"}`;
const forgetEnded = sql({ now: time }, {})`delete from organisation_invitations where expires_at <= ${"now"}`;

/** Mails an invitation. Rejects when the mail could not be handed over; a later try makes a new token. */
export async function deliverInvitation(services: Services, id: string): Promise<void> {
  const now = services.clock.now();
  const mail = await transaction(services.app, { actor: SYSTEM }, (db) => prepareMail(db, services, id, now));
  if (mail) await services.mailer.send(mail);
}

async function prepareMail(db: Queryable, services: Services, id: string, now: Date) {
  const invitation = await takeInvitation.maybe(db, { id, now });
  if (!invitation?.email_sealed || invitation.created_at < afterMinutes(now, -MAIL_PATIENCE_MINUTES)) return undefined;
  const token = newToken("moltjoin_");
  await arm.run(db, { id, token_hash: services.vault.hmac("invitation-token", token) });
  const { networkName, publicUrl } = services.config;
  const { organisation, invited_by: by, role, language } = invitation;
  return {
    to: services.vault.open("invitation-email", invitation.email_sealed, id).toString("utf8"),
    ...invitationLetter[langOf(language)]({
      network: networkName,
      organisation,
      by,
      role,
      login: `${publicUrl}/login`,
      url: joinUrl(services, token),
      days: INVITATION_DAYS,
    }),
  };
}

/** Forgets invitations that have ended. */
export async function sweepInvitations(services: Services): Promise<void> {
  const now = services.clock.now();
  await transaction(services.app, { actor: SYSTEM }, (db) => forgetEnded.run(db, { now }));
}
