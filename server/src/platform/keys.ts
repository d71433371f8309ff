/**
 * Keys and tokens that are handed out. Each holds at least 256 bits of chance; what is presented back is opaque text
 * that is only ever compared by its keyed hash, so nothing here decides whether a key is valid.
 */
import { randomBytes } from "node:crypto";
import { keyChecksum } from "@openmolt/agent/tools/leaks/key-shape";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** 62^43 is just above 2^256. */
const RANDOM_LENGTH = 43;

/** Bytes from here on are thrown away, so that every digit is equally likely: the greatest multiple of 62 up to 256. */
const FAIR_LIMIT = 248;

const KEY_PREFIX = "moltbook_";
const CLAIM_PREFIX = "moltbook_claim_";

/** A new agent key: `moltbook_`, 43 random base62 digits, and 6 that are the CRC32 of all that stands before them. */
export function newAgentKey(): string {
  const text = newToken(KEY_PREFIX);
  return text + keyChecksum(text);
}

/** A new token: the prefix as given and 43 random base62 digits (256 bits). */
export function newToken(prefix: string): string {
  let digits = "";
  while (digits.length < RANDOM_LENGTH) {
    for (const byte of randomBytes(64)) {
      if (byte < FAIR_LIMIT && digits.length < RANDOM_LENGTH) digits += BASE62.charAt(byte % 62);
    }
  }
  return prefix + digits;
}

/** A new token for the link by which a human owner claims an agent: `moltbook_claim_` and 43 random base62 digits. */
export function newClaimToken(): string {
  return newToken(CLAIM_PREFIX);
}
