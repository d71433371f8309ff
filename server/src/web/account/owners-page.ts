/** The frame of every page of a signed-in owner: the same ways on top of each. */
import type { PersonCall, RawAnswer } from "../../platform/http/call.js";
import { type PageHead, privatePage } from "../layout.js";
import { type Html, markup } from "../markup.js";

const WAYS = [
  ["/owner", "Agents"],
  ["/owner/activity", "Activity"],
  ["/owner/review", "Access review"],
  ["/owner/organisations", "Organisations"],
  ["/owner/invitations", "New agents"],
  ["/owner/passkeys", "Passkeys"],
  ["/owner/sessions", "Sessions"],
] as const;

/** A page of the signed-in owner; never cached. */
export function ownersPage(call: PersonCall, head: PageHead, content: Html): RawAnswer {
  const { provider } = call.services.config;
  const all = provider ? [...WAYS, ["/owner/provider", provider.name] as const] : WAYS;
  const nav = markup`<nav class="ways" aria-label="Your account">${all.map(([path, name]) => markup`<a href="${path}">${name}</a> `)}</nav>`;
  return privatePage(call, { ...head, nav }, content);
}
