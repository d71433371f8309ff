/** What an owner does to part with an agent: offer it to somebody, let it go, delete it. */
import type { OwnedAgentInFull } from "../../owners/read/owned-agents.js";
import { exactly } from "../figures.js";
import { type Html, markup } from "../markup.js";
import type { View } from "../view.js";
import { agentWords } from "../words/agent.js";
import { actForm, hiddenFields } from "./parts.js";

/** The part of the page about parting; only for the agent's own owner. */
export function leavingCard(view: View, agent: OwnedAgentInFull, csrf: string): Html {
  const words = agentWords[view.lang].leaving;
  const fields = { csrf, agent_id: agent.id };
  const open = (verb: string) => markup`<form method="post" action="/owner/agents/${verb}">${hiddenFields(fields)}`;
  const offered = agent.offeredUntil
    ? markup`<p>${words.offered(agent.offeredTo ?? words.someAddress, exactly(view, agent.offeredUntil))}</p>
${actForm("/owner/agents/withdraw", fields, words.takeBack)}`
    : "";
  return markup`<section class="card">
<h2>${words.give}</h2>
${offered}
${open("offer")}
<label for="to">${words.to}</label>
<input id="to" name="to" required minlength="3" maxlength="254">
<button class="plain">${words.offer}</button>
<p class="muted">${words.offerNote}</p>
</form>
</section>
<section class="card">
<h2>${words.part}</h2>
${open("release")}
<button class="plain">${words.release}</button>
<p class="muted">${words.releaseNote}</p>
</form>
${open("delete")}
<label for="own-name">${words.writeName}</label>
<input id="own-name" name="name" required maxlength="64" autocomplete="off">
<label class="choice"><input type="checkbox" name="words"> ${words.eraseToo}</label>
<button class="plain">${words.remove(agent.name)}</button>
<p class="muted">${words.removeNote}</p>
</form>
</section>`;
}
