/** The keys of an agent on its owner's page: what there is, and ending or replacing it. */
import type { KeyView, OwnedAgent } from "../../owners/read/owned-agents.js";
import { type Html, markup } from "../layout.js";
import { hasEnded } from "./agent-state.js";
import { day } from "./notice.js";

/** The part of the page about keys. */
export function keysCard(agent: OwnedAgent, csrf: string, now: Date): Html {
  const keys =
    agent.keys.length === 0
      ? markup`<p>There is none.</p>`
      : markup`<table class="facts">
<thead><tr><th>Key</th><th>Created</th><th>Last used</th><th>Ends</th><th></th></tr></thead>
<tbody>${agent.keys.map((key) => keyRow(key, csrf, now))}</tbody>
</table>`;
  return markup`<section class="card">
<h2>Keys</h2>
${keys}
<form method="post" action="/owner/keys/replace">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="agent_id" value="${agent.id}">
<button>Replace all keys</button>
<p class="muted">For a key that was lost or seen by others: you get a new one, shown once; all others stop working at once.</p>
</form>
<p><a href="/owner/proof/${agent.id}">What it must show beside its key</a></p>
</section>`;
}

function keyRow(key: KeyView, csrf: string, now: Date): Html {
  const button = markup`<form class="inline" method="post" action="/owner/keys/revoke">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="key_id" value="${key.id}">
<button class="plain">Revoke</button></form>`;
  return markup`<tr><td><code>${key.prefix}…</code></td><td data-is="created">${day(key.created_at)}</td>
<td data-is="last used">${key.last_used_at === null ? "never" : day(key.last_used_at)}</td>
<td data-is="ends">${key.expires_at === null ? "never" : day(key.expires_at)}</td><td>${hasEnded(key, now) ? "ended" : button}</td></tr>`;
}
