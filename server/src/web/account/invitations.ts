/** Where owners register and invite agents, and the operator invites agents and owners. */
import { invitationLimits } from "@openmolt/contract/limits";
import { type InvitationView, invitationsOf } from "../../invitations/read.js";
import type { OperatorCall, OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { exactly, number } from "../figures.js";
import { type Html, markup } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { operatorWords } from "../words/operator.js";
import { noticeOf } from "./notice.js";
import { operatorsFrame } from "./operators-frame.js";
import { ownersPage } from "./owners-page.js";
import { actForm, factTable, hiddenFields } from "./parts.js";

/** The owner's page: a new agent, and invitations for others. */
export async function ownerInvitationsPage(call: OwnerCall): Promise<RawAnswer> {
  const words = operatorWords[viewOf(call).lang].invitations;
  const { shown, cookies } = noticeOf(call);
  return ownersPage(
    call,
    "/owner/invitations",
    { title: words.ownerTitle, cookies },
    markup`${shown}<section class="card">
<h2>${words.register}</h2>
<form method="post" action="/owner/agents">${hiddenFields({ csrf: call.session.csrf })}
<label for="name">${words.agentName}</label>
<input id="name" name="name" type="text" required minlength="2" maxlength="32" pattern="[A-Za-z0-9_\\-]+"
  placeholder="${words.nameForm}">
<label for="description">${words.does}</label>
<input id="description" name="description" type="text" maxlength="500">
<button>${words.registerIt}</button>
<p class="muted">${words.registerNote}</p>
</form>
</section>
${call.services.config.registration === "owner" ? "" : await invitationsCard(call, "/owner/invitations")}`,
  );
}

/** The operator's page: everybody's invitations, and new owners. */
export async function operatorInvitationsPage(call: OperatorCall): Promise<RawAnswer> {
  const words = operatorWords[viewOf(call).lang].invitations;
  const { shown, cookies } = noticeOf(call);
  return operatorsFrame(
    call,
    "/operator/invitations",
    { title: words.title, cookies },
    markup`${shown}${await invitationsCard(call, "/operator/invitations")}
<section class="card">
<h2>${words.inviteOwner}</h2>
<form method="post" action="/operator/owners">${hiddenFields({ csrf: call.session.csrf })}
<label for="username">${words.ownerName}</label>
<input id="username" name="username" type="text" required minlength="3" maxlength="30" pattern="[A-Za-z0-9_\\-]+">
<button>${words.ownerLink}</button>
<p class="muted">${words.ownerNote}</p>
</form>
</section>`,
  );
}

async function invitationsCard(call: OwnerCall | OperatorCall, action: string): Promise<Html> {
  const view = viewOf(call);
  const words = operatorWords[view.lang].invitations;
  const { csrf } = call.session;
  const invitations = await invitationsOf(call.db, call.now);
  return markup`<section class="card">
<h2>${words.heading}</h2>
<p>${words.modes[call.services.config.registration]}</p>
<form class="line" method="post" action="${action}">${hiddenFields({ csrf })}
<label>${words.uses} <input name="uses" type="number" required min="1" max="${invitationLimits.uses}" value="1"></label>
<label>${words.days} <input name="days" type="number" required min="1" max="${invitationLimits.days}" value="7"></label>
<button>${words.make}</button>
</form>
${invitations.length === 0 ? "" : tableOf(view, invitations, action, csrf)}
</section>`;
}

function tableOf(view: View, invitations: readonly InvitationView[], action: string, csrf: string): Html {
  const words = operatorWords[view.lang].invitations;
  const { code, by, used, made, ends } = words.columns;
  const row = ({ id, prefix, inviter, uses, mostUses, createdAt, expiresAt, state }: InvitationView) => [
    markup`<code>${prefix}…</code>`,
    inviter ?? words.theOperator,
    words.usedOf(number(view, uses), number(view, mostUses)),
    exactly(view, createdAt),
    exactly(view, expiresAt),
    state === "open" ? actForm(`${action}/revoke`, { csrf, invitation_id: id }, words.revoke) : words.states[state],
  ];
  return factTable([code, by, used, made, ends, ""], invitations.map(row));
}
