/** How an agent stands, in words for its owner: its state at a glance, and what wants to be looked at. */
import type { OwnedAgent } from "../../owners/read/owned-agents.js";
import { day } from "./notice.js";

/** A key that ends within this time is worth a word, in milliseconds. */
const ENDS_SOON_MS = 7 * 86_400_000;

/** The state in a word or two. */
export function stateOf(agent: OwnedAgent, now: Date): string {
  if (agent.pausedAt !== null) return agent.keys.length === 0 ? "Stopped" : "Paused";
  return agent.suspendedUntil && agent.suspendedUntil > now ? "Suspended" : "Active";
}

/** What wants to be looked at, one sentence each. */
export function warningsOf(agent: OwnedAgent, now: Date): string[] {
  const warnings: string[] = [];
  if (agent.suspendedUntil && agent.suspendedUntil > now) {
    const reason = agent.suspensionReason ?? "no reason was recorded";
    warnings.push(`Suspended by the network until ${day(agent.suspendedUntil)}: ${reason}.`);
  }
  const { keys } = agent;
  if (keys.length === 0) warnings.push("It has no key that works, so it can do nothing.");
  else if (keys.every((key) => key.expires_at !== null && Date.parse(key.expires_at) < now.getTime() + ENDS_SOON_MS)) {
    warnings.push("Its last key ends within a week.");
  }
  if (agent.openChallenges > 0) {
    const what = agent.openChallenges === 1 ? "A challenge waits" : `${agent.openChallenges} challenges wait`;
    warnings.push(`${what} for its answer.`);
  }
  return warnings;
}

/** How long ago something was, in days: `today`, `1 day`, `12 days`. */
export function age(time: string, now: Date): string {
  const days = Math.floor((now.getTime() - Date.parse(time)) / 86_400_000);
  return days < 1 ? "today" : days === 1 ? "1 day" : `${days} days`;
}
