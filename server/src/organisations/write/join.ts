/** Accepting an invitation, once. */
import { record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import { sql, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { invitationByToken } from "../read/invitation.js";
import { addMember } from "./members.js";

const lockOrganisation = sql({ id: uuid }, { id: uuid })`select id from organisations where id = ${"id"} for update`;
const useInvitation = sql({ id: uuid }, {})`delete from organisation_invitations where id = ${"id"}`;

/**
 * Makes the caller a member, as the invitation says.
 * @returns the organisation's id and name
 * @throws AppError LINK_EXPIRED, CONFLICT
 */
export async function joinOrganisation(
  call: OwnerCall,
  input: { token: string },
): Promise<{ id: string; name: string }> {
  const { db, session, now } = call;
  const invitation = await invitationByToken(call, input.token);
  const { organisationId, role } = invitation;
  // Held before the invitation is used: whoever removes the member who invited ends the invitation too.
  await lockOrganisation.maybe(db, { id: organisationId });
  if ((await useInvitation.run(db, { id: invitation.id })) === 0) throw new AppError("LINK_EXPIRED");
  await addMember(db, { organisationId, ownerId: session.ownerId, role, now });
  await record(db, {
    by: { kind: "owner", id: session.ownerId },
    act: "organisation.join",
    target: { type: "organisation", id: organisationId },
    facts: { role },
    at: now,
  });
  return { id: organisationId, name: invitation.organisation };
}
