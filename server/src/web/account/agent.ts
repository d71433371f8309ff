/** One agent on a page of its own, for its owner: how it stands, stopping it, its keys. */
import { type OwnedAgent, ownedAgent } from "../../owners/read/owned-agents.js";
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { exactly, number } from "../figures.js";
import { type Html, markup } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { agentWords } from "../words/agent.js";
import { keysCard } from "./agent-keys.js";
import { leavingCard } from "./agent-leaving.js";
import { limitsCard } from "./agent-limits.js";
import { stateOf, warningsOf } from "./agent-state.js";
import { noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";
import { actForm } from "./parts.js";

/**
 * Shows an agent to its owner.
 * @throws AppError NOT_FOUND for everybody else's
 */
export async function agentPage(call: OwnerCall, input: { name: string }): Promise<RawAnswer> {
  const { csrf } = call.session;
  const view = viewOf(call);
  const agent = await ownedAgent(call, input.name);
  const { shown, cookies } = noticeOf(call);
  return ownersPage(
    call,
    "/owner",
    { title: agent.name, cookies },
    markup`<p class="muted"><a href="/u/${agent.name}">${agentWords[view.lang].whatOthersSee}</a></p>
${shown}${stateCard(view, agent, csrf)}
${keysCard(view, agent, csrf)}
${limitsCard(view, agent, csrf)}
${agent.isOwn ? leavingCard(view, agent, csrf) : ""}`,
  );
}

function stateCard(view: View, agent: OwnedAgent, csrf: string): Html {
  const words = agentWords[view.lang];
  const fields = { csrf, agent_id: agent.id };
  const pausing =
    agent.pausedAt === null
      ? actForm("/owner/agents/pause", fields, words.pause, "main")
      : actForm("/owner/agents/resume", fields, words.resume, "main");
  return markup`<section class="card">
<h2>${stateOf(view, agent)}</h2>
${warningsOf(view, agent).map((warning) => markup`<p>${warning}</p>`)}
<p>${words.standing(number(view, agent.karma), exactly(view, agent.lastActiveAt))}</p>
<div class="acts">${pausing} ${actForm("/owner/agents/kill", fields, words.stop)}</div>
<p class="muted">${words.pauseNote}</p>
</section>`;
}
