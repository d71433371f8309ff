/** Who may report leaked keys: the public keys that a secret scanner publishes, fetched when needed and kept for a while. */
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { guardedFetch, isPublicOrPrivateAddress } from "../safe-fetch.js";

/** Keys are fetched anew after this time, in milliseconds. */
const KEPT_MS = 3_600_000;
/** A key that is not known has them fetched again, this often at most, in milliseconds: anybody can name one. */
const AGAIN_MS = 60_000;
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 262_144;

/** The published keys of one scanner. */
export class AlertKeys {
  #keys = new Map<string, KeyObject>();
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | undefined;

  /**
   * @param url where the keys are published, as the operator set it
   * @param now milliseconds of a clock that only goes forward
   */
  constructor(
    private readonly url: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Whether a body was signed (ECDSA with P-256 and SHA-256) with the key that is named.
   * @param signature base64 of the signature in DER
   * @throws FetchFailed when the keys cannot be had, Error when they cannot be read
   */
  async hasSigned(body: Buffer, keyId: string, signature: string): Promise<boolean> {
    const age = this.now() - this.#fetchedAt;
    if (age >= KEPT_MS || (!this.#keys.has(keyId) && age >= AGAIN_MS)) await this.#fetch();
    const key = this.#keys.get(keyId);
    return key !== undefined && verify("sha256", body, key, Buffer.from(signature, "base64"));
  }

  #fetch(): Promise<void> {
    this.#fetching ??= this.#fetchOnce().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchOnce(): Promise<void> {
    const { status, body } = await guardedFetch(this.url, {
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      ports: "any",
      allowAddress: isPublicOrPrivateAddress,
      headers: { accept: "application/json" },
    });
    if (status !== 200) throw new Error(`The keys of the secret scanner were answered with ${status}`);
    this.#keys = readKeys(body.toString("utf8"));
    this.#fetchedAt = this.now();
  }
}

/** Of `{"public_keys": [{"key_identifier", "key"}]}` those that are keys on P-256. */
function readKeys(text: string): Map<string, KeyObject> {
  const { public_keys: listed } = JSON.parse(text) as { public_keys?: unknown };
  if (!Array.isArray(listed)) throw new Error("The secret scanner lists no keys");
  const keys = new Map<string, KeyObject>();
  for (const item of listed as { key_identifier?: unknown; key?: unknown }[]) {
    if (typeof item?.key_identifier !== "string" || typeof item.key !== "string") continue;
    try {
      const key = createPublicKey(item.key);
      if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") keys.set(item.key_identifier, key);
    } catch {
      // A key that cannot be read signs nothing.
    }
  }
  return keys;
}
