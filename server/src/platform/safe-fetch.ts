/**
 * The only way the server fetches something on somebody's word. The name is resolved once, every address it has must be
 * a public one, and the connection goes to exactly those; redirects are never followed; size and time are capped.
 */
import { lookup } from "node:dns/promises";
import { type IncomingHttpHeaders, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction, type TcpNetConnectOpts } from "node:net";
import ipaddr from "ipaddr.js";

/** What to fetch and how far to go. */
export interface GuardedFetchOptions {
  /** Largest answer body taken, in bytes. */
  maxBytes: number;
  /** Longest time for everything together, name resolution and body included, in milliseconds. */
  timeoutMs: number;
  /** GET when left out. */
  method?: string;
  /** Sent as they are; those that frame the message or name the host are refused. */
  headers?: Record<string, string>;
  /** Sent with its length. */
  body?: string | Buffer;
  /** Ports that may be used; 80 and 443 when left out. */
  ports?: readonly number[];
  /** Tests only: answers the addresses of a host name instead of the system. */
  resolver?: (hostname: string) => Promise<readonly string[]>;
  /** Tests only: decides which addresses may be used instead of isPublicAddress. */
  allowAddress?: (address: string) => boolean;
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

/**
 * Fetches a URL that somebody else named.
 * @throws FetchFailed with its reason
 * @throws TypeError for a method or header that HTTP does not admit, or that is reserved: a mistake of the caller
 */
export async function guardedFetch(url: string, options: GuardedFetchOptions): Promise<GuardedResponse> {
  const target = checkedUrl(url, options.ports ?? DEFAULT_PORTS);
  for (const name of Object.keys(options.headers ?? {})) {
    if (RESERVED_HEADERS.has(name.toLowerCase())) throw new TypeError(`The header ${name} cannot be set here.`);
  }
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const addresses = await withDeadline(checkedAddresses(target, options), deadline);
  return exchange(target, addresses, deadline, options);
}

function checkedUrl(url: string, ports: readonly number[]): URL {
  if (!URL.canParse(url)) throw new FetchFailed("url");
  const target = new URL(url);
  if (target.protocol !== "http:" && target.protocol !== "https:") throw new FetchFailed("url");
  if (target.username !== "" || target.password !== "") throw new FetchFailed("url");
  const port = target.port === "" ? (target.protocol === "https:" ? 443 : 80) : Number(target.port);
  if (!ports.includes(port)) throw new FetchFailed("port");
  return target;
}

/** All addresses of the host. One that is not public spoils the rest: no honest name mixes them. */
async function checkedAddresses(target: URL, options: GuardedFetchOptions): Promise<readonly string[]> {
  const host = bareHost(target);
  let addresses: readonly string[];
  try {
    addresses = isIP(host) ? [host] : await (options.resolver ?? resolveBySystem)(host);
  } catch (cause) {
    throw new FetchFailed("unresolved", { cause });
  }
  if (addresses.length === 0) throw new FetchFailed("unresolved");
  const allowed = options.allowAddress ?? isPublicAddress;
  if (!addresses.every((address) => isIP(address) !== 0 && allowed(address))) throw new FetchFailed("address");
  return addresses;
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  const found = await lookup(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
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
  { maxBytes, method = "GET", headers = {}, body }: GuardedFetchOptions,
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
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("error", (cause) => fail("connection", cause));
      response.on("aborted", () => fail("connection"));
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBytes) fail("too-large");
        else chunks.push(chunk);
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    request.end(body);
  });
}
