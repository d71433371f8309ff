/**
 * The only way the server fetches something on somebody's word. The name is resolved once, every address it has must be
 * a public one, and the connection goes to exactly those; redirects are never followed; size and time are capped.
 */
import dns from "node:dns/promises";
import { type IncomingHttpHeaders, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction, type TcpNetConnectOpts } from "node:net";
import ipaddr from "ipaddr.js";

/** Which addresses may be reached, and how long finding out may take. */
export interface GuardOptions {
  /** Longest time for everything together, name resolution and body included, in milliseconds. */
  timeoutMs: number;
  /** Only https may be used. */
  secureOnly?: boolean;
  /** Ports that may be used; 80 and 443 when left out. */
  ports?: readonly number[] | "any";
  /** Tests only: answers the addresses of a host name instead of the name servers. */
  resolver?: (hostname: string) => Promise<readonly string[]>;
  /** Decides which addresses may be used instead of isPublicAddress. */
  allowAddress?: (address: string) => boolean;
}

/** What may be reached on somebody's word: https on the public internet; the operator's own machines too, if told so. */
export function reachOf(isOwnNetwork: boolean): Pick<GuardOptions, "secureOnly" | "ports" | "allowAddress"> {
  return {
    secureOnly: !isOwnNetwork,
    ports: isOwnNetwork ? "any" : [443],
    allowAddress: isOwnNetwork ? isPublicOrPrivateAddress : isPublicAddress,
  };
}

/** What to fetch and how far to go. */
export interface GuardedFetchOptions extends GuardOptions {
  /** Largest answer body taken, in bytes. */
  maxBytes: number;
  /** A longer body is cut there and the rest never read, instead of being a failure. */
  cut?: boolean;
  /** GET when left out. */
  method?: string;
  /** Sent as they are; those that frame the message or name the host are refused. */
  headers?: Record<string, string>;
  /** Sent with its length. */
  body?: string | Buffer;
}

/** What came back. A redirect comes back as it is; whether the status is a success is for the caller to say. */
export interface GuardedResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** The bytes as sent: nothing is unpacked. */
  body: Buffer;
}

/** Why a guarded fetch gave no answer: refused before connecting (url, port, address, unresolved), or failed after. */
export type FetchFailure = "url" | "port" | "address" | "unresolved" | "too-large" | "timeout" | "connection";

const SENTENCES: Record<FetchFailure, string> = {
  url: "Only http and https addresses without a user name can be fetched.",
  port: "This port is not allowed.",
  address: "The host is not on the public internet.",
  unresolved: "The host name has no address.",
  "too-large": "The answer is too large.",
  timeout: "The answer took too long.",
  connection: "The connection failed.",
};

/** A guarded fetch that gave no answer. The message tells nothing about the network the server stands in. */
export class FetchFailed extends Error {
  override readonly name = "FetchFailed";

  constructor(
    /** Which of the reasons it was. */
    readonly reason: FetchFailure,
    options?: ErrorOptions,
  ) {
    super(SENTENCES[reason], options);
  }
}

/** Header fields that the caller cannot set, because they say where the message goes or where it ends. */
const RESERVED_HEADERS = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "upgrade",
  "te",
  "trailer",
]);

const DEFAULT_PORTS = [80, 443];

/** Time one address gets to accept a connection before the next one is tried, in milliseconds. */
const ATTEMPT_TIMEOUT_MS = 2_000;

/** The part of IPv6 that is handed out for the public internet (RFC 4291, section 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/** Ranges that are not public, but whose machines an operator may own; link-local, where clouds keep secrets, is not one. */
const OWN_RANGES: ReadonlySet<string> = new Set(["private", "loopback", "uniqueLocal", "carrierGradeNat"]);

/**
 * Whether an address is on the public internet: unicast, and not private, loopback, link-local, carrier-grade NAT,
 * multicast, reserved, for documentation, or an IPv6 form that wraps an IPv4 address (mapped, 6to4, Teredo, NAT64).
 */
export function isPublicAddress(ip: string): boolean {
  const family = isIP(ip);
  if (family === 4) return ipaddr.IPv4.parse(ip).range() === "unicast";
  if (family !== 6 || ip.includes("%")) return false;
  const address = ipaddr.IPv6.parse(ip);
  return address.range() === "unicast" && address.match(GLOBAL_UNICAST);
}

/** Whether an address is public, or of a network that an operator may call its own: private, loopback, shared. */
export function isPublicOrPrivateAddress(ip: string): boolean {
  if (isPublicAddress(ip)) return true;
  return isIP(ip) !== 0 && !ip.includes("%") && OWN_RANGES.has(ipaddr.parse(ip).range());
}

/**
 * Checks a URL that somebody else named as {@link guardedFetch} does, without connecting. A later fetch checks again.
 * @throws FetchFailed with its reason
 */
export async function assertFetchable(url: string, options: GuardOptions): Promise<void> {
  const target = checkedUrl(url, options);
  await withDeadline(checkedAddresses(target, options), AbortSignal.timeout(options.timeoutMs));
}

/**
 * Fetches a URL that somebody else named.
 * @throws FetchFailed with its reason
 * @throws TypeError for a method or header that HTTP does not admit, or that is reserved: a mistake of the caller
 */
export async function guardedFetch(url: string, options: GuardedFetchOptions): Promise<GuardedResponse> {
  const target = checkedUrl(url, options);
  for (const name of Object.keys(options.headers ?? {})) {
    if (RESERVED_HEADERS.has(name.toLowerCase())) throw new TypeError(`The header ${name} cannot be set here.`);
  }
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const addresses = await withDeadline(checkedAddresses(target, options), deadline);
  return exchange(target, addresses, deadline, options);
}

function checkedUrl(url: string, { secureOnly = false, ports = DEFAULT_PORTS }: GuardOptions): URL {
  if (!URL.canParse(url)) throw new FetchFailed("url");
  const target = new URL(url);
  if (target.protocol !== "https:" && (secureOnly || target.protocol !== "http:")) throw new FetchFailed("url");
  if (target.username !== "" || target.password !== "") throw new FetchFailed("url");
  const port = target.port === "" ? (target.protocol === "https:" ? 443 : 80) : Number(target.port);
  if (ports !== "any" && !ports.includes(port)) throw new FetchFailed("port");
  return target;
}

/** All addresses of the host. One that is not public spoils the rest: no honest name mixes them. */
async function checkedAddresses(target: URL, options: GuardOptions): Promise<readonly string[]> {
  const host = bareHost(target);
  let addresses: readonly string[];
  try {
    addresses = isIP(host) ? [host] : await (options.resolver ?? resolveByName)(host);
  } catch (cause) {
    throw new FetchFailed("unresolved", { cause });
  }
  if (addresses.length === 0) throw new FetchFailed("unresolved");
  const allowed = options.allowAddress ?? isPublicAddress;
  if (!addresses.every((address) => isIP(address) !== 0 && allowed(address))) throw new FetchFailed("address");
  return addresses;
}

/**
 * Asks the name servers directly: the system's own call would hold one of few threads for as long as a name server of a
 * stranger keeps it waiting. `localhost` is never asked for (RFC 6761).
 */
async function resolveByName(hostname: string): Promise<readonly string[]> {
  if (/^(.+\.)?localhost\.?$/i.test(hostname)) return ["127.0.0.1", "::1"];
  const answers = await Promise.allSettled([dns.resolve4(hostname), dns.resolve6(hostname)]);
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
}

/** The host without the brackets that a URL puts around an IPv6 address. */
function bareHost(target: URL): string {
  return target.hostname.replace(/^\[(.*)\]$/, "$1");
}

function withDeadline<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = (): void => reject(new FetchFailed("timeout"));
    if (deadline.aborted) expire();
    deadline.addEventListener("abort", expire, { once: true });
    work.then(resolve, reject).finally(() => deadline.removeEventListener("abort", expire));
  });
}

/** Answers every question for an address with those that were checked. Node asks for one or for all of them. */
function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, asked, callback) => {
    const [first] = pinned;
    if (asked.all === true) callback(null, pinned);
    else if (first !== undefined) callback(null, first.address, first.family);
  };
}

function exchange(
  target: URL,
  addresses: readonly string[],
  deadline: AbortSignal,
  { maxBytes, cut = false, method = "GET", headers = {}, body }: GuardedFetchOptions,
): Promise<GuardedResponse> {
  return new Promise((resolve, reject) => {
    const connection: RequestOptions & Pick<TcpNetConnectOpts, "autoSelectFamily" | "autoSelectFamilyAttemptTimeout"> =
      {
        method,
        headers: {
          "user-agent": "OpenMolt",
          "accept-encoding": "identity",
          ...headers,
          ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
        },
        agent: false,
        lookup: pinnedLookup(addresses),
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS,
        signal: deadline,
      };
    const request = (target.protocol === "https:" ? requestHttps : requestHttp)(target, connection);
    const fail = (reason: FetchFailure, cause?: unknown): void => {
      request.destroy();
      reject(new FetchFailed(deadline.aborted ? "timeout" : reason, { cause }));
    };
    request.on("error", (cause) => fail("connection", cause));
    let answered = false;
    // As when the other side changes protocols: no answer and no error is ever seen.
    request.on("close", () => {
      if (!answered) fail("connection");
    });
    request.on("response", (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = (): void => {
        const taken = Buffer.concat(chunks).subarray(0, maxBytes);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: taken });
      };
      response.on("error", (cause) => fail("connection", cause));
      response.on("close", () => fail("connection"));
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBytes && !cut) return fail("too-large");
        chunks.push(chunk);
        if (size <= maxBytes) return;
        finish();
        request.destroy();
      });
      response.on("end", finish);
    });
    request.end(body);
  });
}
