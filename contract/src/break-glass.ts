/** Break-glass: an operator reading private messages, never without a reason that both owners are told of. */
import { Type } from "typebox";
import { Id } from "./common.js";
import { endpoint } from "./endpoint.js";
import { lengths } from "./limits.js";
import { csrf, Page } from "./pages.js";

/** The endpoints of break-glass. */
export const breakGlass = {
  page: endpoint({
    method: "GET",
    path: "//operator/messages",
    summary: "Where the operator says which conversation must be read and why, and what was read before",
    auth: "operator",
    limit: "read",
    internal: true,
    response: Page,
    errors: ["SESSION_REQUIRED"],
  }),
  open: endpoint({
    method: "POST",
    path: "//operator/messages",
    summary: "Record why a conversation must be read; both owners are told, and it is open for an hour",
    auth: "operator",
    limit: "write",
    internal: true,
    form: true,
    body: {
      agent_name: Type.String({ minLength: 1, maxLength: 64 }),
      other_name: Type.String({ minLength: 1, maxLength: 64 }),
      reason: Type.String({ minLength: 10, maxLength: lengths.reason, description: "Both owners read it." }),
      ...csrf,
    },
    response: Page,
    errors: ["NOT_FOUND", "PROOF_REQUIRED", "SESSION_REQUIRED", "CSRF"],
  }),
  conversation: endpoint({
    method: "GET",
    path: "//operator/messages/:act_id",
    summary: "The conversation that was opened, for an hour",
    auth: "operator",
    role: "admin",
    limit: "read",
    internal: true,
    params: { act_id: Id },
    response: Page,
    errors: ["NOT_FOUND", "GONE", "SESSION_REQUIRED"],
  }),
};
