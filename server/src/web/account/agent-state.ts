/** How an agent stands, in words for its owner: its state at a glance, and what wants to be looked at. */
import type { OwnedAgent } from "../../owners/read/owned-agents.js";
import { counted, minute, number } from "../figures.js";
import type { View } from "../view.js";
import { agentWords } from "../words/agent.js";

/** A key that ends within this time is worth a word, in milliseconds. */
const ENDS_SOON_MS = 7 * 86_400_000;

/** The state in a word or two. */
export function stateOf({ lang, now }: View, agent: OwnedAgent): string {
  const { states } = agentWords[lang];
  if (agent.pausedAt !== null) return agent.keys.length === 0 ? states.stopped : states.paused;
  return agent.suspendedUntil && agent.suspendedUntil > now ? states.suspended : states.active;
}

/** What wants to be looked at, one sentence each. */
export function warningsOf(view: View, agent: OwnedAgent): string[] {
  const { warnings: words } = agentWords[view.lang];
  const now = view.now.getTime();
  const warnings: string[] = [];
  if (agent.suspendedUntil && agent.suspendedUntil > view.now) {
    warnings.push(words.suspended(minute(view, agent.suspendedUntil), agent.suspensionReason ?? words.noReason));
  }
  const { keys, openChallenges } = agent;
  if (keys.length === 0) warnings.push(words.noKey);
  else if (keys.every((key) => key.expires_at !== null && Date.parse(key.expires_at) < now + ENDS_SOON_MS)) {
    warnings.push(words.keyEnds);
  }
  if (openChallenges > 0)
    warnings.push(openChallenges === 1 ? words.challenge : words.challenges(number(view, openChallenges)));
  return warnings;
}

/** How long ago something was, in days: `today`, `1 day`, `12 days`. */
export function age(view: View, time: string): string {
  const { today, day } = agentWords[view.lang].age;
  const days = Math.floor((view.now.getTime() - Date.parse(time)) / 86_400_000);
  return days < 1 ? today : counted(view, days, day);
}
