/**
 * HTTP Message Signatures (RFC 9421) as this server takes them: Ed25519, over the whole request, fresh, each once. Whatever
 * a signature says in a way not known here is refused, never passed over.
 */
import { type KeyObject, verify } from "node:crypto";
import {
  type Dictionary,
  type InnerList,
  isInnerList,
  type Parameters,
  parseDictionary,
  serializeInnerList,
  serializeItem,
} from "structured-headers";
import { AppError } from "../../errors.js";

/** How old a signature may be, in seconds: the clocks of agents run behind, and requests wait. */
export const MAX_AGE_SECONDS = 300;
/** How far ahead of ours the signer's clock may be, in seconds. */
export const AHEAD_SECONDS = 10;
/** Signatures that one request may carry. */
const MOST_SIGNATURES = 4;
/** Components that one signature may cover. */
const MOST_COMPONENTS = 30;
const NONCE = /^[\x20-\x7e]{16,256}$/;

/** A request as its signatures cover it. */
export interface Message {
  method: string;
  /** `https` or `http`, of the public address. */
  scheme: string;
  /** Host and port of the public address, as @authority has them. Never what the request says. */
  authority: string;
  /** Path and query as they were sent. */
  target: string;
  /** Names and values in turn, as they came. */
  rawHeaders: readonly string[];
  /** SHA-256 of the body; `later` while an upload is still to be read; undefined without a body. */
  body: Buffer | "later" | undefined;
}

/** A signature that a request offers; nothing about it has been checked. */
export interface Offered {
  keyid: string;
  input: InnerList;
  signature: Buffer;
}

/** A signature that was found good. */
export interface Signed {
  keyid: string;
  nonce: string;
  created: Date;
  /** What was signed, ASCII. */
  base: string;
  signature: Buffer;
  /** Names of what it covers. */
  covered: readonly string[];
}

/** Why a signature was refused. */
type Fault =
  | "malformed"
  | "not_covered"
  | "too_old"
  | "too_early"
  | "expired"
  | "replayed"
  | "unknown_key"
  | "mismatch"
  | "body";

const SENTENCES: Record<Fault, string> = {
  malformed: "The signature headers cannot be read",
  not_covered: "The signature does not cover the whole request",
  too_old: `The signature was made more than ${MAX_AGE_SECONDS} seconds ago`,
  too_early: "The signature was made in the future",
  expired: "The signature has expired",
  replayed: "This signature was used before",
  unknown_key: "The signature was made with a key that is not registered for this agent",
  mismatch: "The signature does not fit this request",
  body: "The body is not the one that was signed",
};

/** A refusal; `message` says more than the fault's own sentence. */
export function invalid(reason: Fault, message?: string, seconds?: number): AppError {
  return new AppError("SIGNATURE_INVALID", {
    message: message ?? SENTENCES[reason],
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    fields: { reason },
  });
}

/**
 * The signatures of a request that could be for us: without a tag or with that of Web Bot Auth.
 * @throws AppError SIGNATURE_INVALID when the headers cannot be read
 */
export function offeredBy(message: Message): Offered[] {
  const inputs = dictionaryOf(message, "signature-input");
  const signatures = dictionaryOf(message, "signature");
  if (inputs.size > MOST_SIGNATURES) throw invalid("malformed", `At most ${MOST_SIGNATURES} signatures are looked at`);
  const offered: Offered[] = [];
  for (const [label, input] of inputs) {
    const [value] = signatures.get(label) ?? [];
    if (!isInnerList(input) || !(value instanceof ArrayBuffer)) throw invalid("malformed");
    const { keyid, tag } = Object.fromEntries(input[1]);
    if (typeof keyid !== "string") throw invalid("malformed", 'A signature needs the parameter "keyid"');
    if (tag !== undefined && tag !== "web-bot-auth") continue;
    offered.push({ keyid, input, signature: Buffer.from(value) });
  }
  return offered;
}

/**
 * Checks everything about a signature but whether it comes for the first time.
 * @throws AppError SIGNATURE_INVALID
 */
export function check(offered: Offered, key: KeyObject, message: Message, now: Date): Signed {
  const { input, signature, keyid } = offered;
  const parameters = parametersOf(input[1], now);
  const covered = input[0].map(([name]) => (typeof name === "string" ? name : ""));
  assertCovers(new Set(covered), message);
  const lines = input[0].map(
    ([name, given], index) => `${identifier(covered, index, given)}: ${componentOf(message, String(name), given)}`,
  );
  const base = [...lines, `"@signature-params": ${serializeInnerList(input)}`].join("\n");
  if (signature.length !== 64 || !verify(null, Buffer.from(base, "latin1"), key, signature)) {
    throw invalid("mismatch", `${SENTENCES.mismatch}; @authority is ${message.authority}`);
  }
  if (message.body !== undefined && message.body !== "later") assertBody(message, message.body);
  return { keyid, ...parameters, base, signature, covered };
}

/**
 * Whether the body is the one whose digest was signed.
 * @throws AppError SIGNATURE_INVALID
 */
export function assertBody(message: Message, digest: Buffer): void {
  const [value] = dictionaryOf(message, "content-digest").get("sha-256") ?? [];
  if (!(value instanceof ArrayBuffer)) throw invalid("body", "Content-Digest must hold sha-256");
  if (!digest.equals(Buffer.from(value))) throw invalid("body");
}

function parametersOf(parameters: Parameters, now: Date): { nonce: string; created: Date } {
  const { created, expires, nonce, alg } = Object.fromEntries(parameters);
  const seconds = now.getTime() / 1_000;
  if (!isSeconds(created)) throw invalid("malformed", 'A signature needs the parameter "created"');
  if (expires !== undefined && !isSeconds(expires)) throw invalid("malformed");
  if (typeof nonce !== "string" || !NONCE.test(nonce)) {
    throw invalid("malformed", 'A signature needs the parameter "nonce": 16 to 256 characters, new each time');
  }
  if (alg !== undefined && alg !== "ed25519") throw invalid("malformed", "The algorithm must be ed25519");
  if (created > seconds + AHEAD_SECONDS) throw invalid("too_early");
  if (created < seconds - MAX_AGE_SECONDS) throw invalid("too_old");
  if (expires !== undefined && expires <= seconds) throw invalid("expired");
  return { nonce, created: new Date(created * 1_000) };
}

const isSeconds = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;

function assertCovers(covered: ReadonlySet<string>, { target, body }: Message): void {
  const isWhole = covered.has("@target-uri");
  const place = isWhole ? [] : ["@authority", "@path", ...(target.includes("?") ? ["@query"] : [])];
  for (const name of ["@method", ...place, ...(body === undefined ? [] : ["content-digest"])]) {
    if (!covered.has(name)) throw invalid("not_covered", `The signature must cover "${name}"`);
  }
}

/** The first half of a line of the base; a component comes once, and only one kind takes a parameter. */
function identifier(names: readonly string[], index: number, given: Parameters): string {
  const name = names[index] ?? "";
  const isPlain = given.size === 0 ? names.indexOf(name) === index : name === "signature-agent" && isKey(given);
  if (!isPlain || name === "" || name !== name.toLowerCase() || names.length > MOST_COMPONENTS) {
    throw invalid("malformed", "A signature covers each component once, without parameters");
  }
  return serializeItem([name, given]);
}

const isKey = (given: Parameters) => given.size === 1 && typeof given.get("key") === "string";

function componentOf(message: Message, name: string, given: Parameters): string {
  const { method, scheme, authority, target } = message;
  const [path = "", ...query] = target.split("?");
  switch (name) {
    case "@method":
      return method;
    case "@scheme":
      return scheme;
    case "@authority":
      return authority;
    case "@path":
      return path || "/";
    case "@query":
      return `?${query.join("?")}`;
    case "@request-target":
      return target;
    case "@target-uri":
      return `${scheme}://${authority}${target}`;
  }
  if (name.startsWith("@")) throw invalid("malformed", `The component "${name}" is not known here`);
  const key = given.get("key");
  if (typeof key !== "string") return headerOf(message, name) ?? notSent(name);
  const member = dictionaryOf(message, name).get(key);
  if (member === undefined) return notSent(name);
  return isInnerList(member) ? serializeInnerList(member) : serializeItem(member);
}

function notSent(name: string): never {
  throw invalid("mismatch", `The signature covers "${name}", which was not sent`);
}

function dictionaryOf(message: Message, name: string): Dictionary {
  try {
    return parseDictionary(headerOf(message, name) ?? "");
  } catch {
    throw invalid(name === "content-digest" ? "body" : "malformed");
  }
}

/** All values of a header in one, or undefined. Node drops repetitions of some headers; here none may be lost. */
function headerOf({ rawHeaders }: Message, name: string): string | undefined {
  const values = rawHeaders.flatMap((given, index) =>
    index % 2 === 0 && given.toLowerCase() === name ? [(rawHeaders[index + 1] ?? "").trim()] : [],
  );
  return values.length === 0 ? undefined : values.join(", ");
}
