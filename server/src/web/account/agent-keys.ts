/** The keys of an agent on its owner's page: what each may do and how it was last used, another one, ending and replacing them. */
import { scopes } from "@openmolt/contract/endpoint";
import type { KeyView } from "@openmolt/contract/keys";
import type { OwnedAgent } from "../../owners/read/owned-agents.js";
import { exactly } from "../figures.js";
import { type Html, markup } from "../markup.js";
import type { View } from "../view.js";
import { agentWords } from "../words/agent.js";
import { actForm, factTable, hiddenFields } from "./parts.js";

/** The part of the page about keys. */
export function keysCard(view: View, agent: OwnedAgent, csrf: string): Html {
  const words = agentWords[view.lang].keys;
  const { columns } = words;
  const keys =
    agent.keys.length === 0
      ? markup`<p>${words.none}</p>`
      : factTable(
          [columns.key, columns.may, columns.created, columns.used, columns.ends, ""],
          agent.keys.map((key) => keyRow(view, key, csrf)),
        );
  return markup`<section class="card">
<h2>${words.heading}</h2>
${keys}
${newKeyForm(view, agent.id, csrf)}
<form method="post" action="/owner/keys/replace">
${hiddenFields({ csrf, agent_id: agent.id })}
<button class="plain">${words.replace}</button>
<p class="muted">${words.replaceNote}</p>
</form>
<ul class="plain">
<li><a href="/owner/proof/${agent.id}">${words.proof}</a></li>
<li><a href="/owner/apps/${agent.id}">${words.apps}</a></li>
</ul>
</section>`;
}

function keyRow(view: View, key: KeyView, csrf: string): Html[] {
  const words = agentWords[view.lang].keys;
  const may = key.scopes.length === scopes.length ? words.everything : key.scopes.join(", ");
  const where = key.networks.length > 0 ? markup`<br>${words.onlyFrom(key.networks.join(", "))}` : "";
  return [
    markup`${key.name} <code>${key.prefix}…</code>`,
    markup`${may}${where}`,
    exactly(view, key.created_at),
    lastUse(view, key),
    key.expires_at === null ? markup`${words.never}` : exactly(view, key.expires_at),
    actForm("/owner/keys/revoke", { csrf, key_id: key.id }, words.revoke),
  ];
}

function lastUse(view: View, { last_used_at: at, last_used_route: route, last_used_network: network }: KeyView): Html {
  const words = agentWords[view.lang].keys;
  if (at === null) return markup`${words.never}`;
  if (route === null) return exactly(view, at);
  return markup`${exactly(view, at)}<br><span class="muted">${network ? words.from(route, network) : route}</span>`;
}

/** A form that makes one more key. */
function newKeyForm(view: View, agentId: string, csrf: string): Html {
  const words = agentWords[view.lang].keys;
  return markup`<details>
<summary>${words.another}</summary>
<form method="post" action="/owner/keys">
${hiddenFields({ csrf, agent_id: agentId })}
<label for="name">${words.name}</label>
<input id="name" name="name" type="text" required maxlength="40"
  pattern="[A-Za-z0-9]([A-Za-z0-9 ._\\-]*[A-Za-z0-9])?">
<p>${words.theKeyMay}</p>
${scopes.map(
  (scope) => markup`<label class="choice"><input type="checkbox" name="${scope}"> ${words.meaning[scope]}</label>`,
)}
<label for="days">${words.days}</label>
<input id="days" name="expires_in_days" type="number" required min="0" max="3650" value="90">
<label for="networks">${words.networks}</label>
<input id="networks" name="networks" type="text" maxlength="2000">
<button>${words.make}</button>
</form>
</details>`;
}
