/**
 * What an agent must show beside its key. A signature by one of its registered keys is always checked; whether one is
 * demanded is known from the moment the key was looked up. Each signature is good once.
 */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Pool } from "pg";
import type { Config } from "../../config.js";
import { AppError, tooMany } from "../../errors.js";
import { bytes, part, type Queryable, sql, time } from "../db.js";
import { digestOf, isMultipart, isSigned, watchUpload } from "./body.js";
import { Certificates, thumbprintOf } from "./certificate.js";
import {
  AHEAD_SECONDS,
  assertBody,
  check,
  invalid,
  MAX_AGE_SECONDS,
  type Message,
  offeredBy,
  type Signed,
} from "./signature.js";

/** What must be shown beside the key. */
export type Requirement = "none" | "signature" | "certificate" | "either";

/** What an agent must show, and by what it is known. */
export interface AgentProof {
  required: Requirement;
  /** The keys it signs with, by their thumbprints. */
  keys: ReadonlyMap<string, KeyObject>;
  /** The certificates it shows, by their thumbprints, with the moments from and until which they are good. */
  certificates: ReadonlyMap<string, readonly [from: number, until: number]>;
}

/** Columns of agents `a` that {@link proofOf} reads. */
export const proofJson = part`jsonb_build_object('required', a.proof, 'keys',
  (select jsonb_object_agg(s.keyid, s.x) from agent_signing_keys s where s.agent_id = a.id and s.revoked_at is null),
  'certificates', (select jsonb_object_agg(c.thumbprint, jsonb_build_array(
    extract(epoch from c.not_before) * 1000, extract(epoch from c.not_after) * 1000))
    from agent_certificates c where c.agent_id = a.id and c.revoked_at is null))`;

const NOTHING: AgentProof = { required: "none", keys: new Map(), certificates: new Map() };

/** From {@link proofJson}. */
export function proofOf(json: unknown): AgentProof {
  const { required, keys, certificates } = json as {
    required: Requirement;
    keys: Record<string, string> | null;
    certificates: Record<string, [number, number]> | null;
  };
  if (required === "none" && keys === null && certificates === null) return NOTHING;
  return {
    required,
    keys: new Map(Object.entries(keys ?? {}).map(([keyid, x]) => [keyid, publicKeyOf(x)])),
    certificates: new Map(Object.entries(certificates ?? {})),
  };
}

/** The key that `x` of an Ed25519 JWK stands for. */
export function publicKeyOf(x: string): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

const MAX_AGE_MS = MAX_AGE_SECONDS * 1_000;
const AHEAD_MS = AHEAD_SECONDS * 1_000;
/** How long a nonce must be remembered: as long as its signature could be accepted again. */
const REMEMBERED_MS = MAX_AGE_MS + AHEAD_MS;
/** Signed reads remembered at most, some 50 MB; beyond that they are refused, never forgotten. */
const MOST_READS = 400_000;
/** Of one key: more than the request limits admit in the time. */
const MOST_READS_OF_KEY = 2_000;

const useNonce = sql({ nonce_hash: bytes, expires_at: time }, {})`
  insert into signature_nonces (nonce_hash, expires_at) values (${"nonce_hash"}, ${"expires_at"}) on conflict do nothing`;
const sweep = sql({ now: time }, {})`delete from signature_nonces where expires_at < ${"now"}`;

/** Forgets nonces whose signatures would be refused for their age. */
export async function sweepNonces(db: Queryable, now: Date): Promise<void> {
  await sweep.run(db, { now });
}

/** A request that carries signatures. */
export interface SignedRequest {
  /** The one of a registered key of the calling agent, found good. */
  by: Signed | undefined;
  message: Message;
  /** The body as it was parsed, not checked. */
  body: unknown;
}

const signers = new WeakMap<IncomingMessage, Signed>();

/** Whether a request was found to be signed by the agent that makes it. */
export const isProven = (request: IncomingMessage) => signers.has(request);

/** Checks proofs for one server. */
export class Proofs {
  /** Nonces of reads; each that follows is forgotten later. */
  #reads = new Map<string, { keyid: string; until: number }>();
  /** How many of them are of each key. */
  #readsOf = new Map<string, number>();
  #certificates: Certificates;

  /**
   * @param pool where nonces of writes are kept
   * @param config the public origin, which signatures must be made for, and whose word on certificates is believed
   * @param since when the server started: what was signed before may have been used already
   */
  constructor(
    private readonly pool: Pool,
    private readonly config: Pick<Config, "publicUrl" | "trustedProxies" | "clientCerts" | "tls">,
    private readonly since: Date,
  ) {
    this.#certificates = new Certificates(
      config.clientCerts ? config.trustedProxies : [],
      config.tls?.clientCa !== undefined,
    );
  }

  /** The client certificate of a request, as DER, or undefined. */
  certificateOf(request: IncomingMessage): Buffer | undefined {
    return this.#certificates.of(request);
  }

  /** A request with its signatures, or undefined when it carries none; its body has been read, an upload excepted. */
  signedRequest(request: IncomingMessage, body: unknown): SignedRequest | undefined {
    if (!isSigned(request.headers)) return undefined;
    return { by: signers.get(request), message: this.#messageOf(request), body };
  }

  #messageOf(request: IncomingMessage): Message {
    const { protocol, host } = new URL(this.config.publicUrl);
    return {
      method: request.method ?? "",
      scheme: protocol.slice(0, -1),
      authority: host,
      target: request.url ?? "",
      rawHeaders: request.rawHeaders,
      body: isMultipart(request) ? "later" : digestOf(request)?.digest,
    };
  }

  /**
   * Refuses a request that does not show what its agent must.
   * @throws AppError SIGNATURE_REQUIRED, SIGNATURE_INVALID, CERTIFICATE_REQUIRED, CERTIFICATE_INVALID, RATE_LIMITED,
   *   OVERLOADED
   */
  async prove(proof: AgentProof, request: IncomingMessage, now: Date): Promise<void> {
    const { required, keys, certificates } = proof;
    if (required === "none" && (keys.size === 0 || !isSigned(request.headers))) return;
    const refusal =
      required === "certificate" || required === "either" ? this.#refuse(certificates, request, now) : null;
    if (refusal && required === "certificate") throw refusal;
    const isDemanded = required === "signature" || (required === "either" && refusal !== null);
    const isLookedAt = isSigned(request.headers) && (keys.size > 0 || required === "signature");
    if (isLookedAt) await this.#checkSignature(keys, isDemanded, request, now);
    else if (isDemanded) throw required === "either" && refusal ? refusal : new AppError("SIGNATURE_REQUIRED");
  }

  /** Why the certificate of a request is not one of these, or null when it is. */
  #refuse(certificates: AgentProof["certificates"], request: IncomingMessage, now: Date): AppError | null {
    const der = this.certificateOf(request);
    if (der === undefined) return new AppError("CERTIFICATE_REQUIRED");
    const times = certificates.get(thumbprintOf(der));
    if (!times) return new AppError("CERTIFICATE_INVALID", { fields: { reason: "unknown" } });
    const [from, until] = times;
    const isGood = from <= now.getTime() && now.getTime() < until;
    return isGood ? null : new AppError("CERTIFICATE_INVALID", { fields: { reason: "expired" } });
  }

  async #checkSignature(
    keys: AgentProof["keys"],
    isDemanded: boolean,
    request: IncomingMessage,
    now: Date,
  ): Promise<void> {
    const message = this.#messageOf(request);
    const offered = offeredBy(message).find(({ keyid }) => keys.has(keyid));
    const key = offered && keys.get(offered.keyid);
    if (!key) {
      // Whoever carries requests may sign them too, which is between them and others.
      if (!isDemanded) return;
      throw invalid("unknown_key");
    }
    const signed = check(offered, key, message, now);
    await this.#useOnce(this.pool, signed, message, now);
    signers.set(request, signed);
  }

  /**
   * Watches an upload, about to be read, of a signed request.
   * @returns a promise that resolves when all of it has come and is what was signed
   * @throws AppError SIGNATURE_INVALID
   */
  uploaded(request: IncomingMessage): Promise<void> | undefined {
    if (!signers.has(request)) return undefined;
    const arrived = watchUpload(request).then((digest) => assertBody(this.#messageOf(request), digest));
    arrived.catch(() => undefined);
    return arrived;
  }

  /**
   * Refuses a request that is not signed with a certain key, registered or not.
   * @throws AppError SIGNATURE_REQUIRED, SIGNATURE_INVALID
   */
  async assertSignedWith(
    db: Queryable,
    { keyid, key }: { keyid: string; key: KeyObject },
    message: Message | undefined,
    now: Date,
  ): Promise<void> {
    const offered = message && offeredBy(message).find((one) => one.keyid === keyid);
    if (!message || !offered) {
      throw new AppError("SIGNATURE_REQUIRED", {
        message: `Sign this request with the new key, keyid ${keyid}: that proves that you hold it`,
      });
    }
    await this.#useOnce(db, check(offered, key, message, now), message, now);
  }

  async #useOnce(db: Queryable, { keyid, nonce, created }: Signed, message: Message, now: Date): Promise<void> {
    const expiresAt = new Date(now.getTime() + REMEMBERED_MS);
    const hash = createHash("sha256").update(`${keyid}\n${nonce}`).digest();
    if (message.method !== "GET" && message.method !== "HEAD") {
      if ((await useNonce.run(db, { nonce_hash: hash, expires_at: expiresAt })) === 0) throw invalid("replayed");
      return;
    }
    const soonest = this.since.getTime() + AHEAD_MS;
    if (created.getTime() <= soonest) {
      throw invalid("too_old", "The server has just started; sign again in a moment", AHEAD_SECONDS);
    }
    this.#rememberRead(keyid, hash.toString("latin1"), now.getTime());
  }

  #rememberRead(keyid: string, name: string, now: number): void {
    for (const [known, { keyid: of, until }] of this.#reads) {
      if (until > now) break;
      this.#reads.delete(known);
      this.#count(of, -1);
    }
    if (this.#reads.has(name)) throw invalid("replayed");
    if ((this.#readsOf.get(keyid) ?? 0) >= MOST_READS_OF_KEY) throw tooMany(60);
    if (this.#reads.size >= MOST_READS) {
      throw new AppError("OVERLOADED", { retryAfterSeconds: 60, fields: { retry_after_seconds: 60 } });
    }
    this.#reads.set(name, { keyid, until: now + REMEMBERED_MS });
    this.#count(keyid, 1);
  }

  #count(keyid: string, step: 1 | -1): void {
    const count = (this.#readsOf.get(keyid) ?? 0) + step;
    if (count === 0) this.#readsOf.delete(keyid);
    else this.#readsOf.set(keyid, count);
  }
}
