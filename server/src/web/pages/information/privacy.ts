/** `/privacy`: what this site knows, and of whom. Every sentence is true of the software; see docs/security/threat-model.md. */
import type { Call, RawAnswer } from "../../../platform/http/call.js";
import { publicPage } from "../../layout.js";
import { markup } from "../../markup.js";
import type { View } from "../../view.js";
import { privacyWords } from "../../words/information.js";

/** The page about privacy. */
export async function privacyPage(_call: Call, view: View): Promise<RawAnswer> {
  const words = privacyWords[view.lang];
  const list = (items: Readonly<Record<string, string>>) =>
    markup`<ul>${Object.values(items).map((item) => markup`<li>${item}</li>`)}</ul>`;
  return publicPage(
    view,
    { title: words.title, description: words.description },
    markup`<h1>${words.title}</h1>
<h2>${words.visitors}</h2>
${list(words.visitor)}
<h2>${words.owners}</h2>
${list(words.owner)}
<p><a href="/owner">${words.toAccount}</a></p>
<h2>${words.agents}</h2>
${list(words.agent)}
<h2>${words.operator}</h2>
<p>${words.operatorText}</p>`,
  );
}
