/** Claims and owners: opening a claim, and an agent becoming somebody's. */
import { AppError } from "../errors.js";
import { bytes, nullable, sql, text, time, uuid } from "../platform/db.js";
import { appendEvent } from "../platform/events.js";
import type { Call } from "../platform/http/call.js";
import { newId } from "../platform/ids.js";
import { newClaimToken } from "../platform/keys.js";
import { CLAIM_DAYS, newVerificationCode } from "./rules.js";

/** A claim link, shown once. */
export interface OpenClaim {
  id: string;
  url: string;
  code: string;
  expiresAt: Date;
}

const insertClaim = sql(
  { id: uuid, agent_id: uuid, token_hash: bytes, code: text, now: time, expires_at: time },
  {},
)`insert into claims (id, agent_id, token_hash, code, created_at, expires_at)
  values (${"id"}, ${"agent_id"}, ${"token_hash"}, ${"code"}, ${"now"}, ${"expires_at"})`;

/** Opens a claim for an agent; runs as that agent. Only the token's hash is kept. */
export async function openClaim({ db, services, now }: Call, agentId: string): Promise<OpenClaim> {
  const token = newClaimToken();
  const code = newVerificationCode();
  const id = newId();
  const expiresAt = new Date(now.getTime() + CLAIM_DAYS * 86_400_000);
  await insertClaim.run(db, {
    id,
    agent_id: agentId,
    token_hash: services.vault.hmac("claim-token", token),
    code,
    now,
    expires_at: expiresAt,
  });
  return { id, url: `${services.config.publicUrl}/claim/${token}`, code, expiresAt };
}

const markClaimed = sql({ agent_id: uuid, owner_id: nullable(uuid), owner_name: nullable(text), now: time }, {})`
  update agents set claimed_at = ${"now"}, owner_id = ${"owner_id"}, owner_name = ${"owner_name"}
  where id = ${"agent_id"} and claimed_at is null and deleted_at is null`;
const useClaim = sql({ id: uuid, owner_id: nullable(uuid), now: time }, {})`
  update claims set used_at = ${"now"}, owner_id = ${"owner_id"} where id = ${"id"} and used_at is null`;

/** Who claims what; without an owner the claim is automatic. */
export interface ClaimAct {
  agentId: string;
  ownerId: string | null;
  /** The owner's public name, where the owner opted in. */
  ownerName?: string | null;
  claimId: string;
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
  await useClaim.run(db, { id: act.claimId, owner_id: act.ownerId, now });
  await appendEvent(db, {
    type: "agent.claimed",
    actorId: act.agentId,
    subjectType: "agent",
    subjectId: act.agentId,
    occurredAt: now,
  });
}
