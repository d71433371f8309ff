/** An invitation as whoever opens its link sees it. */
import type { OrganisationRole } from "@openmolt/contract/organisations";
import { AppError } from "../../errors.js";
import { sql, text, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";

const findByToken = sql({}, { id: uuid, expires_at: time })`
  select id, expires_at from organisation_invitations where token_hash = (select current_token())`;
const findInvitation = sql({ id: uuid }, { organisation_id: uuid, name: text, role: text, invited_by: text })`
  select i.organisation_id, o.name, i.role, w.username as invited_by
  from organisation_invitations i join organisations o on o.id = i.organisation_id join owners w on w.id = i.invited_by
  where i.id = ${"id"}`;

/** What accepting an invitation means. */
export interface Invitation {
  id: string;
  organisationId: string;
  organisation: string;
  role: OrganisationRole;
  /** Who invites. */
  invitedBy: string;
}

/**
 * The invitation a link's token opens. From here on the transaction acts as the server.
 * @throws AppError LINK_EXPIRED
 */
export async function invitationByToken({ db, services, now }: Call, token: string): Promise<Invitation> {
  await actAs(db, { token: services.vault.hmac("invitation-token", token) });
  const found = await findByToken.maybe(db, {});
  if (!found || found.expires_at <= now) throw new AppError("LINK_EXPIRED");
  await actAs(db, { actor: SYSTEM });
  const row = await findInvitation.one(db, { id: found.id });
  return {
    id: found.id,
    organisationId: row.organisation_id,
    organisation: row.name,
    role: row.role as OrganisationRole,
    invitedBy: row.invited_by,
  };
}
