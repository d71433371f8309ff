/**
 * The gateway: a reverse proxy on this machine for an agent of any make. The agent has a throw-away token; the key is here and
 * is sent to one origin only. What is not on the allow-list, over the budget, caught by the gate or unapproved does not leave.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { ApiError } from "@openmolt/sdk";
import { Value } from "typebox/value";
import { Stopped } from "../../runner/broker.js";
import { Decision } from "../../runner/decision.js";
import { type Guard, gate, type Hit } from "../../runner/gate/gate.js";
import { addApproval } from "../approvals.js";
import type { Audit } from "../audit.js";
import type { Ledger } from "../budget.js";
import type { Places } from "../files.js";
import { hitsOf, MOST_HITS } from "../hits.js";
import { endedBy } from "../refusals.js";
import { readStop, writeStop } from "../stop.js";
import { parse, readAll } from "../wire.js";
import { type AskedAct, actOf } from "./act-of.js";
import { type Allowed, type Find, isUsual } from "./allow-list.js";

/** Most bytes of the body of a request. */
const MOST_BYTES = 1_000_000;
/** Connections of the agent at once. */
const MOST_CONNECTIONS = 64;
/** An answer of the network that takes longer, in milliseconds, does not come. */
const PATIENCE_MS = 60_000;
/** Headers that pass, to the network and back. */
const PASSED = {
  request: ["accept", "idempotency-key", "if-none-match"],
  answer: ["content-type", "etag", "retry-after", "ratelimit", "ratelimit-policy", "x-request-id"],
} as const;

/** What a gateway stands on. */
export interface GatewayOptions {
  /** Origin of the network. */
  network: string;
  apiKey: string;
  /** What the agent sends in the key's place. */
  token: string;
  /** Names and ports under which the agent reaches it, as in the header Host. */
  hosts: readonly string[];
  find: Find;
  /** `lurk`: reads only; `engage`: texts wait for the owner; `active`: they go out. */
  mode: "lurk" | "engage" | "active";
  guard: Guard;
  ledger: Ledger;
  audit: Audit;
  places: Places;
  /** Reaches the network's origin and no other, see pinned-fetch.ts. */
  fetch: typeof fetch;
  now(): Date;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}
interface Verdict {
  answer: Answer;
  /** Name of the call, once it is known. */
  call?: string;
  gate?: Hit[];
  /** UPPER_SNAKE: why it did not pass. */
  code?: string;
}

/** Makes a gateway; it listens when it is told to. */
export function createGateway(options: GatewayOptions): Server {
  const { audit, now } = options;
  const onHit = () => {
    const hits = hitsOf(options.places) + 1;
    if (hits < MOST_HITS) return;
    const why = `What the agent sent was held back ${hits} times. See the audit log, then let it go on.`;
    writeStop(options.places.stop, { kind: "paused", code: "GATE", why, at: now().toISOString() });
  };
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 30_000 }, (request, response) => {
    void judge(options, request, onHit)
      .catch((error: unknown) =>
        error instanceof Stopped
          ? refuse(error.code === "BUDGET" ? 429 : 503, error.code, error.message)
          : refuse(502, "NETWORK", "The network did not answer."),
      )
      .then(({ answer, call, gate: found = [], code }) => {
        const { method = "", url = "" } = request;
        const path = url.split("?")[0]?.slice(0, 200) ?? "";
        audit({
          at: now().toISOString(),
          door: "request",
          method,
          path,
          call,
          gate: found,
          status: answer.status,
          code,
        });
        const close = request.complete ? {} : { connection: "close" };
        response.writeHead(answer.status, { ...answer.headers, ...close });
        response.end(answer.body);
      })
      .catch(() => response.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

async function judge(options: GatewayOptions, request: IncomingMessage, onHit: () => void): Promise<Verdict> {
  const { method = "", url = "", headers } = request;
  if (!options.hosts.includes(headers.host ?? "") || headers.origin !== undefined) {
    return refuse(421, "HOST", "This is not a place for browsers, nor for other names.");
  }
  if (!isToken(headers.authorization, options.token)) {
    return refuse(401, "UNAUTHORIZED", "Send the token that the gateway printed: Authorization: Bearer ...");
  }
  const stop = readStop(options.places.stop, options.now());
  if (stop !== undefined) return refuse(503, stop.code, stop.why);
  const [path = "", query = ""] = url.split("?", 2);
  const allowed = options.find(method, path);
  if (allowed === undefined) return refuse(403, "NOT_ALLOWED", "The owner of this agent does not allow that call.");
  const call = allowed.name;
  const text = method === "GET" ? "" : await readAll(request, MOST_BYTES);
  if (text === undefined) return { ...refuse(413, "BODY_TOO_LARGE", "The body is too large."), call };
  const body = text === "" ? {} : parse(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return { ...refuse(415, "INVALID_JSON", "The body is one JSON object, nothing else."), call };
  }
  const isWrite = method !== "GET";
  if (isWrite && options.mode === "lurk")
    return { ...refuse(403, "LURKS", "This agent reads, and writes nothing."), call };

  const asked = [...new URLSearchParams(query), ...Object.entries(allowed.params)].flat();
  const passed = PASSED.request.map((name) => String(headers[name] ?? ""));
  // What is only asked for is published to nobody: there a key alone counts, not a link or an address that is searched for.
  const found = [
    ...gate([...stringsIn(body), ...asked].join("\n"), options.guard).filter(
      ({ rule }) => isWrite || rule === "secret",
    ),
    ...gate(passed.join("\n"), options.guard).filter(({ rule }) => rule === "secret"),
  ];
  if (found.length > 0) {
    onHit();
    const what = [...new Set(found.map((hit) => hit.what))].join(", ");
    return {
      ...refuse(422, "GATE", `The text holds what must not leave: ${what}. Nothing was sent.`),
      call,
      gate: found,
    };
  }
  const act = isWrite ? actOf(allowed, body as Record<string, unknown>) : undefined;
  if (options.mode === "engage" && isWrite) {
    if (act !== undefined && "text" in act.decision) return { ...lay(options, act), call };
    const why = "The owner wants to see texts before they go out, and this call cannot wait for that.";
    if (act === undefined && !isUsual(call) && stringsIn(body).length > 0)
      return { ...refuse(403, "CANNOT_WAIT", why), call };
  }
  options.ledger.bookCall({ tokens: 0, micros: 0 })({ tokens: 0, micros: 0 });
  const giveBack = act === undefined ? undefined : options.ledger.bookAct(act.decision.action);
  if (act !== undefined && giveBack === undefined) {
    return { ...refuse(429, "DAILY_LIMIT", "The owner allows no more of this today."), call };
  }
  const answer = await passOn(options, request, allowed, path, query, text === "" ? undefined : body);
  if (answer.status >= 400 && answer.status < 500) giveBack?.();
  return { answer, call };
}

/** Lays an act before the owner. */
function lay({ places, now }: GatewayOptions, { decision, aim }: AskedAct): Verdict {
  if (!Value.Check(Decision, decision)) {
    return refuse(422, "NOT_AN_ACT", "A field is missing, too long or of another kind, so the owner is not asked.");
  }
  const isLaid = addApproval(places.approvals, { decision, ...(aim && { target: aim }) }, now());
  if (!isLaid) return refuse(429, "QUEUE_FULL", "Too much waits for the owner already.");
  const body = {
    success: true,
    status: "awaits_approval",
    message: "The owner decides; it is published when approved.",
  };
  return { answer: { status: 202, headers: JSON_TYPE, body: JSON.stringify(body) }, code: "AWAITS_APPROVAL" };
}

async function passOn(
  { network, apiKey, fetch: send, places, now }: GatewayOptions,
  request: IncomingMessage,
  { endpoint }: Allowed,
  path: string,
  query: string,
  body: object | undefined,
): Promise<Answer> {
  const url = new URL(network);
  url.pathname = path;
  url.search = query;
  if (url.pathname !== path) throw new Error("The path is not as it was checked.");
  const headers: Record<string, string> = {};
  for (const name of PASSED.request) {
    const value = request.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  if (endpoint.auth !== "none") headers.authorization = `Bearer ${apiKey}`;
  // Written anew: what was checked is what is sent, also where a field stood there twice.
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  if (body !== undefined) headers["content-type"] = "application/json";
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const got = await send(url, { method: request.method ?? "GET", headers, signal, ...init });
  const text = await got.text();
  if (text.includes(apiKey)) throw new Error("The answer holds the key.");
  if (got.status >= 400) noteEnd(places.stop, got.status, text, now());
  const passed = PASSED.answer.flatMap((name) => {
    const value = got.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { status: got.status, headers: Object.fromEntries(passed), body: text };
}

/** Lays the kill switch when the network says that the agent is paused or its key has ended. */
function noteEnd(path: string, status: number, text: string, now: Date): void {
  const body = (parse(text) ?? {}) as Record<string, unknown>;
  const end = endedBy(new ApiError(status, String(body.code), "", body), now);
  if (end !== undefined) writeStop(path, end);
}

const JSON_TYPE = { "content-type": "application/json" };

function refuse(status: number, code: string, message: string): Verdict {
  const body = { success: false, error: message, message, hint: "This is the owner's gateway, not the network.", code };
  return { answer: { status, headers: JSON_TYPE, body: JSON.stringify(body) }, code };
}

function isToken(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${token}`));
}

/** Every text in a value, keys included: a secret may stand anywhere. */
function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [...(Array.isArray(value) ? [] : [key]), ...stringsIn(each)]);
}
