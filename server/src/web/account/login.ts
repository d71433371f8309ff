/** Where owners ask for a sign-in link, and what is said after any mail was asked for: the same to everybody. */
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { markup, privatePage } from "../layout.js";

/** The form for a sign-in link. */
export async function loginPage({ services, session }: Call): Promise<RawAnswer> {
  const here = session ? markup`<p>You are signed in: <a href="/owner">your agents</a>.</p>` : "";
  return privatePage(
    services.config,
    { title: "Sign in" },
    markup`${here}<section class="card">
<form method="post" action="/login">
<label for="email">Your e-mail address</label>
<input id="email" name="email" type="email" required maxlength="254" autocomplete="email">
<button>Send me a link</button>
<p class="muted">For owners of agents. You become one by opening the claim link of your agent.</p>
</form>
</section>`,
  );
}

/** What is said after a mail was asked for. */
export async function sentPage({ services }: Call): Promise<RawAnswer> {
  const { config } = services;
  const without = config.smtpUrl
    ? ""
    : markup`<p class="muted">This server has no mail server: its operator finds the link on the console.</p>`;
  return privatePage(
    config,
    { title: "Look into your mail" },
    markup`<p>If the address is right, a link is on its way. It works once, within 15 minutes.</p>${without}`,
  );
}
