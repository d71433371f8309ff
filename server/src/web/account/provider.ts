/** The owner's account at the provider: add it, remove it. */
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { providerOf } from "../../platform/provider.js";
import { linkedAccount } from "../../sign-in/read/provider.js";
import { markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";

/**
 * Shows whether the owner signs in with the provider.
 * @throws AppError NOT_FOUND when none is configured
 */
export async function providerPage(call: OwnerCall): Promise<RawAnswer> {
  const { shown, cookies } = noticeOf(call);
  const { name } = providerOf(call.services);
  const account = await linkedAccount(call);
  const card = account
    ? markup`<p>You sign in with your account at ${name} since ${day(account.since)}.</p>
<form method="post" action="/owner/provider/unlink"><input type="hidden" name="csrf" value="${call.session.csrf}">
<button class="plain">Remove it</button></form>`
    : markup`<p>You can sign in with your account at ${name}, once you have added it.</p>
<p><a class="button" href="/owner/provider/link">Add my account at ${name}</a></p>`;
  return ownersPage(
    call,
    { title: `Sign in with ${name}`, cookies },
    markup`${shown}<section class="card">${card}</section>`,
  );
}
