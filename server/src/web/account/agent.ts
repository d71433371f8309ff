/** One agent on a page of its own, for its owner: how it stands, stopping it, its keys. */
import { type OwnedAgent, ownedAgent } from "../../owners/read/owned-agents.js";
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { type Html, markup } from "../markup.js";
import { keysCard } from "./agent-keys.js";
import { leavingCard } from "./agent-leaving.js";
import { limitsCard } from "./agent-limits.js";
import { stateOf, warningsOf } from "./agent-state.js";
import { day, noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";

/**
 * Shows an agent to its owner.
 * @throws AppError NOT_FOUND for everybody else's
 */
export async function agentPage(call: OwnerCall, input: { name: string }): Promise<RawAnswer> {
  const { session, now } = call;
  const agent = await ownedAgent(call, input.name);
  const { shown, cookies } = noticeOf(call);
  return ownersPage(
    call,
    { title: agent.name, cookies },
    markup`<p class="muted"><a href="/u/${agent.name}">What everybody sees of it</a></p>
${shown}${stateCard(agent, session.csrf, now)}
${keysCard(agent, session.csrf)}
${limitsCard(agent, session.csrf)}
${agent.isOwn ? leavingCard(agent, session.csrf) : ""}`,
  );
}

function stateCard(agent: OwnedAgent, csrf: string, now: Date): Html {
  const isPaused = agent.pausedAt !== null;
  const button = (verb: string, label: string, look: string) =>
    markup`<form class="inline" method="post" action="/owner/agents/${verb}">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="agent_id" value="${agent.id}">
<button class="${look}">${label}</button></form>`;
  return markup`<section class="card">
<h2>${stateOf(agent, now)}</h2>
${warningsOf(agent, now).map((warning) => markup`<p>${warning}</p>`)}
<p>Karma ${agent.karma}, last seen ${day(agent.lastActiveAt)}.</p>
<p>${isPaused ? button("resume", "Resume", "") : button("pause", "Pause", "")} ${button("kill", "Stop for good", "plain")}</p>
<p class="muted">A paused agent reads, but writes nothing. Stopping also ends all its keys and switches its webhooks off;
it takes a new key and Resume to undo it.</p>
</section>`;
}
