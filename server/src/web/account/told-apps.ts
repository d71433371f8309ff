/** Which third-party apps are told who an agent is, for its owner to see and decide. */
import type { Consent } from "@openmolt/contract/told-apps";
import { type AppsOfAgent, appsOfAgent, type ToldApp } from "../../identity/read/told-apps.js";
import { mayBeTold } from "../../identity/rules.js";
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { exactly, number } from "../figures.js";
import { type Html, markup, type Value } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { proofWords } from "../words/proof.js";
import { noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";
import { actForm, factTable, hiddenFields } from "./parts.js";

/** What every form of the page sends. */
type Fields = Readonly<Record<"csrf" | "agent_id", string>>;

const CONSENTS = ["anyone", "ask", "nobody"] as const;

/**
 * Shows which apps asked about an agent of the signed-in owner.
 * @throws AppError NOT_FOUND
 */
export async function toldAppsPage(call: OwnerCall, input: { agent_id: string }): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = proofWords[view.lang];
  const told = await appsOfAgent(call, input.agent_id);
  const { shown, cookies } = noticeOf(call);
  const fields = { csrf: call.session.csrf, agent_id: input.agent_id };
  return ownersPage(
    call,
    "/owner",
    { title: words.apps.title(told.name), cookies },
    markup`${shown}${appsCard(view, told, fields)}${consentCard(view, told, fields)}${tokensCard(view, fields)}
<p><a href="/owner/agents/${told.name}">${words.back(told.name)}</a></p>`,
  );
}

function appsCard(view: View, { apps, consent }: AppsOfAgent, fields: Fields): Html {
  const words = proofWords[view.lang].apps;
  const { columns } = words;
  const table =
    apps.length === 0
      ? markup`<p>${words.none}</p>`
      : factTable(
          [columns.app, columns.now, columns.told, columns.audience, ""],
          apps.map((app) => appRow(view, app, consent, fields)),
        );
  return markup`<section class="card">
<h2>${words.heading}</h2>
${table}
<p class="muted">${words.note}</p>
</section>`;
}

function appRow(view: View, app: ToldApp, consent: Consent, fields: Fields): Value[] {
  const words = proofWords[view.lang].apps;
  const button = (decision: "allowed" | "refused", label: string) =>
    app.decision === decision
      ? ""
      : markup`${actForm("/owner/apps/decide", { ...fields, app_id: app.id, decision }, label)} `;
  return [
    app.name,
    stateOf(view, app, consent),
    toldOf(view, app),
    app.lastAudience ?? words.noAudience,
    markup`${button("allowed", words.allow)}${button("refused", words.refuse)}`,
  ];
}

function stateOf(view: View, { isEnded, decision, lastRefusedAt }: ToldApp, consent: Consent): Html | string {
  const { states } = proofWords[view.lang].apps;
  if (isEnded) return states.ended;
  if (mayBeTold(consent, decision)) return decision === "allowed" ? states.allowed : states.told;
  if (decision === "refused") return states.refused;
  return consent === "ask" && lastRefusedAt ? states.waits(exactly(view, lastRefusedAt)) : states.notTold;
}

function toldOf(view: View, { firstToldAt, lastToldAt, toldCount }: ToldApp): Html | string {
  const words = proofWords[view.lang].apps;
  if (!firstToldAt || !lastToldAt) return words.never;
  const first = exactly(view, firstToldAt);
  return toldCount === 1 ? words.once(first) : words.times(number(view, toldCount), first, exactly(view, lastToldAt));
}

function consentCard({ lang }: View, { consent }: AppsOfAgent, fields: Fields): Html {
  const { apps: words, save } = proofWords[lang];
  const options = CONSENTS.map(
    (value) => markup`<label class="choice"><input type="radio" name="consent" value="${value}"${
      value === consent ? markup` checked` : ""
    }> ${words.consents[value]}</label>
`,
  );
  return markup`<section class="card">
<h2>${words.whoIsTold}</h2>
<form method="post" action="/owner/apps/consent">
${hiddenFields(fields)}
${options}<button>${save}</button>
<p class="muted">${words.consentNote}</p>
</form>
</section>`;
}

function tokensCard({ lang }: View, fields: Fields): Html {
  const words = proofWords[lang].apps;
  return markup`<section class="card">
<h2>${words.tokens}</h2>
${actForm("/owner/apps/end-tokens", fields, words.endAll)}
<p class="muted">${words.tokensNote}</p>
</section>`;
}
