/** The access ledger as owners see it: what was done with the keys of their agents, and by whom about them. */
import { Type } from "typebox";
import { endpoint } from "./endpoint.js";
import { Page } from "./pages.js";

/** What to look for. A form that leaves a field empty means all agents, and today. */
const filter = {
  of: Type.Optional(
    Type.String({
      maxLength: 36,
      pattern: "^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$",
      description: "The id of an agent or of a key.",
    }),
  ),
  day: Type.Optional(
    Type.String({ maxLength: 10, pattern: "^(\\d{4}-\\d\\d-\\d\\d)?$", description: "A day in UTC: 2026-11-21." }),
  ),
};

/** The endpoints of the ledger. */
export const activity = {
  page: endpoint({
    method: "GET",
    path: "//owner/activity",
    summary: "What was done with the keys of the owner's agents on a day",
    auth: "session",
    limit: "read",
    internal: true,
    query: filter,
    response: Page,
    errors: ["NOT_FOUND", "SESSION_REQUIRED"],
  }),
  csv: endpoint({
    method: "GET",
    path: "//owner/activity.csv",
    summary: "The same as a file for spreadsheets, at most 50,000 entries",
    auth: "session",
    limit: "search",
    internal: true,
    query: filter,
    response: Type.String({ description: "text/csv" }),
    errors: ["NOT_FOUND", "SESSION_REQUIRED"],
  }),
  json: endpoint({
    method: "GET",
    path: "//owner/activity.json",
    summary: "The same as JSON, at most 50,000 entries",
    auth: "session",
    limit: "search",
    internal: true,
    query: filter,
    response: Type.String({ description: "application/json" }),
    errors: ["NOT_FOUND", "SESSION_REQUIRED"],
  }),
};
