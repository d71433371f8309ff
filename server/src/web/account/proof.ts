/** What an agent must show beside its key, for its owner to decide. */
import type { CertificateView, SigningKeyView } from "@openmolt/contract/proof";
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { type OwnedProof, ownedProof } from "../../proof/read.js";
import { exactly } from "../figures.js";
import { type Html, markup, type Value } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { proofWords } from "../words/proof.js";
import { noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";
import { actForm, factTable, hiddenFields } from "./parts.js";

/** What every form of the page sends. */
type Fields = Readonly<Record<"csrf" | "agent_id", string>>;

const DEMANDS = ["none", "signature", "certificate", "either"] as const;

/**
 * Shows what an agent of the signed-in owner must show.
 * @throws AppError NOT_FOUND
 */
export async function proofPage(call: OwnerCall, input: { agent_id: string }): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = proofWords[view.lang];
  const proof = await ownedProof(call, input.agent_id);
  const { shown, cookies } = noticeOf(call);
  const fields = { csrf: call.session.csrf, agent_id: input.agent_id };
  return ownersPage(
    call,
    "/owner",
    { title: words.demand.title(proof.name), cookies },
    markup`${shown}${demandCard(view, proof, fields)}${keysCard(view, proof, fields)}${certificatesCard(view, proof, fields)}
<p><a href="/owner/agents/${proof.name}">${words.back(proof.name)}</a></p>`,
  );
}

function demandCard({ lang }: View, { required }: OwnedProof, fields: Fields): Html {
  const { demand, save } = proofWords[lang];
  const options = DEMANDS.map(
    (value) => markup`<label class="choice"><input type="radio" name="require" value="${value}"${
      value === required ? markup` checked` : ""
    }> ${demand.choices[value]}</label>
`,
  );
  return markup`<section class="card">
<h2>${demand.heading}</h2>
<form method="post" action="/owner/proof/require">
${hiddenFields(fields)}
${options}<button>${save}</button>
<p class="muted">${demand.note}</p>
</form>
</section>`;
}

function keysCard(view: View, { keys }: OwnedProof, fields: Fields): Html {
  const { keys: words, add } = proofWords[view.lang];
  const { columns } = words;
  const table =
    keys.length === 0
      ? markup`<p>${words.none}</p>`
      : factTable(
          [columns.key, columns.name, columns.registered, columns.by, ""],
          keys.map((key) => keyRow(view, key, fields)),
        );
  return markup`<section class="card">
<h2>${words.heading}</h2>
${table}
<form method="post" action="/owner/proof/keys">
${hiddenFields(fields)}
<label for="public_key">${words.field}</label>
<input id="public_key" name="public_key" type="text" required maxlength="1000" autocomplete="off" spellcheck="false">
<button class="plain">${add}</button>
</form>
</section>`;
}

function keyRow(view: View, key: SigningKeyView, fields: Fields): Value[] {
  const words = proofWords[view.lang];
  return [
    markup`<code>${key.keyid.slice(0, 12)}…</code>`,
    key.name,
    exactly(view, key.created_at),
    key.added_by === "owner" ? words.you : words.theAgent,
    actForm("/owner/proof/keys/revoke", { ...fields, keyid: key.keyid }, words.revoke),
  ];
}

function certificatesCard(view: View, { certificates }: OwnedProof, fields: Fields): Html {
  const { certificates: words, add } = proofWords[view.lang];
  const { columns } = words;
  const table =
    certificates.length === 0
      ? markup`<p>${words.none}</p>`
      : factTable(
          [columns.certificate, columns.from, columns.until, columns.by, ""],
          certificates.map((one) => certificateRow(view, one, fields)),
        );
  return markup`<section class="card">
<h2>${words.heading}</h2>
${table}
<form method="post" action="/owner/proof/certificates">
${hiddenFields(fields)}
<label for="certificate">${words.field}</label>
<textarea id="certificate" name="certificate" required maxlength="20000" rows="4" spellcheck="false"></textarea>
<button class="plain">${add}</button>
</form>
</section>`;
}

function certificateRow(view: View, one: CertificateView, fields: Fields): Value[] {
  const words = proofWords[view.lang];
  return [
    markup`<code>${one.thumbprint.slice(0, 12)}…</code>`,
    exactly(view, one.not_before),
    exactly(view, one.not_after),
    one.added_by === "owner" ? words.you : words.theAgent,
    actForm("/owner/proof/certificates/revoke", { ...fields, thumbprint: one.thumbprint }, words.revoke),
  ];
}
