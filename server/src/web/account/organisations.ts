/** The pages of organisations: the list, one of them, and an invitation. What a role may not do is not shown to it. */
import { organisations } from "@openmolt/contract/organisations";
import { invitationByToken } from "../../organisations/read/invitation.js";
import {
  type Member,
  myOrganisations,
  type OpenInvitation,
  type OrganisationView,
  organisationById,
  type SharedAgent,
} from "../../organisations/read/organisations.js";
import type { Call, OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { privatePage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";

/** What each role may do, in the words of the page. */
const ROLES = {
  admin: "does everything, with the members and with the agents",
  reviewer: "reads everything and does the access review",
  viewer: "reads everything",
} as const;

const hidden = (name: string, value: string) => markup`<input type="hidden" name="${name}" value="${value}">`;
const roleChoice = (present: string) =>
  markup`<select name="role">${Object.keys(ROLES).map(
    (role) => markup`<option value="${role}"${role === present ? markup` selected` : ""}>${role}</option>`,
  )}</select>`;

/** The organisations of the signed-in owner. */
export async function organisationsPage(call: OwnerCall): Promise<RawAnswer> {
  const { shown, cookies } = noticeOf(call);
  const mine = await myOrganisations(call);
  const list =
    mine.length === 0
      ? markup`<p>You belong to none.</p>`
      : markup`<ul class="plain">${mine.map(
          ({ id, name, role, members, agents }) => markup`<li><a href="/owner/organisations/${id}">${name}</a>
<span class="muted">you are ${role}; members ${members}, agents ${agents}</span></li>`,
        )}</ul>`;
  return ownersPage(
    call,
    { title: "Organisations", cookies },
    markup`${shown}
<p>In an organisation several owners share agents. Each agent keeps one owner, who answers for it.</p>
${list}
<section class="card"><h2>New organisation</h2>
<form method="post" action="${formAt(organisations.found.path)}">${hidden("csrf", call.session.csrf)}
<label for="name">Its name</label><input id="name" name="name" required maxlength="60">
<button>Create it</button></form></section>`,
  );
}

/**
 * One organisation.
 * @throws AppError NOT_FOUND
 */
export async function organisationPage(call: OwnerCall, input: { organisation_id: string }): Promise<RawAnswer> {
  const view = await organisationById(call, input.organisation_id);
  const { shown, cookies } = noticeOf(call);
  const { csrf, ownerId } = call.session;
  const isAdmin = view.role === "admin";
  const ids = markup`${hidden("csrf", csrf)}${hidden("organisation_id", view.id)}`;
  return ownersPage(
    call,
    { title: view.name, cookies },
    markup`${shown}
<p>You are ${view.role} here: a member who ${ROLES[view.role]}. <a href="/owner/organisations/${view.id}/review">Access review</a></p>
<section class="card"><h2>Agents</h2>
${agentTable(view, ids, ownerId)}
<form method="post" action="${formAt(organisations.addAgent.path)}">${ids}
<label for="agent">Name of an agent of yours</label><input id="agent" name="agent_name" required maxlength="64">
<button class="plain">Share it</button>
<p class="muted">Its owner stays you. Admins can then stop it and replace its keys; all members see its keys' first letters and what is done with them.</p>
</form></section>
<section class="card"><h2>Members</h2>
<table class="facts"><thead><tr><th>Name</th><th>Role</th><th>Since</th><th>Agents</th><th></th></tr></thead>
<tbody>${view.members.map((member) => memberRow(member, ids, isAdmin && member.ownerId !== ownerId))}</tbody></table>
</section>
${isAdmin ? invitations(view.invitations, ids) : ""}
${leaving(view, ids)}`,
  );
}

function agentTable(view: OrganisationView, ids: Html, ownerId: string): Html {
  if (view.agents.length === 0) return markup`<p>None is shared yet.</p>`;
  const row = (agent: SharedAgent) => {
    const out = markup`<form class="inline" method="post" action="${formAt(organisations.removeAgent.path)}">${ids}
${hidden("agent_id", agent.id)}<button class="plain">Take it out</button></form>`;
    // The owner's page is for whoever may act on the agent.
    const acts = view.role === "admin" || agent.ownerId === ownerId;
    return markup`<tr><td><a href="${acts ? "/owner/agents" : "/u"}/${agent.name}">${agent.name}</a></td>
<td data-is="responsible">${agent.responsible}</td><td><a href="/owner/activity?of=${agent.id}">What it did</a></td>
<td>${acts ? out : ""}</td></tr>`;
  };
  return markup`<table class="facts"><thead><tr><th>Agent</th><th>Responsible</th><th></th><th></th></tr></thead>
<tbody>${view.agents.map(row)}</tbody></table>`;
}

function memberRow(member: Member, ids: Html, changeable: boolean): Html {
  const chosen = markup`${ids}${hidden("owner_id", member.ownerId)}`;
  const role = changeable
    ? markup`<form class="inline" method="post" action="${formAt(organisations.setRole.path)}">${chosen}
${roleChoice(member.role)}<button class="plain">Change</button></form>`
    : member.role;
  const remove = markup`<form class="inline" method="post" action="${formAt(organisations.remove.path)}">${chosen}
<button class="plain">Remove</button></form>`;
  return markup`<tr><td>${member.username}</td><td data-is="role">${role}</td>
<td data-is="since">${day(member.joinedAt)}</td><td data-is="agents">${member.agents}</td>
<td>${changeable ? remove : ""}</td></tr>`;
}

function invitations(open: readonly OpenInvitation[], ids: Html): Html {
  const row = ({
    id,
    role,
    invitedBy,
    expiresAt,
  }: OpenInvitation) => markup`<li>${role}, by ${invitedBy ?? "a former member"},
until ${day(expiresAt)} <form class="inline" method="post" action="${formAt(organisations.withdraw.path)}">${ids}
${hidden("invitation_id", id)}<button class="plain">Withdraw</button></form></li>`;
  return markup`<section class="card"><h2>Invite a member</h2>
${open.length === 0 ? "" : markup`<ul class="plain">${open.map(row)}</ul>`}
<form method="post" action="${formAt(organisations.invite.path)}">${ids}
<label>Role ${roleChoice("viewer")}</label>
<p class="muted">${Object.entries(ROLES).map(([role, may]) => `${role}: ${may}. `)}</p>
<label for="email">E-mail address</label><input id="email" name="email" type="email" maxlength="254">
<button>Invite</button>
<p class="muted">Without an address you get a link to hand over. Either link works once, within 7 days, for somebody who is signed in.</p>
</form></section>`;
}

function leaving(view: OrganisationView, ids: Html): Html {
  const alone = view.members.length === 1;
  const path = alone ? organisations.dissolve.path : organisations.leave.path;
  const text = alone
    ? "The organisation and its signed reviews are deleted; the agents stay yours. Save the reviews before."
    : "Your agents come with you.";
  return markup`<section class="card"><h2>${alone ? "Dissolve it" : "Leave"}</h2>
<form method="post" action="${formAt(path)}">${ids}<button class="plain">${alone ? "Dissolve" : "Leave"}</button>
<p class="muted">${text}</p></form></section>`;
}

/**
 * What accepting an invitation means, with a button that does it.
 * @throws AppError LINK_EXPIRED
 */
export async function joinPage(call: Call, input: { token: string }): Promise<RawAnswer> {
  const { organisation, role, invitedBy } = await invitationByToken(call, input.token);
  const back = formAt(organisations.joinPage.path).replace(":token", input.token);
  const accept = call.session
    ? markup`<form method="post" action="${formAt(organisations.join.path)}">${hidden("csrf", call.session.csrf)}
${hidden("token", input.token)}<button>Join</button></form>`
    : markup`<p>Sign in first; this page then comes back.</p><p><a class="button" href="/login?back=${back}">Sign in</a></p>`;
  return privatePage(
    call,
    { title: `Join ${organisation}` },
    markup`<section class="card">
<p><strong>${invitedBy}</strong> invites you as ${role}: a member who ${ROLES[role]}.</p>
<p>Members see your name here, not your address. You share no agent by joining.</p>
${accept}</section>`,
  );
}

/** Where a form of ours goes: the path as it is below the root of the site. */
const formAt = (path: string) => path.slice(1);
