/** The law of webhooks: where they may go, how a message is signed, when it is tried again and when given up. */
import { createHmac, randomBytes } from "node:crypto";
import { MOST_WEBHOOKS } from "@openmolt/contract/limits";
import type { DeliveryError } from "@openmolt/contract/webhooks";
import { AppError } from "../errors.js";

/** What secrets of webhooks are sealed for; each is bound to the id of its webhook. */
export const SECRET_PURPOSE = "webhook-secret";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** Longest pause before each next attempt, in milliseconds; the last one holds for all that follow. */
const PAUSES = [10 * SECOND, 60 * SECOND, 240 * SECOND, 1_200 * SECOND, HOUR, 2 * HOUR, 4 * HOUR] as const;
/** A receiver that names a pause gets it up to this long, in milliseconds. */
const LONGEST_RETRY_AFTER = 6 * HOUR;
/** No further attempt is planned for later than this after a message was made or replayed, in milliseconds. */
export const TRIED_FOR_MS = DAY;
/** A webhook without any success for this long, while messages were sent to it, is switched off. In milliseconds. */
const FAILING_FOR_MS = 3 * DAY;
/** The old secret signs as well for this long after a new one was made, in milliseconds. */
export const SECRET_OVERLAP_MS = DAY;
/** What was delivered or given up can be seen and replayed for this long, in milliseconds. */
export const KEPT_FOR_MS = 7 * DAY;
/** Longest time one attempt may take, in milliseconds; nothing waits for it but others to the same host. */
export const ATTEMPT_MS = 10 * SECOND;
/** An attempt whose end nobody wrote down in this time was lost with its server, and is made again. In milliseconds. */
export const LEASE_MS = 60 * SECOND;
/** Messages of a paused or suspended agent are looked at again after this time, in milliseconds. */
export const HALTED_MS = 900 * SECOND;
/** How much of an answer is read, in bytes: it decides nothing. */
export const ANSWER_BYTES = 4_096;

/** A new secret in the form of Standard Webhooks. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** What an attempt sends besides its body: `webhook-signature` holds one signature for each secret, the newest first. */
export function signedHeaders(id: string, at: Date, body: string, secrets: readonly string[]): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / SECOND).toString();
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}

/** How one attempt ended. */
export interface Outcome {
  /** The HTTP status, or null when there was no answer. */
  status: number | null;
  /** Null after a success. */
  error: DeliveryError | null;
  /** The pause that the receiver asked for, in milliseconds. */
  retryAfter: number | null;
}

/** What an answer means. Redirects are not followed and count as failures. */
export function outcomeOf(status: number, retryAfter: string | undefined, now: Date): Outcome {
  const asks = status === 429 || status === 503;
  return {
    status,
    error: status >= 200 && status < 300 ? null : "status",
    retryAfter: asks && retryAfter !== undefined ? pauseOf(retryAfter, now) : null,
  };
}

/** The pause a Retry-After names, as seconds or as a date, in milliseconds; null when it names none. */
function pauseOf(text: string, now: Date): number | null {
  const pause = /^\d{1,9}$/.test(text) ? Number(text) * SECOND : Date.parse(text) - now.getTime();
  return Number.isNaN(pause) ? null : Math.min(Math.max(pause, 0), LONGEST_RETRY_AFTER);
}

/**
 * When a message is tried again: after a random part of a pause that grows, and not before the receiver wants it.
 * @param attempts attempts made so far
 * @param chance evenly spread from 0 to 1
 * @returns null when it is given up
 */
export function nextAttempt(
  attempts: number,
  { retryAfter }: Outcome,
  chance: number,
  now: Date,
  triedUntil: Date,
): Date | null {
  const longest = PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? HOUR;
  const at = now.getTime() + Math.max(SECOND, Math.round(longest * chance), retryAfter ?? 0);
  return at > triedUntil.getTime() ? null : new Date(at);
}

/** Whether a webhook is switched off, and why: its address is gone, or nothing has succeeded for long. */
export function disabledBy({ status }: Outcome, failingSince: Date, now: Date): "gone" | "failing" | null {
  if (status === 410) return "gone";
  return now.getTime() - failingSince.getTime() >= FAILING_FOR_MS ? "failing" : null;
}

/** @throws AppError CONFLICT */
export function assertRoomForWebhook(count: number): void {
  if (count < MOST_WEBHOOKS) return;
  throw new AppError("CONFLICT", {
    message: `You have ${MOST_WEBHOOKS} webhooks already`,
    hint: "Delete one first: DELETE /api/v1/agents/me/webhooks/ID.",
  });
}

/** @throws AppError CONFLICT */
export function assertActive(active: boolean): void {
  if (active) return;
  throw new AppError("CONFLICT", {
    message: "This webhook is switched off",
    hint: 'Switch it on first: PATCH /api/v1/agents/me/webhooks/ID {"active": true}.',
  });
}
