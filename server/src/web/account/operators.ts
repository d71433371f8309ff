/** Who runs the network: all operators see it, admins change it. */
import type { OperatorCall, RawAnswer } from "../../platform/http/call.js";
import { allOperators, type OperatorView } from "../../sign-in/read/operators.js";
import { counted, exactly } from "../figures.js";
import { type Html, markup } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { operatorWords } from "../words/operator.js";
import { noticeOf } from "./notice.js";
import { operatorsFrame } from "./operators-frame.js";
import { hiddenFields } from "./parts.js";

const ROLES = ["admin", "moderator", "auditor"] as const;

/** Shows the operators. */
export async function operatorsPage(call: OperatorCall): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = operatorWords[view.lang].operators;
  const { shown, cookies } = noticeOf(call);
  const { csrf, operator } = call.session;
  const isAdmin = operator.role === "admin";
  const list = (await allOperators(call)).map((one) =>
    operatorCard(view, one, isAdmin && !one.isConsole && one.id !== operator.id ? csrf : undefined),
  );
  return operatorsFrame(
    call,
    "/operator/operators",
    { title: words.title, cookies },
    markup`${shown}<p>${words.youAre(markup`<strong>${operator.name}</strong>`, words.roles[operator.role])} ${words.lead}</p>
${list}
${isAdmin ? inviteCard(view, csrf) : ""}`,
  );
}

function operatorCard(view: View, one: OperatorView, csrf: string | undefined): Html {
  const words = operatorWords[view.lang].operators;
  const keys = counted(view, one.passkeys, words.passkey);
  const since = exactly(view, one.createdAt);
  const role = words.roles[one.role];
  const facts =
    one.lastSignInAt === null
      ? words.neverSignedIn(role, since, keys)
      : words.signedIn(role, since, exactly(view, one.lastSignInAt), keys);
  return markup`<section class="card">
<h2>${one.name}</h2>
<p>${facts}</p>
${one.isConsole ? markup`<p class="muted">${words.console}</p>` : ""}${csrf === undefined ? "" : changeForm(view, one, csrf)}
</section>`;
}

function changeForm(view: View, one: OperatorView, csrf: string): Html {
  const words = operatorWords[view.lang].operators;
  const others = ROLES.filter((role) => role !== one.role);
  const button = (decision: string, label: string) =>
    markup`<button class="plain" name="decision" value="${decision}">${label}</button> `;
  return markup`<form class="acts" method="post" action="/operator/operators/change">
${hiddenFields({ csrf, operator_id: one.id })}
${others.map((role) => button(role, words.make[role]))}${button("link", words.newLink)}${button("remove", words.remove)}
</form>
<p class="muted">${words.signsOut}</p>`;
}

function inviteCard(view: View, csrf: string): Html {
  const words = operatorWords[view.lang].operators.invite;
  return markup`<section class="card">
<h2>${words.heading}</h2>
<form method="post" action="/operator/operators">
${hiddenFields({ csrf })}
<label>${words.name} <input name="name" type="text" required minlength="3" maxlength="30" pattern="[A-Za-z0-9_\\-]+"></label>
<div class="acts">
<button name="role" value="moderator">${words.moderator}</button>
<button class="plain" name="role" value="auditor">${words.auditor}</button>
<button class="plain" name="role" value="admin">${words.admin}</button>
</div>
<p class="muted">${words.note}</p>
</form>
</section>`;
}
