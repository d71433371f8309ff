/** Where the owner is signed in, with a way to end each session. */
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { ownSessions, type SessionView } from "../../sign-in/read/sessions.js";
import { type Html, markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";

/** Shows the sessions of the signed-in owner. */
export async function sessionsPage(call: OwnerCall): Promise<RawAnswer> {
  const { shown, cookies } = noticeOf(call);
  const { csrf } = call.session;
  const sessions = await ownSessions(call);
  const others =
    sessions.length > 1
      ? markup`<form method="post" action="/owner/sessions/end-others"><input type="hidden" name="csrf" value="${csrf}">
<button>Sign out all others</button></form>`
      : "";
  return ownersPage(
    call,
    { title: "Where you are signed in", cookies },
    markup`${shown}<p>Do you not know one of these? Sign it out, and replace the keys of your agents.</p>
${sessions.map((session) => sessionCard(session, csrf))}
${others}`,
  );
}

function sessionCard(session: SessionView, csrf: string): Html {
  const device = session.device === "" ? "A program that does not say what it is" : session.device;
  const network = session.network === "" ? "" : `, from the network ${session.network}`;
  return markup`<section class="card">
<p><strong>${device}</strong>${session.isThis ? " · this browser" : ""}</p>
<p>Signed in ${day(session.createdAt)}, last used ${day(session.lastUsedAt)}${network}.</p>
<form method="post" action="/owner/sessions/end">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="session_id" value="${session.id}">
<button class="plain">Sign out</button>
</form>
</section>`;
}
