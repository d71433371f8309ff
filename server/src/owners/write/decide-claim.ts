/** Claims that need no mail: by an owner who is signed in, and with the operator's approval. */
import { record } from "../../audit/write.js";
import { AppError, notFound } from "../../errors.js";
import { nullable, sql, text, time, uuid } from "../../platform/db.js";
import { byOperator, type Call, type OperatorCall, type OwnerCall } from "../../platform/http/call.js";
import { actAs, SYSTEM } from "../../platform/transaction.js";
import { afterDays, assertClaimable, assertUsernameIsFree, CLAIM_DAYS, HANDOVER_DAYS } from "../rules.js";
import { claimForOwner, noteClaimFailure } from "./claim-agent.js";
import { claimToProve } from "./claim-to-prove.js";
import { makeNamedOwner } from "./find-owner.js";
import { makeLink } from "./send-link.js";

/** Methods that need nobody but the owner. */
const PROVEN = ["email", "oidc", "web", "dns"] as const;

/**
 * Claims an agent for the signed-in owner, whose address was proven before.
 * @throws AppError CLAIM_TOKEN_INVALID, ALREADY_CLAIMED, CLAIM_EXPIRED, CLAIM_METHOD_NOT_OFFERED, OWNER_AGENT_LIMIT
 */
export async function claimAsOwner(call: OwnerCall, input: { claim_token: string }): Promise<void> {
  // Whose word alone is enough elsewhere is not enough where the operator has to approve every claim.
  const method = PROVEN.find((candidate) => call.services.config.claimMethods.includes(candidate)) ?? "email";
  const claim = await claimToProve(call, input.claim_token, method);
  await actAs(call.db, { actor: SYSTEM });
  await claimForOwner(call, { agentId: claim.agentId, ownerId: call.session.ownerId, claimId: claim.id });
}

const noteRequest = sql(
  { id: uuid, owner_id: nullable(uuid), name: text, now: time, expires_at: time },
  {},
)`update claims set owner_id = ${"owner_id"}, requested_name = ${"name"}, requested_at = ${"now"},
    expires_at = greatest(expires_at, ${"expires_at"}), failed_step = null, failed_at = null
  where id = ${"id"} and used_at is null`;

/**
 * Asks the operator to approve a claim. Asking again replaces the request.
 * @throws AppError CLAIM_TOKEN_INVALID, ALREADY_CLAIMED, CLAIM_EXPIRED, CLAIM_METHOD_NOT_OFFERED, NAME_TAKEN
 */
export async function requestApproval(call: Call, input: { claim_token: string; username: string }): Promise<void> {
  const { db, now, session } = call;
  const claim = await claimToProve(call, input.claim_token, "operator");
  assertUsernameIsFree(input.username);
  await actAs(db, { actor: SYSTEM });
  await noteRequest.run(db, {
    id: claim.id,
    owner_id: session?.ownerId ?? null,
    name: input.username,
    now,
    expires_at: afterDays(now, CLAIM_DAYS),
  });
}

const holdRequest = sql(
  { id: uuid },
  {
    agent_id: uuid,
    agent_name: text,
    owner_id: nullable(uuid),
    requested_name: nullable(text),
    requested_at: nullable(time),
    expires_at: time,
    used_at: nullable(time),
  },
)`select c.agent_id, a.name as agent_name, c.owner_id, c.requested_name, c.requested_at, c.expires_at, c.used_at
  from claims c join agents a on a.id = c.agent_id where c.id = ${"id"} for update of c`;
const dropRequest = sql({ id: uuid }, {})`
  update claims set requested_at = null, requested_name = null, owner_id = null where id = ${"id"}`;

/** What came of a decision. */
export interface Decision {
  agentName: string;
  approved: boolean;
  /** A sign-in link to hand to a new owner, who has no address to mail it to. */
  handover?: string;
}

/**
 * Approves or refuses a claim, exactly as the operator saw it.
 * @throws AppError NOT_FOUND, ALREADY_CLAIMED, CLAIM_EXPIRED, CONFLICT, OWNER_AGENT_LIMIT
 */
export async function decideClaim(
  call: OperatorCall,
  input: { claim_id: string; decision: "approve" | "refuse"; requested_at: string },
): Promise<Decision> {
  const { db, services, now } = call;
  const claim = await holdRequest.maybe(db, { id: input.claim_id });
  if (!claim) throw notFound("Claim");
  assertClaimable({ usedAt: claim.used_at, expiresAt: claim.expires_at }, now);
  if (!claim.requested_name || claim.requested_at?.toISOString() !== input.requested_at) {
    throw new AppError("CONFLICT", { message: "The request has changed since you saw it", hint: "Reload the page." });
  }
  const approved = input.decision === "approve";
  const target = { type: "agent" as const, id: claim.agent_id };
  await record(db, { by: byOperator(call), act: `claim.${input.decision}`, target, at: now });
  if (!approved) {
    await dropRequest.run(db, { id: input.claim_id });
    await noteClaimFailure(db, input.claim_id, "operator_approval", now);
    return { agentName: claim.agent_name, approved };
  }
  const ownerId = claim.owner_id ?? (await makeNamedOwner(call, claim.requested_name));
  await claimForOwner(call, { agentId: claim.agent_id, ownerId, claimId: input.claim_id });
  if (claim.owner_id !== null) return { agentName: claim.agent_name, approved };
  const expiresAt = afterDays(now, HANDOVER_DAYS);
  const handover = await makeLink(db, services, now, { purpose: "login", ownerId, expiresAt });
  return { agentName: claim.agent_name, approved, handover };
}
