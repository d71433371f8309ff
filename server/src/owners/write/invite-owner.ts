/** A new owner by invitation of the operator: on a closed instance nobody becomes one by claiming a first agent. */
import { record } from "../../audit/write.js";
import { byOperator, type OperatorCall } from "../../platform/http/call.js";
import { assertFreshProof } from "../../platform/sessions.js";
import { afterDays, assertUsernameIsFree, HANDOVER_DAYS } from "../rules.js";
import { makeNamedOwner } from "./find-owner.js";
import { makeLink } from "./send-link.js";

/**
 * Makes an owner, called otherwise if the name is taken, and a sign-in link for the operator to hand over.
 * @throws AppError NAME_TAKEN for reserved names, PROOF_REQUIRED
 */
export async function inviteOwner(
  call: OperatorCall,
  input: { username: string },
): Promise<{ username: string; link: string }> {
  const { db, services, session, now } = call;
  assertFreshProof(session, now);
  assertUsernameIsFree(input.username);
  const ownerId = await makeNamedOwner(call, input.username);
  await record(db, { by: byOperator(call), act: "owner.invite", target: { type: "owner", id: ownerId }, at: now });
  const link = await makeLink(db, services, now, {
    purpose: "login",
    ownerId,
    expiresAt: afterDays(now, HANDOVER_DAYS),
  });
  return { username: input.username, link };
}
