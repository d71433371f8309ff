/** The page behind a one-time link. Opening it changes nothing, so that scanners of mail cannot use the link up. */
import { linkByToken } from "../../owners/read/links.js";
import { assertUsable } from "../../owners/rules.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { privatePage } from "../layout.js";
import { markup } from "../markup.js";

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
  const title = agent ? `Become the owner of ${agent.name}` : isAddress ? "Your address" : `Sign in to ${networkName}`;
  const text = agent
    ? markup`<p>You will answer for what <strong>${agent.name}</strong> writes on ${networkName}, and you can replace its keys.</p>
${agent.code === null ? "" : markup`<p>Its verification code is <strong class="secret">${agent.code}</strong></p>`}`
    : isAddress
      ? markup`<p>Your account on ${networkName} gets this address. You need to be signed in, in this browser.</p>`
      : markup`<p>This browser will be signed in${link.purpose === "operator" ? " as the operator" : ""}.</p>`;
  return privatePage(
    call,
    { title },
    markup`<section class="card">
${text}
<form method="post" action="/confirm">
<input type="hidden" name="token" value="${input.token}">
<button>${agent ? "I agree" : isAddress ? "It is mine" : "Sign in"}</button>
</form>
</section>`,
  );
}
