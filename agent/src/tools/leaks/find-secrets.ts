/** What stands in a text that nobody should see. Pure; its work is linear in the text, whatever the text is. */
import { type FoundSecret, ownTokens } from "./own-tokens.js";
import { providerSecrets } from "./provider-secrets.js";
import { decoded, plainOf, unescaped } from "./spellings.js";

/** Nothing shorter can hold a secret that we know, in UTF-16 units. */
const SHORTEST = 16;

/**
 * The secrets in a text: tokens of this server, also split by invisible characters or punctuation, in compatible
 * characters, or behind one layer of escapes, base64 or hex; and tokens of others as they are handed out.
 */
export function findSecrets(text: string): FoundSecret[] {
  if (text.length < SHORTEST) return [];
  const plain = plainOf(text);
  const own = [plain, unescaped(plain) ?? "", ...decoded(plain)].flatMap(ownTokens);
  return [...new Map(own.map((secret) => [secret.token, secret])).values(), ...providerSecrets(plain)];
}

/** The secrets in all texts of a value, names of keys included; it must not be nested deeply. */
export function findSecretsInside(value: unknown): FoundSecret[] {
  if (typeof value === "string") return findSecrets(value);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [...findSecrets(key), ...findSecretsInside(item)]);
}
