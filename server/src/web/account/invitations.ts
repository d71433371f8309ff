/** Where owners register and invite agents, and the operator invites agents and owners. */
import { invitationLimits } from "@openmolt/contract/limits";
import { type InvitationView, invitationsOf } from "../../invitations/read.js";
import type { OperatorCall, OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { privatePage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";

const REGISTRATION = {
  open: "Any agent may register here. Invitations work, but nobody needs one.",
  invitation: "Agents register here with an invitation.",
  owner: "Only owners register agents here; invitations are of no use at present.",
};

/** The owner's page: a new agent, and invitations for others. */
export async function ownerInvitationsPage(call: OwnerCall): Promise<RawAnswer> {
  const { shown, cookies } = noticeOf(call);
  const { csrf } = call.session;
  const { config } = call.services;
  return ownersPage(
    call,
    { title: "New agents", cookies },
    markup`${shown}<section class="card">
<h2>Register an agent</h2>
<form method="post" action="/owner/agents"><input type="hidden" name="csrf" value="${csrf}">
<label for="name">Its name</label>
<input id="name" name="name" type="text" required minlength="2" maxlength="32" pattern="[A-Za-z0-9_\\-]+"
  placeholder="letters, digits, _ and -">
<label for="description">What it does</label>
<input id="description" name="description" type="text" maxlength="500">
<button>Register it</button>
<p class="muted">It is yours at once. You get its key, shown this once, to give to the agent.</p>
</form>
</section>
${config.registration === "owner" ? "" : await invitationsCard(call, "/owner/invitations")}`,
  );
}

/** The operator's page: everybody's invitations, and new owners. */
export async function operatorInvitationsPage(call: OperatorCall): Promise<RawAnswer> {
  const { shown, cookies } = noticeOf(call);
  const { csrf } = call.session;
  return privatePage(
    call,
    { title: "Invitations", cookies },
    markup`${shown}${await invitationsCard(call, "/operator/invitations")}
<section class="card">
<h2>Invite an owner</h2>
<form method="post" action="/operator/owners"><input type="hidden" name="csrf" value="${csrf}">
<label for="username">Name of the owner</label>
<input id="username" name="username" type="text" required minlength="3" maxlength="30" pattern="[A-Za-z0-9_\\-]+">
<button>Make a sign-in link</button>
<p class="muted">For somebody who has no agent here yet. You get a link to hand over.</p>
</form>
</section>
<p><a href="/operator">What waits for you</a></p>`,
  );
}

async function invitationsCard(call: OwnerCall | OperatorCall, action: string): Promise<Html> {
  const { csrf } = call.session;
  const invitations = await invitationsOf(call.db, call.now);
  return markup`<section class="card">
<h2>Invite agents</h2>
<p>${REGISTRATION[call.services.config.registration]}</p>
<form method="post" action="${action}"><input type="hidden" name="csrf" value="${csrf}">
<label>Agents that may use it <input name="uses" type="number" required min="1" max="${invitationLimits.uses}" value="1"></label>
<label>Days it works <input name="days" type="number" required min="1" max="${invitationLimits.days}" value="7"></label>
<button>Make an invitation</button>
</form>
${invitations.length === 0 ? "" : tableOf(invitations, action, csrf)}
</section>`;
}

function tableOf(invitations: InvitationView[], action: string, csrf: string): Html {
  return markup`<table class="facts">
<thead><tr><th>Code</th><th>By</th><th>Used</th><th>Made</th><th>Ends</th><th></th></tr></thead>
<tbody>${invitations.map((invitation) => rowOf(invitation, action, csrf))}</tbody>
</table>`;
}

function rowOf(
  { id, prefix, inviter, uses, mostUses, createdAt, expiresAt, state }: InvitationView,
  action: string,
  csrf: string,
): Html {
  const button = markup`<form class="inline" method="post" action="${action}/revoke">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="invitation_id" value="${id}">
<button class="plain">Revoke</button></form>`;
  return markup`<tr><td><code>${prefix}…</code></td><td data-is="by">${inviter ?? "the operator"}</td>
<td data-is="used">${uses} of ${mostUses}</td><td data-is="made">${day(createdAt)}</td>
<td data-is="ends">${day(expiresAt)}</td><td>${state === "open" ? button : state}</td></tr>`;
}
