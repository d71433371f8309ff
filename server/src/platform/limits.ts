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

/** Callers remembered per limit, some 30 MB in all; beyond that the one who came first is forgotten. */
const MOST_CALLERS = 50_000;

/** Charges requests. With `enforced` false it counts but never refuses (test double). */
export class RequestLimits {
  #limiters = new Map<Named, RateLimiterMemory>();
  /** Who is remembered, in the order in which they came: an address costs whoever has many of them nothing. */
  #callers = new Map<Named, Set<string>>();

  /** @param mostCallers callers remembered per limit */
  constructor(
    public enforced: boolean,
    private readonly mostCallers = MOST_CALLERS,
  ) {
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
  async charge(name: Exclude<LimitName, "none"> | "mail" | "page" | "crawler", caller: string): Promise<Allowance> {
    const limiter = this.#limiters.get(name);
    if (!limiter) throw new Error(`No limit called ${name}`);
    const limit = requestLimits[name].requests;
    await this.#remember(name, limiter, caller);
    try {
      return allowance(limit, await limiter.consume(caller));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const standing = allowance(limit, refusal);
      if (!this.enforced) return standing;
      throw tooMany(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)), { limit: standing.limit });
    }
  }

  /** How many callers are remembered, over all limits. */
  get size(): number {
    return [...this.#callers.values()].reduce((sum, callers) => sum + callers.size, 0);
  }

  async #remember(name: Named, limiter: RateLimiterMemory, caller: string): Promise<void> {
    const callers = this.#callers.get(name) ?? new Set();
    this.#callers.set(name, callers);
    if (callers.has(caller)) return;
    callers.add(caller);
    if (callers.size <= this.mostCallers) return;
    const [first = ""] = callers;
    callers.delete(first);
    await limiter.delete(first);
  }
}

function allowance(limit: number, result: RateLimiterRes): Allowance {
  return {
    limit,
    remaining: Math.max(0, result.remainingPoints),
    resetAt: Math.ceil((Date.now() + result.msBeforeNext) / 1000),
  };
}

let lastAddress = "";
let lastGroup = "unknown";

/** The part of an address that one household or machine holds: an IPv4 address, an IPv6 /64. */
export function addressGroup(address: string): string {
  // Behind a proxy, or under load from one place, the same address comes again and again.
  if (address !== lastAddress) [lastAddress, lastGroup] = [address, groupOf(address)];
  return lastGroup;
}

function groupOf(address: string): string {
  if (!ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return `${parsed.toNormalizedString().split(":").slice(0, 4).join(":")}::/64`;
}
