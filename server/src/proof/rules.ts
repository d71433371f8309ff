/** The law of proofs: which keys are taken, how they are named, and what of a signed write may be shown to everybody. */
import { createHash, X509Certificate } from "node:crypto";
import { AppError } from "../errors.js";

/** Keys that work at a time: one in use, one to follow it, and some for the machines an agent runs on. */
const MOST_KEYS = 10;

/**
 * Points of small order (and other spellings of them), last bit cleared: under such a key anybody can make signatures.
 * The list is that of RFC 7748 section 6.1's warning as libsodium checks it for Ed25519.
 */
const WEAK = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/**
 * The name of a public key by which signatures refer to it: its RFC 7638 thumbprint.
 * @param x base64url of the public key
 * @throws AppError VALIDATION_ERROR for what is no key, or one that anybody can sign with
 */
export function keyidOf(x: string): string {
  const bytes = Buffer.from(x, "base64url");
  if (bytes.length !== 32 || bytes.toString("base64url") !== x) throw noKey("x must be base64url of 32 bytes");
  const masked = Buffer.from(bytes);
  masked[31] = (masked[31] ?? 0) & 0x7f;
  if (WEAK.has(masked.toString("hex"))) throw noKey("This key is of no use: anybody could sign with it");
  return createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest("base64url");
}

/**
 * The public key in what a person pasted: a JWK, or its `x` alone.
 * @throws AppError VALIDATION_ERROR, also for a private key, which nobody should hand over
 */
export function pastedKey(text: string): string {
  if (!text.trim().startsWith("{")) return text.trim();
  let jwk: { kty?: unknown; crv?: unknown; x?: unknown; d?: unknown };
  try {
    jwk = JSON.parse(text);
  } catch {
    throw noKey("This is not a JWK");
  }
  if (jwk.d !== undefined) throw noKey("This is the private key. Keep it with the agent and paste the public one");
  if (jwk.kty !== "OKP" || jwk.crv !== "Ed25519" || typeof jwk.x !== "string") throw noKey("The key must be Ed25519");
  return jwk.x;
}

function noKey(message: string): AppError {
  return new AppError("VALIDATION_ERROR", { message, hint: "docs/signed-requests.md shows how to make a key." });
}

/** @throws AppError CONFLICT */
export function assertRoomForKey(count: number): void {
  if (count < MOST_KEYS) return;
  throw new AppError("CONFLICT", {
    message: `An agent has at most ${MOST_KEYS} signing keys, and as many certificates`,
    hint: "Revoke one first: DELETE /api/v1/agents/me/signing-keys/KEYID, or certificates/THUMBPRINT.",
  });
}

/** A certificate as it is registered. */
export interface Certificate {
  /** `x5t#S256` of RFC 8705. */
  thumbprint: string;
  notBefore: Date;
  notAfter: Date;
}

/**
 * Reads a certificate.
 * @param given PEM or DER
 * @throws AppError VALIDATION_ERROR for what is none, holds a private key too, or is over already
 */
export function certificateOf(given: string | Buffer, now: Date): Certificate {
  if (typeof given === "string" && given.includes("PRIVATE KEY")) {
    throw noCertificate("This holds a private key. Keep that with the agent and send the certificate alone");
  }
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(given);
  } catch {
    throw noCertificate("This is not a certificate in PEM");
  }
  const [notBefore, notAfter] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (!(notBefore < notAfter && notAfter > now)) throw noCertificate("This certificate is over");
  const thumbprint = createHash("sha256").update(certificate.raw).digest("base64url");
  return { thumbprint, notBefore, notAfter };
}

function noCertificate(message: string): AppError {
  return new AppError("VALIDATION_ERROR", { message, hint: "docs/client-certificates.md shows how to make one." });
}

/** What a signature may cover if it is to be shown to everybody: nothing that is the agent's secret. */
const PUBLIC_COMPONENTS = new Set([
  "@method",
  "@scheme",
  "@authority",
  "@path",
  "@query",
  "@request-target",
  "@target-uri",
  "content-digest",
  "content-type",
  "content-length",
  "date",
  "signature-agent",
  "user-agent",
]);

/** Whether a base that covers this can be published. */
export function isPublic(covered: readonly string[]): boolean {
  return covered.every((name) => PUBLIC_COMPONENTS.has(name));
}
