/** Opening a claim: a link that makes whoever opens it the owner. Only a keyed hash of its token is kept. */
import { AppError } from "../../errors.js";
import { assertFullKey } from "../../keys/read/full-key.js";
import { bytes, nullable, sql, text, time, uuid } from "../../platform/db.js";
import type { AgentCall, Call } from "../../platform/http/call.js";
import { newId } from "../../platform/ids.js";
import { newClaimToken } from "../../platform/keys.js";
import { afterDays, CLAIM_DAYS, newVerificationCode } from "../rules.js";

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
const findClaimed = sql({ id: uuid }, { claimed_at: nullable(time) })`select claimed_at from agents where id = ${"id"}`;
const endOpenClaims = sql({ agent_id: uuid, now: time }, {})`
  update claims set expires_at = least(expires_at, ${"now"}) where agent_id = ${"agent_id"} and used_at is null`;

/** Opens a claim for an agent; runs as that agent. */
export async function openClaim({ db, services, now }: Call, agentId: string): Promise<OpenClaim> {
  const token = newClaimToken();
  const code = newVerificationCode();
  const id = newId();
  const expiresAt = afterDays(now, CLAIM_DAYS);
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

/**
 * A new claim link for the caller; the ones before stop working, with whatever was under way on them.
 * @throws AppError ALREADY_CLAIMED, KEY_TOO_NARROW
 */
export async function reopenClaim(call: AgentCall): Promise<OpenClaim> {
  const { db, agent, now } = call;
  await assertFullKey(db, agent);
  const { claimed_at: claimedAt } = await findClaimed.one(db, { id: agent.id });
  if (claimedAt) throw new AppError("ALREADY_CLAIMED");
  await endOpenClaims.run(db, { agent_id: agent.id, now });
  return openClaim(call, agent.id);
}
