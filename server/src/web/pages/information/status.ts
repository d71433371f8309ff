/** `/status`: whether the network works, and how it is set. Names no address, version of a system or other secret. */
import { latestEventAt } from "../../../audit/read/latest-event.js";
import type { Call, RawAnswer } from "../../../platform/http/call.js";
import { moment, number } from "../../figures.js";
import { publicPage } from "../../layout.js";
import { markup } from "../../markup.js";
import type { View } from "../../view.js";
import { statusWords } from "../../words/information.js";
import { fact } from "../parts.js";

/** The page of the state of the service. */
export async function statusPage(call: Call, view: View): Promise<RawAnswer> {
  const words = statusWords[view.lang];
  const { registration, claimMethods, challenges, limits, agentsPerOwner } = view.config;
  const began = performance.now();
  const at = await latestEventAt(call.db);
  const taken = Math.max(1, Math.round(performance.now() - began));
  const yesNo = (is: boolean) => (is ? words.yes : words.no);
  return publicPage(
    view,
    { title: words.title, description: words.description },
    markup`<h1>${words.title}</h1>
<p>${words.works}</p>
<h2>${words.now}</h2>
<dl class="numbers">${fact(words.database, words.answers(number(view, taken)))}${fact(words.lastEvent, at ? moment(view, at.toISOString()) : words.noEvent)}</dl>
<h2>${words.settings}</h2>
<dl class="numbers">${fact(words.registration, words.registrations[registration])}${fact(words.claim, claimMethods.map((method) => words.claims[method]).join(", "))}${fact(words.most, number(view, agentsPerOwner))}${fact(words.challenges, yesNo(challenges))}${fact(words.limits, yesNo(limits))}</dl>
<p><a href="/health">${words.machine}</a></p>`,
  );
}
