/** The pages of access reviews: what is still to be decided first, then what was, and the reviews of before. */

import { scopes as everything } from "@openmolt/contract/endpoint";
import { reviews } from "@openmolt/contract/reviews";
import {
  dueReviews,
  type OpenRow,
  openReview,
  type ReviewRecord,
  type ReviewView,
} from "../../organisations/read/review.js";
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { type Html, markup } from "../markup.js";
import { day, noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";

/** Rows one page shows; those behind them come up as these are decided. */
const SHOWN = 200;
const formAt = (path: string) => path.slice(1);
const hidden = (name: string, value: string) => markup`<input type="hidden" name="${name}" value="${value}">`;

/** The review of the owner's agents that are in no organisation. */
export function ownReviewPage(call: OwnerCall): Promise<RawAnswer> {
  return reviewPage(call, undefined);
}

/**
 * The review of an organisation.
 * @throws AppError NOT_FOUND
 */
export function organisationReviewPage(call: OwnerCall, input: { organisation_id: string }): Promise<RawAnswer> {
  return reviewPage(call, input.organisation_id);
}

async function reviewPage(call: OwnerCall, organisationId: string | undefined): Promise<RawAnswer> {
  const view = await openReview(call, organisationId);
  const { shown, cookies } = noticeOf(call);
  const ids = markup`${hidden("csrf", call.session.csrf)}${organisationId === undefined ? "" : hidden("organisation_id", organisationId)}`;
  const open = view.rows.filter(({ decision }) => decision === null);
  const decided = view.rows.filter(({ decision }) => decision !== null);
  const title = organisationId === undefined ? "Access review: your own agents" : `Access review: ${view.scope.name}`;
  return ownersPage(
    call,
    { title, cookies },
    markup`${shown}
<p>Reviewed <strong>${view.decided} of ${view.total}</strong>. ${state(view, call.now)}</p>
<p>${files("/owner/review/list", organisationId)}</p>
${open.length === 0 ? "" : toDecide(open, view, ids)}
${open.length === 0 && view.total > 0 && view.mayDecide ? toSign(view, ids) : ""}
${decided.length + view.revoked.length === 0 ? "" : done(decided, view)}
${view.records.length === 0 ? "" : before(view.records)}
<p><a href="${organisationId === undefined ? "/owner" : `/owner/organisations/${organisationId}`}">Back</a></p>`,
  );
}

function state({ records: [last], since, dueAt }: ReviewView, now: Date): Html {
  const due =
    dueAt === null ? "" : dueAt <= now ? markup` <strong>It is due.</strong>` : markup` The next is due ${day(dueAt)}.`;
  if (!last) return markup`Nobody has signed one yet.${due}`;
  const moved = [
    [since.added, "new"],
    [since.changed, "changed"],
    [since.gone, "gone"],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  const difference = moved.length === 0 ? "Nothing has changed since" : `Since then: ${moved.join(", ")}`;
  return markup`${last.content.signed_by.name} signed the last one on ${day(last.signedAt)}. ${difference}.${due}`;
}

function files(path: string, organisationId?: string): Html {
  const of = organisationId === undefined ? "" : `&organisation_id=${organisationId}`;
  return markup`Save it as <a href="${`${path}?format=csv${of}`}">CSV</a> or <a href="${`${path}?format=json${of}`}">JSON</a>`;
}

const HEAD = markup`<th>What</th><th>Responsible</th><th>Created</th><th>Ends</th><th>Last used</th>`;
const when = (time: string | null) => (time === null ? "never" : day(time));
const used = (row: OpenRow | ReviewView["revoked"][number]) =>
  row.kind === "signing key" || row.kind === "certificate" ? "not noted" : when(row.last_used_at);
const may = (scopes: string) => (scopes === everything.join(" ") ? "do everything" : scopes);
const bounds = ({ scopes, networks }: OpenRow | ReviewView["revoked"][number]) =>
  scopes === null
    ? ""
    : markup`<br><span class="muted">may ${may(scopes)}${networks ? ` from ${networks}` : ""}</span>`;
const facts = (row: OpenRow | ReviewView["revoked"][number]) => markup`<td>${
  row.kind === "agent"
    ? markup`<a href="/u/${row.agent}">${row.agent}</a>`
    : markup`${row.kind} <code>${row.name}</code> of ${row.agent}${bounds(row)}`
}</td><td data-is="responsible">${row.responsible}</td><td data-is="created">${day(row.created_at)}</td>
<td data-is="ends">${when(row.expires_at)}</td><td data-is="last used">${used(row)}</td>`;

function toDecide(open: readonly OpenRow[], { mayDecide }: ReviewView, ids: Html): Html {
  const rows = open.slice(0, SHOWN);
  const value = (row: OpenRow) => `${row.id}.${row.fingerprint}`;
  const choice = (row: OpenRow) =>
    mayDecide ? markup`<td><input type="checkbox" name="rows" value="${value(row)}" aria-label="choose"></td>` : "";
  const table = markup`<table class="facts"><thead><tr>${mayDecide ? markup`<th></th>` : ""}${HEAD}</tr></thead>
<tbody>${rows.map((row) => markup`<tr>${choice(row)}${facts(row)}</tr>`)}</tbody></table>`;
  const rest = open.length > SHOWN ? markup`<p>${open.length - SHOWN} more come up when these are decided.</p>` : "";
  const path = formAt(reviews.decide.path);
  if (!mayDecide) return markup`<section class="card"><h2>To decide</h2>${table}${rest}</section>`;
  return markup`<section class="card"><h2>To decide</h2>
<form method="post" action="${path}">${ids}${table}
<button name="decision" value="confirm">Confirm the chosen</button>
<button name="decision" value="revoke" class="plain">Revoke the chosen</button>
<p class="muted">To confirm is to say: this should act in our name, and the person named is responsible. To revoke ends a key at once;
an agent is paused and loses all its keys, identity tokens and webhooks.</p></form>
<form method="post" action="${path}">${ids}${rows.map((row) => hidden("rows", value(row)))}
<button name="decision" value="confirm" class="plain">Confirm all ${rows.length} that are shown</button></form>
${rest}</section>`;
}

function toSign({ state: seen, total }: ReviewView, ids: Html): Html {
  return markup`<section class="card"><h2>Sign it off</h2>
<form method="post" action="${formAt(reviews.sign.path)}">${ids}${hidden("state", seen)}
<p>All ${total} rows were decided. Signed, the review is kept as it is, under your name.</p>
<button>Sign the review</button></form></section>`;
}

function done(rows: readonly OpenRow[], { revoked }: ReviewView): Html {
  const all = [...rows, ...revoked];
  const row = (one: (typeof all)[number]) =>
    markup`<tr>${facts(one)}<td data-is="decision">${one.decision === "revoke" ? "revoked" : "confirmed"} by ${one.decided_by}</td></tr>`;
  const more = all.length > SHOWN ? markup`<p>The files show all ${all.length}.</p>` : "";
  return markup`<section class="card"><h2>Decided</h2>
<table class="facts"><thead><tr>${HEAD}<th>Decision</th></tr></thead><tbody>${all.slice(0, SHOWN).map(row)}</tbody></table>${more}</section>`;
}

function before(records: readonly ReviewRecord[]): Html {
  const row = ({ id, signedAt, content, digest, isIntact }: ReviewRecord) => markup`<li>${day(signedAt)} by
${content.signed_by.name}, ${content.rows.length} rows. ${files(`/owner/review/records/${id}`)}
<span class="muted">${isIntact ? "as it was signed" : "NOT as it was signed"}: <code>${digest.slice(0, 16)}…</code></span></li>`;
  return markup`<section class="card"><h2>Signed reviews</h2><ul class="plain">${records.map(row)}</ul></section>`;
}

/** What the owner's page says of reviews that are due; nothing when none is. */
export async function dueNotice(call: OwnerCall): Promise<Html> {
  const due = await dueReviews(call, call.session.ownerId);
  if (due.length === 0) return markup``;
  const item = ({ scopeId, organisation }: (typeof due)[number]) =>
    organisation === null
      ? markup`<li><a href="/owner/review">Your own agents</a></li>`
      : markup`<li><a href="/owner/organisations/${scopeId}/review">${organisation}</a></li>`;
  return markup`<section class="card notice"><p>An access review is due:</p><ul class="plain">${due.map(item)}</ul></section>`;
}
