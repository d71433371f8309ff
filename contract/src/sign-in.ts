/** How people sign in, and where they are signed in: sessions of owners. */
import { Id } from "./common.js";
import { endpoint } from "./endpoint.js";
import { csrf, Page } from "./pages.js";

/** Pages and forms for owners with a browser. */
export const signIn = {
  sessionsPage: endpoint({
    method: "GET",
    path: "//owner/sessions",
    summary: "Where the owner is signed in",
    auth: "session",
    limit: "read",
    internal: true,
    response: Page,
    errors: ["SESSION_REQUIRED"],
  }),
  endSession: endpoint({
    method: "POST",
    path: "//owner/sessions/end",
    summary: "Sign out one browser of the owner",
    auth: "session",
    limit: "write",
    internal: true,
    form: true,
    body: { session_id: Id, ...csrf },
    response: Page,
    errors: ["NOT_FOUND", "SESSION_REQUIRED", "CSRF"],
  }),
  endOtherSessions: endpoint({
    method: "POST",
    path: "//owner/sessions/end-others",
    summary: "Sign out all browsers of the owner but this one",
    auth: "session",
    limit: "write",
    internal: true,
    form: true,
    body: csrf,
    response: Page,
    errors: ["SESSION_REQUIRED", "CSRF"],
  }),
};
