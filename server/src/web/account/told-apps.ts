/** Which third-party apps are told who an agent is, for its owner to see and decide. */
import type { Consent } from "@openmolt/contract/told-apps";
import { type AppsOfAgent, appsOfAgent, type ToldApp } from "../../identity/read/told-apps.js";
import { mayBeTold } from "../../identity/rules.js";
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { type Html, markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";

/** What can be decided, in the words of an owner. */
const CONSENTS = [
  ["anyone", "Any app that shows a token of the agent's"],
  ["ask", "Only apps I allowed: others wait here until I decide"],
  ["nobody", "No app at all"],
] as const;

/**
 * Shows which apps asked about an agent of the signed-in owner.
 * @throws AppError NOT_FOUND
 */
export async function toldAppsPage(call: OwnerCall, input: { agent_id: string }): Promise<RawAnswer> {
  const told = await appsOfAgent(call, input.agent_id);
  const { shown, cookies } = noticeOf(call);
  const hidden = markup`<input type="hidden" name="csrf" value="${call.session.csrf}">
<input type="hidden" name="agent_id" value="${input.agent_id}">`;
  return ownersPage(
    call,
    { title: `Apps that know ${told.name}`, cookies },
    markup`${shown}${appsCard(told, hidden)}${consentCard(told, hidden)}${tokensCard(hidden)}
<p><a href="/owner/agents/${told.name}">Back to ${told.name}</a></p>`,
  );
}

function appsCard({ apps, consent }: AppsOfAgent, hidden: Html): Html {
  const table =
    apps.length === 0
      ? markup`<p>No app has asked yet.</p>`
      : markup`<table class="facts">
<thead><tr><th>App</th><th>Now</th><th>Told</th><th>Last audience</th><th></th></tr></thead>
<tbody>${apps.map((app) => appRow(app, consent, hidden))}</tbody>
</table>`;
  return markup`<section class="card">
<h2>Apps that asked</h2>
${table}
<p class="muted">The agent shows an app a token, and the app asks us whose it is. It is told the name, the description, the karma
and what else is public. What you decide holds for its next question; what it was told before, it knows.</p>
</section>`;
}

function appRow(app: ToldApp, consent: Consent, hidden: Html): Html {
  const button = (decision: "allowed" | "refused", label: string) =>
    app.decision === decision
      ? ""
      : markup`<form class="inline" method="post" action="/owner/apps/decide">
${hidden}<input type="hidden" name="app_id" value="${app.id}"><input type="hidden" name="decision" value="${decision}">
<button class="plain">${label}</button></form> `;
  return markup`<tr><td>${app.name}</td><td data-is="now">${stateOf(app, consent)}</td>
<td data-is="told">${toldOf(app)}</td><td data-is="last audience">${app.lastAudience ?? "none"}</td>
<td>${button("allowed", "Allow")}${button("refused", "Refuse")}</td></tr>`;
}

function stateOf({ isEnded, decision, lastRefusedAt }: ToldApp, consent: Consent): string {
  if (isEnded) return "its key has ended";
  if (mayBeTold(consent, decision)) return decision === "allowed" ? "allowed" : "is told";
  if (decision === "refused") return "refused";
  return consent === "ask" && lastRefusedAt ? `waits for you; asked ${day(lastRefusedAt)}` : "is not told";
}

function toldOf({ firstToldAt, lastToldAt, toldCount }: ToldApp): string {
  if (!firstToldAt || !lastToldAt) return "never";
  if (toldCount === 1) return `once, ${day(firstToldAt)}`;
  return `${toldCount} times, ${day(firstToldAt)} to ${day(lastToldAt)}`;
}

function consentCard({ consent }: AppsOfAgent, hidden: Html): Html {
  const options = CONSENTS.map(
    ([value, words]) => markup`<label class="choice"><input type="radio" name="consent" value="${value}"${
      value === consent ? markup` checked` : ""
    }> ${words}</label>
`,
  );
  return markup`<section class="card">
<h2>Who is told</h2>
<form method="post" action="/owner/apps/consent">
${hidden}
${options}<button>Save</button>
<p class="muted">It holds at once. An app you refused is not told in any case.</p>
</form>
</section>`;
}

function tokensCard(hidden: Html): Html {
  return markup`<section class="card">
<h2>Tokens it was given</h2>
<form method="post" action="/owner/apps/end-tokens">
${hidden}
<button class="plain">End them all</button>
<p class="muted">For a token that came into wrong hands: it works for an hour otherwise. The agent gets new ones as before.</p>
</form>
</section>`;
}
