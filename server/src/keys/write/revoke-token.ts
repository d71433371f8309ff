/** Ends a single access token before its time (OAuth 2.0 Token Revocation, RFC 7009). */

import { looksLikeAgentKey } from "@openmolt/agent/tools/leaks/key-shape";
import type { InputOf } from "@openmolt/contract/endpoint";
import type { keys as contract } from "@openmolt/contract/keys";
import { record } from "../../audit/write.js";
import { AppError } from "../../errors.js";
import { isAccessToken, readAccessToken, tokenHash } from "../../platform/access-tokens.js";
import type { AgentActor } from "../../platform/auth.js";
import { bytes, sql, time, uuid } from "../../platform/db.js";
import type { Call } from "../../platform/http/call.js";
import { agentChanged } from "../../platform/known-keys.js";
import type { Services } from "../../platform/services.js";
import { SYSTEM, transaction } from "../../platform/transaction.js";

const insertRevoked = sql({ token_hash: bytes, key_id: uuid, expires_at: time, now: time }, {})`
  insert into revoked_tokens (token_hash, key_id, revoked_at, expires_at)
  values (${"token_hash"}, ${"key_id"}, ${"now"}, ${"expires_at"}) on conflict do nothing`;
const forgetEnded = sql({ now: time }, {})`delete from revoked_tokens where expires_at < ${"now"}`;

/**
 * Ends a token: whoever has it may end it. One that does not work, or never was one, is none any more either.
 * @throws AppError VALIDATION_ERROR for a key, which is not ended like this
 */
export async function revokeToken(call: Call, input: InputOf<typeof contract.revokeToken>): Promise<void> {
  const { services, now } = call;
  const { token } = input;
  if (looksLikeAgentKey(token) !== "foreign") throw new AppError("VALIDATION_ERROR", NOT_A_TOKEN);
  const agent = await holderOf(call, token);
  if (!agent) return;
  const { keyId, expiresAt } = readAccessToken(services.vault, token, now);
  const row = { token_hash: tokenHash(services.vault, token), key_id: keyId, expires_at: expiresAt, now };
  await transaction(services.app, { actor: SYSTEM }, async (db) => {
    if ((await insertRevoked.run(db, row)) === 0) return;
    await agentChanged(db, agent.id);
    const by = { kind: "agent" as const, id: agent.id };
    await record(db, { by, act: "agent.revoke_token", target: { type: "agent", id: agent.id }, at: now });
  });
}

const NOT_A_TOKEN = {
  message: "This is a key, not an access token",
  hint: "DELETE /api/v1/agents/me/keys/KEY_ID ends a key with all its tokens.",
  fields: { error: "unsupported_token_type" },
};

/** Whose token it is, if it works. */
async function holderOf({ services, now }: Call, token: string): Promise<AgentActor | undefined> {
  if (!isAccessToken(token)) return undefined;
  return services.knownKeys.agentOf(token, now).catch((error: unknown) => {
    if (error instanceof AppError) return undefined;
    throw error;
  });
}

/** Forgets tokens that would have ended by now. */
export async function sweepTokens({ app, clock }: Services): Promise<void> {
  await transaction(app, { actor: SYSTEM }, (db) => forgetEnded.run(db, { now: clock.now() }));
}
