/** Who runs the network: all operators see it, admins change it. */
import type { OperatorCall, RawAnswer } from "../../platform/http/call.js";
import { allOperators, type OperatorView } from "../../sign-in/read/operators.js";
import { privatePage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";

/** Shows the operators. */
export async function operatorsPage(call: OperatorCall): Promise<RawAnswer> {
  const { shown, cookies } = noticeOf(call);
  const { csrf, operator } = call.session;
  const isAdmin = operator.role === "admin";
  const list = (await allOperators(call)).map((one) =>
    operatorCard(one, isAdmin && !one.isConsole && one.id !== operator.id ? csrf : undefined),
  );
  return privatePage(
    call,
    { title: "Operators", cookies },
    markup`${shown}<p>You are <strong>${operator.name}</strong>, ${operator.role}. An auditor sees everything but private messages and
changes nothing; a moderator also decides on claims, reports and suspensions; an admin does everything.</p>
${list}
${isAdmin ? inviteCard(csrf) : ""}
<p><a href="/operator">Back</a></p>`,
  );
}

function operatorCard(one: OperatorView, csrf: string | undefined): Html {
  const seen = one.lastSignInAt === null ? "has never signed in" : `last signed in ${day(one.lastSignInAt)}`;
  const keys = one.passkeys === 1 ? "1 passkey" : `${one.passkeys} passkeys`;
  const note = one.isConsole ? markup`<p class="muted">Whoever opens the link that the server prints.</p>` : "";
  return markup`<section class="card">
<h2>${one.name}</h2>
<p>${one.role}, since ${day(one.createdAt)}; ${seen}; ${keys}.</p>
${note}${csrf === undefined ? "" : changeForm(one, csrf)}
</section>`;
}

function changeForm(one: OperatorView, csrf: string): Html {
  const roles = ["admin", "moderator", "auditor"].filter((role) => role !== one.role);
  return markup`<form method="post" action="/operator/operators/change">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="operator_id" value="${one.id}">
${roles.map((role) => markup`<button class="plain" name="decision" value="${role}">Make it ${role}</button> `)}
<button class="plain" name="decision" value="link">New sign-in link</button>
<button class="plain" name="decision" value="remove">Remove</button>
<p class="muted">Each of these signs them out everywhere.</p>
</form>`;
}

function inviteCard(csrf: string): Html {
  return markup`<section class="card">
<h2>Let somebody help</h2>
<form method="post" action="/operator/operators">
<input type="hidden" name="csrf" value="${csrf}">
<label>Name <input name="name" type="text" required minlength="3" maxlength="30" pattern="[A-Za-z0-9_\\-]+"></label>
<button name="role" value="moderator">Invite a moderator</button>
<button class="plain" name="role" value="auditor">Invite an auditor</button>
<button class="plain" name="role" value="admin">Invite an admin</button>
<p class="muted">You get a link to hand over. It works once, within 7 days; a passkey signs them in from then on.</p>
</form>
</section>`;
}
