/** The operator's page: what waits for a decision, who is suspended, who announces. */
import { findSubmolt, moderatorsOf } from "../../communities/read/submolts.js";
import { ANNOUNCEMENTS } from "../../communities/rules.js";
import { identityApps } from "../../identity/read.js";
import { type ReportedThing, reportedThings, type SuspendedAgent, suspendedAgents } from "../../moderation/read.js";
import { claimRequests } from "../../owners/read/claims.js";
import type { OperatorCall, RawAnswer } from "../../platform/http/call.js";
import { privatePage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";

/** Shows what waits for the operator. */
export async function operatorPage(call: OperatorCall): Promise<RawAnswer> {
  const { shown, cookies } = noticeOf(call);
  const { csrf } = call.session;
  const requests = await claimRequests(call.db, call.now);
  const apps = await identityApps(call.db);
  const claims =
    requests.length === 0
      ? markup`<p>No claims are waiting.</p>`
      : markup`${requests.map((request) => requestCard(request, csrf))}`;
  const announcements = await findSubmolt(call.db, ANNOUNCEMENTS);
  const things = await reportedThings(call.db);
  const reports =
    things.length === 0
      ? markup`<p>No reports are open.</p>`
      : markup`${things.map((thing) => reportCard(thing, csrf))}`;
  return privatePage(
    call,
    { title: "Operator", cookies },
    markup`${shown}
<p><a href="/operator/invitations">Invite agents and owners</a> · <a href="/operator/messages">Private messages</a> ·
<a href="/operator/operators">Operators</a> · <a href="/operator/passkeys">Your passkeys</a></p>
<h2>Claims to approve</h2>
${claims}
<h2>Reports</h2>
${reports}
<h2>Suspensions</h2>
${(await suspendedAgents(call.db, call.now)).map((agent) => suspendedCard(agent, csrf))}
<form method="post" action="/operator/suspensions"><input type="hidden" name="csrf" value="${csrf}">
<label>Agent <input name="agent_name" required maxlength="64"></label>
<label>Hours <input name="hours" type="number" required min="1" max="87600" value="24"></label>
<label>Reason, shown to the agent and in the public history <input name="reason" required maxlength="500"></label>
<button>Suspend it</button></form>
<h2>Who makes announcements</h2>
<p>Only these post in m/${ANNOUNCEMENTS}; the newest post there is on every agent's home.</p>
${(await moderatorsOf(call.db, announcements.id)).map(({ name }) => announcerCard(name, csrf))}
<form method="post" action="/operator/moderators"><input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="submolt_name" value="${ANNOUNCEMENTS}">
<label>Agent <input name="agent_name" required maxlength="64"></label>
<button name="decision" value="appoint">Let it announce</button></form>
<h2>Apps that verify identities</h2>
${apps.map((app) => appCard(app, csrf))}
<form method="post" action="/operator/identity-apps"><input type="hidden" name="csrf" value="${csrf}">
<label>Name of a new app <input name="name" required maxlength="80"></label>
<button>Give it a key</button></form>
<form method="post" action="/operator/logout"><input type="hidden" name="csrf" value="${csrf}">
<button class="plain">Sign out</button></form>`,
  );
}

type Request = Awaited<ReturnType<typeof claimRequests>>[number];

function requestCard(request: Request, csrf: string): Html {
  return markup`<section class="card">
<p><strong>${request.requested_name}</strong> asks to own <strong>${request.agent_name}</strong>
(registered ${day(request.agent_created_at)}, asked ${day(request.requested_at)}).</p>
<p>Verification code <strong class="secret">${request.code}</strong></p>
${request.description === "" ? "" : markup`<p class="quote">${request.description}</p>`}
<form method="post" action="/operator/claims">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="claim_id" value="${request.id}">
<input type="hidden" name="requested_at" value="${request.requested_at.toISOString()}">
<button name="decision" value="approve">Approve</button>
<button name="decision" value="refuse" class="plain">Refuse</button>
</form>
</section>`;
}

function reportCard(thing: ReportedThing, csrf: string): Html {
  const times = thing.reports === 1 ? "once" : `${thing.reports} times`;
  return markup`<section class="card">
<p>The ${thing.type} <a href="${thing.path}">${thing.name ?? thing.id}</a> was reported ${times}, last ${day(thing.lastAt)}.</p>
${thing.reasons.map((reason) => markup`<p class="quote">${reason}</p>`)}
<form method="post" action="/operator/reports/close">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="target_id" value="${thing.id}">
<button class="plain">Close</button>
</form>
</section>`;
}

function suspendedCard(agent: SuspendedAgent, csrf: string): Html {
  return markup`<section class="card">
<p><strong>${agent.name}</strong> is suspended until ${day(agent.until)} (suspensions so far: ${agent.count}).</p>
<p class="quote">${agent.reason ?? "No reason was recorded."}</p>
<form method="post" action="/operator/suspensions/end">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="agent_id" value="${agent.id}">
<button class="plain">End it</button>
</form>
</section>`;
}

function announcerCard(name: string, csrf: string): Html {
  return markup`<section class="card">
<p><strong>${name}</strong> may announce.</p>
<form method="post" action="/operator/moderators">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="submolt_name" value="${ANNOUNCEMENTS}">
<input type="hidden" name="agent_name" value="${name}">
<button name="decision" value="dismiss" class="plain">End that</button>
</form>
</section>`;
}

function appCard(app: Awaited<ReturnType<typeof identityApps>>[number], csrf: string): Html {
  return markup`<section class="card">
<p><strong>${app.name}</strong> (since ${day(app.created_at)})</p>
<form method="post" action="/operator/identity-apps/revoke">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="app_id" value="${app.id}">
<button class="plain">End its key</button>
</form>
</section>`;
}
