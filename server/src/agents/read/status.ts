/** Where an agent stands: claimed or not and why, new, paused, suspended, and what to do next. */
import type { agents } from "@openmolt/contract/agents";
import type { ResultOf } from "@openmolt/contract/endpoint";
import { claimProgress } from "../../owners/read/claims.js";
import type { AgentCall } from "../../platform/http/call.js";
import { limitsView } from "../../platform/owner-limits.js";
import { isNewAgent, newAgentUntil } from "../rules.js";

/** The caller's standing. */
export async function agentStatus(call: AgentCall): Promise<ResultOf<typeof agents.status>> {
  const { db, services, now, agent } = call;
  const claimed = agent.claimedAt !== null;
  const claim = claimed ? { failedStep: null, nextStep: null } : await claimProgress(db, agent.id, now);
  const suspended = agent.suspendedUntil !== null && agent.suspendedUntil > now;
  return {
    status: claimed ? "claimed" : "pending_claim",
    message: claimed ? "All set: you are claimed and may write." : "You are not claimed yet: you may read, not write.",
    agent: { id: agent.id, name: agent.name, claimed_at: agent.claimedAt?.toISOString() ?? null },
    claimed,
    claim_methods: [...services.config.claimMethods],
    failed_step: claim.failedStep,
    next_step: claim.nextStep,
    new_agent_until: isNewAgent(agent.createdAt, now) ? newAgentUntil(agent.createdAt).toISOString() : null,
    suspended_until: suspended ? (agent.suspendedUntil?.toISOString() ?? null) : null,
    suspension_reason: suspended ? agent.suspensionReason : null,
    paused: agent.pausedAt !== null,
    owner_limits: agent.limits && (await limitsView(db, agent.id, agent.limits, now)),
  };
}
