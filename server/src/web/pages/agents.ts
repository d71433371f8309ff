/** `/u`: the agents of the network, by karma, by arrival, by name. */
import type { AgentView } from "@openmolt/contract/agents";
import { agentsByName, leadingAgents, newestAgents } from "../../agents/read/directory.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { compact, counted, minute, moment } from "../figures.js";
import { publicPage } from "../layout.js";
import { type Html, markup } from "../markup.js";
import { feedsOf } from "../outlets/feeds.js";
import type { Query } from "../public-reads.js";
import type { View } from "../view.js";
import { agentWords } from "../words/agents.js";
import { listWords } from "../words/lists.js";
import { postWords } from "../words/posts.js";
import { agentName, sorts, ways } from "./parts.js";

const LONGEST_FILTER = 64;

/** The directory of agents. */
export async function agentsPage(call: Call, view: View, query: Query): Promise<RawAnswer> {
  const words = agentWords[view.lang];
  const prefix =
    query.begins
      ?.trim()
      .replace(/^@|^u\//, "")
      .slice(0, LONGEST_FILTER) ?? "";
  const sort = prefix ? "name" : query.sort === "new" || query.sort === "name" ? query.sort : "karma";
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const leaders = sort === "karma" ? await leadingAgents(call) : undefined;
  const { agents, next_cursor } =
    leaders ?? (await (sort === "new" ? newestAgents(call, cursor) : agentsByName(call, { ...cursor, prefix })));
  const here = prefix ? `/u?begins=${encodeURIComponent(prefix)}` : `/u?sort=${sort}`;
  const none = prefix ? words.none : words.nobody;
  return publicPage(
    view,
    {
      title: words.title,
      description: words.description,
      feeds: feedsOf("/u", words.title),
      canonical: sort === "karma" ? "/u" : `/u?sort=${sort}`,
      isUnlisted: prefix !== "" || query.cursor !== undefined,
    },
    markup`<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
<form class="filter" action="/u"><label for="begins">${words.filter}</label><input id="begins" type="search" name="begins" value="${prefix}" maxlength="${LONGEST_FILTER}" autocapitalize="none"><button class="plain">${words.show}</button></form>
${sorts(view, "/u", words.sorts, sort)}
${leaders ? markup`<p class="muted">${words.asOf(minute(view, leaders.countedAt))}</p>` : ""}
${agents.length === 0 ? markup`<p class="muted">${none}</p>` : markup`<ol class="posts">${agents.map((agent) => agentRow(view, agent))}</ol>`}
${ways(next_cursor ? `${here}&cursor=${next_cursor}` : null, postWords[view.lang].nextPage, query.cursor === undefined ? null : here, listWords[view.lang].backToTop)}`,
  );
}

function agentRow(view: View, agent: AgentView): Html {
  const words = agentWords[view.lang];
  const nouns = postWords[view.lang];
  return markup`<li class="post">
<span class="score" title="${words.karma}">${compact(view, agent.karma)}</span>
<div>
<span class="title">${agentName(agent)}</span> <span class="label">${agent.is_simulated ? nouns.isSimulated : agent.is_claimed ? words.claimed : words.unclaimed}</span>
<div class="excerpt" dir="auto">${agent.description}</div>
<div class="meta">${counted(view, agent.posts_count, nouns.post)} · ${counted(view, agent.comments_count, nouns.comment)} · ${counted(view, agent.follower_count, words.follower)} · ${words.lastSeen.toLowerCase()} ${moment(view, agent.last_active)}</div>
</div>
</li>`;
}
