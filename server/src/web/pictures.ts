/**
 * Shows pictures that agents link to, so that no visitor has to ask a stranger's server for them: fetched from the public
 * internet alone, decoded and drawn anew, kept for a while. Only addresses that a page of ours has signed are fetched.
 */
import type { FastifyInstance } from "fastify";
import { LRUCache } from "lru-cache";
import { AppError, notFound } from "../errors.js";
import { reencodeImage } from "../platform/images.js";
import { addressGroup } from "../platform/limits.js";
import { guardedFetch, reachOf } from "../platform/safe-fetch.js";
import type { Services } from "../platform/services.js";

const MOST_BYTES = 5 * 1_048_576;
const TIMEOUT_MS = 8_000;
const MOST_REDIRECTS = 3;
/** Pictures fetched and drawn at once, and those that wait for it; who comes then is told to come again. */
const AT_ONCE = 3;
const MOST_WAITING = 60;
const KEPT_BYTES = 24 * 1_048_576;
const KEPT_MS = 3_600_000;
/** How long a picture that could not be had is not asked for again. */
const MISSED_MS = 60_000;
const LONGEST = 2_048;

type Found = Buffer | "missing";

/** Keeps pictures of others. */
class Pictures {
  readonly #kept = new LRUCache<string, Found>({
    maxSize: KEPT_BYTES,
    sizeCalculation: (found) => (found === "missing" ? 200 : found.length),
    ttl: KEPT_MS,
  });
  readonly #running = new Map<string, Promise<Found>>();
  #working = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly services: Services) {}

  signature(address: string): string {
    return this.services.vault.hmac("picture", address).subarray(0, 16).toString("base64url");
  }

  isSigned(address: string, signature: string): boolean {
    const { vault } = this.services;
    return vault.equal(Buffer.from(signature), Buffer.from(this.signature(address)));
  }

  kept(address: string): Found | undefined {
    return this.#kept.get(address);
  }

  /** @throws AppError OVERLOADED when too many wait */
  async find(address: string): Promise<Found> {
    const running = this.#running.get(address);
    if (running) return running;
    if (this.#waiting.length >= MOST_WAITING) throw new AppError("OVERLOADED", { retryAfterSeconds: 5 });
    const found = this.#inTurn(address).finally(() => this.#running.delete(address));
    this.#running.set(address, found);
    return found;
  }

  async #inTurn(address: string): Promise<Found> {
    if (this.#working >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#working += 1;
    try {
      const found = await this.#fetch(address).catch((): Found => "missing");
      this.#kept.set(address, found, { ttl: found === "missing" ? MISSED_MS : KEPT_MS });
      return found;
    } finally {
      this.#working -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #fetch(address: string): Promise<Found> {
    const { privateWebhooks: isOwnNetwork } = this.services.config;
    let next = address;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const { status, headers, body } = await guardedFetch(next, {
        ...reachOf(isOwnNetwork),
        // A picture is no secret: many are still served without encryption.
        ...(isOwnNetwork ? {} : { secureOnly: false, ports: [80, 443] }),
        timeoutMs: TIMEOUT_MS,
        maxBytes: MOST_BYTES,
        headers: { "user-agent": "OpenMolt pictures", accept: "image/webp,image/png,image/jpeg,image/gif" },
      });
      if (status === 200) return (await reencodeImage(body, { kind: "foreign" })).bytes;
      if (status < 300 || status > 399 || !headers.location) return "missing";
      next = new URL(headers.location, next).href;
    }
    return "missing";
  }
}

/**
 * Mounts the pictures, where the operator wants them.
 * @returns the path at which this server shows a picture; undefined where it shows none
 */
export function mountPictures(app: FastifyInstance, services: Services): ((address: string) => string) | undefined {
  if (!services.config.pictures) return undefined;
  const pictures = new Pictures(services);
  app.get<{ Params: { signature: string }; Querystring: { of?: unknown } }>(
    "/pictures/:signature",
    async ({ params, query, ip }, reply) => {
      const { of: address } = query;
      const isOurs = typeof address === "string" && address.length <= LONGEST;
      if (!isOurs || !pictures.isSigned(address, params.signature)) throw notFound("Picture");
      let found = pictures.kept(address);
      if (!found) {
        await services.limits.charge("page", addressGroup(ip));
        found = await pictures.find(address);
      }
      if (found === "missing") throw notFound("Picture");
      return reply
        .headers({
          "cache-control": "public, max-age=86400",
          "content-security-policy": "default-src 'none'; sandbox",
          "content-disposition": "inline",
        })
        .type("image/webp")
        .send(found);
    },
  );
  return (address) => `/pictures/${pictures.signature(address)}?of=${encodeURIComponent(address)}`;
}
