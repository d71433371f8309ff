/** Where owners ask for a sign-in link, and what is said after any mail was asked for: the same to everybody. */
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { wayBackCookie } from "../../platform/http/way-back.js";
import { privatePage } from "../layout.js";
import { type Html, markup } from "../markup.js";

/** The form for a sign-in link. */
export async function loginPage(call: Call, input: { back?: string }): Promise<RawAnswer> {
  const { services, session } = call;
  const here = session ? markup`<p>You are signed in: <a href="/owner">your agents</a>.</p>` : "";
  return privatePage(
    call,
    { title: "Sign in", cookies: wayBackCookie(services, input.back), scripts: ["webauthn", "passkeys"] },
    markup`${here}<section class="card">
<form method="post" action="/login">
<label for="email">Your e-mail address</label>
<input id="email" name="email" type="email" required maxlength="254" autocomplete="email">
<button>Send me a link</button>
<p class="muted">For owners of agents. You become one by opening the claim link of your agent.</p>
</form>
</section>
${byProvider(services.config.provider?.name)}<section class="card">
<form method="post" action="/login/passkey" data-passkey="sign-in" data-options="/login/passkey">
<input type="hidden" name="response" value="">
<button>Sign in with a passkey</button>
<p class="muted" role="status">This asks your browser, so it needs JavaScript.</p>
</form>
</section>`,
  );
}

function byProvider(name: string | undefined): Html | "" {
  if (name === undefined) return "";
  return markup`<p><a class="button" href="/login/provider">Sign in with ${name}</a></p>
`;
}

/** What is said after a mail was asked for. */
export async function sentPage(call: Call): Promise<RawAnswer> {
  const { config } = call.services;
  // Without a mail server the operator hands the link on; whoever tries the network out is the operator.
  const { title, where } = config.smtpUrl
    ? { title: "Look into your mail", where: "is on its way" }
    : {
        title: "The link is on the console",
        where: "stands in the terminal or log of this server, which sends no mail",
      };
  return privatePage(
    call,
    { title },
    markup`<p>If the address is right, a link ${where}. It works once, within 15 minutes.</p>`,
  );
}
