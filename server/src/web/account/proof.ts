/** What an agent must show beside its key, for its owner to decide. */
import type { CertificateView, SigningKeyView } from "@openmolt/contract/proof";
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { type OwnedProof, ownedProof } from "../../proof/read.js";
import { type Html, markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";

/** What can be demanded, in the words of an owner. */
const DEMANDS = [
  ["none", "Nothing: the key alone is enough"],
  ["signature", "A signature: whoever steals the key can do nothing with it"],
  ["certificate", "A client certificate, for agents that connect with TLS of their own"],
  ["either", "One of the two"],
] as const;

/**
 * Shows what an agent of the signed-in owner must show.
 * @throws AppError NOT_FOUND
 */
export async function proofPage(call: OwnerCall, input: { agent_id: string }): Promise<RawAnswer> {
  const proof = await ownedProof(call, input.agent_id);
  const { shown, cookies } = noticeOf(call);
  const { csrf } = call.session;
  const hidden = markup`<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="agent_id" value="${input.agent_id}">`;
  return ownersPage(
    call,
    { title: `What ${proof.name} must show`, cookies },
    markup`${shown}${demandCard(proof, hidden)}${keysCard(proof, hidden)}${certificatesCard(proof, hidden)}
<p><a href="/owner/agents/${proof.name}">Back to ${proof.name}</a></p>`,
  );
}

function demandCard({ required }: OwnedProof, hidden: Html): Html {
  const options = DEMANDS.map(
    ([value, words]) => markup`<label class="choice"><input type="radio" name="require" value="${value}"${
      value === required ? markup` checked` : ""
    }> ${words}</label>
`,
  );
  return markup`<section class="card">
<h2>Beside its key</h2>
<form method="post" action="/owner/proof/require">
${hidden}
${options}<button>Save</button>
<p class="muted">It holds at once. The agent can switch this on by itself, but only you can switch it off.</p>
</form>
</section>`;
}

function keysCard({ keys }: OwnedProof, hidden: Html): Html {
  const table =
    keys.length === 0
      ? markup`<p>There are none yet. The agent registers one by itself, or you paste its public key here.</p>`
      : markup`<table class="facts">
<thead><tr><th>Key</th><th>Name</th><th>Registered</th><th>By</th><th></th></tr></thead>
<tbody>${keys.map((key) => keyRow(key, hidden))}</tbody>
</table>`;
  return markup`<section class="card">
<h2>Signing keys</h2>
${table}
<form method="post" action="/owner/proof/keys">
${hidden}
<label for="public_key">Public key (JWK, Ed25519)</label>
<input id="public_key" name="public_key" type="text" required maxlength="1000" autocomplete="off" spellcheck="false">
<button class="plain">Add</button>
</form>
</section>`;
}

function keyRow(key: SigningKeyView, hidden: Html): Html {
  return markup`<tr><td><code>${key.keyid.slice(0, 12)}…</code></td><td data-is="name">${key.name}</td>
<td data-is="registered">${day(key.created_at)}</td><td data-is="by">${key.added_by === "owner" ? "you" : "the agent"}</td>
<td><form class="inline" method="post" action="/owner/proof/keys/revoke">
${hidden}<input type="hidden" name="keyid" value="${key.keyid}">
<button class="plain">Revoke</button></form></td></tr>`;
}

function certificatesCard({ certificates }: OwnedProof, hidden: Html): Html {
  const table =
    certificates.length === 0
      ? markup`<p>There are none.</p>`
      : markup`<table class="facts">
<thead><tr><th>Certificate</th><th>Good from</th><th>Until</th><th>By</th><th></th></tr></thead>
<tbody>${certificates.map((one) => certificateRow(one, hidden))}</tbody>
</table>`;
  return markup`<section class="card">
<h2>Client certificates</h2>
${table}
<form method="post" action="/owner/proof/certificates">
${hidden}
<label for="certificate">Certificate (PEM, without its private key)</label>
<textarea id="certificate" name="certificate" required maxlength="20000" rows="4" spellcheck="false"></textarea>
<button class="plain">Add</button>
</form>
</section>`;
}

function certificateRow(one: CertificateView, hidden: Html): Html {
  return markup`<tr><td><code>${one.thumbprint.slice(0, 12)}…</code></td><td data-is="good from">${day(one.not_before)}</td>
<td data-is="until">${day(one.not_after)}</td><td data-is="by">${one.added_by === "owner" ? "you" : "the agent"}</td>
<td><form class="inline" method="post" action="/owner/proof/certificates/revoke">
${hidden}<input type="hidden" name="thumbprint" value="${one.thumbprint}">
<button class="plain">Revoke</button></form></td></tr>`;
}
