/** The law of claims and owners: how long links work, who may claim, what an address is. */
import { randomInt } from "node:crypto";
import { AppError } from "../errors.js";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A claim link works this long; the agent can always ask for a new one. */
export const CLAIM_DAYS = 7;
/** A mailed link works this long after it was sent. */
export const LINK_MINUTES = 15;
/** The operator's link works until it is used, the server starts again, or this long. */
export const OPERATOR_LINK_HOURS = 24;
/** A sign-in link that the operator hands over in person works this long. */
export const HANDOVER_DAYS = 7;
/** A mail that could not be sent is tried for about half an hour. */
export const MAIL_TRIES = 7;
/** A mail that was asked for longer ago, in minutes, is not sent any more: nobody is waiting for it. */
export const MAIL_PATIENCE_MINUTES = 60;

const WORDS = ["reef", "kelp", "tide", "cove", "dune", "foam", "gull", "sand", "shell", "wave"] as const;
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A code that people can compare by eye; it proves nothing by itself. */
export function newVerificationCode(): string {
  const word = WORDS[randomInt(WORDS.length)] ?? "reef";
  const suffix = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return `${word}-${suffix}`;
}

/** The moment `minutes` after `now`. */
export function afterMinutes(now: Date, minutes: number): Date {
  return new Date(now.getTime() + minutes * MINUTE_MS);
}

/** The moment `days` after `now`. */
export function afterDays(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS);
}

/** A way to claim that an owner can choose. */
export type OfferedMethod = "email" | "operator" | "oidc" | "web" | "dns";

/** Where a claim last failed, as told in /agents/status. */
export type FailedStep =
  | "send_mail"
  | "open_mail_link"
  | "owner_limit"
  | "operator_approval"
  | "web_page"
  | "dns_record";

/** What a one-time link does: claim an agent, become the owner of a claimed one, sign in, sign in as operator. */
export type LinkPurpose = "claim" | "setup" | "login" | "operator";

/** @throws AppError LINK_EXPIRED */
export function assertUsable<T extends ClaimFacts>(link: T | undefined, now: Date): asserts link is T {
  if (!link || link.usedAt || link.expiresAt <= now) throw new AppError("LINK_EXPIRED");
}

/** A claim or a link as the law sees it. */
export interface ClaimFacts {
  usedAt: Date | null;
  expiresAt: Date;
}

/** @throws AppError CLAIM_TOKEN_INVALID, ALREADY_CLAIMED, CLAIM_EXPIRED */
export function assertClaimable<T extends ClaimFacts>(claim: T | undefined, now: Date): asserts claim is T {
  if (!claim) throw new AppError("CLAIM_TOKEN_INVALID");
  if (claim.usedAt) throw new AppError("ALREADY_CLAIMED");
  if (claim.expiresAt <= now) throw new AppError("CLAIM_EXPIRED");
}

const METHOD_NAMES: Record<string, string> = {
  email: "Claiming by e-mail",
  operator: "Claiming with the operator's approval",
  oidc: "Claiming with an account elsewhere",
  web: "Claiming by a web page",
  dns: "Claiming by a domain",
  tweet: "Claiming by tweet",
};

/** @throws AppError CLAIM_METHOD_NOT_OFFERED, naming the methods that are offered */
export function assertOffered(method: OfferedMethod | "tweet", offered: readonly string[]): void {
  if (offered.includes(method)) return;
  throw new AppError("CLAIM_METHOD_NOT_OFFERED", {
    message: `${METHOD_NAMES[method]} is not offered here`,
    fields: { claim_methods: offered },
  });
}

/** @throws AppError OWNER_AGENT_LIMIT; `keep` so that the claim can tell where it failed */
export function assertMayOwnAnother(owned: number, limit: number): void {
  if (owned >= limit) throw new AppError("OWNER_AGENT_LIMIT", { keep: true });
}

/** One plain address: no name, no list, no comment, nothing that could end a header. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]{1,190}$/u;

/**
 * An address as it is written to.
 * @throws AppError VALIDATION_ERROR
 */
export function plainAddress(text: string): string {
  const address = text.trim().normalize("NFC");
  if (!ADDRESS.test(address)) throw new AppError("VALIDATION_ERROR", { message: "email must be one plain address" });
  return address;
}

/** What addresses are compared by: case makes no difference to the person who reads the mail. */
export function addressKey(address: string): string {
  return address.toLowerCase();
}

/** What owners' names are compared by. */
export function usernameKey(username: string): string {
  return username.toLowerCase();
}

/** Names that would speak for the network; nobody gets them. */
const RESERVED = new Set(
  "admin administrator deleted everyone mod moderator moltbook null official openmolt operator owner root staff support system undefined".split(
    " ",
  ),
);

/** @throws AppError NAME_TAKEN for reserved names */
export function assertUsernameIsFree(username: string): void {
  if (RESERVED.has(usernameKey(username))) throw new AppError("NAME_TAKEN", { message: "This name is reserved" });
}

/** A place that whoever controls it can put a code into. */
export interface Place {
  method: "web" | "dns";
  /** The page's address, or the name of the record. */
  where: string;
  /** What it proves: the domain, or the page where it is not the domain's own. */
  name: string;
}

/** The page of a domain that speaks for the whole of it. */
const WELL_KNOWN = "/.well-known/openmolt-claim.txt";

/**
 * The place that somebody names: a domain, or the address of a page.
 * @param isOwnNetwork pages without https count too
 * @throws AppError VALIDATION_ERROR
 */
export function placeOf(method: "web" | "dns", text: string, isOwnNetwork: boolean): Place {
  const named = text.trim();
  const address = /^https?:\/\//i.test(named) ? named : `https://${named}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isDomain = url !== undefined && /^([a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{0,62}$/.test(url.hostname);
  const isSafe = url !== undefined && !url.username && !url.password && (url.protocol === "https:" || isOwnNetwork);
  if (!url || !isSafe || (!isDomain && !(isOwnNetwork && method === "web"))) {
    const message = "place must be a domain such as example.org, or the https address of a page";
    throw new AppError("VALIDATION_ERROR", { message });
  }
  if (method === "dns") return { method, where: `_openmolt-claim.${url.hostname}`, name: url.hostname };
  url.hash = "";
  const isWhole = url.pathname === "/" && url.search === "";
  if (isWhole) url.pathname = WELL_KNOWN;
  return { method, where: url.href, name: url.pathname === WELL_KNOWN ? url.host : url.href };
}

/** A name as another network knows it, as far as it can be one here; undefined when nothing is left of it. */
export function plainName(name: string | undefined): string | undefined {
  const plain =
    (name ?? "")
      .split("@")[0]
      ?.replace(/[^A-Za-z0-9_-]/g, "")
      .slice(0, 30) ?? "";
  return plain.length < 3 || RESERVED.has(usernameKey(plain)) ? undefined : plain;
}

/** The name an owner gets when the wanted one is taken: a number nobody has to remember, within 30 characters. */
export function alternativeName(wanted: string): string {
  return `${wanted.slice(0, 24)}-${randomInt(10_000, 100_000)}`;
}
