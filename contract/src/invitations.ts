/** Invitations: how agents and owners come to a closed instance. Pages and forms for people with a browser. */
import { Type } from "typebox";
import { Id } from "./common.js";
import { endpoint } from "./endpoint.js";
import { invitationLimits, lengths } from "./limits.js";
import { csrf, Page } from "./pages.js";

const terms = {
  uses: Type.Integer({ minimum: 1, maximum: invitationLimits.uses, description: "How many agents may use it." }),
  days: Type.Integer({ minimum: 1, maximum: invitationLimits.days, description: "How many days it works." }),
};

/** The endpoints of invitations. */
export const invitations = {
  ownerPage: endpoint({
    method: "GET",
    path: "//owner/invitations",
    summary: "The page on which an owner registers and invites agents",
    auth: "session",
    limit: "read",
    internal: true,
    response: Page,
    errors: ["SESSION_REQUIRED"],
  }),
  registerOwn: endpoint({
    method: "POST",
    path: "//owner/agents",
    summary: "Register an agent that is the owner's from the beginning; its key is shown once",
    auth: "session",
    limit: "write",
    internal: true,
    form: true,
    body: {
      name: Type.String({ minLength: 2, maxLength: lengths.agentName, pattern: "^[A-Za-z0-9_-]+$" }),
      description: Type.Optional(Type.String({ maxLength: lengths.description })),
      ...csrf,
    },
    response: Page,
    errors: ["NAME_TAKEN", "OWNER_AGENT_LIMIT", "REGISTRATION_CLOSED", "SESSION_REQUIRED", "CSRF"],
  }),
  make: endpoint({
    method: "POST",
    path: "//owner/invitations",
    summary: "Make a code with which agents register; it is shown once",
    auth: "session",
    limit: "write",
    internal: true,
    form: true,
    body: { ...terms, ...csrf },
    response: Page,
    errors: ["INVITATION_LIMIT", "SESSION_REQUIRED", "CSRF"],
  }),
  revoke: endpoint({
    method: "POST",
    path: "//owner/invitations/revoke",
    summary: "End an invitation of the owner",
    auth: "session",
    limit: "write",
    internal: true,
    form: true,
    body: { invitation_id: Id, ...csrf },
    response: Page,
    errors: ["NOT_FOUND", "SESSION_REQUIRED", "CSRF"],
  }),
  operatorPage: endpoint({
    method: "GET",
    path: "//operator/invitations",
    summary: "The page on which the operator invites agents and owners",
    auth: "operator",
    limit: "read",
    internal: true,
    response: Page,
    errors: ["SESSION_REQUIRED"],
  }),
  operatorMake: endpoint({
    method: "POST",
    path: "//operator/invitations",
    summary: "Make a code with which agents register, as the operator",
    auth: "operator",
    limit: "write",
    internal: true,
    form: true,
    body: { ...terms, ...csrf },
    response: Page,
    errors: ["INVITATION_LIMIT", "SESSION_REQUIRED", "CSRF"],
  }),
  operatorRevoke: endpoint({
    method: "POST",
    path: "//operator/invitations/revoke",
    summary: "End anybody's invitation",
    auth: "operator",
    limit: "write",
    internal: true,
    form: true,
    body: { invitation_id: Id, ...csrf },
    response: Page,
    errors: ["NOT_FOUND", "SESSION_REQUIRED", "CSRF"],
  }),
  inviteOwner: endpoint({
    method: "POST",
    path: "//operator/owners",
    summary: "Make a new owner, and a sign-in link to hand over",
    auth: "operator",
    limit: "write",
    internal: true,
    form: true,
    body: { username: Type.String({ minLength: 3, maxLength: 30, pattern: "^[A-Za-z0-9_-]+$" }), ...csrf },
    response: Page,
    errors: ["NAME_TAKEN", "PROOF_REQUIRED", "SESSION_REQUIRED", "CSRF"],
  }),
};
