/** Organisations: owners who share agents, by role. Pages and forms below /owner/organisations. */
import { type Static, Type } from "typebox";
import { Id, Name } from "./common.js";
import { endpoint } from "./endpoint.js";
import { csrf, Page } from "./pages.js";

const Token = Type.String({ minLength: 1, maxLength: 200, description: "The last part of the invitation's link." });

/** What a member may do: a viewer reads, a reviewer also reviews access, an admin does everything. */
export const OrganisationRole = Type.Union([Type.Literal("admin"), Type.Literal("reviewer"), Type.Literal("viewer")]);
/** What a member may do. */
export type OrganisationRole = Static<typeof OrganisationRole>;

/** A page for signed-in owners. */
const page = { method: "GET", auth: "session", limit: "read", internal: true, response: Page } as const;
/** A form of such a page. */
const form = { method: "POST", auth: "session", limit: "write", internal: true, form: true, response: Page } as const;
/** What any form may be refused with. */
const FORM_ERRORS = ["SESSION_REQUIRED", "CSRF"] as const;

/** The organisations of the signed-in owner. */
export const organisations = {
  listPage: endpoint({
    ...page,
    path: "//owner/organisations",
    summary: "The owner's organisations, and how to found one",
    errors: ["SESSION_REQUIRED"],
  }),
  found: endpoint({
    ...form,
    path: "//owner/organisations",
    summary: "Found an organisation, as its first admin",
    body: { name: Type.String({ minLength: 1, maxLength: 60 }), ...csrf },
    errors: ["VALIDATION_ERROR", "CONFLICT", ...FORM_ERRORS],
  }),
  page: endpoint({
    ...page,
    path: "//owner/organisations/:organisation_id",
    summary: "An organisation: its agents, its members and, for admins, its open invitations",
    params: { organisation_id: Id },
    errors: ["NOT_FOUND", "SESSION_REQUIRED"],
  }),
  invite: endpoint({
    ...form,
    path: "//owner/organisations/invite",
    summary: "Invite a member by a one-time link, mailed or handed over",
    body: {
      organisation_id: Id,
      role: OrganisationRole,
      email: Type.Optional(Type.String({ maxLength: 254, description: "Without it the link is shown to the admin." })),
      ...csrf,
    },
    errors: ["NOT_FOUND", "FORBIDDEN", "CONFLICT", "RATE_LIMITED", "PROOF_REQUIRED", ...FORM_ERRORS],
  }),
  withdraw: endpoint({
    ...form,
    path: "//owner/organisations/withdraw",
    summary: "Withdraw an invitation",
    body: { organisation_id: Id, invitation_id: Id, ...csrf },
    errors: ["NOT_FOUND", "FORBIDDEN", ...FORM_ERRORS],
  }),
  joinPage: endpoint({
    ...page,
    auth: "none",
    path: "//owner/organisations/join/:token",
    summary: "The page behind an invitation; opening it changes nothing",
    credentials: ["token"],
    params: { token: Token },
    errors: ["LINK_EXPIRED"],
  }),
  join: endpoint({
    ...form,
    limit: "verify",
    path: "//owner/organisations/join",
    summary: "Accept an invitation",
    credentials: ["token"],
    body: { token: Token, ...csrf },
    errors: ["LINK_EXPIRED", "CONFLICT", ...FORM_ERRORS],
  }),
  setRole: endpoint({
    ...form,
    path: "//owner/organisations/role",
    summary: "Change what a member may do",
    body: { organisation_id: Id, owner_id: Id, role: OrganisationRole, ...csrf },
    errors: ["NOT_FOUND", "FORBIDDEN", "CONFLICT", "PROOF_REQUIRED", ...FORM_ERRORS],
  }),
  remove: endpoint({
    ...form,
    path: "//owner/organisations/remove",
    summary: "Remove a member, with the agents the member brought",
    body: { organisation_id: Id, owner_id: Id, ...csrf },
    errors: ["NOT_FOUND", "FORBIDDEN", "CONFLICT", "PROOF_REQUIRED", ...FORM_ERRORS],
  }),
  leave: endpoint({
    ...form,
    path: "//owner/organisations/leave",
    summary: "Leave an organisation, with one's agents",
    body: { organisation_id: Id, ...csrf },
    errors: ["NOT_FOUND", "CONFLICT", ...FORM_ERRORS],
  }),
  dissolve: endpoint({
    ...form,
    path: "//owner/organisations/dissolve",
    summary: "Dissolve an organisation that has no other members, with its reviews",
    body: { organisation_id: Id, ...csrf },
    errors: ["NOT_FOUND", "FORBIDDEN", "CONFLICT", "PROOF_REQUIRED", ...FORM_ERRORS],
  }),
  addAgent: endpoint({
    ...form,
    path: "//owner/organisations/agents/add",
    summary: "Share an agent of one's own with an organisation",
    body: { organisation_id: Id, agent_name: Name, ...csrf },
    errors: ["NOT_FOUND", "CONFLICT", "PROOF_REQUIRED", ...FORM_ERRORS],
  }),
  removeAgent: endpoint({
    ...form,
    path: "//owner/organisations/agents/remove",
    summary: "Take an agent out of an organisation: its owner, or an admin",
    body: { organisation_id: Id, agent_id: Id, ...csrf },
    errors: ["NOT_FOUND", "FORBIDDEN", ...FORM_ERRORS],
  }),
};
