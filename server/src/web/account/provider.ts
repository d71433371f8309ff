/** The owner's account at the provider: add it, remove it. */
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { providerOf } from "../../platform/provider.js";
import { linkedAccount } from "../../sign-in/read/provider.js";
import { exactly } from "../figures.js";
import { markup } from "../markup.js";
import { viewOf } from "../view.js";
import { signInWords } from "../words/sign-in.js";
import { noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";
import { actForm } from "./parts.js";

/**
 * Shows whether the owner signs in with the provider.
 * @throws AppError NOT_FOUND when none is configured
 */
export async function providerPage(call: OwnerCall): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = signInWords[view.lang].provider;
  const { shown, cookies } = noticeOf(call);
  const { name } = providerOf(call.services);
  const account = await linkedAccount(call);
  const card = account
    ? markup`<p>${words.since(name, exactly(view, account.since))}</p>
${actForm("/owner/provider/unlink", { csrf: call.session.csrf }, words.remove)}`
    : markup`<p>${words.can(name)}</p>
<p><a class="button" href="/owner/provider/link">${words.add(name)}</a></p>`;
  return ownersPage(
    call,
    "/owner/provider",
    { title: words.title(name), cookies },
    markup`${shown}<section class="card">${card}</section>`,
  );
}
