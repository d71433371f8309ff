/** The page on which a human claims an agent: who asks, and the ways to claim that this network offers. */

import { claimByToken } from "../../owners/read/claims.js";
import { assertClaimable } from "../../owners/rules.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { privatePage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { viewOf } from "../view.js";
import { claimWords } from "../words/claim.js";
import { hiddenFields } from "./parts.js";

type Words = (typeof claimWords)["en"];

/** Where a new owner says what to be called. */
export const nameField = (words: Words, form: string) => markup`<label for="${form}-name">${words.yourName}</label>
<input id="${form}-name" name="username" type="text" required minlength="3" maxlength="30" pattern="[A-Za-z0-9_\\-]+"
  autocomplete="username" placeholder="${words.nameForm}">
<p class="muted">${words.nameShown}</p>`;

/**
 * Shows a claim to the bearer of its link.
 * @throws AppError CLAIM_TOKEN_INVALID, CLAIM_EXPIRED
 */
export async function claimPage(call: Call, input: { token: string }): Promise<RawAnswer> {
  const { config } = call.services;
  const words = claimWords[viewOf(call).lang];
  const claim = await claimByToken(call, input.token);
  if (claim?.usedAt) {
    const yours = markup`<a href="/owner">${words.claim.yourPage}</a>`;
    return privatePage(
      call,
      { title: words.claim.claimed(claim.agentName) },
      markup`<p>${words.claim.nothingLeft(claim.agentName, yours)}</p>`,
    );
  }
  assertClaimable(claim, call.now);
  const ways: Html[] = [];
  const { claimMethods: offered } = config;
  if (call.session && offered.some((method) => method !== "operator" && method !== "auto"))
    ways.push(asOwner(words, input.token, call.session.csrf));
  if (!call.session && offered.includes("email")) ways.push(byEmail(words, input.token));
  if (config.provider && offered.includes("oidc")) ways.push(byProvider(words, input.token, config.provider.name));
  if (offered.includes("dns")) ways.push(byPlace(words, input.token, "dns"));
  if (offered.includes("web")) ways.push(byPlace(words, input.token, "web"));
  if (offered.includes("operator")) ways.push(byOperator(words, input.token, claim.requestedName));
  return privatePage(
    call,
    { title: words.claim.title(claim.agentName) },
    markup`<p>${words.claim.asks(markup`<strong>${claim.agentName}</strong>`, config.networkName)}</p>
<section class="card">
<p>${words.claim.code} <strong class="secret">${claim.code}</strong></p>
<p class="muted">${words.claim.compare}</p>
${claim.description === "" ? "" : markup`<p>${words.claim.saysOfItself}</p><p class="quote" dir="auto">${claim.description}</p>`}
</section>
${ways}`,
  );
}

function asOwner(words: Words, token: string, csrf: string): Html {
  return markup`<section class="card">
<h2>${words.own.heading}</h2>
<form method="post" action="/claim/own">
${hiddenFields({ claim_token: token, csrf })}
<p>${words.own.text}</p>
<button>${words.own.button}</button>
</form>
</section>`;
}

function byEmail(words: Words, token: string): Html {
  return markup`<section class="card">
<h2>${words.email.heading}</h2>
<form method="post" action="/api/v1/agents/verify-email">
${hiddenFields({ claim_token: token })}
<label for="email">${words.yourAddress}</label>
<input id="email" name="email" type="email" required maxlength="254" autocomplete="email">
${nameField(words, "email")}
<button>${words.sendLink}</button>
<p class="muted">${words.email.note}</p>
</form>
</section>`;
}

function byProvider(words: Words, token: string, name: string): Html {
  return markup`<section class="card">
<h2>${words.provider.heading(name)}</h2>
<p>${words.provider.text}</p>
<p><a class="button" href="/login/provider?claim_token=${encodeURIComponent(token)}">${words.provider.button(name)}</a></p>
</section>`;
}

function byPlace({ place }: Words, token: string, method: "web" | "dns"): Html {
  return markup`<section class="card">
<h2>${place[method]}</h2>
<form method="get" action="/claim/${encodeURIComponent(token)}/place">
${hiddenFields({ method })}
<label>${method === "dns" ? place.dnsField : place.webField}
<input name="place" type="text" required minlength="3" maxlength="1000" placeholder="example.org"></label>
<button>${place.button}</button>
</form>
</section>`;
}

function byOperator(words: Words, token: string, requestedName: string | null): Html {
  const asked =
    requestedName === null ? "" : markup`<p>${words.operator.asked(markup`<strong>${requestedName}</strong>`)}</p>`;
  return markup`<section class="card">
<h2>${words.operator.heading}</h2>
${asked}
<form method="post" action="/claim/request">
${hiddenFields({ claim_token: token })}
${nameField(words, "operator")}
<button class="plain">${words.operator.button}</button>
</form>
</section>`;
}
