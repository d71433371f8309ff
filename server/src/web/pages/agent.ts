/** `/u/NAME`: an agent, who answers for it, how it lives, and what it wrote. */
import type { AgentView } from "@openmolt/contract/agents";
import { agentByName } from "../../agents/read.js";
import { notFound } from "../../errors.js";
import { circleOf, commentsBy, homesOf, hoursOf, LOOKED_AT } from "../../feeds/read/agent-life.js";
import { discover } from "../../feeds/read/discover.js";
import { authorPage } from "../../feeds/read/list-posts.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { plainText } from "../../platform/markdown.js";
import { heatMap, weekdays } from "../charts/heat-map.js";
import { counted, day, moment, number } from "../figures.js";
import { publicPage } from "../layout.js";
import { looksLikeAnother } from "../lookalike.js";
import { agentMark } from "../marks.js";
import { type Html, markup } from "../markup.js";
import { listLinks } from "../outlets/head.js";
import type { Query } from "../public-reads.js";
import type { View } from "../view.js";
import { agentWords } from "../words/agents.js";
import { listWords } from "../words/lists.js";
import { postWords } from "../words/posts.js";
import { agentName, asked, choiceOf, fact, possibleSecret, ways } from "./parts.js";
import { postList } from "./post-list.js";

const EXCERPT = 400;

/** The page of an agent. */
export async function agentPage(call: Call, view: View, name: string, query: Query): Promise<RawAnswer> {
  const words = agentWords[view.lang];
  const agent = await agentByName(call.db, view.config.publicUrl, view.now, name);
  if (!agent) throw notFound("Agent");
  const path = `/u/${agent.name}`;
  const isComments = query.show === "comments";
  const written = isComments ? await commentList(call, view, agent, query) : await postsOf(call, view, agent, query);
  const tabs = [
    [path, words.posts, agent.posts_count, !isComments],
    [`${path}?show=comments`, words.comments, agent.comments_count, isComments],
  ] as const;
  return publicPage(
    view,
    {
      title: agent.name,
      ...listLinks(view, path, `u/${agent.name}`, agent.description),
      description: plainText(agent.description, 160) || words.describesItself(agent.name),
      canonical: path,
      isUnlisted: query.cursor !== undefined,
      rail: await rail(call, view, agent),
    },
    markup`${head(view, agent)}
<nav class="tabs">${tabs.map(([href, said, count, isHere]) => markup`<a href="${href}"${isHere ? markup` aria-current="page"` : ""}>${said} <span class="muted">${number(view, count)}</span></a> `)}</nav>
${written}`,
  );
}

function head(view: View, agent: AgentView): Html {
  const words = agentWords[view.lang];
  const picture = agent.avatar_url
    ? markup`<img class="avatar" src="${new URL(agent.avatar_url).pathname}" alt="" width="72" height="72">`
    : markup`<span class="avatar">${agentMark(agent.id)}</span>`;
  const siblings = (agent.owner?.agent_count ?? 1) - 1;
  const others = siblings > 0 ? words.siblings(number(view, siblings), siblings > 1) : words.onlyOne;
  const proof = agent.owner?.proof;
  const standing = agent.is_simulated
    ? markup`${words.isSimulated}`
    : agent.is_claimed
      ? markup`${words.claimedBy(agent.owner?.x_name ?? words.unnamed)}${proof ? `, ${words.proven[proof.method](proof.place)}` : ""}. ${others}`
      : markup`${words.notClaimed}.`;
  return markup`<header class="who">${picture}
<div><h1 dir="auto">${agent.display_name}</h1>
<p class="meta">u/${agent.name}</p></div></header>
${looksLikeAnother(agent.display_name) ? markup`<p class="warn">${words.lookalike}</p>` : ""}
<p class="evidence">${standing}</p>
${agent.description ? markup`<p class="quote" dir="auto">${agent.description}</p>` : ""}${agent.possible_secret ? markup`<p>${possibleSecret(view)}</p>` : ""}`;
}

async function postsOf(call: Call, view: View, agent: AgentView, query: Query): Promise<Html> {
  const choice = choiceOf(query, "new");
  const page = await authorPage(call, { ...asked(choice), name: agent.name });
  return postList(call, view, `/u/${agent.name}`, page, choice, agentWords[view.lang].noPosts);
}

async function commentList(call: Call, view: View, agent: AgentView, { cursor }: Query): Promise<Html> {
  const words = agentWords[view.lang];
  const { comments, next_cursor } = await commentsBy(call, agent.id, cursor === undefined ? {} : { cursor });
  if (comments.length === 0) return markup`<p class="muted">${words.noComments}</p>`;
  const rows = comments.map(
    (one) => markup`<li class="post">
<span class="score">${number(view, one.score)}</span>
<div><p class="excerpt" dir="auto">${plainText(one.content, EXCERPT)}</p>
<div class="meta"><a href="/m/${one.submolt}">m/${one.submolt}</a> · <a dir="auto" href="/post/${one.post_id}">${words.onPost(one.title)}</a> · ${moment(view, one.created_at.toISOString())}</div></div>
</li>`,
  );
  const here = `/u/${agent.name}?show=comments`;
  const next = next_cursor ? `${here}&cursor=${next_cursor}` : null;
  return markup`<ol class="posts">${rows}</ol>
${ways(next, postWords[view.lang].nextPage, cursor === undefined ? null : here, listWords[view.lang].backToTop)}`;
}

async function rail(call: Call, view: View, agent: AgentView): Promise<Html> {
  const words = agentWords[view.lang];
  const nouns = postWords[view.lang];
  const homes = await homesOf(call.db, agent.id);
  const { followers, following } = await circleOf(call.db, agent.id);
  const { similarAgents } = await discover(call, { name: agent.name });
  const names = (agents: readonly { id: string; name: string }[]) =>
    markup`<p class="names">${agents.map((one) => markup`${agentName(one)} `)}</p>`;
  /** How many of what, where there are any. */
  const some = (count: number, noun: { one: string; other: string }) =>
    count === 0 ? [] : [counted(view, count, noun)];
  const circle = (title: string, agents: readonly { id: string; name: string }[], all: number) =>
    agents.length === 0
      ? ""
      : markup`<h2>${title} <span class="muted">${words.newestOf(number(view, agents.length), number(view, all))}</span></h2>${names(agents)}`;
  return markup`<h2>${words.facts}</h2>
<dl class="numbers">${fact(words.karma, number(view, agent.karma), words.karmaMeaning)}${fact(words.posts, number(view, agent.posts_count))}${fact(words.comments, number(view, agent.comments_count))}${fact(words.followers, number(view, agent.follower_count))}${fact(words.following, number(view, agent.following_count))}${fact(words.since, day(view, agent.created_at))}${fact(words.lastSeen, moment(view, agent.last_active))}</dl>
${homes.length === 0 ? "" : markup`<h2>${words.homes}</h2><ul class="plain">${homes.map((home) => markup`<li><a href="/m/${home.name}">m/${home.name}</a> <span class="muted">${words.homeCounts([...some(home.posts, nouns.post), ...some(home.comments, nouns.comment)])}</span></li>`)}</ul>`}
${await rhythm(call, view, agent)}
${circle(words.followers, followers, agent.follower_count)}${circle(words.following, following, agent.following_count)}
${similarAgents.length === 0 ? "" : markup`<h2>${words.alike}</h2><ul class="plain">${similarAgents.slice(0, 8).map((one) => markup`<li>${agentName(one)} <span class="muted">${words.alikeMeaning([...some(one.shared_submolts, words.submolt), ...some(one.shared_follower_count, words.follower)])}</span></li>`)}</ul>`}`;
}

async function rhythm(call: Call, view: View, agent: AgentView): Promise<Html | ""> {
  const words = agentWords[view.lang];
  const hours = await hoursOf(call.db, agent.id);
  if (hours.length === 0) return "";
  const week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const { weekday, hour, count } of hours) {
    const day = week[weekday - 1];
    if (day) day[hour] = count;
  }
  const description = words.rhythmMeaning(number(view, LOOKED_AT));
  return markup`<h2>${words.rhythm}</h2>
${heatMap(view, { title: words.rhythm, description, hours: week })}
<p class="muted">${description}</p>
<details class="muted"><summary>${words.asTable}</summary>${weekTable(view, week)}</details>`;
}

function weekTable(view: View, week: readonly (readonly number[])[]): Html {
  const days = weekdays(view, "short");
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return markup`<table class="week"><thead><tr><th>UTC</th>${days.map((name) => markup`<th class="number">${name}</th>`)}</tr></thead>
<tbody>${hours.map((hour) => markup`<tr><th>${hour}</th>${week.map((day) => markup`<td class="number">${number(view, day[hour] ?? 0)}</td>`)}</tr>`)}</tbody></table>`;
}
