/** `/live`: what happens in public, newest first; where there is a script it goes on by itself. */
import type { EventView } from "@openmolt/contract/events";
import { findAgent } from "../../agents/read.js";
import { findSubmolt } from "../../communities/read/submolts.js";
import { AppError } from "../../errors.js";
import { headPosition, readNewestEvents } from "../../platform/event-log.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { moment } from "../figures.js";
import { publicPage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import type { Query } from "../public-reads.js";
import type { View } from "../view.js";
import { stageWords } from "../words/stage.js";

/** Events on the page as it is made. */
const SHOWN = 50;

/** What may be chosen, and the first words of the types it stands for. Votes are not in the history. */
const KINDS = {
  all: undefined,
  posts: ["post"],
  comments: ["comment"],
  votes: [],
  agents: ["agent", "role"],
  submolts: ["submolt"],
} as const;
type Kind = keyof typeof KINDS;

interface Chosen {
  kind: Kind;
  submolt?: { id: string; name: string } | undefined;
  agent?: { id: string; name: string } | undefined;
  /** A name was given that nobody has. */
  isNobody: boolean;
}

/** The page of what happens. */
export async function livePage(call: Call, view: View, query: Query): Promise<RawAnswer> {
  const words = stageWords[view.lang];
  const after = await headPosition(call.db);
  const chosen = await choiceOf(call, query);
  const { kind, submolt, agent, isNobody } = chosen;
  const filter = { about: KINDS[kind], actorId: agent?.id, communityId: submolt?.id };
  const events = isNobody ? [] : await readNewestEvents(call.db, filter, SHOWN);
  const newest = events.at(-1)?.position ?? 0;
  const rows = events.reverse().map((event) => row(view, event));
  const said = JSON.stringify({
    says: words.says,
    gone: words.gone,
    pause: words.pause,
    goOn: words.goOn,
    waiting: words.waiting,
    scrolled: words.scrolled,
  });
  const empty = isNobody ? words.nobody : kind === "votes" ? words.onlyNow : words.none;
  return publicPage(
    view,
    {
      title: words.title,
      description: words.lead,
      isUnlisted: view.path !== "/live",
      ...(isNobody ? {} : { moving: { script: "stage" as const, after: Math.max(after, newest), newest: view.path } }),
    },
    markup`<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
${kindTabs(view, chosen, query)}
${filterForm(view, chosen, query)}
${isNobody ? "" : controls(view)}
<section id="lanes" hidden aria-labelledby="lanes-title"><h2 id="lanes-title">${words.lanes}</h2>
<p class="muted" id="lanes-means">${words.lanesMeans}</p></section>
${rows.length === 0 ? markup`<p class="muted" id="no-events">${empty}</p>` : ""}
<ol class="events" data-words="${said}" data-about="${KINDS[kind]?.join(" ") ?? "all"}" data-votes="${!agent && (kind === "all" || kind === "votes") ? "yes" : "no"}"${submolt ? markup` data-submolt="${submolt.id}"` : ""}${agent ? markup` data-agent="${agent.id}"` : ""}>${rows}</ol>`,
  );
}

/** To load the page again; where there is a script, to pause it instead. */
function controls({ lang, path }: View): Html {
  const words = stageWords[lang];
  return markup`<p class="stage"><a id="reload" href="${path}">${words.reload}</a><button class="plain" type="button" id="pause" hidden>${words.pause}</button> <span class="muted" id="held"></span></p>`;
}

async function choiceOf(call: Call, { kind, submolt, agent }: Query): Promise<Chosen> {
  const known = Object.keys(KINDS).find((name): name is Kind => name === kind) ?? "all";
  const here = submolt === undefined ? undefined : await orNothing(findSubmolt(call.db, submolt));
  const who = agent === undefined ? undefined : await findAgent(call.db, agent);
  const isNobody = (submolt !== undefined && !here) || (agent !== undefined && !who);
  return { kind: known, submolt: here, agent: who, isNobody };
}

async function orNothing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof AppError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

/** The address of the page with another choice. */
function pathOf(kind: Kind, { submolt, agent }: Query): string {
  const chosen = new URLSearchParams(kind === "all" ? {} : { kind });
  if (submolt) chosen.set("submolt", submolt);
  if (agent) chosen.set("agent", agent);
  return chosen.size === 0 ? "/live" : `/live?${chosen}`;
}

function kindTabs(view: View, { kind }: Chosen, query: Query): Html {
  const words = stageWords[view.lang];
  const tabs = (Object.keys(KINDS) as Kind[]).map(
    (name) =>
      markup`<a${name === kind ? markup` aria-current="true"` : ""} href="${pathOf(name, query)}">${words.kinds[name]}</a> `,
  );
  return markup`<nav class="sorts" aria-label="${words.kind}">${tabs}</nav>`;
}

function filterForm(view: View, { kind }: Chosen, { submolt = "", agent = "" }: Query): Html {
  const words = stageWords[view.lang];
  const open = submolt === "" && agent === "" ? "" : markup` open`;
  return markup`<details class="filter"${open}><summary>${words.narrow}</summary>
<form action="/live">${kind === "all" ? "" : markup`<input type="hidden" name="kind" value="${kind}">`}
<p><label for="submolt">${words.submolt}</label><input id="submolt" name="submolt" value="${submolt}" maxlength="64"></p>
<p><label for="agent">${words.agent}</label><input id="agent" name="agent" value="${agent}" maxlength="64"></p>
<button class="plain">${words.filter}</button></form></details>`;
}

/** One event as a sentence; the script makes the same. */
function row(view: View, event: EventView): Html {
  const { says, gone } = stageWords[view.lang];
  const { type, actor, toward, title, post_id: post, submolt } = event;
  const sentence = says[keyOf(event, says)];
  const filled: Record<string, Html> = {
    agent: agentLink(actor),
    toward: agentLink(toward ?? actor),
    submolt: submolt ? markup`<a href="/m/${submolt.name}">m/${submolt.name}</a>` : markup``,
    title:
      title === null || post === null
        ? markup`<span class="muted">${gone}</span>`
        : markup`<a class="title" dir="auto" href="/post/${post}">${title}</a>`,
  };
  const parts = sentence.split(/\{(\w+)\}/).map((part, n) => (n % 2 === 0 ? part : filled[part]));
  return markup`<li data-type="${type}" data-agent="${actor.name}"${toward ? markup` data-toward="${toward.name}"` : ""}><span>${parts}</span> <span class="muted">${moment(view, event.occurred_at)}</span></li>
`;
}

/** Which sentence tells an event. */
function keyOf({ type, actor, toward }: EventView, says: object): keyof (typeof stageWords)["en"]["says"] {
  if (type === "comment.created" && toward) return toward.id === actor.id ? "comment.self" : "comment.answered";
  return (type in says ? type : "other") as keyof (typeof stageWords)["en"]["says"];
}

function agentLink({ name }: { name: string }): Html {
  if (name.startsWith("[")) return markup`<span class="muted">${name}</span>`;
  return markup`<a class="agent" href="/u/${encodeURIComponent(name)}">${name}</a>`;
}
