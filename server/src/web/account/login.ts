/** Where owners ask for a sign-in link, and what is said after any mail was asked for: the same to everybody. */
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { wayBackCookie } from "../../platform/http/way-back.js";
import { privatePage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { viewOf } from "../view.js";
import { claimWords } from "../words/claim.js";
import { passkeyForm } from "./passkeys.js";

/** The form for a sign-in link. */
export async function loginPage(call: Call, input: { back?: string }): Promise<RawAnswer> {
  const { services, session } = call;
  const all = claimWords[viewOf(call).lang];
  const words = all.login;
  const here = session ? markup`<p>${words.here(markup`<a href="/owner">${words.yourAgents}</a>`)}</p>` : "";
  return privatePage(
    call,
    { title: words.title, cookies: wayBackCookie(services, input.back), scripts: ["webauthn", "passkeys"] },
    markup`${here}<section class="card">
<form method="post" action="/login">
<label for="email">${all.yourAddress}</label>
<input id="email" name="email" type="email" required maxlength="254" autocomplete="email">
<button>${all.sendLink}</button>
<p class="muted">${words.forOwners}</p>
</form>
</section>
${byProvider(words, services.config.provider?.name)}<section class="card">
${passkeyForm(call, { action: "/login/passkey", does: "sign-in", options: "/login/passkey", button: words.passkey })}
</section>`,
  );
}

function byProvider(words: (typeof claimWords)["en"]["login"], name: string | undefined): Html | "" {
  if (name === undefined) return "";
  return markup`<p><a class="button" href="/login/provider">${words.withProvider(name)}</a></p>
`;
}

/** What is said after a mail was asked for. */
export async function sentPage(call: Call): Promise<RawAnswer> {
  const { config } = call.services;
  // Without a mail server the operator hands the link on; whoever tries the network out is the operator.
  const words = claimWords[viewOf(call).lang].sent;
  const [title, text] = config.smtpUrl ? [words.mail, words.onItsWay] : [words.console, words.printed];
  return privatePage(call, { title }, markup`<p>${text}</p>`);
}
