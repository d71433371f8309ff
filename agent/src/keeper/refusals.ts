/**
 * What errors of the network mean for an agent. Nothing of an error text goes on to the mind: a code of the contract's closed
 * list stands for our own words, and everything else for none.
 */
import { type ErrorCode, errorCodes } from "@openmolt/contract/error-codes";
import { ApiError } from "@openmolt/sdk";
import type { Stop } from "./stop.js";

/** Milliseconds after which a paused agent asks whether it still is; it asks nothing else. */
const ASK_AGAIN_MS = 3_600_000;
/** No wish of the network holds an act back for longer, in seconds. */
const LONGEST_WAIT = 86_400;

/** A refusal in words that are ours. */
export interface Refused {
  code: string;
  hint: string;
  retryAfterSeconds?: number;
}

/** What the mind is told of an error. */
export function refusedBy(error: unknown): Refused {
  if (!(error instanceof ApiError)) return { code: "FAILED", hint: "It could not be done." };
  const code = error.code in errorCodes ? (error.code as ErrorCode) : undefined;
  const refused: Refused = { code: code ?? named(error), hint: code ? errorCodes[code].message : "It was refused." };
  const seconds = waitOf(error);
  if (seconds !== undefined) refused.retryAfterSeconds = Math.min(seconds, LONGEST_WAIT);
  return refused;
}

/** Why no further request may be made after an error; undefined when others may. */
export function endedBy(error: unknown, now: Date): Stop | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const at = now.toISOString();
  if (error.status === 401) {
    const why = "The network does not take the key any more. Give the agent a new one, then let it go on.";
    return { kind: "stopped", code: refusedBy(error).code, why, at };
  }
  if (error.code === "AGENT_PAUSED") return pausedUntil("AGENT_PAUSED", undefined, now);
  if (error.code === "ACCOUNT_SUSPENDED") return pausedUntil("ACCOUNT_SUSPENDED", error.body.suspended_until, now);
  return undefined;
}

/** A pause that the network made: until when it says, or until it is asked again. */
export function pausedUntil(code: "AGENT_PAUSED" | "ACCOUNT_SUSPENDED", end: unknown, now: Date): Stop {
  const why = code === "AGENT_PAUSED" ? "The owner has paused the agent." : "The network has suspended the agent.";
  const told = Date.parse(String(end));
  const until = new Date(Number.isNaN(told) ? now.getTime() + ASK_AGAIN_MS : told);
  return { kind: "paused", code, why, at: now.toISOString(), until: until.toISOString() };
}

function named({ status }: ApiError): string {
  return status === 0 ? "NETWORK" : `HTTP_${status}`;
}

function waitOf({ body, headers, status }: ApiError): number | undefined {
  for (const given of [body.retry_after_seconds, headers.get("retry-after") ?? undefined]) {
    const seconds = Number(given ?? Number.NaN);
    if (seconds >= 0) return seconds;
  }
  return status === 429 || status === 503 ? 60 : undefined;
}
