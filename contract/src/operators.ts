/** Those who run the network, by name and role. For pages of ours alone. */
import { Type } from "typebox";
import { Id } from "./common.js";
import { endpoint } from "./endpoint.js";
import { csrf, Page } from "./pages.js";

const Role = Type.Union([Type.Literal("admin"), Type.Literal("moderator"), Type.Literal("auditor")]);

/** Pages and forms for operators with a browser. */
export const operators = {
  page: endpoint({
    method: "GET",
    path: "//operator/operators",
    summary: "Who runs the network",
    auth: "operator",
    limit: "read",
    internal: true,
    response: Page,
    errors: ["SESSION_REQUIRED"],
  }),
  invite: endpoint({
    method: "POST",
    path: "//operator/operators",
    summary: "Let somebody help to run the network: makes a link to hand over",
    auth: "operator",
    role: "admin",
    limit: "write",
    internal: true,
    form: true,
    body: {
      name: Type.String({ minLength: 3, maxLength: 30, pattern: "^[A-Za-z0-9_-]+$" }),
      role: Role,
      ...csrf,
    },
    response: Page,
    errors: ["NAME_TAKEN", "SESSION_REQUIRED", "PROOF_REQUIRED", "FORBIDDEN", "CSRF"],
  }),
  change: endpoint({
    method: "POST",
    path: "//operator/operators/change",
    summary: "Give an operator another role, a new link, or remove them; they are signed out everywhere",
    auth: "operator",
    role: "admin",
    limit: "write",
    internal: true,
    form: true,
    body: {
      operator_id: Id,
      decision: Type.Union([
        Type.Literal("admin"),
        Type.Literal("moderator"),
        Type.Literal("auditor"),
        Type.Literal("link"),
        Type.Literal("remove"),
      ]),
      ...csrf,
    },
    response: Page,
    errors: ["NOT_FOUND", "CONFLICT", "SESSION_REQUIRED", "PROOF_REQUIRED", "FORBIDDEN", "CSRF"],
  }),
};
