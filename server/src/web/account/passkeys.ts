/** Somebody's passkeys. Making one needs the browser's own script; naming and removing do not. */
import type { PersonCall, RawAnswer } from "../../platform/http/call.js";
import { deviceOf } from "../../platform/visitors.js";
import { ownPasskeys, type PasskeyView } from "../../sign-in/read/passkeys.js";
import { privatePage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";

/** Shows the passkeys of the signed-in owner or operator. */
export async function passkeysPage(call: PersonCall): Promise<RawAnswer> {
  const { shown, cookies } = noticeOf(call);
  const { csrf, operator } = call.session;
  const home = operator ? "/operator" : "/owner";
  const list = (await ownPasskeys(call)).map((passkey) => passkeyCard(passkey, csrf, home));
  const head = { title: "Your passkeys", cookies, scripts: ["webauthn", "passkeys"] as const };
  const content = markup`${shown}<p>A passkey signs you in with what unlocks your device: a finger, a face, a code. It works here alone and
cannot be typed into a false page.</p>
${list}
${addCard(csrf, deviceOf(call.headers["user-agent"]), home)}`;
  if (!operator) return ownersPage(call, head, content);
  return privatePage(call, head, markup`${content}<p><a href="/operator">Back</a></p>`);
}

function passkeyCard(passkey: PasskeyView, csrf: string, home: string): Html {
  const hidden = markup`<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="passkey_id" value="${passkey.id}">`;
  const used = passkey.lastUsedAt === null ? "never used" : `last used ${day(passkey.lastUsedAt)}`;
  return markup`<section class="card">
<h2>${passkey.name}</h2>
<p>Added ${day(passkey.createdAt)}, ${used}.</p>
<form method="post" action="${home}/passkeys/name">${hidden}
<label>Its name <input name="name" type="text" required maxlength="60" value="${passkey.name}"></label>
<button class="plain">Save</button></form>
<form method="post" action="${home}/passkeys/remove">${hidden}
<button class="plain">Remove</button></form>
</section>`;
}

function addCard(csrf: string, device: string, home: string): Html {
  return markup`<section class="card">
<h2>Add a passkey</h2>
<form method="post" action="${home}/passkeys" data-passkey="register" data-options="${home}/passkeys/options">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="response" value="">
<label>What to call it <input name="name" type="text" required maxlength="60" value="${device || "My passkey"}"></label>
<button>Add a passkey</button>
<p class="muted" role="status">This asks your browser, so it needs JavaScript.</p>
</form>
</section>`;
}
