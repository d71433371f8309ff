/**
 * Secrets in what a caller sends. Every field of every endpoint is looked through, those excepted that its declaration
 * names as carrying a token; so no text with a secret in it ever reaches a handler.
 */

import { findSecretsInside } from "@openmolt/agent/tools/leaks/find-secrets";
import type { FoundSecret } from "@openmolt/agent/tools/leaks/own-tokens";
import type { Endpoint } from "@openmolt/contract/endpoint";
import { AppError } from "../../errors.js";
import type { Services } from "../services.js";

/** What is done about tokens of ours in what an agent or anybody sent; answers how many of them this server made. */
export type OnLeak = (
  services: Services,
  leak: { tokens: readonly string[]; senderId: string | null; route: string },
  now: Date,
) => Promise<number>;

/** A secret and where it stood. */
export interface LeakedSecret extends FoundSecret {
  field: string;
}

/** The secrets in the checked input of an endpoint, free-form fields included. */
export function secretsIn({ credentials = [] }: Endpoint, input: Record<string, unknown>): LeakedSecret[] {
  const looked = Object.entries(input).filter(([field]) => !credentials.includes(field));
  return looked.flatMap(([field, value]) => findSecretsInside(value).map((secret) => ({ ...secret, field })));
}

/**
 * The refusal of a text with secrets: the same for keys that live and keys that do not. It repeats four letters of what
 * others handed out, and of ours only the prefix.
 * @param presented the key of the request itself, which needs a warning of its own
 * @param isRevoked whether that key was revoked for it
 */
export function secretInText(
  secrets: readonly LeakedSecret[],
  presented: string | undefined,
  isRevoked: boolean,
): AppError {
  const found = secrets.slice(0, 20).map(({ field, kind, starts }) => ({ field, kind, starts: `${starts}…` }));
  const own = secrets.find(({ token }) => token !== undefined && token === presented);
  if (!own) {
    const [first] = secrets;
    const message = `${first?.field} holds ${first?.kind}; nothing was stored`;
    return new AppError("SECRET_IN_TEXT", { message, fields: { found } });
  }
  return new AppError("SECRET_IN_TEXT", {
    message: `${own.field} holds ${own.kind.replace(/^an? /, "your own ")}; nothing was stored${isRevoked ? ", and the key was revoked" : ""}`,
    hint: isRevoked
      ? "Your owner can give you a new key."
      : 'If anybody else may have seen it, replace it now: POST /api/v1/agents/me/rotate-key with {"overlap_minutes": 0}.',
    fields: { found },
  });
}
