/** Somebody's passkeys. Making one needs the browser's own script; naming and removing do not. */
import type { Call, PersonCall, RawAnswer } from "../../platform/http/call.js";
import { deviceOf } from "../../platform/visitors.js";
import { ownPasskeys, type PasskeyView } from "../../sign-in/read/passkeys.js";
import { exactly } from "../figures.js";
import { type Html, markup } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { signInWords } from "../words/sign-in.js";
import { noticeOf } from "./notice.js";
import { operatorsFrame } from "./operators-frame.js";
import { ownersPage } from "./owners-page.js";
import { actForm, hiddenFields } from "./parts.js";
import { deviceName } from "./sessions.js";

/** Shows the passkeys of the signed-in owner or operator. */
export async function passkeysPage(call: PersonCall): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = signInWords[view.lang].passkeys;
  const { shown, cookies } = noticeOf(call);
  const home = call.session.operator ? "/operator" : "/owner";
  const list = (await ownPasskeys(call)).map((passkey) => passkeyCard(view, passkey, call.session.csrf, home));
  const head = { title: words.title, cookies, scripts: ["webauthn", "passkeys"] as const };
  const content = markup`${shown}<p>${words.lead}</p>
${list}
${addCard(call, home)}`;
  return call.session.operator
    ? operatorsFrame(call, "/operator/passkeys", head, content)
    : ownersPage(call, "/owner/passkeys", head, content);
}

function passkeyCard(view: View, passkey: PasskeyView, csrf: string, home: string): Html {
  const words = signInWords[view.lang].passkeys;
  const fields = { csrf, passkey_id: passkey.id };
  const added = exactly(view, passkey.createdAt);
  const facts =
    passkey.lastUsedAt === null ? words.neverUsed(added) : words.used(added, exactly(view, passkey.lastUsedAt));
  return markup`<section class="card">
<h2>${passkey.name}</h2>
<p class="muted">${facts}</p>
<form class="line" method="post" action="${home}/passkeys/name">${hiddenFields(fields)}
<label>${words.itsName} <input name="name" type="text" required maxlength="60" value="${passkey.name}"></label>
<button class="plain">${words.save}</button></form>
${actForm(`${home}/passkeys/remove`, fields, words.remove)}
</section>`;
}

function addCard(call: PersonCall, home: string): Html {
  const { lang } = viewOf(call);
  const words = signInWords[lang].passkeys;
  const name = deviceName(lang, deviceOf(call.headers["user-agent"])) || words.mine;
  const form = passkeyForm(call, {
    action: `${home}/passkeys`,
    does: "register",
    options: `${home}/passkeys/options`,
    button: words.add,
    fields: markup`${hiddenFields({ csrf: call.session.csrf })}
<label>${words.callIt} <input name="name" type="text" required maxlength="60" value="${name}"></label>`,
  });
  return markup`<section class="card">
<h2>${words.add}</h2>
${form}
</section>`;
}

/** A form that asks the browser for a passkey; what its script may have to say stands in it. */
export function passkeyForm(
  call: Call,
  form: { action: string; does: "register" | "sign-in"; options: string; button: string; fields?: Html },
): Html {
  const words = signInWords[viewOf(call).lang].passkeys;
  return markup`<form method="post" action="${form.action}" data-passkey="${form.does}" data-options="${form.options}"
  data-asking="${words.asking}" data-cancelled="${words.cancelled}" data-known="${words.known}"
  data-insecure="${words.insecure}" data-unsupported="${words.unsupported}" data-failed="${words.failed}">
${hiddenFields({ response: "" })}
${form.fields ?? ""}
<button>${form.button}</button>
<p class="muted" role="status">${words.needsScript}</p>
</form>`;
}
