/**
 * The server's own secrets: one master key, from which a sub-key is derived for every purpose, and one signing key.
 * Both live as 0600 files outside the database; no key ever appears in an error or can be read off a Vault.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { JWK } from "jose";

const MASTER_KEY_BYTES = 32;
const MASTER_KEY_FILE = "master.key";
const SIGNING_KEY_FILE = "signing-key.json";

/** First byte of everything sealed; another layout gets another number. */
const SEAL_LAYOUT = 1;
const KEY_ID_BYTES = 4;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

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
  /** Whether two byte strings are equal; the time taken does not depend on where they differ. */
  equal(a: Buffer, b: Buffer): boolean;
}

/**
 * Makes a Vault from the master key.
 * @param masterKey 32 bytes
 * @throws RangeError for a key of another length
 */
export function openVault(masterKey: Buffer): Vault {
  if (masterKey.length !== MASTER_KEY_BYTES) throw new RangeError(`The master key has ${MASTER_KEY_BYTES} bytes.`);
  const master = Buffer.from(masterKey);
  const keyId = derive(master, "key-id", KEY_ID_BYTES);
  const subKeys = new Map<string, Buffer>();
  const subKey = (use: "hmac" | "seal" | "seal-with", purpose: string): Buffer => {
    const name = `${use}/${purpose}`;
    let key = subKeys.get(name);
    if (key === undefined) {
      key = derive(master, name, 32);
      subKeys.set(name, key);
    }
    return key;
  };
  const sharedKey = (secretText: string, purpose: string): Buffer =>
    createHmac("sha256", subKey("seal-with", purpose)).update(secretText, "utf8").digest();
  return {
    keyId: keyId.toString("hex"),
    hmac: (purpose, text) => createHmac("sha256", subKey("hmac", purpose)).update(text, "utf8").digest(),
    seal: (purpose, plaintext, aad) => encrypt(subKey("seal", purpose), keyId, plaintext, aad),
    open: (purpose, sealed, aad) => decrypt(subKey("seal", purpose), keyId, sealed, aad),
    sealWith: (secret, purpose, plaintext, aad) => encrypt(sharedKey(secret, purpose), keyId, plaintext, aad),
    openWith: (secret, purpose, sealed, aad) => decrypt(sharedKey(secret, purpose), keyId, sealed, aad),
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

/** Layout: 1 byte layout, 4 bytes key id, 12 bytes nonce, the ciphertext, 16 bytes tag. */
function encrypt(key: Buffer, keyId: Buffer, plaintext: Buffer | string, aad = ""): Buffer {
  const header = Buffer.concat([Buffer.of(SEAL_LAYOUT), keyId]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([header, Buffer.from(aad, "utf8")]));
  const text = typeof plaintext === "string" ? Buffer.from(plaintext, "utf8") : plaintext;
  return Buffer.concat([header, nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, keyId: Buffer, sealed: Buffer, aad = ""): Buffer {
  if (sealed.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || sealed[0] !== SEAL_LAYOUT) {
    throw new Error("This is nothing that was sealed here.");
  }
  const header = sealed.subarray(0, HEADER_BYTES);
  if (!header.subarray(1).equals(keyId)) throw new Error("This was sealed under another master key.");
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
