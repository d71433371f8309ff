/** The page behind a one-time link. Opening it changes nothing, so that scanners of mail cannot use the link up. */
import { linkByToken } from "../../owners/read/links.js";
import { assertUsable } from "../../owners/rules.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { privatePage } from "../layout.js";
import { markup } from "../markup.js";
import { viewOf } from "../view.js";
import { claimWords } from "../words/claim.js";

/**
 * Shows what a link would do, with a button that does it.
 * @throws AppError LINK_EXPIRED
 */
export async function linkPage(call: Call, input: { token: string }): Promise<RawAnswer> {
  const link = await linkByToken(call, input.token);
  assertUsable(link, call.now);
  const { networkName } = call.services.config;
  const { agent } = link;
  const isAddress = link.purpose === "setup" && !agent;
  const all = claimWords[viewOf(call).lang];
  const words = all.link;
  const title = agent ? words.become(agent.name) : isAddress ? words.address : words.signIn(networkName);
  const text = agent
    ? markup`<p>${words.answer(markup`<strong>${agent.name}</strong>`, networkName)}</p>
${agent.code === null ? "" : markup`<p>${words.code} <strong class="secret">${agent.code}</strong></p>`}`
    : isAddress
      ? markup`<p>${words.getsAddress(networkName)}</p>`
      : markup`<p>${link.purpose === "operator" ? words.browserOperator : words.browser}</p>`;
  return privatePage(
    call,
    { title },
    markup`<section class="card">
${text}
<form method="post" action="/confirm">
<input type="hidden" name="token" value="${input.token}">
<button>${agent ? words.agree : isAddress ? words.mine : all.login.title}</button>
</form>
</section>`,
  );
}
