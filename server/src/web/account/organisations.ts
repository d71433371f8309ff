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
import { exactly, number } from "../figures.js";
import { privatePage } from "../layout.js";
import { type Html, markup, type Value } from "../markup.js";
import { type Lang, type View, viewOf } from "../view.js";
import { organisationWords } from "../words/organisations.js";
import { noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";
import { actForm, factTable, hiddenFields } from "./parts.js";

/** What every form of an organisation's page sends. */
type Fields = Readonly<Record<"csrf" | "organisation_id", string>>;

const ROLES = ["admin", "reviewer", "viewer"] as const;

function roleChoice(lang: Lang, present: (typeof ROLES)[number], name?: string): Html {
  const { roles } = organisationWords[lang];
  return markup`<select name="role"${name ? markup` aria-label="${name}"` : ""}>${ROLES.map(
    (role) => markup`<option value="${role}"${role === present ? markup` selected` : ""}>${roles[role]}</option>`,
  )}</select>`;
}

/** The organisations of the signed-in owner. */
export async function organisationsPage(call: OwnerCall): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = organisationWords[view.lang];
  const { shown, cookies } = noticeOf(call);
  const mine = await myOrganisations(call);
  const list =
    mine.length === 0
      ? markup`<p>${words.none}</p>`
      : markup`<ul class="plain">${mine.map(
          ({ id, name, role, members, agents }) => markup`<li><a href="/owner/organisations/${id}">${name}</a>
<span class="muted">${words.standing(words.roles[role], number(view, members), number(view, agents))}</span></li>`,
        )}</ul>`;
  return ownersPage(
    call,
    "/owner/organisations",
    { title: words.title, cookies },
    markup`${shown}
<p>${words.lead}</p>
${list}
<section class="card"><h2>${words.found.heading}</h2>
<form method="post" action="${formAt(organisations.found.path)}">${hiddenFields({ csrf: call.session.csrf })}
<label for="name">${words.found.name}</label><input id="name" name="name" required maxlength="60">
<button>${words.found.button}</button></form></section>`,
  );
}

/**
 * One organisation.
 * @throws AppError NOT_FOUND
 */
export async function organisationPage(call: OwnerCall, input: { organisation_id: string }): Promise<RawAnswer> {
  const organisation = await organisationById(call, input.organisation_id);
  const view = viewOf(call);
  const words = organisationWords[view.lang];
  const { shown, cookies } = noticeOf(call);
  const { csrf, ownerId } = call.session;
  const isAdmin = organisation.role === "admin";
  const fields = { csrf, organisation_id: organisation.id };
  const { columns } = words.members;
  const members = organisation.members.map((member) =>
    memberRow(view, member, fields, isAdmin && member.ownerId !== ownerId),
  );
  return ownersPage(
    call,
    "/owner/organisations",
    { title: organisation.name, cookies },
    markup`${shown}
<p>${words.youAre(words.roles[organisation.role], words.may[organisation.role])} <a href="/owner/organisations/${organisation.id}/review">${words.review}</a></p>
<section class="card"><h2>${words.agents.heading}</h2>
${agentTable(view, organisation, fields, ownerId)}
<form method="post" action="${formAt(organisations.addAgent.path)}">${hiddenFields(fields)}
<label for="agent">${words.agents.name}</label><input id="agent" name="agent_name" required maxlength="64">
<button class="plain">${words.agents.share}</button>
<p class="muted">${words.agents.note}</p>
</form></section>
<section class="card"><h2>${words.members.heading}</h2>
${factTable([columns.name, columns.role, columns.since, columns.agents, ""], members)}
</section>
${isAdmin ? invitations(view, organisation.invitations, fields) : ""}
${leaving(view, organisation, fields)}`,
  );
}

function agentTable(view: View, organisation: OrganisationView, fields: Fields, ownerId: string): Html {
  const words = organisationWords[view.lang].agents;
  if (organisation.agents.length === 0) return markup`<p>${words.none}</p>`;
  const row = (agent: SharedAgent) => {
    const out = actForm(formAt(organisations.removeAgent.path), { ...fields, agent_id: agent.id }, words.takeOut);
    // The owner's page is for whoever may act on the agent.
    const acts = organisation.role === "admin" || agent.ownerId === ownerId;
    return [
      markup`<a href="${acts ? "/owner/agents" : "/u"}/${agent.name}">${agent.name}</a>`,
      agent.responsible,
      markup`<a href="/owner/activity?of=${agent.id}">${words.didWhat}</a>`,
      acts ? out : "",
    ];
  };
  return factTable([words.columns.agent, words.columns.responsible, "", ""], organisation.agents.map(row));
}

function memberRow(view: View, member: Member, fields: Fields, changeable: boolean): Value[] {
  const { members: words, roles } = organisationWords[view.lang];
  const chosen = { ...fields, owner_id: member.ownerId };
  const role = changeable
    ? markup`<form class="inline" method="post" action="${formAt(organisations.setRole.path)}">${hiddenFields(chosen)}
${roleChoice(view.lang, member.role, words.columns.role)} <button class="plain">${words.change}</button></form>`
    : roles[member.role];
  return [
    member.username,
    role,
    exactly(view, member.joinedAt),
    number(view, member.agents),
    changeable ? actForm(formAt(organisations.remove.path), chosen, words.remove) : "",
  ];
}

function invitations(view: View, open: readonly OpenInvitation[], fields: Fields): Html {
  const { invite: words, roles, may, eachMay } = organisationWords[view.lang];
  const row = ({ id, role, invitedBy, expiresAt }: OpenInvitation) =>
    markup`<li>${words.open(roles[role], invitedBy ?? words.formerMember, exactly(view, expiresAt))}
${actForm(formAt(organisations.withdraw.path), { ...fields, invitation_id: id }, words.withdraw)}</li>`;
  return markup`<section class="card"><h2>${words.heading}</h2>
${open.length === 0 ? "" : markup`<ul class="plain">${open.map(row)}</ul>`}
<form method="post" action="${formAt(organisations.invite.path)}">${hiddenFields(fields)}
<label>${words.role} ${roleChoice(view.lang, "viewer")}</label>
<ul class="plain muted">${ROLES.map((role) => markup`<li>${eachMay(roles[role], may[role])}</li>`)}</ul>
<label for="email">${words.email}</label><input id="email" name="email" type="email" maxlength="254">
<button>${words.button}</button>
<p class="muted">${words.note}</p>
</form></section>`;
}

function leaving(view: View, { members }: OrganisationView, fields: Fields): Html {
  const words = organisationWords[view.lang].leaving;
  const [path, heading, button, note] =
    members.length === 1
      ? [organisations.dissolve.path, words.dissolveHeading, words.dissolve, words.dissolveNote]
      : [organisations.leave.path, words.leave, words.leave, words.leaveNote];
  return markup`<section class="card"><h2>${heading}</h2>
${actForm(formAt(path), fields, button)}
<p class="muted">${note}</p></section>`;
}

/**
 * What accepting an invitation means, with a button that does it.
 * @throws AppError LINK_EXPIRED
 */
export async function joinPage(call: Call, input: { token: string }): Promise<RawAnswer> {
  const { organisation, role, invitedBy } = await invitationByToken(call, input.token);
  const { join: words, roles, may } = organisationWords[viewOf(call).lang];
  const back = formAt(organisations.joinPage.path).replace(":token", input.token);
  const accept = call.session
    ? markup`<form method="post" action="${formAt(organisations.join.path)}">
${hiddenFields({ csrf: call.session.csrf, token: input.token })}<button>${words.button}</button></form>`
    : markup`<p>${words.signInFirst}</p><p><a class="button" href="/login?back=${back}">${words.signIn}</a></p>`;
  return privatePage(
    call,
    { title: words.title(organisation) },
    markup`<section class="card">
<p>${words.invites(markup`<strong>${invitedBy}</strong>`, roles[role], may[role])}</p>
<p>${words.note}</p>
${accept}</section>`,
  );
}

/** Where a form of ours goes: the path as it is below the root of the site. */
const formAt = (path: string) => path.slice(1);
