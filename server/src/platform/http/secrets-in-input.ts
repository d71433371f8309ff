/**
 * Secrets in what a caller sends. Every field of every endpoint is looked through, those excepted that its declaration
 * names as carrying a token; so no text with a secret in it ever reaches a handler. What is refused for another reason,
 * a text that is too long for instance, is looked through as well, since whoever sent a key has it.
 */
import { findSecrets, findSecretsInside } from "@openmolt/agent/tools/leaks/find-secrets";
import type { FoundSecret } from "@openmolt/agent/tools/leaks/own-tokens";
import type { Endpoint } from "@openmolt/contract/endpoint";
import { AppError } from "../../errors.js";
import type { Services } from "../services.js";
import type { RawInput } from "./input.js";

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

/** Characters of a refused request that are looked through, and how deep: more than any text of ours may hold. */
const REFUSED_CHARACTERS = 100_000;
const REFUSED_DEPTH = 20;

/** The secrets in what an endpoint was sent and does not take, whatever is wrong with it. */
export function secretsInRefused({ credentials = [], aliases = {} }: Endpoint, raw: RawInput): LeakedSecret[] {
  let left = REFUSED_CHARACTERS;
  const textsIn = (value: unknown, depth: number): string[] => {
    if (left <= 0 || depth > REFUSED_DEPTH) return [];
    if (typeof value === "string") {
      const text = value.slice(0, left);
      left -= text.length;
      return [text];
    }
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) => [...textsIn(key, depth), ...textsIn(item, depth + 1)]);
  };
  const found: LeakedSecret[] = [];
  for (const part of [raw.params, raw.query, raw.body]) {
    if (typeof part !== "object" || part === null) continue;
    for (const [field, value] of Object.entries(part)) {
      if (credentials.includes(Object.hasOwn(aliases, field) ? (aliases[field] ?? field) : field)) continue;
      for (const text of textsIn(value, 0)) found.push(...findSecrets(text).map((secret) => ({ ...secret, field })));
    }
  }
  return found;
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
