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
import { exactly, number } from "../figures.js";
import { type Html, markup, type Value } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { ownerWords } from "../words/owner.js";
import { reviewWords } from "../words/review.js";
import { noticeOf } from "./notice.js";
import { ownersPage } from "./owners-page.js";
import { factTable, hiddenFields } from "./parts.js";

type Row = OpenRow | ReviewView["revoked"][number];

/** Rows one page shows; those behind them come up as these are decided. */
const SHOWN = 200;
const formAt = (path: string) => path.slice(1);

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
  const review = await openReview(call, organisationId);
  const view = viewOf(call);
  const words = reviewWords[view.lang];
  const { shown, cookies } = noticeOf(call);
  const { csrf } = call.session;
  const fields = hiddenFields(organisationId === undefined ? { csrf } : { csrf, organisation_id: organisationId });
  const open = review.rows.filter(({ decision }) => decision === null);
  const decided = review.rows.filter(({ decision }) => decision !== null);
  const back =
    organisationId === undefined
      ? ""
      : markup`<p><a href="/owner/organisations/${organisationId}">${words.back}</a></p>`;
  return ownersPage(
    call,
    organisationId === undefined ? "/owner/review" : "/owner/organisations",
    { title: organisationId === undefined ? words.ownTitle : words.title(review.scope.name), cookies },
    markup`${shown}
<p>${words.reviewed(number(view, review.decided), number(view, review.total))} ${standing(view, review)}</p>
<p>${files(view, "/owner/review/list", organisationId)}</p>
${open.length === 0 ? "" : toDecide(view, open, review, fields)}
${open.length === 0 && review.total > 0 && review.mayDecide ? toSign(view, review, fields) : ""}
${decided.length + review.revoked.length === 0 ? "" : done(view, decided, review)}
${review.records.length === 0 ? "" : before(view, review.records)}
${back}`,
  );
}

function standing(view: View, { records: [last], since, dueAt }: ReviewView): Html {
  const words = reviewWords[view.lang];
  const due =
    dueAt === null
      ? ""
      : dueAt <= view.now
        ? markup` <strong>${words.due}</strong>`
        : markup` ${words.nextDue(exactly(view, dueAt))}`;
  if (!last) return markup`${words.noneSigned}${due}`;
  const moved = [
    [since.added, words.added] as const,
    [since.changed, words.changed] as const,
    [since.gone, words.gone] as const,
  ].flatMap(([count, say]) => (count === 0 ? [] : [say(number(view, count))]));
  const difference = moved.length === 0 ? words.unchanged : words.since(moved.join(", "));
  return markup`${words.signedLast(last.content.signed_by.name, exactly(view, last.signedAt))} ${difference}${due}`;
}

function files({ lang }: View, path: string, organisationId?: string): Html {
  const of = organisationId === undefined ? "" : `&organisation_id=${organisationId}`;
  const link = (format: "csv" | "json") =>
    markup`<a href="${`${path}?format=${format}${of}`}">${format.toUpperCase()}</a>`;
  return reviewWords[lang].saveAs(link("csv"), link("json"));
}

function titles({ lang }: View): string[] {
  const { what, responsible, created, ends, used } = reviewWords[lang].columns;
  return [what, responsible, created, ends, used];
}

function facts(view: View, row: Row): Value[] {
  const words = reviewWords[view.lang];
  const when = (time: string | null) => (time === null ? words.never : exactly(view, time));
  const isNoted = ["agent", "key", "app"].includes(row.kind);
  return [
    row.kind === "agent"
      ? markup`<a href="/u/${row.agent}">${row.agent}</a>`
      : markup`${words.kinds[row.kind](markup`<code>${row.name}</code>`, row.agent)}${bounds(view, row)}`,
    row.responsible,
    exactly(view, row.created_at),
    when(row.expires_at),
    isNoted ? when(row.last_used_at) : words.notNoted,
  ];
}

function bounds({ lang }: View, { scopes, networks }: Row): Html {
  if (scopes === null) return markup``;
  const words = reviewWords[lang];
  const may = scopes === everything.join(" ") ? words.everything : scopes;
  return markup`<br><span class="muted">${networks ? words.mayFrom(may, networks) : words.may(may)}</span>`;
}

function toDecide(view: View, open: readonly OpenRow[], { mayDecide }: ReviewView, fields: Html): Html {
  const words = reviewWords[view.lang];
  const rows = open.slice(0, SHOWN);
  const rest = open.length > SHOWN ? markup`<p>${words.moreLater(number(view, open.length - SHOWN))}</p>` : "";
  const heading = markup`<h2>${words.toDecide}</h2>`;
  if (!mayDecide) {
    const table = factTable(
      titles(view),
      rows.map((row) => facts(view, row)),
    );
    return markup`<section class="card">${heading}${table}${rest}</section>`;
  }
  const value = (row: OpenRow) => `${row.id}.${row.fingerprint}`;
  const choice = (row: OpenRow) =>
    markup`<input type="checkbox" name="rows" value="${value(row)}" aria-label="${words.choose}">`;
  const table = factTable(
    ["", ...titles(view)],
    rows.map((row) => [choice(row), ...facts(view, row)]),
    2,
  );
  const path = formAt(reviews.decide.path);
  return markup`<section class="card">${heading}
<form method="post" action="${path}">${fields}${table}
<button name="decision" value="confirm">${words.confirm}</button>
<button name="decision" value="revoke" class="plain">${words.revoke}</button>
<p class="muted">${words.note}</p></form>
<form method="post" action="${path}">${fields}${rows.map((row) => hiddenFields({ rows: value(row) }))}
<button name="decision" value="confirm" class="plain">${words.confirmAll(number(view, rows.length))}</button></form>
${rest}</section>`;
}

function toSign(view: View, { state, total }: ReviewView, fields: Html): Html {
  const { sign } = reviewWords[view.lang];
  return markup`<section class="card"><h2>${sign.heading}</h2>
<form method="post" action="${formAt(reviews.sign.path)}">${fields}${hiddenFields({ state })}
<p>${sign.text(number(view, total))}</p>
<button>${sign.button}</button></form></section>`;
}

function done(view: View, rows: readonly OpenRow[], { revoked }: ReviewView): Html {
  const words = reviewWords[view.lang];
  const all = [...rows, ...revoked];
  const table = factTable(
    [...titles(view), words.decision],
    all.slice(0, SHOWN).map((one) => {
      const who = one.decided_by ?? "";
      return [...facts(view, one), one.decision === "revoke" ? words.revokedBy(who) : words.confirmedBy(who)];
    }),
  );
  const more = all.length > SHOWN ? markup`<p>${words.filesShowAll(number(view, all.length))}</p>` : "";
  return markup`<section class="card"><h2>${words.decided}</h2>${table}${more}</section>`;
}

function before(view: View, records: readonly ReviewRecord[]): Html {
  const words = reviewWords[view.lang];
  const row = ({ id, signedAt, content, digest, isIntact }: ReviewRecord) => {
    const shown = markup`<code>${digest.slice(0, 16)}…</code>`;
    return markup`<li>${words.record(exactly(view, signedAt), content.signed_by.name, number(view, content.rows.length))}
${files(view, `/owner/review/records/${id}`)}
<span class="muted">${isIntact ? words.intact(shown) : words.notIntact(shown)}</span></li>`;
  };
  return markup`<section class="card"><h2>${words.signed}</h2><ul class="plain">${records.map(row)}</ul></section>`;
}

/** What the owner's page says of reviews that are due; nothing when none is. */
export async function dueNotice(call: OwnerCall): Promise<Html> {
  const due = await dueReviews(call, call.session.ownerId);
  if (due.length === 0) return markup``;
  const words = ownerWords[viewOf(call).lang];
  const item = ({ scopeId, organisation }: (typeof due)[number]) =>
    organisation === null
      ? markup`<li><a href="/owner/review">${words.ownAgents}</a></li>`
      : markup`<li><a href="/owner/organisations/${scopeId}/review">${organisation}</a></li>`;
  return markup`<section class="notice"><p>${words.reviewDue}</p><ul class="plain">${due.map(item)}</ul></section>`;
}
