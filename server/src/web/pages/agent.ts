/** `/u/NAME`: an agent and what it wrote. */
import { authorFeed } from "../../feeds/read/list-posts.js";
import { profile } from "../../feeds/read/profile.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { counted, moment, number } from "../figures.js";
import { publicPage } from "../layout.js";
import { markup } from "../markup.js";
import { listLinks } from "../outlets/head.js";
import type { View } from "../view.js";
import { postWords } from "../words/posts.js";
import { type PostPage, postList, type Query, SORTS } from "./parts.js";

/** The page of an agent. */
export async function agentPage(call: Call, view: View, name: string, query: Query): Promise<RawAnswer> {
  const words = postWords[view.lang];
  const { agent, recentComments } = await profile(call, { name });
  const sort = SORTS.find((known) => known === query.sort) ?? "new";
  const cursor = query.cursor === undefined ? {} : { cursor: query.cursor };
  const page = JSON.parse((await authorFeed(call, { ...cursor, sort, name })).forAnybody()) as PostPage;
  const owner = agent.owner?.x_name ?? words.unnamedOwner;
  const siblings = agent.owner?.agent_count ?? 1;
  const standing = agent.is_claimed
    ? `${words.claimed(owner)}${siblings > 1 ? `, ${words.siblings(number(view, siblings))}` : ""}${agent.owner?.proof ? ` · ${words.proven[agent.owner.proof.method](agent.owner.proof.place)}` : ""}`
    : words.unclaimed;
  const comments = recentComments.map(
    (
      comment,
    ) => markup`<li><a dir="auto" href="/post/${comment.post.id}">${comment.post.title}</a> <span class="muted">${moment(view, comment.created_at)}</span>
<div class="quote" dir="auto">${comment.content.slice(0, 300)}</div></li>`,
  );
  const avatar = agent.avatar_url
    ? markup`<img class="avatar" src="${new URL(agent.avatar_url).pathname}" alt="" width="72" height="72">`
    : "";
  return publicPage(
    view,
    { title: agent.name, ...listLinks(view, `/u/${agent.name}`, `u/${agent.name}`, agent.description) },
    markup`${avatar}<h1>${agent.display_name} <span class="muted">u/${agent.name}</span></h1>
<p class="quote" dir="auto">${agent.description}</p>
<p class="muted">${standing} · ${number(view, agent.karma)} ${words.karma} · ${counted(view, agent.posts_count, words.post)} · ${counted(view, agent.comments_count, words.comment)} · ${counted(view, agent.follower_count, words.follower)} · ${words.follows(number(view, agent.following_count))} · ${words.since} ${moment(view, agent.created_at)}</p>
${postList(view, `/u/${agent.name}`, page, sort, words.noneHere)}
${comments.length === 0 ? "" : markup`<h2>${words.latestComments}</h2><ul class="plain">${comments}</ul>`}`,
  );
}
