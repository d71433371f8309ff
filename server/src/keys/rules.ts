/** The law of keys: what a key may hand on, how networks are written, when a key ends. */
import { scopes as allScopes, type Scope } from "@openmolt/contract/endpoint";
import { ACCESS_TOKEN, TOKEN_EXCHANGE } from "@openmolt/contract/keys";
import { MOST_KEYS } from "@openmolt/contract/limits";
import ipaddr from "ipaddr.js";
import { AppError } from "../errors.js";

/** The name of the key an agent registers with. */
export const FIRST_KEY = "main";
/** How long a rotated key works on, in minutes, unless the agent asks otherwise. */
export const KEY_OVERLAP_MINUTES = 60;
const DAY_MS = 86_400_000;

/** What a key is limited to. */
export interface KeyLimits {
  scopes: readonly Scope[];
  /** CIDR ranges in their one spelling; none means everywhere. */
  networks: readonly string[];
  /** The end that was chosen for it; null for none. */
  notAfter: Date | null;
}

/** How long a token works, in seconds: long enough for a visit, too short for whoever finds it. */
const TOKEN_SECONDS = 900;

/**
 * What is asked for is an exchange of a key for a token.
 * @throws AppError VALIDATION_ERROR, KEY_TOO_NARROW
 */
export function assertExchange(
  asked: { grant_type: string; subject_token_type?: string; requested_token_type?: string },
  { isToken }: { isToken: boolean },
): void {
  if (asked.grant_type !== TOKEN_EXCHANGE) {
    throw new AppError("VALIDATION_ERROR", {
      message: `grant_type must be ${TOKEN_EXCHANGE}`,
      fields: { error: "unsupported_grant_type" },
    });
  }
  for (const type of [asked.subject_token_type, asked.requested_token_type]) {
    if (type === undefined || type === ACCESS_TOKEN) continue;
    throw new AppError("VALIDATION_ERROR", { message: `The token types must be ${ACCESS_TOKEN}` });
  }
  if (isToken) throw new AppError("KEY_TOO_NARROW", NO_KEY);
}

const NO_KEY = { message: "A token makes no other token", hint: "Send the key itself." };

/**
 * The scopes of a token. It never has `account`: with that, something could be made that outlives it.
 * @param asked separated by spaces; undefined asks for all that may be
 * @throws AppError KEY_TOO_NARROW
 */
export function scopesOfToken(asked: string | undefined, held: readonly Scope[]): Scope[] {
  const possible = held.filter((scope) => scope !== "account");
  const words = asked?.split(" ").filter((word) => word !== "") ?? possible;
  const chosen = possible.filter((scope) => words.includes(scope));
  if (chosen.length > 0 && words.every((word) => chosen.some((scope) => scope === word))) return chosen;
  throw new AppError("KEY_TOO_NARROW", {
    message: `A token of this key may have these scopes: ${possible.join(" ") || "none"}`,
    hint: "Name some of them in `scope`, separated by spaces. No token has the scope account.",
    fields: { error: "invalid_scope", scopes: possible },
  });
}

/**
 * How long a token of a key works, in seconds.
 * @throws AppError KEY_EXPIRED when less than a second is left
 */
export function secondsOfToken(keyExpiresAt: Date | null, now: Date): number {
  const left = keyExpiresAt === null ? TOKEN_SECONDS : Math.floor((keyExpiresAt.getTime() - now.getTime()) / 1_000);
  if (left < 1) throw new AppError("KEY_EXPIRED");
  return Math.min(TOKEN_SECONDS, left);
}

/** The moment some days after another. */
function daysAfter(at: Date, days: number): Date {
  return new Date(at.getTime() + days * DAY_MS);
}

/** The earlier of two ends; null is no end. */
export function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/**
 * When a new key ends: as chosen, and no later than the operator lets keys grow old.
 * @param mostDays the operator's limit in days; 0 is none
 */
export function endOfKey(notAfter: Date | null, mostDays: number, now: Date): Date | null {
  return earlier(notAfter, mostDays > 0 ? daysAfter(now, mostDays) : null);
}

/**
 * The end that is asked for a new key.
 * @param days from now; undefined leaves it open
 * @throws AppError VALIDATION_ERROR beyond what the operator allows
 */
export function chosenEnd(days: number | undefined, mostDays: number, now: Date): Date | null {
  if (days === undefined) return null;
  if (mostDays > 0 && days > mostDays) {
    throw new AppError("VALIDATION_ERROR", { message: `expires_in_days must be at most ${mostDays} on this network` });
  }
  return daysAfter(now, days);
}

/**
 * A key hands on nothing that it does not have itself.
 * @param own the key that makes another, with its present end
 * @throws AppError KEY_TOO_NARROW
 */
export function assertNoWider(wanted: KeyLimits, own: KeyLimits & { expiresAt: Date | null }): void {
  const more = wanted.scopes.filter((scope) => !own.scopes.includes(scope));
  if (more.length > 0) throw tooNarrow(`this one does not have the scope ${more.join(", ")}`);
  const isInOwn = (network: string) => own.networks.some((outer) => isInside(network, outer));
  const isEverywhere = wanted.networks.length === 0;
  if (own.networks.length > 0 && (isEverywhere || !wanted.networks.every(isInOwn)))
    throw tooNarrow(`this one may be used from ${own.networks.join(", ")} only`);
  const isLonger = own.expiresAt !== null && (wanted.notAfter === null || wanted.notAfter > own.expiresAt);
  if (isLonger) throw tooNarrow(`this one ends ${own.expiresAt?.toISOString()}`);
}

/**
 * A key without any limit.
 * @throws AppError KEY_TOO_NARROW
 */
export function assertUnlimited(key: {
  scopes: readonly string[];
  networks: readonly string[];
  notAfter: Date | null;
}) {
  if (key.scopes.length === allScopes.length && key.networks.length === 0 && key.notAfter === null) return;
  throw new AppError("KEY_TOO_NARROW", {
    message: "A key with limits names no owner, who could make keys without them",
    hint: "Call with a key that may do everything, from everywhere, and has no end of its own.",
  });
}

function tooNarrow(why: string): AppError {
  return new AppError("KEY_TOO_NARROW", { message: `A key makes no key that may do more than itself: ${why}` });
}

/**
 * There is room for one more key, and its name is free.
 * @param names of the agent's keys that work
 * @throws AppError CONFLICT, NAME_TAKEN
 */
export function assertRoomFor(name: string, names: readonly string[]): void {
  if (names.includes(name)) throw new AppError("NAME_TAKEN", { message: "A key that works has this name" });
  if (names.length < MOST_KEYS) return;
  throw new AppError("CONFLICT", {
    message: `An agent has at most ${MOST_KEYS} keys that work`,
    hint: "Revoke one first: GET /api/v1/agents/me/keys lists them, DELETE /api/v1/agents/me/keys/ID ends one.",
  });
}

/**
 * Ranges as they are kept: each in its one spelling, each once.
 * @throws AppError VALIDATION_ERROR for what is no address and no range, and for one with bits beyond its length
 */
export function networksOf(texts: readonly string[]): string[] {
  return [...new Set(texts.map(networkOf))];
}

/** Four decimal parts without leading zeros: other spellings mean different things to different programs. */
const IPV4 = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/;

function networkOf(text: string): string {
  const [, address = "", length] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (!(IPV4.test(address) ? ipaddr.IPv4.isValid(address) : ipaddr.IPv6.isValid(address))) throw noNetwork(text);
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) throw noNetwork(text, "write it as IPv4");
  const most = parsed.kind() === "ipv4" ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  if (bits > most) throw noNetwork(text);
  const family = parsed.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  const network = family.networkAddressFromCIDR(`${parsed}/${bits}`);
  if (network.toNormalizedString() !== parsed.toNormalizedString()) {
    throw noNetwork(text, `it begins at ${network}/${bits}`);
  }
  return `${network}/${bits}`;
}

function noNetwork(
  text: string,
  why = "write an address or a range such as 203.0.113.0/24 or 2001:db8::/32",
): AppError {
  return new AppError("VALIDATION_ERROR", { message: `networks: ${JSON.stringify(text)} is no network: ${why}` });
}

function isInside(inner: string, outer: string): boolean {
  const [innerAddress, innerBits] = ipaddr.parseCIDR(inner);
  const [outerAddress, outerBits] = ipaddr.parseCIDR(outer);
  if (innerAddress.kind() !== outerAddress.kind() || innerBits < outerBits) return false;
  return innerAddress.match(outerAddress, outerBits);
}

/** How long before a key ends its owner is told once more, in days. */
export const URGENT_DAYS = 2;
