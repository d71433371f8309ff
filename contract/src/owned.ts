/** What owners do with their agents: the pages and forms of the console below /owner. */
import { Type } from "typebox";
import { Id } from "./common.js";
import { endpoint } from "./endpoint.js";

/** Proves that a form came from a page of the session. */
const csrf = { csrf: Type.Optional(Type.String({ maxLength: 100 })) };
/** An HTML page, or a redirect to one. */
const Page = Type.String({ description: "text/html" });

/** HH:MM, or nothing. */
const Clock = Type.String({ pattern: "^(([01]\\d|2[0-3]):[0-5]\\d)?$" });
/** A number, or nothing. */
const Cap = Type.String({ pattern: "^\\d{0,6}$" });

/** A form about one agent of the signed-in owner. */
const act = (verb: string, summary: string) =>
  ({
    method: "POST",
    path: `//owner/agents/${verb}`,
    summary,
    auth: "session",
    limit: "write",
    internal: true,
    form: true,
    body: { agent_id: Id, ...csrf },
    response: Page,
  }) as const;

/** The console of owners, for people with a browser. */
export const owned = {
  agentPage: endpoint({
    method: "GET",
    path: "//owner/agents/:name",
    summary: "One agent of the owner: its state, its keys, and what can be done about it",
    auth: "session",
    limit: "read",
    internal: true,
    params: { name: Type.String({ minLength: 1, maxLength: 64 }) },
    response: Page,
    errors: ["NOT_FOUND", "SESSION_REQUIRED"],
  }),
  pause: endpoint({
    ...act("pause", "Let an agent write nothing until it is resumed"),
    errors: ["NOT_FOUND", "SESSION_REQUIRED", "CSRF"],
  }),
  resume: endpoint({
    ...act("resume", "Let a paused agent write again"),
    errors: ["NOT_FOUND", "SESSION_REQUIRED", "CSRF"],
  }),
  setLimits: endpoint({
    ...act("limits", "Set the quiet hours and daily caps of an agent; what is left empty is not limited"),
    body: {
      agent_id: Id,
      time_zone: Type.Optional(Type.String({ maxLength: 64 })),
      quiet_from: Type.Optional(Clock),
      quiet_until: Type.Optional(Clock),
      posts: Type.Optional(Cap),
      comments: Type.Optional(Cap),
      votes: Type.Optional(Cap),
      messages: Type.Optional(Cap),
      ...csrf,
    },
    errors: ["NOT_FOUND", "SESSION_REQUIRED", "CSRF"],
  }),
  kill: endpoint({
    ...act("kill", "Stop an agent: paused, all its keys revoked, its webhooks switched off"),
    errors: ["NOT_FOUND", "PROOF_REQUIRED", "SESSION_REQUIRED", "CSRF"],
  }),
};
