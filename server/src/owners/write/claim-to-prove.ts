/**
 * The beginning of every proof of a claim; its end is `claimForOwner`. What lies between is one file per method, may be
 * tried again at any time, and leaves nothing behind that was not proven but where it got stuck.
 */
import type { Call } from "../../platform/http/call.js";
import { type BearerClaim, claimByToken } from "../read/claims.js";
import { assertClaimable, assertOffered, type OfferedMethod } from "../rules.js";

/**
 * The open claim that a link's token stands for, where its method is offered.
 * @throws AppError CLAIM_TOKEN_INVALID, ALREADY_CLAIMED, CLAIM_EXPIRED, CLAIM_METHOD_NOT_OFFERED
 */
export async function claimToProve(call: Call, token: string, method: OfferedMethod): Promise<BearerClaim> {
  const claim = await claimByToken(call, token);
  assertClaimable(claim, call.now);
  assertOffered(method, call.services.config.claimMethods);
  return claim;
}
