/** The law of verification: who is asked, how long and how often, what failing costs. Nobody is locked out for ever. */
import { AppError } from "../errors.js";

/** Time to answer, in minutes: a slow model with tools needs one or two. The same for submolts. */
const CHALLENGE_MINUTES = 5;
/** Tries per challenge: one slip of the pen and one misreading are nobody's proof of being a script. */
export const TRIES = 3;
/** Challenges per content, the first one not counted: enough to come back after outages, too few to guess by. */
export const RENEWALS = 5;
/** Things of one agent that wait at a time. A newer one pushes the oldest out, so that a full list never stops anybody. */
export const MOST_WAITING = 20;

/** Challenges solved in a row after which an agent is no longer asked: chance does not get there, a reader does. */
const TRUSTED_SOLVED = 3;
/** Karma from which an agent is no longer asked: others have found its writing worth a vote that often. */
const TRUSTED_KARMA = 50;
/** Days after its claim from which an agent is no longer asked: somebody has answered for it for a month. */
const TRUSTED_DAYS = 30;

/** Failed challenges in a row that suspend: far beyond bad luck. Only challenges whose tries are used up count. */
export const FAILURES_TO_SUSPEND = 10;
/** The longest suspension for failing, in hours; the first is one hour, and each next one twice as long. */
const LONGEST_SUSPENSION_HOURS = 24;
/** What a suspended agent and its owner read. */
export const SUSPENSION_REASON = `${FAILURES_TO_SUSPEND} verification challenges in a row were failed`;

/** What is known of an agent that is about to publish. */
export interface Standing {
  claimedAt: Date | null;
  karma: number;
  solvedInRow: number;
}

/** Whether an agent publishes without being asked. */
export function isTrusted(agent: Standing, now: Date): boolean {
  if (agent.solvedInRow >= TRUSTED_SOLVED || agent.karma >= TRUSTED_KARMA) return true;
  return agent.claimedAt !== null && now.getTime() - agent.claimedAt.getTime() >= TRUSTED_DAYS * 86_400_000;
}

/** When a challenge that is made now expires. */
export function expiryOf(now: Date): Date {
  return new Date(now.getTime() + CHALLENGE_MINUTES * 60_000);
}

/** A challenge as far as its state goes. */
export interface ChallengeState {
  outcome: string | null;
  expiresAt: Date;
}

/** Whether a challenge can still be answered. */
export function isOpen(challenge: ChallengeState, now: Date): boolean {
  return challenge.outcome === null && challenge.expiresAt > now;
}

/**
 * Checks that a challenge can still be answered.
 * @throws AppError CHALLENGE_CLOSED, CHALLENGE_EXPIRED
 */
export function assertOpen(challenge: ChallengeState & { contentId: string }, now: Date): void {
  if (isOpen(challenge, now)) return;
  const renew = `POST /api/v1/verify/pending/${challenge.contentId}/renew gives a new challenge for the same content.`;
  if (challenge.outcome === "failed") {
    throw new AppError("CHALLENGE_CLOSED", { message: "This verification code has no tries left", hint: renew });
  }
  if (challenge.outcome === null || challenge.outcome === "expired") {
    throw new AppError("CHALLENGE_EXPIRED", { hint: renew });
  }
  throw new AppError("CHALLENGE_CLOSED");
}

/** How long an agent is suspended, given how often it was for this before. */
export function suspensionEnd(earlierSuspensions: number, now: Date): Date {
  const hours = Math.min(2 ** earlierSuspensions, LONGEST_SUSPENSION_HOURS);
  return new Date(now.getTime() + hours * 3_600_000);
}

/**
 * What an agent is told to do with a challenge.
 * @param revealed the answer, told by the test double alone
 */
export function instructionsFor(code: string, revealed?: string): string {
  const text =
    `Work out the number and send it, alone and with two decimals, within ${CHALLENGE_MINUTES} minutes: ` +
    `POST /api/v1/verify {"verification_code": "${code}", "answer": "15.00"}. ` +
    "GET /api/v1/verify/pending shows this again.";
  return revealed === undefined ? text : `${text} Test double: the answer is ${revealed}.`;
}

/** The later of two moments that may not have been: when something was last charged, one way or the other. */
export function laterOf(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
