/** Access reviews: which agents and keys there are, who answers for them, and who has looked. */
import { Type } from "typebox";
import { Id } from "./common.js";
import { endpoint } from "./endpoint.js";
import { csrf, Page } from "./pages.js";

const Download = Type.String({ description: "text/csv or application/json, to be saved as a file" });
const Row = Type.String({ maxLength: 120, description: "A row's id and fingerprint, as the page gives them." });
const State = Type.String({ maxLength: 100, description: "The fingerprint of the whole list, as the page gives it." });
/** Whose agents: an organisation's, or without it those of the owner that are in none. */
const scope = { organisation_id: Type.Optional(Id) };
const format = { format: Type.Optional(Type.Union([Type.Literal("csv"), Type.Literal("json")])) };

const read = { method: "GET", auth: "session", limit: "read", internal: true } as const;
const form = { method: "POST", auth: "session", limit: "write", internal: true, form: true, response: Page } as const;

/** The access reviews of the signed-in owner and of the owner's organisations. */
export const reviews = {
  page: endpoint({
    ...read,
    path: "//owner/review",
    summary: "The review of the owner's agents that are in no organisation",
    response: Page,
    errors: ["SESSION_REQUIRED"],
  }),
  organisationPage: endpoint({
    ...read,
    path: "//owner/organisations/:organisation_id/review",
    summary: "The review of an organisation: every agent and key, who is responsible, what was decided",
    params: { organisation_id: Id },
    response: Page,
    errors: ["NOT_FOUND", "SESSION_REQUIRED"],
  }),
  list: endpoint({
    ...read,
    path: "//owner/review/list",
    summary: "The review under way as a file",
    query: { ...scope, ...format },
    response: Download,
    errors: ["NOT_FOUND", "SESSION_REQUIRED"],
  }),
  record: endpoint({
    ...read,
    path: "//owner/review/records/:review_id",
    summary: "A review that was signed off, as a file",
    params: { review_id: Id },
    query: format,
    response: Download,
    errors: ["NOT_FOUND", "SESSION_REQUIRED"],
  }),
  decide: endpoint({
    ...form,
    path: "//owner/review/decide",
    summary: "Confirm or revoke rows, exactly as they were seen",
    body: {
      ...scope,
      decision: Type.Union([Type.Literal("confirm"), Type.Literal("revoke")]),
      rows: Type.Optional(Type.Array(Row, { maxItems: 2_000 })),
      ...csrf,
    },
    errors: ["NOT_FOUND", "FORBIDDEN", "CONFLICT", "VALIDATION_ERROR", "SESSION_REQUIRED", "PROOF_REQUIRED", "CSRF"],
  }),
  sign: endpoint({
    ...form,
    path: "//owner/review/sign",
    summary: "Sign off a review in which every row was decided",
    body: { ...scope, state: State, ...csrf },
    errors: ["NOT_FOUND", "FORBIDDEN", "CONFLICT", "SESSION_REQUIRED", "PROOF_REQUIRED", "CSRF"],
  }),
};
