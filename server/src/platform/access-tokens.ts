/**
 * Short-lived tokens in the place of keys. A token says which key it stands for, what it may do and until when, under a
 * keyed hash; nothing of it is stored, but the hash of one that was revoked. The key is looked up with every request, so a
 * token ends with its key.
 */
import { randomBytes } from "node:crypto";
import { scopes as allScopes, type Scope } from "@openmolt/contract/endpoint";
import { AppError } from "../errors.js";
import type { Vault } from "./secrets.js";

const PREFIX = "moltbook_at_";
const PURPOSE = "access-token";
/** Scopes as bits, seconds since 1970, the key's id, and chance, which makes each of one second another. */
const CLAIM_BYTES = 1 + 4 + 16 + 4;
/** The claims and the 32 bytes of the keyed hash, in hex: one spelling, and all of it one word. */
const SHAPE = /^moltbook_at_([0-9a-f]{50})([0-9a-f]{64})$/;

/** What a token stands for. */
export interface TokenClaims {
  keyId: string;
  scopes: readonly Scope[];
}

/** By what a token is known once it is revoked. */
export function tokenHash(vault: Vault, token: string): Buffer {
  return vault.hmac("revoked-token", token);
}

/** Whether a presented secret is meant as a token. */
export function isAccessToken(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** Makes a token that works until `expiresAt`, counted in whole seconds. */
export function newAccessToken(vault: Vault, { keyId, scopes }: TokenClaims, expiresAt: Date): string {
  const claims = Buffer.alloc(CLAIM_BYTES);
  claims.writeUInt8(scopes.reduce((bits, scope) => bits | (1 << allScopes.indexOf(scope)), 0));
  claims.writeUInt32BE(Math.floor(expiresAt.getTime() / 1000), 1);
  claims.write(keyId.replaceAll("-", ""), 5, "hex");
  randomBytes(4).copy(claims, 21);
  const text = claims.toString("hex");
  return PREFIX + text + vault.hmac(PURPOSE, text).toString("hex");
}

/**
 * Reads a token.
 * @throws AppError KEY_MALFORMED, KEY_UNKNOWN, KEY_EXPIRED
 */
export function readAccessToken(vault: Vault, token: string, now: Date): TokenClaims & { expiresAt: Date } {
  const [, text, signature] = SHAPE.exec(token) ?? [];
  if (text === undefined || signature === undefined) throw new AppError("KEY_MALFORMED", CUT_OFF);
  if (!vault.equal(Buffer.from(signature, "hex"), vault.hmac(PURPOSE, text))) throw new AppError("KEY_UNKNOWN", FALSE);
  const claims = Buffer.from(text, "hex");
  const expiresAt = new Date(claims.readUInt32BE(1) * 1000);
  if (expiresAt <= now) throw new AppError("KEY_EXPIRED", ENDED);
  const bits = claims.readUInt8();
  const id = claims.toString("hex", 5, 21);
  return {
    keyId: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
    expiresAt,
    scopes: allScopes.filter((_, index) => (bits & (1 << index)) !== 0),
  };
}

const CUT_OFF = {
  message: "Invalid access token: it is cut off or mistyped",
  hint: "Send the token exactly as POST /api/v1/oauth/token gave it.",
};
const FALSE = { message: "Invalid access token", hint: "Get one with your key: POST /api/v1/oauth/token." };
const ENDED = {
  message: "This access token has expired",
  hint: "Get a new one with your key: POST /api/v1/oauth/token.",
};
