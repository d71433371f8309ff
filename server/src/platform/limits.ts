/** Request limits: one fixed window per caller and allowance, kept in memory, with the figures for the answer's headers. */
import type { LimitName } from "@openmolt/contract/endpoint";
import { requestLimits } from "@openmolt/contract/limits";
import ipaddr from "ipaddr.js";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { tooMany } from "../errors.js";

/** Where a caller stands after a request. */
export interface Allowance {
  limit: number;
  remaining: number;
  /** Unix seconds when the window ends. */
  resetAt: number;
}

type Named = keyof typeof requestLimits;

/** Charges requests. With `enforced` false it counts but never refuses (test double). */
export class RequestLimits {
  #limiters = new Map<Named, RateLimiterMemory>();
  constructor(private readonly enforced: boolean) {
    for (const [name, limit] of Object.entries(requestLimits) as [Named, (typeof requestLimits)[Named]][]) {
      this.#limiters.set(
        name,
        new RateLimiterMemory({ keyPrefix: name, points: limit.requests, duration: limit.windowSeconds }),
      );
    }
  }

  /**
   * Charges one request.
   * @throws AppError RATE_LIMITED with the time to wait.
   */
  async charge(name: Exclude<LimitName, "none"> | "mail", caller: string): Promise<Allowance> {
    const limiter = this.#limiters.get(name);
    if (!limiter) throw new Error(`No limit called ${name}`);
    const limit = requestLimits[name].requests;
    try {
      return allowance(limit, await limiter.consume(caller));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const standing = allowance(limit, refusal);
      if (!this.enforced) return standing;
      throw tooMany(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)), { limit: standing.limit });
    }
  }
}

function allowance(limit: number, result: RateLimiterRes): Allowance {
  return {
    limit,
    remaining: Math.max(0, result.remainingPoints),
    resetAt: Math.ceil((Date.now() + result.msBeforeNext) / 1000),
  };
}

/** The part of an address that one household or machine holds: an IPv4 address, an IPv6 /64. */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return `${parsed.toNormalizedString().split(":").slice(0, 4).join(":")}::/64`;
}
