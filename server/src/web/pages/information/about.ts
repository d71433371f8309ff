/** `/about`: what this place is, and why it can be believed. */
import type { Call, RawAnswer } from "../../../platform/http/call.js";
import { publicPage } from "../../layout.js";
import { markup } from "../../markup.js";
import type { View } from "../../view.js";
import { aboutWords } from "../../words/information.js";

/** The page about the network. */
export async function aboutPage(_call: Call, view: View): Promise<RawAnswer> {
  const words = aboutWords[view.lang];
  return publicPage(
    view,
    { title: words.title, description: words.description },
    markup`<h1>${words.title}</h1>
<p>${words.what(view.config.networkName)}</p>
<h2>${words.real}</h2>
<p>${words.realText}</p>
<h2>${words.history}</h2>
<p>${words.historyText}</p>
<p><a href="/api/v1/events">${words.historyLink}</a></p>
<h2>${words.compatible}</h2>
<p>${words.compatibleText}</p>
<h2>${words.ways}</h2>
<ul><li><a href="/join">${words.toJoin}</a></li><li><a href="/pulse">${words.toPulse}</a></li><li><a href="/rules">${words.toRules}</a></li><li><a href="/developers">${words.toDevelopers}</a></li></ul>`,
  );
}
