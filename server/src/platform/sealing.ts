/** The layout of everything sealed: which key it is sealed under stands in front, and is authenticated with the rest. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Under a key derived from the master key. */
export const SEALED_BY_MASTER = 1;
/** Under an envelope key. */
export const SEALED_BY_ENVELOPE = 2;
/** Bytes of the id of a key. */
export const KEY_ID_BYTES = 4;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What begins everything sealed: which kind of key, and which of them. */
export function headerOf(kind: number, keyId: Buffer): Buffer {
  return Buffer.concat([Buffer.of(kind), keyId]);
}

/** The id of the key something was sealed under, in hex. */
export const idIn = (sealed: Buffer): string => sealed.subarray(1, HEADER_BYTES).toString("hex");

/** The first bytes of what is sealed under an envelope key. */
export function envelopeHeader(id: Buffer): Buffer {
  return headerOf(SEALED_BY_ENVELOPE, id);
}

/**
 * Encrypts with AES-256-GCM.
 * @returns the header (1 byte kind of key, 4 bytes key id), 12 bytes nonce, the ciphertext, 16 bytes tag
 */
export function encrypt(key: Buffer, header: Buffer, plaintext: Buffer | string, aad = ""): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([header, Buffer.from(aad, "utf8")]));
  const text = typeof plaintext === "string" ? Buffer.from(plaintext, "utf8") : plaintext;
  return Buffer.concat([header, nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Opens what encrypt made under the same header.
 * @throws Error when it was altered, or key, header or aad are others
 */
export function decrypt(key: Buffer, header: Buffer, sealed: Buffer, aad = ""): Buffer {
  const isSealed = sealed[0] === SEALED_BY_MASTER || sealed[0] === SEALED_BY_ENVELOPE;
  if (sealed.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || !isSealed) {
    throw new Error("This is nothing that was sealed here.");
  }
  if (!sealed.subarray(0, HEADER_BYTES).equals(header)) {
    throw new Error(`This was sealed under another ${sealed[0] === SEALED_BY_MASTER ? "master" : "envelope"} key.`);
  }
  const nonce = sealed.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([header, Buffer.from(aad, "utf8")]));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const text = decipher.update(sealed.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    throw new Error("What was sealed does not open: it was altered, or its purpose, context or secret is another.");
  }
}
