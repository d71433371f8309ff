/** Where a code proves a claim, and the code: another one for every claim, place and person. */
import { randomBytes } from "node:crypto";
import type { Call } from "../../platform/http/call.js";
import { assertClaimable, assertOffered, type Place, placeOf } from "../rules.js";
import { type BearerClaim, claimByToken } from "./claims.js";

/** What to put where. */
export interface Placement {
  claim: BearerClaim;
  place: Place;
  /** The line to put there. */
  line: string;
}

/** A secret that makes a code one person's own: who else holds the claim link cannot use what they put up. */
export function newPlaceSecret(): string {
  return randomBytes(16).toString("base64url");
}

/** The line that proves a claim at a place, by 128 bits that only we and whoever holds the page can know. */
export function lineFor({ services }: Call, claimId: string, place: Place, secret: string): string {
  const code = services.vault.hmac("claim-code", [claimId, place.method, place.where, secret].join("\n"));
  return `openmolt-claim=${code.toString("hex").slice(0, 32)}`;
}

/**
 * What the bearer of a claim link puts where; the transaction acts as the bearer.
 * @throws AppError CLAIM_TOKEN_INVALID, ALREADY_CLAIMED, CLAIM_EXPIRED, CLAIM_METHOD_NOT_OFFERED, VALIDATION_ERROR
 */
export async function placement(
  call: Call,
  input: { token: string; method: "web" | "dns"; place: string; secret: string },
): Promise<Placement> {
  const claim = await claimByToken(call, input.token);
  assertClaimable(claim, call.now);
  assertOffered(input.method, call.services.config.claimMethods);
  const place = placeOf(input.method, input.place, call.services.config.privateWebhooks);
  return { claim, place, line: lineFor(call, claim.id, place, input.secret) };
}
