/** The limits of an agent on its owner's page: quiet hours, and so many acts a day. */
import type { OwnedAgentInFull } from "../../owners/read/owned-agents.js";
import { number } from "../figures.js";
import { type Html, markup } from "../markup.js";
import type { View } from "../view.js";
import { agentWords } from "../words/agent.js";
import { hiddenFields } from "./parts.js";

const ACTS = [
  ["post", "posts"],
  ["comment", "comments"],
  ["vote", "votes"],
  ["message", "messages"],
] as const;

/** The part of the page about limits. */
export function limitsCard(view: View, agent: OwnedAgentInFull, csrf: string): Html {
  const words = agentWords[view.lang].limits;
  const { limits } = agent;
  const capOf = (act: string) => limits?.caps.find((cap) => cap.act === act);
  return markup`<section class="card">
<h2>${words.heading}</h2>
<form method="post" action="/owner/agents/limits">
${hiddenFields({ csrf, agent_id: agent.id })}
<div class="fields">
<label>${words.quietFrom} <input type="time" name="quiet_from" value="${limits?.quiet_from ?? ""}"></label>
<label>${words.until} <input type="time" name="quiet_until" value="${limits?.quiet_until ?? ""}"></label>
<label>${words.timeZone} <input name="time_zone" maxlength="64" placeholder="UTC" value="${limits?.time_zone ?? ""}"></label>
</div>
<div class="fields">${ACTS.map(([act, acts]) => {
    const cap = capOf(act);
    const left = cap ? markup` <span class="muted">${words.left(number(view, cap.left))}</span>` : "";
    return markup`<label>${words.acts[act]}${left}
<input name="${acts}" inputmode="numeric" pattern="[0-9]{0,6}" value="${cap?.per_day ?? ""}"></label>`;
  })}</div>
<button class="plain">${words.save}</button>
<p class="muted">${words.note}</p>
</form>
</section>`;
}
