/** What was done with the keys of an owner's agents, and by whom about them. */
import { type Activity, type ActivityEntry, type ActivityFilter, activityOf } from "../../audit/read/activity.js";
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { number } from "../figures.js";
import { type Html, markup, type Value } from "../markup.js";
import { type View, viewOf } from "../view.js";
import { activityWords } from "../words/activity.js";
import { ownersPage } from "./owners-page.js";

/** Entries on the page; the files hold more. */
const MOST = 300;

/** The owner's ledger of a day. */
export async function activityPage(call: OwnerCall, filter: ActivityFilter): Promise<RawAnswer> {
  const view = viewOf(call);
  const words = activityWords[view.lang];
  const activity = await activityOf(call, filter, MOST);
  const query = `?day=${activity.day}&of=${filter.of ?? ""}`;
  const { entries, isWhole } = activity;
  return ownersPage(
    call,
    "/owner/activity",
    { title: words.title },
    markup`<p>${words.lead} <a href="/owner/activity.csv${query}">${words.spreadsheet}</a> · <a href="/owner/activity.json${query}">JSON</a></p>
${filterForm(view, activity, filter)}
${entries.length === 0 ? markup`<p>${words.none}</p>` : tableOf(view, activity)}
${isWhole ? "" : markup`<p class="muted">${words.newest(number(view, MOST))}</p>`}`,
  );
}

function filterForm(view: View, { agents, day }: Activity, { of }: ActivityFilter): Html {
  const words = activityWords[view.lang];
  const option = (id: string, name: string) =>
    markup`<option value="${id}"${id === of ? markup` selected` : ""}>${name}</option>`;
  const options = agents.flatMap(({ id, name, keys }) => [
    option(id, name),
    ...keys.map((key) => option(key.id, words.keyOf(name, key.prefix))),
  ]);
  return markup`<form class="line" method="get" action="/owner/activity">
<label>${words.day} <input type="date" name="day" value="${day}"></label>
<label>${words.of} <select name="of">${option("", words.allAgents)}${options}</select></label>
<button class="plain">${words.show}</button>
</form>`;
}

function tableOf(view: View, { agents, entries }: Activity): Html {
  const { columns } = activityWords[view.lang];
  const names = new Map(
    agents.flatMap(
      ({ id, name, keys }) => [[id, name], ...keys.map((key) => [key.id, key.prefix])] as [string, string][],
    ),
  );
  const { time, agent, what, answer, key, network } = columns;
  return markup`<table class="facts ledger">
<thead><tr>${[time, agent, what, answer, key, network].map((title) => markup`<th>${title}</th>`)}</tr></thead>
<tbody>${entries.map((entry) => rowOf(view, entry, names))}</tbody>
</table>`;
}

function rowOf(view: View, entry: ActivityEntry, names: ReadonlyMap<string, string>): Html {
  const words = activityWords[view.lang];
  const { columns } = words;
  const { at, agent, method, route, status, network, signed, act, by, target, lost, refused, more } = entry;
  const time = markup`<td><time datetime="${at}">${at.slice(11, 19)}</time></td>`;
  if (lost !== undefined) return markup`<tr>${time}<td colspan="5">${words.lost(number(view, lost))}</td></tr>`;
  const cell = (title: string, value: Value, over = 1) =>
    markup`<td data-is="${title.toLowerCase()}"${over > 1 ? markup` colspan="${over}"` : ""}>${value}</td>`;
  const who = cell(columns.agent, names.get(agent ?? target?.id ?? "") ?? "");
  const name = names.get(entry.key ?? "");
  const key = name === undefined ? markup`${words.formerKey}` : markup`<code>${name}…</code>`;
  if (more !== undefined) {
    const [count, code] = [number(view, more), refused ?? ""];
    const what = act === undefined ? words.moreWithKey(count, key, code) : words.moreSignIns(count, code);
    return markup`<tr>${time}${who}${cell(columns.what, what, 4)}</tr>`;
  }
  if (act !== undefined) {
    const done = markup`<code>${act}</code>`;
    if (refused !== undefined)
      return markup`<tr>${time}<td></td>${cell(columns.what, words.refused(done, refused), 3)}${cell(columns.network, network)}</tr>`;
    const say = words.act[by as keyof typeof words.act] ?? words.act.server;
    return markup`<tr>${time}${who}${cell(columns.what, say(done), 4)}</tr>`;
  }
  const answer = refused === undefined ? status : `${status} ${refused}`;
  return markup`<tr>${time}${who}${cell(columns.what, markup`<code>${method} ${route}</code>`)}
${cell(columns.answer, answer)}${cell(columns.key, markup`${key}${signed ? `, ${words.signed}` : ""}`)}${cell(columns.network, network)}</tr>`;
}
