/** The frame of every page of a signed-in owner: the same ways on top of each. */
import type { PersonCall, RawAnswer } from "../../platform/http/call.js";
import { type PageHead, privatePage } from "../layout.js";
import type { Html } from "../markup.js";
import { viewOf } from "../view.js";
import { ownerWords } from "../words/owner.js";
import { waysTo } from "./parts.js";

/** Where an owner goes from every page. */
export type OwnersWay =
  | "/owner"
  | "/owner/activity"
  | "/owner/review"
  | "/owner/organisations"
  | "/owner/invitations"
  | "/owner/passkeys"
  | "/owner/sessions"
  | "/owner/provider";

/**
 * A page of the signed-in owner; never cached.
 * @param here the way that led to it
 */
export function ownersPage(call: PersonCall, here: OwnersWay, head: PageHead, content: Html): RawAnswer {
  const { ways, account } = ownerWords[viewOf(call).lang];
  const { provider } = call.services.config;
  const all: (readonly [OwnersWay, string])[] = [
    ["/owner", ways.agents],
    ["/owner/activity", ways.activity],
    ["/owner/review", ways.review],
    ["/owner/organisations", ways.organisations],
    ["/owner/invitations", ways.invitations],
    ["/owner/passkeys", ways.passkeys],
    ["/owner/sessions", ways.sessions],
  ];
  if (provider) all.push(["/owner/provider", provider.name]);
  return privatePage(call, { ...head, nav: waysTo(account, all, here) }, content);
}
