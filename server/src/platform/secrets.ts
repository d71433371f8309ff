/**
 * The server's own secrets: one master key, from which a sub-key is derived for every purpose, and one signing key.
 * Both live as 0600 files outside the database; no key ever appears in an error or can be read off a Vault.
 */
import { createHash, createHmac, generateKeyPairSync, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { JWK } from "jose";
import { decrypt, encrypt, headerOf, idIn, KEY_ID_BYTES, SEALED_BY_ENVELOPE, SEALED_BY_MASTER } from "./sealing.js";

const MASTER_KEY_BYTES = 32;
const MASTER_KEY_FILE = "master.key";
const SIGNING_KEY_FILE = "signing-key.json";

const NEXT_KEY_FILE = "master.key.next";
/**
 * What rests as a hash and cannot be computed again, since nobody has what was hashed: these hashes outlive a change of
 * the master key. All but the accounts elsewhere are of 256 random bits, so that knowing their key opens nothing.
 */
const LASTING_HASHES: ReadonlySet<string> = new Set([
  "agent-key",
  "app-key",
  "claim-token",
  "invitation",
  "invitation-token",
  "link-token",
  "provider-subject",
  "session-token",
]);

/** A key that can be replaced, other than the master key. */
export interface EnvelopeKey {
  /** Four bytes. */
  id: Buffer;
  /** 32 bytes. */
  key: Buffer;
  /** From when on it seals, until a newer one does. */
  currentFrom: Date;
}

/**
 * What can be done with the master key. A purpose is a constant of the code, such as 'agent-key'; what was made for one
 * purpose is useless for another. Up to 2^32 things may be sealed per purpose (the bound for random 96-bit nonces).
 */
export interface Vault {
  /** Eight hex digits that name the master key without telling anything about it. */
  readonly keyId: string;
  /** HMAC-SHA-256 of the text (UTF-8), 32 bytes: what is stored of a secret that is only ever compared. */
  hmac(purpose: string, text: string): Buffer;
  /**
   * Encrypts and authenticates (AES-256-GCM).
   * @param aad context the result is bound to, such as the id of its row; open must name the same
   */
  seal(purpose: string, plaintext: Buffer | string, aad?: string): Buffer;
  /**
   * Opens what seal made.
   * @throws Error when it was altered, belongs to another purpose or aad, or was made under another master key
   */
  open(purpose: string, sealed: Buffer, aad?: string): Buffer;
  /** As seal, but only opened again by who also knows the secret text; the master key alone does not suffice. */
  sealWith(secretText: string, purpose: string, plaintext: Buffer | string, aad?: string): Buffer;
  /**
   * Opens what sealWith made.
   * @throws Error as open does, and when the secret text is another
   */
  openWith(secretText: string, purpose: string, sealed: Buffer, aad?: string): Buffer;
  /**
   * Makes envelope keys known: `seal` uses the newest whose time has come, `open` the one that is named in what was
   * sealed. Without any, what is sealed is sealed under the master key.
   */
  takeEnvelopes(keys: readonly EnvelopeKey[]): void;
  /** Has the hashes that outlive a change of the master key made under another key, of 32 bytes. */
  takeHashingKey(key: Buffer): void;
  /** Whether two byte strings are equal; the time taken does not depend on where they differ. */
  equal(a: Buffer, b: Buffer): boolean;
}

/**
 * Makes a Vault from the master key.
 * @param masterKey 32 bytes
 * @param clock milliseconds since 1970, for the times of envelope keys
 * @throws RangeError for a key of another length
 */
export function openVault(masterKey: Buffer, clock: () => number = Date.now): Vault {
  if (masterKey.length !== MASTER_KEY_BYTES) throw new RangeError(`The master key has ${MASTER_KEY_BYTES} bytes.`);
  const master = Buffer.from(masterKey);
  const keyId = derive(master, "key-id", KEY_ID_BYTES);
  const subKeys = new Map<string, Buffer>();
  let hashing = master;
  const subKey = (use: "hmac" | "seal" | "seal-with", purpose: string): Buffer => {
    const name = `${use}/${purpose}`;
    let key = subKeys.get(name);
    if (key === undefined) {
      key = derive(use === "hmac" && LASTING_HASHES.has(purpose) ? hashing : master, name, 32);
      subKeys.set(name, key);
    }
    return key;
  };
  const envelopes = new Map<string, Envelope>();
  const currentEnvelope = (): Envelope | undefined => {
    let newest: Envelope | undefined;
    for (const each of envelopes.values()) {
      if (each.currentFrom <= clock() && each.currentFrom >= (newest?.currentFrom ?? 0)) newest = each;
    }
    return newest;
  };
  const sharedKey = (secretText: string, purpose: string): Buffer =>
    createHmac("sha256", subKey("seal-with", purpose)).update(secretText, "utf8").digest();
  return {
    keyId: keyId.toString("hex"),
    hmac: (purpose, text) => createHmac("sha256", subKey("hmac", purpose)).update(text, "utf8").digest(),
    seal: (purpose, plaintext, aad) => {
      const envelope = currentEnvelope();
      if (envelope) return encrypt(envelope.keyFor(purpose), headerOf(SEALED_BY_ENVELOPE, envelope.id), plaintext, aad);
      return encrypt(subKey("seal", purpose), headerOf(SEALED_BY_MASTER, keyId), plaintext, aad);
    },
    open: (purpose, sealed, aad) => {
      const envelope = sealed[0] === SEALED_BY_ENVELOPE ? envelopes.get(idIn(sealed)) : undefined;
      if (envelope) return decrypt(envelope.keyFor(purpose), headerOf(SEALED_BY_ENVELOPE, envelope.id), sealed, aad);
      return decrypt(subKey("seal", purpose), headerOf(SEALED_BY_MASTER, keyId), sealed, aad);
    },
    sealWith: (secret, purpose, plaintext, aad) =>
      encrypt(sharedKey(secret, purpose), headerOf(SEALED_BY_MASTER, keyId), plaintext, aad),
    openWith: (secret, purpose, sealed, aad) =>
      decrypt(sharedKey(secret, purpose), headerOf(SEALED_BY_MASTER, keyId), sealed, aad),
    takeEnvelopes: (keys) => {
      for (const { id, key, currentFrom } of keys) {
        const name = id.toString("hex");
        const envelope = envelopes.get(name) ?? openEnvelope(id, key);
        envelope.currentFrom = currentFrom.getTime();
        envelopes.set(name, envelope);
      }
    },
    takeHashingKey: (key) => {
      hashing = Buffer.from(key);
      subKeys.clear();
    },
    equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  };
}

/**
 * The master key: from the configuration, else from its file in secretsDir, which is made at the first start.
 * @param fromConfig 64 hex digits or the base64 of 32 bytes; nothing is written then
 * @throws Error when the value or the file is no such key, when others may read the file, or when the file holds
 *   another key than the configuration (what is sealed under it could not be opened any more)
 */
export function loadMasterKey(secretsDir: string, fromConfig?: string): Buffer {
  const path = join(secretsDir, MASTER_KEY_FILE);
  if (fromConfig !== undefined) {
    const key = parseMasterKey(fromConfig, "The configured master key");
    const stored = readPrivateFile(path);
    if (stored !== undefined && !parseMasterKey(stored, `The master key in ${path}`).equals(key)) {
      throw new Error(`The configured master key differs from the one in ${path}. Remove whichever is wrong.`);
    }
    return key;
  }
  const stored = readOrCreate(secretsDir, path, () => `${randomBytes(MASTER_KEY_BYTES).toString("base64")}\n`);
  return parseMasterKey(stored, `The master key in ${path}`);
}

/** The master key that is to follow, 32 bytes: made beside the present one, and the same until it has followed. */
export function nextMasterKey(secretsDir: string): Buffer {
  const path = join(secretsDir, NEXT_KEY_FILE);
  const stored = readOrCreate(secretsDir, path, () => `${randomBytes(MASTER_KEY_BYTES).toString("base64")}\n`);
  return parseMasterKey(stored, `The key in ${path}`);
}

/**
 * Puts the next master key in the place of the present one, which stays under its id: backups made before need it.
 * @returns the path of the replaced key, or undefined when there was no file, because the configuration gives the key
 */
export function promoteNextMasterKey(secretsDir: string, replacedId: string): string | undefined {
  const path = join(secretsDir, MASTER_KEY_FILE);
  if (readPrivateFile(path) === undefined) return undefined;
  const replaced = join(secretsDir, `master-${replacedId}.key`);
  rmSync(replaced, { force: true });
  linkSync(path, replaced);
  renameSync(join(secretsDir, NEXT_KEY_FILE), path);
  syncDirectory(secretsDir);
  return replaced;
}

/**
 * The private Ed25519 key, as a JWK for jose, with which identity tokens are signed. It is made at the first start;
 * its `kid` is its RFC 7638 thumbprint. Publish only kty, crv, x, kid, alg and use.
 * @throws Error when the file holds no such key or others may read it
 */
export function loadSigningKey(secretsDir: string): JWK {
  const path = join(secretsDir, SIGNING_KEY_FILE);
  const stored = readOrCreate(secretsDir, path, () => {
    const { kty, crv, x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
    return `${JSON.stringify({ kty, crv, x, d })}\n`;
  });
  let jwk: unknown;
  try {
    jwk = JSON.parse(stored);
  } catch {
    // The parser's message would quote the file.
  }
  if (!isEd25519(jwk)) throw new Error(`${path} holds no private Ed25519 key.`);
  const { crv, d, kty, x } = jwk;
  const kid = createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url");
  return { kty, crv, x, d, kid, alg: "EdDSA", use: "sig" };
}

function isEd25519(value: unknown): value is { kty: "OKP"; crv: "Ed25519"; x: string; d: string } {
  const is32Bytes = (text: unknown): boolean => typeof text === "string" && /^[\w-]{43}$/.test(text);
  return (
    typeof value === "object" &&
    value !== null &&
    "kty" in value &&
    value.kty === "OKP" &&
    "crv" in value &&
    value.crv === "Ed25519" &&
    "x" in value &&
    is32Bytes(value.x) &&
    "d" in value &&
    is32Bytes(value.d)
  );
}

function derive(master: Buffer, name: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync("sha256", master, "", `openmolt/${name}`, bytes));
}

interface Envelope {
  id: Buffer;
  currentFrom: number;
  keyFor(purpose: string): Buffer;
}

function openEnvelope(id: Buffer, key: Buffer): Envelope {
  const subKeys = new Map<string, Buffer>();
  return {
    id,
    currentFrom: Number.POSITIVE_INFINITY,
    keyFor: (purpose) => {
      const known = subKeys.get(purpose) ?? derive(key, `seal/${purpose}`, 32);
      subKeys.set(purpose, known);
      return known;
    },
  };
}

function parseMasterKey(text: string, what: string): Buffer {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, "hex");
  if (/^[\w+/-]{43}=?$/.test(trimmed)) return Buffer.from(trimmed, "base64");
  throw new Error(`${what} is not 64 hex digits or the base64 of ${MASTER_KEY_BYTES} bytes.`);
}

function readPrivateFile(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
  try {
    if (process.platform !== "win32" && (fstatSync(file).mode & 0o077) !== 0) {
      throw new Error(`Others may read or change ${path}. Check that nobody did, then run: chmod 600 ${path}`);
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/**
 * The text of a private file (0600), which is made with `make` when it is missing; dir is made too (0700).
 * The link makes the whole file appear at once, and only one of several first starts wins.
 * @throws Error when others may read the file
 */
export function readOrCreate(dir: string, path: string, make: () => string): string {
  const stored = readPrivateFile(path);
  if (stored !== undefined) return stored;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, make(), { mode: 0o600, flag: "wx", flush: true });
    try {
      linkSync(draft, path);
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
  } finally {
    rmSync(draft, { force: true });
  }
  syncDirectory(dir);
  const written = readPrivateFile(path);
  if (written === undefined) throw new Error(`${path} vanished while it was being made.`);
  return written;
}

/** Without this a power failure may take the new name away while what was sealed under the key stays. */
function syncDirectory(dir: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(dir, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
