/** An agent becoming somebody's, exactly once. */
import { record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import { bool, int4, nullable, type Queryable, sql, text, time, uuid } from "../../platform/db.js";
import { appendEvent } from "../../platform/events.js";
import type { Call } from "../../platform/http/call.js";
import { agentChanged } from "../../platform/known-keys.js";
import { assertMayOwnAnother, type FailedStep } from "../rules.js";

const markClaimed = sql({ agent_id: uuid, owner_id: nullable(uuid), owner_name: nullable(text), now: time }, {})`
  update agents set claimed_at = ${"now"}, owner_id = ${"owner_id"}, owner_name = ${"owner_name"}
  where id = ${"agent_id"} and claimed_at is null and deleted_at is null`;
const useClaim = sql(
  { id: uuid, owner_id: nullable(uuid), proven_by: nullable(text), proven_place: nullable(text), now: time },
  {},
)`update claims set used_at = ${"now"}, owner_id = ${"owner_id"}, failed_step = null, failed_at = null,
    proven_by = ${"proven_by"}, proven_place = ${"proven_place"}
  where id = ${"id"} and used_at is null`;
const holdOwner = sql({ id: uuid }, { username: text, show_name: bool })`
  select username, show_name from owners where id = ${"id"} and deleted_at is null for update`;
const countAgents = sql({ owner_id: uuid }, { agents: int4 })`
  select count(*)::int as agents from agents where owner_id = ${"owner_id"} and deleted_at is null`;
const noteFailure = sql({ id: uuid, step: text, now: time }, {})`
  update claims set failed_step = ${"step"}, failed_at = ${"now"} where id = ${"id"} and used_at is null`;
const adopt = sql({ agent_id: uuid, owner_id: uuid, owner_name: nullable(text) }, {})`
  update agents set owner_id = ${"owner_id"}, owner_name = ${"owner_name"}, organisation_id = null
  where id = ${"agent_id"} and claimed_at is not null and deleted_at is null`;

/** By what a claim was proven, which its owner may show. */
export interface ClaimProof {
  method: "web" | "dns" | "oidc";
  /** The domain or page, or the host of the provider. */
  place: string;
}

/** Who claims what; without an owner the claim is automatic. */
export interface ClaimAct {
  agentId: string;
  ownerId: string | null;
  /** The owner's public name, where the owner opted in. */
  ownerName?: string | null;
  claimId: string;
  proof?: ClaimProof;
}

/**
 * Makes an agent claimed, exactly once.
 * @throws AppError ALREADY_CLAIMED
 */
export async function claimAgent({ db, now }: Call, act: ClaimAct): Promise<void> {
  const claimed = await markClaimed.run(db, {
    agent_id: act.agentId,
    owner_id: act.ownerId,
    owner_name: act.ownerName ?? null,
    now,
  });
  if (claimed !== 1) throw new AppError("ALREADY_CLAIMED");
  await agentChanged(db, act.agentId);
  const proven = { proven_by: act.proof?.method ?? null, proven_place: act.proof?.place ?? null };
  await useClaim.run(db, { id: act.claimId, owner_id: act.ownerId, ...proven, now });
  await appendEvent(db, {
    type: "agent.claimed",
    actorId: act.agentId,
    subjectType: "agent",
    subjectId: act.agentId,
    occurredAt: now,
  });
}

/**
 * Makes an agent claimed by an owner, within what the owner may hold. The transaction acts as the server.
 * @throws AppError ALREADY_CLAIMED, OWNER_AGENT_LIMIT
 */
export async function claimForOwner(
  call: Call,
  act: { agentId: string; ownerId: string; claimId: string; proof?: ClaimProof },
): Promise<void> {
  const ownerName = await makeRoom(call, act.ownerId).catch(async (error: unknown) => {
    await noteClaimFailure(call.db, act.claimId, "owner_limit", call.now);
    throw error;
  });
  await claimAgent(call, { ...act, ownerName });
  await noteOwnership(call, act.agentId, act.ownerId);
}

/** From now on the agent's ledger is its owner's. */
async function noteOwnership({ db, now }: Call, agentId: string, ownerId: string): Promise<void> {
  const by = { kind: "owner", id: ownerId } as const;
  await record(db, { by, act: "agent.claim", target: { type: "agent", id: agentId }, at: now });
}

/**
 * Gives a claimed agent an owner. The transaction acts as the server.
 * @throws AppError OWNER_AGENT_LIMIT, NOT_CLAIMED_YET
 */
export async function adoptAgent(call: Call, agentId: string, ownerId: string): Promise<void> {
  const ownerName = await makeRoom(call, ownerId);
  const adopted = await adopt.run(call.db, { agent_id: agentId, owner_id: ownerId, owner_name: ownerName });
  if (adopted !== 1) throw new AppError("NOT_CLAIMED_YET");
  await agentChanged(call.db, agentId);
  await noteOwnership(call, agentId, ownerId);
}

/**
 * Holds the owner, so that two claims at once cannot both take the last place. The transaction acts as the server.
 * @returns the owner's public name, where the owner opted in
 * @throws AppError OWNER_AGENT_LIMIT
 */
export async function makeRoom({ db, services }: Call, ownerId: string): Promise<string | null> {
  const owner = await holdOwner.one(db, { id: ownerId });
  const { agents } = await countAgents.one(db, { owner_id: ownerId });
  assertMayOwnAnother(agents, services.config.agentsPerOwner);
  return owner.show_name ? owner.username : null;
}

/** Notes where a claim got stuck, for /agents/status. The transaction acts as the server. */
export async function noteClaimFailure(db: Queryable, claimId: string, step: FailedStep, now: Date): Promise<void> {
  await noteFailure.run(db, { id: claimId, step, now });
}
