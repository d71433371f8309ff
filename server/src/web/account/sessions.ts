/** Where the owner is signed in, with a way to end each session. */
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { ownSessions, type SessionView } from "../../sign-in/read/sessions.js";
import { exactly } from "../figures.js";
import { type Html, markup } from "../markup.js";
import { type Lang, type View, viewOf } from "../view.js";
import { signInWords } from "../words/sign-in.js";
import { noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";
import { actForm } from "./parts.js";

/** Shows the sessions of the signed-in owner. */
export async function sessionsPage(call: OwnerCall): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = signInWords[view.lang].sessions;
  const { shown, cookies } = noticeOf(call);
  const { csrf } = call.session;
  const sessions = await ownSessions(call);
  const others =
    sessions.length > 1 ? actForm("/owner/sessions/end-others", { csrf }, words.signOutOthers, "main") : "";
  return ownersPage(
    call,
    "/owner/sessions",
    { title: words.title, cookies },
    markup`${shown}<p>${words.lead}</p>
${sessions.map((session) => sessionCard(view, session, csrf))}
${others}`,
  );
}

function sessionCard(view: View, session: SessionView, csrf: string): Html {
  const words = signInWords[view.lang].sessions;
  const from = exactly(view, session.createdAt);
  const used = exactly(view, session.lastUsedAt);
  const here = session.isThis ? markup` <span class="label">${words.thisOne}</span>` : "";
  return markup`<section class="card">
<h2>${deviceName(view.lang, session.device) || words.unknown}${here}</h2>
<p class="muted">${session.network === "" ? words.since(from, used) : words.sinceFrom(from, used, session.network)}</p>
${actForm("/owner/sessions/end", { csrf, session_id: session.id }, words.signOut)}
</section>`;
}

/** A browser and its system, `Firefox on Linux` as it was kept, in the reader's language. */
export function deviceName(lang: Lang, device: string): string {
  const [browser = "", system] = device.split(" on ");
  return system === undefined ? browser : signInWords[lang].sessions.device(browser, system);
}
