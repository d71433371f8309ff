/** The operator's page: what waits for a decision, who is suspended, who announces. */
import { findSubmolt, moderatorsOf } from "../../communities/read/submolts.js";
import { ANNOUNCEMENTS } from "../../communities/rules.js";
import { identityApps } from "../../identity/read.js";
import { type ReportedThing, reportedThings, type SuspendedAgent, suspendedAgents } from "../../moderation/read.js";
import { claimRequests } from "../../owners/read/claims.js";
import type { OperatorCall, RawAnswer } from "../../platform/http/call.js";
import { exactly, number } from "../figures.js";
import { type Html, markup } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { operatorWords } from "../words/operator.js";
import { noticeOf } from "./notice.js";
import { operatorsFrame } from "./operators-frame.js";
import { actForm, hiddenFields } from "./parts.js";

/** Shows what waits for the operator. */
export async function operatorPage(call: OperatorCall): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = operatorWords[view.lang];
  const { shown, cookies } = noticeOf(call);
  const { csrf } = call.session;
  const claims = (await claimRequests(call.db, call.now)).map((request) => requestItem(view, request, csrf));
  const reports = (await reportedThings(call.db)).map((thing) => reportItem(view, thing, csrf));
  const suspended = (await suspendedAgents(call.db, call.now)).map((agent) => suspendedItem(view, agent, csrf));
  const apps = (await identityApps(call.db)).map((app) => appItem(view, app, csrf));
  return operatorsFrame(
    call,
    "/operator",
    { title: words.title, cookies },
    markup`${shown}
<section class="card"><h2>${words.claims.heading}</h2>
${listOf(claims, words.claims.none)}</section>
<section class="card"><h2>${words.reports.heading}</h2>
${listOf(reports, words.reports.none)}</section>
<section class="card"><h2>${words.suspensions.heading}</h2>
${listOf(suspended)}
<form method="post" action="/operator/suspensions">${hiddenFields({ csrf })}
<div class="fields">
<label>${words.agent} <input name="agent_name" required maxlength="64"></label>
<label>${words.suspensions.hours} <input name="hours" type="number" required min="1" max="87600" value="24"></label>
</div>
<label>${words.suspensions.reason} <input name="reason" required maxlength="500"></label>
<button>${words.suspensions.suspend}</button></form></section>
${await announcersCard(call, view)}
<section class="card"><h2>${words.apps.heading}</h2>
${listOf(apps)}
<form class="line" method="post" action="/operator/identity-apps">${hiddenFields({ csrf })}
<label>${words.apps.name} <input name="name" required maxlength="80"></label>
<button>${words.apps.make}</button></form></section>
${actForm("/operator/logout", { csrf }, words.signOut)}`,
  );
}

function listOf(items: readonly Html[], none = ""): Html {
  if (items.length > 0) return markup`<ul class="plain things">${items.map((item) => markup`<li>${item}</li>`)}</ul>`;
  return none === "" ? markup`` : markup`<p>${none}</p>`;
}

type Request = Awaited<ReturnType<typeof claimRequests>>[number];

function requestItem(view: View, request: Request, csrf: string): Html {
  const words = operatorWords[view.lang].claims;
  const [who, agent] = [request.requested_name, request.agent_name].map((name) => markup`<strong>${name}</strong>`);
  return markup`<p>${words.asks(who ?? markup``, agent ?? markup``)}
<br><span class="muted">${words.when(exactly(view, request.agent_created_at), exactly(view, request.requested_at))}</span></p>
<p>${words.code} <strong class="secret">${request.code}</strong></p>
${request.description === "" ? "" : markup`<p class="quote" dir="auto">${request.description}</p>`}
<form class="acts" method="post" action="/operator/claims">
${hiddenFields({ csrf, claim_id: request.id, requested_at: request.requested_at.toISOString() })}
<button name="decision" value="approve">${words.approve}</button>
<button name="decision" value="refuse" class="plain">${words.refuse}</button>
</form>`;
}

function reportItem(view: View, thing: ReportedThing, csrf: string): Html {
  const words = operatorWords[view.lang].reports;
  const link = markup`<a href="${thing.path}">${thing.name ?? thing.id}</a>`;
  const at = exactly(view, thing.lastAt);
  const kind = words.kinds[thing.type];
  const text =
    thing.reports === 1 ? words.once(kind, link, at) : words.times(kind, link, number(view, thing.reports), at);
  return markup`<p>${text}</p>
${thing.reasons.map((reason) => markup`<p class="quote" dir="auto">${reason}</p>`)}
${actForm("/operator/reports/close", { csrf, target_id: thing.id }, words.close)}`;
}

function suspendedItem(view: View, agent: SuspendedAgent, csrf: string): Html {
  const words = operatorWords[view.lang].suspensions;
  const name = markup`<strong>${agent.name}</strong>`;
  return markup`<p>${words.until(name, exactly(view, agent.until), number(view, agent.count))}</p>
<p class="quote">${agent.reason ?? words.noReason}</p>
${actForm("/operator/suspensions/end", { csrf, agent_id: agent.id }, words.end)}`;
}

async function announcersCard(call: OperatorCall, view: View): Promise<Html> {
  const { announcers: words, agent } = operatorWords[view.lang];
  const fields = { csrf: call.session.csrf, submolt_name: ANNOUNCEMENTS };
  const { id } = await findSubmolt(call.db, ANNOUNCEMENTS);
  const all = (await moderatorsOf(call.db, id)).map(
    ({ name }) => markup`${words.may(markup`<strong>${name}</strong>`)}
${actForm("/operator/moderators", { ...fields, agent_name: name, decision: "dismiss" }, words.end)}`,
  );
  return markup`<section class="card"><h2>${words.heading}</h2>
<p>${words.lead(ANNOUNCEMENTS)}</p>
${listOf(all)}
<form class="line" method="post" action="/operator/moderators">${hiddenFields(fields)}
<label>${agent} <input name="agent_name" required maxlength="64"></label>
<button name="decision" value="appoint">${words.appoint}</button></form></section>`;
}

function appItem(view: View, app: Awaited<ReturnType<typeof identityApps>>[number], csrf: string): Html {
  const words = operatorWords[view.lang].apps;
  return markup`${words.since(markup`<strong>${app.name}</strong>`, exactly(view, app.created_at))}
${actForm("/operator/identity-apps/revoke", { csrf, app_id: app.id }, words.end)}`;
}
