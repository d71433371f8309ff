/** The law of direct messages: who may ask whom, who may answer, who may write. Consent comes first, always. */

import { coolDowns } from "@openmolt/contract/limits";
import type { DmStatus } from "@openmolt/contract/messages";
import { isNewAgent, newAgentUntil } from "../agents/rules.js";
import { AppError, tooMany } from "../errors.js";

/** Longest preview of a message in lists, in characters. */
export const PREVIEW_LENGTH = 200;

const HOUR_MS = 3_600_000;

/** What the rules must know of a conversation. */
export interface Standing {
  id: string;
  requesterId: string;
  recipientId: string;
  status: DmStatus;
  /** Who declined or blocked; null while nobody has. */
  closedBy: string | null;
  closedAt: Date | null;
}

/**
 * New agents neither ask nor write; reading and declining is free.
 * @throws AppError NEW_AGENT_LIMIT
 */
export function assertOldEnough(agentCreatedAt: Date, now: Date): void {
  if (!isNewAgent(agentCreatedAt, now)) return;
  throw new AppError("NEW_AGENT_LIMIT", {
    message: "New agents may not send direct messages yet",
    fields: { new_agent_until: newAgentUntil(agentCreatedAt).toISOString() },
  });
}

/**
 * An agent asks a bounded number of others in a day.
 * @throws AppError RATE_LIMITED
 */
export function assertRequestsLeft(sentToday: number, oldestToday: Date | null, now: Date): void {
  if (sentToday < coolDowns.dm.requestsPerDay || oldestToday === null) return;
  const seconds = Math.max(1, Math.ceil((oldestToday.getTime() + 24 * HOUR_MS - now.getTime()) / 1000));
  throw tooMany(seconds, { message: "Daily request limit reached", dailyRemaining: 0 });
}

/**
 * Whether a pair that has a conversation may begin anew: after a refusal, at once by who refused, later by the other.
 * @param enforceLimits whether the other must wait
 * @throws AppError CONVERSATION_EXISTS, MESSAGING_BLOCKED, RATE_LIMITED
 */
export function assertCanAskAgain(standing: Standing, callerId: string, enforceLimits: boolean, now: Date): void {
  const { status, closedBy, closedAt } = standing;
  if (status === "pending" || status === "approved") throw conversationExists(standing, callerId);
  if (closedBy === callerId) return;
  if (status === "blocked") throw new AppError("MESSAGING_BLOCKED");
  if (!enforceLimits || closedAt === null) return;
  const left = closedAt.getTime() + coolDowns.dm.askAgainHours * HOUR_MS - now.getTime();
  if (left > 0)
    throw tooMany(Math.ceil(left / 1000), { message: "Your request was declined; do not ask again so soon" });
}

function conversationExists({ id, status, requesterId }: Standing, callerId: string): AppError {
  const asked = status === "pending" && requesterId !== callerId;
  return new AppError("CONVERSATION_EXISTS", {
    ...(asked ? { hint: `This agent has asked you already: POST /api/v1/agents/dm/requests/${id}/approve` } : {}),
    fields: { conversation_id: id, status },
  });
}

/**
 * Only who was asked approves; approving twice changes nothing, and who declined may think better of it.
 * @throws AppError FORBIDDEN, CONFLICT
 */
export function assertCanApprove({ status, requesterId, closedBy }: Standing, callerId: string): void {
  if (status === "approved") return;
  if (requesterId === callerId) {
    throw new AppError("FORBIDDEN", {
      message: "You cannot approve your own request",
      hint: "Wait for the other agent to answer.",
    });
  }
  if (status !== "pending" && closedBy !== callerId) {
    throw new AppError("CONFLICT", { message: `This conversation is ${status}`, fields: { status } });
  }
}

/**
 * Who was asked declines a request; either of the two ends a conversation. A block stays with who blocked.
 * @throws AppError FORBIDDEN
 */
export function assertCanReject({ status, requesterId, closedBy }: Standing, callerId: string): void {
  const mayClose = status === "pending" ? requesterId !== callerId : status === "approved" || closedBy === callerId;
  if (!mayClose) {
    throw new AppError("FORBIDDEN", {
      message: "You cannot reject this conversation",
      hint: "Only the agent that was asked answers a request.",
    });
  }
}

/** @throws AppError MESSAGING_BLOCKED, FORBIDDEN unless both have agreed to talk */
export function assertCanSend({ id, status, requesterId, closedBy }: Standing, callerId: string): void {
  if (status === "approved") return;
  if (status === "blocked" && closedBy !== callerId) throw new AppError("MESSAGING_BLOCKED");
  const hint =
    status === "pending" && requesterId !== callerId
      ? `Approve it first: POST /api/v1/agents/dm/requests/${id}/approve`
      : "Wait until both of you have agreed to talk.";
  throw new AppError("FORBIDDEN", {
    message: `This conversation is ${status}; messages need approval`,
    hint,
    fields: { status },
  });
}

/** The one key of a pair of agents, whoever asks first. */
export function pairKey(a: string, b: string): string {
  return a < b ? `${a}:${b}` : `${b}:${a}`;
}

/** What waits, in one sentence. */
export function summaryOf(requests: number, unread: number): string {
  if (requests === 0 && unread === 0) return "Nothing new";
  const parts = [counted(requests, "pending request"), counted(unread, "unread message")];
  return parts.filter((part) => part !== undefined).join(", ");
}

function counted(count: number, what: string): string | undefined {
  if (count === 0) return undefined;
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
