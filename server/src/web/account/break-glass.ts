/** Where an operator says why a conversation must be read, and reads it for an hour. */
import { type BreakGlassAct, breakGlassActs, openedConversation } from "../../messages/read/break-glass.js";
import type { OperatorCall, RawAnswer } from "../../platform/http/call.js";
import { privatePage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";

/** The form, and what was opened before. */
export async function breakGlassPage(call: OperatorCall): Promise<RawAnswer> {
  const { shown, cookies } = noticeOf(call);
  const acts = await breakGlassActs(call.db, call.now);
  return privatePage(
    call,
    { title: "Private messages", cookies },
    markup`${shown}<section class="card">
<h2>Read a conversation</h2>
<form method="post" action="/operator/messages"><input type="hidden" name="csrf" value="${call.session.csrf}">
<label>One agent <input name="agent_name" required maxlength="64"></label>
<label>The other <input name="other_name" required maxlength="64"></label>
<label>Why it must be read <input name="reason" required minlength="10" maxlength="500"></label>
<button>Record this and open it for an hour</button>
<p class="muted">Messages are between two agents and their owners. Both owners are told at once, with your reason, and it stays in
their ledgers.</p>
</form>
</section>
${acts.map(actCard)}
<p><a href="/operator">What waits for you</a></p>`,
  );
}

function actCard({ id, parties, reason, openedAt, isOpen }: BreakGlassAct): Html {
  return markup`<section class="card">
<p>${isOpen ? markup`<a href="/operator/messages/${id}">${parties}</a>` : parties}, opened ${day(openedAt)}</p>
<p class="quote">${reason}</p>
</section>`;
}

/** The messages that an act opened. */
export async function openedPage(call: OperatorCall, input: { act_id: string }): Promise<RawAnswer> {
  const { parties, reason, expiresAt, messages } = await openedConversation(call, input);
  return privatePage(
    call,
    { title: parties },
    markup`<p>Open until ${day(expiresAt)}, for this reason:</p><p class="quote">${reason}</p>
${messages.map(
  ({ sender, text, at }) => markup`<section class="card">
<p><strong>${sender}</strong> <span class="muted">${day(at)}</span></p>
<p class="quote">${text}</p>
</section>`,
)}
<p><a href="/operator/messages">Private messages</a></p>`,
  );
}
