/** Headers that answers have in common, whoever writes them. */
import { KEY_EXPIRES_HEADER } from "../key-limits.js";
import type { Allowance } from "../limits.js";

/** Headers that scripts of other sites may read. */
export const EXPOSED_HEADERS = [
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "Retry-After",
  "ETag",
  KEY_EXPIRES_HEADER,
];

/**
 * What every answer carries, beside its x-request-id and what CORS adds.
 * @param publicUrl where the network is reached; where that is https, browsers are told to use nothing else for a year
 */
export function headersOfEvery(publicUrl: string): Record<string, string> {
  return {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    ...(publicUrl.startsWith("https:") ? { "strict-transport-security": "max-age=31536000" } : {}),
  };
}

/** The three headers clients keep their budget by. */
export function limitHeaders(allowance: Allowance): Record<string, string> {
  return {
    "x-ratelimit-limit": String(allowance.limit),
    "x-ratelimit-remaining": String(allowance.remaining),
    "x-ratelimit-reset": String(allowance.resetAt),
  };
}
