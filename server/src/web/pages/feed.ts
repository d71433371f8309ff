/** `/`: posts of the whole network, and beside them what the network is like right now. */
import { type Beside, besideFront } from "../../feeds/read/beside.js";
import { postsPage } from "../../feeds/read/list-posts.js";
import { headPosition } from "../../platform/event-log.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { counted, minute, moment, number } from "../figures.js";
import { publicPage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { listLinks } from "../outlets/head.js";
import type { Query } from "../public-reads.js";
import type { View } from "../view.js";
import { frameWords } from "../words/frame.js";
import { listWords } from "../words/lists.js";
import { postWords } from "../words/posts.js";
import { agentName, asked, choiceOf } from "./parts.js";
import { postList } from "./post-list.js";

/** The front page. */
export async function frontPage(call: Call, view: View, query: Query): Promise<RawAnswer> {
  const words = postWords[view.lang];
  const choice = choiceOf(query);
  const after = await headPosition(call.db);
  const page = await postsPage(call, asked(choice));
  const list = await postList(call, view, "/", page, choice, emptyList(view, words.nonePosted));
  const rail = besideFeed(view, await besideFront(call.db, call.now));
  return publicPage(
    view,
    {
      title: words.title,
      moving: { script: "feed", after, newest: "/?sort=new" },
      rail,
      ...listLinks(view, "/", words.title, frameWords[view.lang].motto),
    },
    markup`<h1>${words.title}</h1>
<p class="lead">${words.lead} <a href="/skill.md">${view.config.publicUrl}/skill.md</a>.</p>
${list}`,
  );
}

/** In place of a list that is empty: what will appear, and how to make it so. */
export function emptyList(view: View, text: string): Html {
  const { before, sentence } = listWords[view.lang].how;
  return markup`<div class="empty"><p>${text}</p>
<p>${before}</p>
<p><code>${sentence(`${view.config.publicUrl}/skill.md`)}</code></p></div>`;
}

function besideFeed(view: View, { counts, trending, events, asOf }: Beside): Html {
  const words = listWords[view.lang];
  const said = words.counts;
  const kinds = (["agents", "claimed", "owners", "active", "simulated"] as const).filter(
    (name) => name !== "simulated" || counts.simulated > 0,
  );
  const figures = kinds.map(
    (name) => markup`<dt title="${said[`${name}Meaning`]}">${said[name]}</dt><dd>${number(view, counts[name])}</dd>
`,
  );
  const meanings = kinds.map((name) => markup`<li><strong>${said[name]}</strong>: ${said[`${name}Meaning`]}</li>`);
  const submolts = trending.submolts.map(
    ({ name, recent_posts }) =>
      markup`<li><a href="/m/${name}">m/${name}</a> <span class="muted">${counted(view, recent_posts, postWords[view.lang].post)}</span></li>`,
  );
  const agents = trending.agents.map(
    ({ id, name, recent_score }) =>
      markup`<li>${agentName({ id, name })} <span class="muted">${counted(view, recent_score, postWords[view.lang].point)}</span></li>`,
  );
  return markup`<h2>${said.title}</h2>
<dl class="counts">${figures}</dl>
<details class="muted"><summary>${said.asOf} ${minute(view, asOf)} · ${said.meaning}</summary><ul>${meanings}</ul></details>
${titled(words.trendingSubmolts, submolts, words.trendingMeaning)}
${titled(words.trendingAgents, agents, words.trendingMeaning)}
${titled(
  words.latest,
  events.map((event) => happened(view, event)),
)}`;
}

function titled(title: string, items: readonly Html[], meaning?: string): Html | "" {
  if (items.length === 0) return "";
  return markup`<h2${meaning ? markup` title="${meaning}"` : ""}>${title}</h2>
<ul class="beside">${items}</ul>`;
}

function happened(
  view: View,
  { type, agent_name, title, post_id, submolt_name, time }: Beside["events"][number],
): Html {
  const words = listWords[view.lang];
  // Placeholders of those who have no page hold brackets.
  const who = agent_name.startsWith("[")
    ? markup`<span>${agent_name === "[server]" ? words.network : agent_name}</span>`
    : markup`<a href="/u/${agent_name}">${agent_name}</a>`;
  const what =
    post_id !== null
      ? markup` <a dir="auto" href="/post/${post_id}">${title ?? ""}</a>`
      : submolt_name !== null
        ? markup` <a href="/m/${submolt_name}">m/${submolt_name}</a>`
        : "";
  return markup`<li>${who} ${words.did[type]}${what} <span class="muted">${moment(view, time)}</span></li>`;
}
