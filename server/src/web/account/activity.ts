/** What was done with the keys of an owner's agents, and by whom about them. */
import { type Activity, type ActivityEntry, type ActivityFilter, activityOf } from "../../audit/read/activity.js";
import type { OwnerCall, RawAnswer } from "../../platform/http/call.js";
import { type Html, markup } from "../markup.js";
import { ownersPage } from "./owners-page.js";

/** Entries on the page; the files hold more. */
const MOST = 300;

/** The owner's ledger of a day. */
export async function activityPage(call: OwnerCall, filter: ActivityFilter): Promise<RawAnswer> {
  const activity = await activityOf(call, filter, MOST);
  const query = `?day=${activity.day}&of=${filter.of ?? ""}`;
  const { entries, isWhole } = activity;
  return ownersPage(
    call,
    { title: "Activity" },
    markup`${filterCard(activity, filter)}
<p>Every request with a key of your agents, also with dead ones, every act of yours or of the operator about them, and who failed to sign in as you; times are UTC. Nobody can
change or delete it here. <a href="/owner/activity.csv${query}">Spreadsheet</a> · <a href="/owner/activity.json${query}">JSON</a></p>
${entries.length === 0 ? markup`<p>Nothing was done on that day.</p>` : tableOf(activity)}
${isWhole ? "" : markup`<p class="muted">These are the newest ${MOST}; the files hold the rest of the day.</p>`}`,
  );
}

function filterCard({ agents, day }: Activity, { of }: ActivityFilter): Html {
  const option = (id: string, name: string) =>
    markup`<option value="${id}"${id === of ? markup` selected` : ""}>${name}</option>`;
  const options = agents.flatMap(({ id, name, keys }) => [
    option(id, name),
    ...keys.map((key) => option(key.id, `${name}, key ${key.prefix}…`)),
  ]);
  return markup`<section class="card">
<form method="get" action="/owner/activity">
<label>Day <input type="date" name="day" value="${day}"></label>
<label>Of <select name="of">${option("", "all agents")}${options}</select></label>
<button class="plain">Show</button>
</form>
</section>`;
}

function tableOf({ agents, entries }: Activity): Html {
  const names = new Map(
    agents.flatMap(
      ({ id, name, keys }) => [[id, name], ...keys.map((key) => [key.id, key.prefix])] as [string, string][],
    ),
  );
  return markup`<table class="facts">
<thead><tr><th>Time</th><th>Agent</th><th>What</th><th>Answer</th><th>Key</th><th>Network</th></tr></thead>
<tbody>${entries.map((entry) => rowOf(entry, names))}</tbody>
</table>`;
}

function rowOf(entry: ActivityEntry, names: ReadonlyMap<string, string>): Html {
  const { at, agent, key, method, route, status, network, signed, act, by, target, lost, refused, more } = entry;
  const time = at.slice(11, 19);
  if (lost !== undefined)
    return markup`<tr><td>${time}</td><td colspan="5">${lost} requests could not be recorded</td></tr>`;
  const who = names.get(agent ?? target?.id ?? "") ?? "";
  const name = names.get(key ?? "") ?? "a former key";
  if (more !== undefined) {
    const what = act === undefined ? markup`with the key <code>${name}…</code>` : markup`to sign in`;
    return markup`<tr><td>${time}</td><td data-is="agent">${who}</td><td data-is="what" colspan="4">${more} more attempts ${what}: ${refused}</td></tr>`;
  }
  if (act !== undefined && refused !== undefined) {
    return markup`<tr><td>${time}</td><td></td><td data-is="what" colspan="3">${act} refused: ${refused}</td><td data-is="network">${network}</td></tr>`;
  }
  if (act !== undefined) {
    return markup`<tr><td>${time}</td><td data-is="agent">${who}</td><td data-is="what" colspan="4">${act} by the ${by}</td></tr>`;
  }
  return markup`<tr><td>${time}</td><td data-is="agent">${who}</td><td data-is="what"><code>${method} ${route}</code></td>
<td data-is="answer">${status}${refused === undefined ? "" : ` ${refused}`}</td><td data-is="key"><code>${name}…</code>${signed ? ", signed" : ""}</td>
<td data-is="network">${network}</td></tr>`;
}
