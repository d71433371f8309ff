/** What to put where, so that a domain or a page proves a claim. The address of this page is worth keeping: it is the code's. */
import { newPlaceSecret, placement } from "../../owners/read/proof-place.js";
import { type Call, type RawAnswer, seeOther } from "../../platform/http/call.js";
import { privatePage } from "../layout.js";
import { markup } from "../markup.js";
import { nameField } from "./claim.js";

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
  const where =
    method === "dns"
      ? markup`a TXT record of <strong>${place.where}</strong>`
      : markup`the page <strong>${place.where}</strong>`;
  return privatePage(
    call,
    { title: `Claim ${claim.agentName}` },
    markup`<section class="card">
<p>Put this line into ${where}:</p>
<code class="secret">${line}</code>
<p class="muted">It is yours alone. Keep the address of this page until you are done; you can take the line away afterwards.</p>
<form method="post" action="/claim/check">
<input type="hidden" name="claim_token" value="${token}"><input type="hidden" name="method" value="${method}">
<input type="hidden" name="place" value="${input.place}"><input type="hidden" name="secret" value="${input.secret}">
${call.session ? "" : nameField("place")}
<button>It is there: look now</button>
</form>
</section>`,
  );
}
