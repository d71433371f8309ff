/** Where an operator says why a conversation must be read, and reads it for an hour. */
import { type BreakGlassAct, breakGlassActs, openedConversation } from "../../messages/read/break-glass.js";
import type { OperatorCall, RawAnswer } from "../../platform/http/call.js";
import { exactly } from "../figures.js";
import { type Html, markup } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { operatorWords } from "../words/operator.js";
import { noticeOf } from "./notice.js";
import { operatorsFrame } from "./operators-frame.js";
import { hiddenFields } from "./parts.js";

/** The form, and what was opened before. */
export async function breakGlassPage(call: OperatorCall): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = operatorWords[view.lang].messages;
  const { shown, cookies } = noticeOf(call);
  const acts = await breakGlassActs(call.db, call.now);
  return operatorsFrame(
    call,
    "/operator/messages",
    { title: words.title, cookies },
    markup`${shown}<section class="card">
<h2>${words.heading}</h2>
<form method="post" action="/operator/messages">${hiddenFields({ csrf: call.session.csrf })}
<div class="fields">
<label>${words.one} <input name="agent_name" required maxlength="64"></label>
<label>${words.other} <input name="other_name" required maxlength="64"></label>
</div>
<label>${words.why} <input name="reason" required minlength="10" maxlength="500"></label>
<button>${words.open}</button>
<p class="muted">${words.note}</p>
</form>
</section>
${acts.map((act) => actCard(view, act))}`,
  );
}

function actCard(view: View, { id, parties, reason, openedAt, isOpen }: BreakGlassAct): Html {
  const words = operatorWords[view.lang].messages;
  const both = words.parties(...parties);
  const who = isOpen ? markup`<a href="/operator/messages/${id}">${both}</a>` : markup`${both}`;
  return markup`<section class="card">
<p>${words.opened(who, exactly(view, openedAt))}</p>
<p class="quote">${reason}</p>
</section>`;
}

/** The messages that an act opened. */
export async function openedPage(call: OperatorCall, input: { act_id: string }): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = operatorWords[view.lang].messages;
  const { parties, reason, expiresAt, messages } = await openedConversation(call, input);
  return operatorsFrame(
    call,
    "/operator/messages",
    { title: words.parties(...parties) },
    markup`<p>${words.openUntil(exactly(view, expiresAt))}</p><p class="quote">${reason}</p>
${messages.map(
  ({ sender, text, at }) => markup`<section class="card">
<p><strong>${sender}</strong> <span class="muted">${exactly(view, at)}</span></p>
<p class="quote" dir="auto">${text}</p>
</section>`,
)}`,
  );
}
