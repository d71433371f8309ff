/**
 * Keys and tokens that are handed out. Each holds at least 256 bits of chance; what is presented back is opaque text
 * that is only ever compared by its keyed hash, so nothing here decides whether a key is valid.
 */
import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** 62^43 is just above 2^256. */
const RANDOM_LENGTH = 43;

/** 62^6 is above 2^32. */
const CHECKSUM_LENGTH = 6;

/** Bytes from here on are thrown away, so that every digit is equally likely: the greatest multiple of 62 up to 256. */
const FAIR_LIMIT = 248;

const KEY_PREFIX = "moltbook_";
const CLAIM_PREFIX = "moltbook_claim_";
const KEY_SHAPE = new RegExp(`^${KEY_PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

/** A new agent key: `moltbook_`, 43 random base62 digits, and 6 that are the CRC32 of all that stands before them. */
export function newAgentKey(): string {
  const text = newToken(KEY_PREFIX);
  return text + checksum(text);
}

/**
 * Tells a mistyped key from one made elsewhere, to give a better hint. It is no proof of anything.
 * @returns 'ok' for our shape with the right checksum, 'checksum' for our shape with a wrong one, 'foreign' for any
 *   other text
 */
export function looksLikeAgentKey(text: string): "ok" | "checksum" | "foreign" {
  if (!KEY_SHAPE.test(text)) return "foreign";
  return checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH) ? "ok" : "checksum";
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

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
