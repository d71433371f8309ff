/** What to put where, so that a domain or a page proves a claim. The address of this page is worth keeping: it is the code's. */
import { newPlaceSecret, placement } from "../../owners/read/proof-place.js";
import { type Call, type RawAnswer, seeOther } from "../../platform/http/call.js";
import { privatePage } from "../layout.js";
import { markup } from "../markup.js";
import { viewOf } from "../view.js";
import { claimWords } from "../words/claim.js";
import { nameField } from "./claim.js";
import { hiddenFields } from "./parts.js";

/**
 * Shows the line and its place, with a button to look for it.
 * @throws AppError CLAIM_TOKEN_INVALID, ALREADY_CLAIMED, CLAIM_EXPIRED, CLAIM_METHOD_NOT_OFFERED, VALIDATION_ERROR
 */
export async function claimPlacePage(
  call: Call,
  input: { token: string; method: "web" | "dns"; place: string; secret?: string },
): Promise<RawAnswer> {
  const { token, method } = input;
  if (!input.secret) {
    const query = new URLSearchParams({ method, place: input.place, secret: newPlaceSecret() });
    return seeOther(`/claim/${encodeURIComponent(token)}/place?${query}`);
  }
  const { claim, place, line } = await placement(call, { ...input, secret: input.secret });
  const words = claimWords[viewOf(call).lang];
  const where = markup`<strong>${place.where}</strong>`;
  return privatePage(
    call,
    { title: words.claim.title(claim.agentName) },
    markup`<section class="card">
<p>${method === "dns" ? words.place.putDns(where) : words.place.putWeb(where)}</p>
<code class="secret">${line}</code>
<p class="muted">${words.place.keep}</p>
<form method="post" action="/claim/check">
${hiddenFields({ claim_token: token, method, place: input.place, secret: input.secret })}
${call.session ? "" : nameField(words, "place")}
<button>${words.place.look}</button>
</form>
</section>`,
  );
}
