/** Digests of public content. Equal content under the same salt always has the same digest, whatever the key order. */
import { createHash, randomBytes } from "node:crypto";
import canonicalize from "canonicalize";

/** Length of a salt in bytes. It is fixed, so that salt and content cannot be divided in two ways. */
const SALT_BYTES = 16;

/** Random bytes for the next salts: asking the system for each salt costs more than all the rest of a digest. */
let drawn = Buffer.alloc(0);
const DRAWN_AT_ONCE = 256 * SALT_BYTES;

/** A new random salt of 16 bytes. Without it a digest says nothing about short or guessable content. */
export function newSalt(): Buffer {
  if (drawn.length === 0) drawn = randomBytes(DRAWN_AT_ONCE);
  const salt = drawn.subarray(0, SALT_BYTES);
  drawn = drawn.subarray(SALT_BYTES);
  return salt;
}

/**
 * SHA-256 over the salt followed by the content as canonical JSON (RFC 8785) in UTF-8.
 * @param content a JSON value; dates count as their ISO text
 * @param salt 16 bytes from newSalt
 * @throws Error when the salt has another length or the content is no JSON (undefined, NaN, lone surrogates, a cycle)
 */
export function digestOf(content: unknown, salt: Buffer): Buffer {
  if (salt.length !== SALT_BYTES) throw new RangeError(`A salt has ${SALT_BYTES} bytes.`);
  const text = canonicalize(content);
  if (text === undefined) throw new TypeError("Only a JSON value has a digest.");
  return createHash("sha256").update(salt).update(text, "utf8").digest();
}

/** Stands in for a salt where an event is digested over its own public facts, which nothing ever erases. */
export const NO_SALT = Buffer.alloc(16);
