/** The owner's page: the agents at a glance, and the name shown beside them. */
import { MAIL_KINDS, type MailKind } from "@openmolt/contract/owned";
import { noticesOf, type Told } from "../../audit/read/notices.js";
import { AppError } from "../../errors.js";
import { type OwnerHome, ownerHome } from "../../owners/read/home.js";
import type { OwnedAgent } from "../../owners/read/owned-agents.js";
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { exactly, number } from "../figures.js";
import { type Html, markup } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { ownerWords } from "../words/owner.js";
import { age, stateOf, warningsOf } from "./agent-state.js";
import { noticeOf } from "./notice.js";
import { offerCard } from "./offers.js";
import { ownersPage } from "./owners-page.js";
import { actForm, factTable, hiddenFields } from "./parts.js";
import { dueNotice } from "./review.js";

/**
 * Shows the signed-in owner's account.
 * @throws AppError SESSION_REQUIRED when the account is gone
 */
export async function ownerPage(call: OwnerCall): Promise<RawAnswer> {
  const home = await ownerHome(call);
  if (!home) throw new AppError("SESSION_REQUIRED");
  const view = viewOf(call);
  const words = ownerWords[view.lang];
  const { shown, cookies } = noticeOf(call);
  const { csrf } = call.session;
  return ownersPage(
    call,
    "/owner",
    { title: words.title, cookies },
    markup`${shown}${await dueNotice(call)}${await toldCard(call, view)}${home.offers.map((offer) => offerCard(view, offer, csrf))}
${agentsTable(view, home.agents)}
${nameCard(view, home, csrf)}${home.email === null ? "" : mailsCard(view, home, csrf)}
${closingCard(view, csrf)}
${actForm("/logout", { csrf }, words.signOut)}`,
  );
}

async function toldCard(call: OwnerCall, view: View): Promise<Html> {
  const all = await noticesOf(call);
  if (all.length === 0) return markup``;
  return markup`<section class="card">
<h2>${ownerWords[view.lang].know}</h2>
<ul class="plain">${all.map((one) => markup`<li>${toldText(view, one)} <span class="muted">${exactly(view, one.at)}</span></li>`)}</ul>
</section>`;
}

function toldText(view: View, { kind, agent, facts }: Told): string {
  const { told } = ownerWords[view.lang];
  const fact = (name: string) => String(facts[name] ?? "");
  if (kind === "break_glass") return told.break_glass(agent, fact("other"), fact("reason"));
  if (kind === "burst")
    return told.burst(agent, fact("prefix"), number(view, Number(facts.value)), number(view, Number(facts.usual)));
  if (kind === "new_network") return told.new_network(agent, fact("prefix"), fact("value"));
  if (kind === "dead_key") return told.dead_key(agent, fact("prefix"));
  if (kind === "refused_sign_in") {
    const tried = told.refused_sign_in;
    return facts.by === "passkey" ? tried.passkey : facts.by === "provider" ? tried.provider : tried.link;
  }
  const [verb, what = ""] = fact("value").split(" ");
  return told.new_route(agent, fact("prefix"), verb === "writing" ? told.writing(what) : told.reading(what));
}

function agentsTable(view: View, agents: readonly OwnedAgent[]): Html {
  const { columns, noKeys, noAgents } = ownerWords[view.lang];
  if (agents.length === 0) return markup`<p>${noAgents}</p>`;
  const rows = agents.map((agent) => {
    const warnings = warningsOf(view, agent).map((warning) => markup`<br><span class="muted">${warning}</span>`);
    const ages = agent.keys.map((key) => age(view, key.created_at));
    return [
      markup`<a href="/owner/agents/${agent.name}"><strong>${agent.name}</strong></a>${warnings}`,
      stateOf(view, agent),
      number(view, agent.karma),
      exactly(view, agent.lastActiveAt),
      ages.length === 0 ? noKeys : ages.join(", "),
    ];
  });
  return factTable([columns.agent, columns.state, columns.karma, columns.seen, columns.keys], rows, 2);
}

function nameCard(view: View, home: OwnerHome, csrf: string): Html {
  const { you } = ownerWords[view.lang];
  return markup`<section class="card">
<h2>${you.heading}</h2>
${home.email === null ? addressForm(view, csrf) : markup`<p>${you.signsInAs(home.email)}</p>`}
<form method="post" action="/owner/name">
${hiddenFields({ csrf })}
<label for="username">${you.name}</label>
<input id="username" name="username" type="text" required minlength="3" maxlength="30" pattern="[A-Za-z0-9_\\-]+"
  autocomplete="username" value="${home.username}">
<label class="choice"><input type="checkbox" name="show_name"${home.showName ? markup` checked` : ""}>
${you.show}</label>
<label class="choice"><input type="checkbox" name="show_proof"${home.showProof ? markup` checked` : ""}>
${you.showProof}</label>
<button class="plain">${you.save}</button>
</form>
</section>`;
}

function addressForm(view: View, csrf: string): Html {
  const { you } = ownerWords[view.lang];
  return markup`<p>${you.noAddress}</p>
<form method="post" action="/owner/address">
${hiddenFields({ csrf })}
<label for="email">${you.address}</label>
<input id="email" name="email" type="email" required maxlength="254" autocomplete="email">
<button class="plain">${you.confirm}</button>
</form>`;
}

function mailsCard(view: View, home: OwnerHome, csrf: string): Html {
  const { mails, you } = ownerWords[view.lang];
  const choice = (kind: MailKind) =>
    markup`<label class="choice"><input type="checkbox" name="${kind}"${
      home.unwantedMails.includes(kind) ? "" : markup` checked`
    }> ${mails.kinds[kind]}</label>`;
  return markup`<section class="card">
<h2>${mails.heading}</h2>
<form method="post" action="/owner/mails">
${hiddenFields({ csrf })}
${MAIL_KINDS.map(choice)}
<button class="plain">${you.save}</button>
<p class="muted">${mails.always}</p>
</form>
</section>`;
}

function closingCard(view: View, csrf: string): Html {
  const { closing } = ownerWords[view.lang];
  const choice = (value: "release" | "delete" | "erase", words: string) =>
    markup`<label class="choice"><input type="radio" name="agents" value="${value}"${
      value === "release" ? markup` checked` : ""
    }> ${words}</label>
`;
  return markup`<details>
<summary>${closing.summary}</summary>
<p><a href="/owner/export">${closing.download}</a>, ${closing.format}</p>
<form method="post" action="/owner/close">
${hiddenFields({ csrf })}
<p>${closing.agents}</p>
${choice("release", closing.release)}${choice("delete", closing.remove)}${choice("erase", closing.erase)}
<label for="own-name">${closing.write}</label>
<input id="own-name" name="username" required maxlength="30" autocomplete="off">
<button class="plain">${closing.close}</button>
<p class="muted">${closing.note}</p>
</form>
</details>`;
}
