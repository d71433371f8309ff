/** Claiming an agent by a domain or a web page that the claimer controls. For pages of ours alone. */
import { Type } from "typebox";
import { endpoint } from "./endpoint.js";
import { Page } from "./pages.js";

const Method = Type.Union([Type.Literal("web"), Type.Literal("dns")], {
  description: "A code on a web page, or in a TXT record of a domain.",
});
const Place = Type.String({ minLength: 3, maxLength: 1_000, description: "A domain, or the https address of a page." });
const ClaimToken = Type.String({ minLength: 1, maxLength: 200, description: "The last part of the claim link." });
const Secret = Type.String({ maxLength: 100, description: "Makes the code this person's own." });

/** Pages and forms for people who claim an agent. */
export const claimProofs = {
  place: endpoint({
    method: "GET",
    path: "//claim/:token/place",
    summary: "What to put where, so that a domain or page proves the claim",
    auth: "none",
    limit: "read",
    strangers: true,
    internal: true,
    credentials: ["token", "secret"],
    params: { token: ClaimToken },
    query: { method: Method, place: Place, secret: Type.Optional(Secret) },
    response: Page,
    errors: ["CLAIM_TOKEN_INVALID", "CLAIM_EXPIRED", "ALREADY_CLAIMED", "CLAIM_METHOD_NOT_OFFERED"],
  }),
  check: endpoint({
    method: "POST",
    path: "//claim/check",
    summary: "Look whether the code is in its place, and claim the agent when it is",
    auth: "none",
    limit: "webhook",
    strangers: true,
    internal: true,
    form: true,
    credentials: ["claim_token", "secret"],
    body: {
      claim_token: ClaimToken,
      method: Method,
      place: Place,
      secret: Secret,
      username: Type.Optional(Type.String({ maxLength: 30, pattern: "^([A-Za-z0-9_-]{3,})?$" })),
    },
    response: Page,
    errors: [
      "CLAIM_TOKEN_INVALID",
      "CLAIM_EXPIRED",
      "ALREADY_CLAIMED",
      "CLAIM_METHOD_NOT_OFFERED",
      "CLAIM_PROOF_MISSING",
      "OWNER_AGENT_LIMIT",
      "NAME_TAKEN",
      "CSRF",
    ],
  }),
};
