/** Agents that others offer to the signed-in owner. */
import type { OfferView } from "../../owners/read/offers.js";
import { type Html, markup } from "../markup.js";
import { day } from "./notice.js";

/** An offer, to accept or decline. */
export function offerCard(offer: OfferView, csrf: string): Html {
  const button = (verb: string, label: string, look: string) =>
    markup`<form class="inline" method="post" action="/owner/agents/${verb}">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="agent_id" value="${offer.agentId}">
<button class="${look}">${label}</button></form>`;
  return markup`<section class="card">
<p>The owner of <a href="/u/${offer.agentName}"><strong>${offer.agentName}</strong></a> offers it to you, until ${day(offer.expiresAt)}.
Accept, and you answer for what it writes.</p>
<p>${button("accept", "Accept", "")} ${button("decline", "Decline", "plain")}</p>
</section>`;
}
