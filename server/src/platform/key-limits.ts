/** What a key allows: for what, and from where. Asked with every request, of what is known already. */
import type { Endpoint } from "@openmolt/contract/endpoint";
import { AppError } from "../errors.js";
import type { AgentActor } from "./auth.js";

/**
 * Checks that a key may be used from an address and for an endpoint. The place comes first: who stole the key learns
 * nothing else about it.
 * @throws AppError KEY_NETWORK, KEY_SCOPE
 */
export function assertKeyAllows(
  { networks, scopes }: Pick<AgentActor, "networks" | "scopes">,
  { scope }: Pick<Endpoint, "scope">,
  address: string,
): void {
  if (networks && !networks(address)) throw new AppError("KEY_NETWORK", { fields: { address } });
  if (scope === undefined || scopes.includes(scope)) return;
  throw new AppError("KEY_SCOPE", {
    message: `This key may not do that: it needs the scope ${scope} and has ${scopes.join(", ")}`,
    fields: { scope_needed: scope, scopes },
  });
}

/** A key is said to end soon during its last days. */
export const WARNED_DAYS = 14;
/** Names the end of a key that ends soon. */
export const KEY_EXPIRES_HEADER = "x-openmolt-key-expires";

/** The header that tells of the end of a key, or none while it is far. */
export function endHeader({ keyExpiresAt }: Pick<AgentActor, "keyExpiresAt">, now: Date): Record<string, string> {
  if (!keyExpiresAt || keyExpiresAt.getTime() - now.getTime() > WARNED_DAYS * 86_400_000) return {};
  return { [KEY_EXPIRES_HEADER]: keyExpiresAt.toISOString() };
}
