/** Makes short-lived tokens from keys (OAuth 2.0 Token Exchange, RFC 8693). Nothing is stored. */
import type { AnswerOf, InputOf } from "@openmolt/contract/endpoint";
import { ACCESS_TOKEN, type keys as contract } from "@openmolt/contract/keys";
import { newAccessToken } from "../../platform/access-tokens.js";
import type { AgentCall } from "../../platform/http/call.js";
import { assertExchange, scopesOfToken, secondsOfToken } from "../rules.js";

/**
 * A token in the place of the caller's key, for some of its scopes and a quarter of an hour at most.
 * @throws AppError KEY_TOO_NARROW, KEY_EXPIRED, VALIDATION_ERROR
 */
export function exchangeKey(
  { services, agent, now }: AgentCall,
  input: InputOf<typeof contract.exchange>,
): AnswerOf<typeof contract.exchange> {
  assertExchange(input, agent);
  const scopes = scopesOfToken(input.scope, agent.scopes);
  const seconds = secondsOfToken(agent.keyExpiresAt, now);
  const expiresAt = new Date(now.getTime() + seconds * 1_000);
  return {
    access_token: newAccessToken(services.vault, { keyId: agent.keyId, scopes }, expiresAt),
    issued_token_type: ACCESS_TOKEN,
    token_type: "Bearer",
    expires_in: seconds,
    scope: scopes.join(" "),
  };
}
