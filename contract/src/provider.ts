/** Signing in with an account elsewhere (OpenID Connect). For pages of ours alone. */
import { Type } from "typebox";
import { endpoint } from "./endpoint.js";
import { csrf, Page } from "./pages.js";

const said = (description: string) => Type.Optional(Type.String({ maxLength: 4_096, description }));

/** Pages and forms for owners with a browser. */
export const provider = {
  page: endpoint({
    method: "GET",
    path: "//owner/provider",
    summary: "Whether the owner signs in with an account at the provider",
    auth: "session",
    limit: "read",
    internal: true,
    response: Page,
    errors: ["SESSION_REQUIRED", "NOT_FOUND"],
  }),
  start: endpoint({
    method: "GET",
    path: "//login/provider",
    summary: "Go to the provider to sign in, or to claim an agent",
    auth: "none",
    limit: "verify",
    strangers: true,
    internal: true,
    credentials: ["claim_token"],
    query: { claim_token: Type.Optional(Type.String({ maxLength: 200, description: "The token of a claim link." })) },
    response: Page,
    errors: ["NOT_FOUND", "PROVIDER_REFUSED", "CLAIM_METHOD_NOT_OFFERED", "CSRF"],
  }),
  link: endpoint({
    method: "GET",
    path: "//owner/provider/link",
    summary: "Go to the provider to add the account there to the owner's ways to sign in",
    auth: "session",
    limit: "verify",
    internal: true,
    response: Page,
    errors: ["NOT_FOUND", "PROVIDER_REFUSED", "SESSION_REQUIRED", "PROOF_REQUIRED", "CSRF"],
  }),
  callback: endpoint({
    method: "GET",
    path: "//login/provider/callback",
    summary: "Back from the provider",
    auth: "none",
    limit: "verify",
    strangers: true,
    internal: true,
    credentials: ["code", "state"],
    query: {
      code: said("What the provider gives for an ID token, once."),
      state: said("Shows that this browser asked."),
      iss: said("Which provider answers (RFC 9207)."),
      error: said("Why not, as a code."),
      error_description: said("Why not, in words."),
    },
    response: Page,
    errors: [
      "NOT_FOUND",
      "PROVIDER_REFUSED",
      "CONFLICT",
      "CLAIM_TOKEN_INVALID",
      "CLAIM_EXPIRED",
      "ALREADY_CLAIMED",
      "OWNER_AGENT_LIMIT",
      "PROOF_REQUIRED",
    ],
  }),
  unlink: endpoint({
    method: "POST",
    path: "//owner/provider/unlink",
    summary: "Remove the account at the provider from the owner's ways to sign in",
    auth: "session",
    limit: "write",
    internal: true,
    form: true,
    body: csrf,
    response: Page,
    errors: ["NOT_FOUND", "CONFLICT", "SESSION_REQUIRED", "PROOF_REQUIRED", "CSRF"],
  }),
};
