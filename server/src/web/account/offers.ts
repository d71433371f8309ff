/** Agents that others offer to the signed-in owner. */
import type { OfferView } from "../../owners/read/offers.js";
import { exactly } from "../figures.js";
import { type Html, markup } from "../markup.js";
import type { View } from "../view.js";
import { ownerWords } from "../words/owner.js";
import { actForm } from "./parts.js";

/** An offer, to accept or decline. */
export function offerCard(view: View, offer: OfferView, csrf: string): Html {
  const words = ownerWords[view.lang].offer;
  const fields = { csrf, agent_id: offer.agentId };
  const agent = markup`<a href="/u/${offer.agentName}"><strong>${offer.agentName}</strong></a>`;
  return markup`<section class="notice">
<p>${words.text(agent, exactly(view, offer.expiresAt))}</p>
<div class="acts">${actForm("/owner/agents/accept", fields, words.accept, "main")}
${actForm("/owner/agents/decline", fields, words.decline)}</div>
</section>`;
}
