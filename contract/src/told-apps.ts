/** The page and the forms on which owners decide which third-party apps are told of an agent. */
import { Type } from "typebox";
import { Id } from "./common.js";
import { endpoint } from "./endpoint.js";
import { csrf, Page } from "./pages.js";

/** Which apps are told: any, those the owner allowed, none. */
export const consents = ["anyone", "ask", "nobody"] as const;
/** Which apps are told: any, those the owner allowed, none. */
export type Consent = (typeof consents)[number];

/** A form about one agent of the signed-in owner. */
const form = {
  method: "POST",
  auth: "session",
  limit: "write",
  internal: true,
  form: true,
  response: Page,
  errors: ["NOT_FOUND", "SESSION_REQUIRED", "CSRF"],
} as const;
/** The agent, and what proves that a form came from a page of the session. */
const about = { agent_id: Id, ...csrf };

/** The page and the forms of owners about apps. */
export const toldApps = {
  page: endpoint({
    method: "GET",
    path: "//owner/apps/:agent_id",
    summary: "Which third-party apps were told who an agent of the owner is",
    auth: "session",
    limit: "read",
    internal: true,
    params: { agent_id: Id },
    response: Page,
    errors: ["NOT_FOUND", "SESSION_REQUIRED"],
  }),
  setConsent: endpoint({
    ...form,
    path: "//owner/apps/consent",
    summary: "Decide which apps are told of an agent",
    body: { consent: Type.Enum(consents), ...about },
  }),
  decide: endpoint({
    ...form,
    path: "//owner/apps/decide",
    summary: "Allow or refuse one app; it holds at once",
    body: { app_id: Id, decision: Type.Enum(["allowed", "refused"]), ...about },
  }),
  endTokens: endpoint({
    ...form,
    path: "//owner/apps/end-tokens",
    summary: "End all identity tokens of an agent",
    body: about,
  }),
};
