/** The one place where it is decided whether an owner may do something to an organisation. */
import type { OrganisationRole } from "@openmolt/contract/organisations";
import { notFound } from "../../errors.js";
import { sql, uuid } from "../../platform/db.js";
import type { OwnerCall } from "../../platform/http/call.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";
import { membershipOf } from "../read/organisations.js";
import { assertRole } from "../rules/roles.js";

const lock = sql({ id: uuid }, { id: uuid })`select id from organisations where id = ${"id"} for update`;

/**
 * Demands a fresh sign-in of whoever changes who has power in an organisation.
 * @throws AppError PROOF_REQUIRED
 */
export function assertFreshFor({ session, now }: OwnerCall, id: string): void {
  assertFreshProof(session, now, `/owner/organisations/${id}`);
}

/** An organisation, held, and what the caller is in it. */
export interface HeldOrganisation {
  id: string;
  name: string;
  role: OrganisationRole;
}

/**
 * Holds an organisation until the transaction ends: whatever changes its members comes one after another. From here on
 * the transaction acts as the server.
 * @param allowed the roles of which the caller must have one
 * @throws AppError NOT_FOUND for who is no member, FORBIDDEN for members with another role
 */
export async function holdOrganisation(
  { db, session }: OwnerCall,
  id: string,
  allowed: readonly OrganisationRole[],
): Promise<HeldOrganisation> {
  await actAs(db, { actor: SYSTEM });
  await lock.maybe(db, { id });
  // A statement of its own sees the members as they are after that wait.
  const found = await membershipOf(db, id, session.ownerId);
  if (!found) throw notFound("Organisation");
  assertRole(found.role, allowed);
  return { id, name: found.name, role: found.role };
}
