/** How a key of an agent looks: its prefix, chance, and a checksum by which a text can be told to be one. No proof of anything. */
import { crc32 } from "node:zlib";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 62^6 is above 2^32. */
const CHECKSUM_LENGTH = 6;
const KEY_SHAPE = /^moltbook_[0-9A-Za-z]{49}$/;

/**
 * Tells a mistyped key from one made elsewhere, to give a better hint.
 * @returns 'ok' for our shape with the right checksum, 'checksum' for our shape with a wrong one, 'foreign' for any
 *   other text
 */
export function looksLikeAgentKey(text: string): "ok" | "checksum" | "foreign" {
  if (!KEY_SHAPE.test(text)) return "foreign";
  return keyChecksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH) ? "ok" : "checksum";
}

/** The 6 base62 digits behind a key's prefix and chance: their CRC32. */
export function keyChecksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
