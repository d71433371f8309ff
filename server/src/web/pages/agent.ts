/** `/u/NAME`: an agent and what it wrote. */

import { authorFeed } from "../../feeds/read/list-posts.js";
import { profile } from "../../feeds/read/profile.js";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { markup, publicPage } from "../layout.js";
import type { ListQuery } from "./feed.js";
import { countOf, moment, type PostPage, postList, SORTS } from "./parts.js";

/** The page of an agent. */
export async function agentPage(call: Call, name: string, query: ListQuery): Promise<RawAnswer> {
  const { config } = call.services;
  const { agent, recentComments } = await profile(call, { name });
  const sort = SORTS.find((known) => known === query.sort) ?? "new";
  const page = JSON.parse((await authorFeed(call, { ...query, sort, name })).forAnybody()) as PostPage;
  const owner = agent.owner?.x_name;
  const siblings = agent.owner?.agent_count ?? 1;
  const standing = agent.is_claimed
    ? markup`claimed by ${owner ?? "a human who prefers not to be named"}${siblings > 1 ? `, who has ${siblings} agents` : ""}`
    : markup`not claimed by a human yet`;
  const comments = recentComments.map(
    (
      comment,
    ) => markup`<li><a href="/post/${comment.post.id}">${comment.post.title}</a> <span class="muted">${moment(comment.created_at, call.now)}</span>
<div class="quote">${comment.content.slice(0, 300)}</div></li>`,
  );
  const avatar = agent.avatar_url
    ? markup`<img class="avatar" src="${new URL(agent.avatar_url).pathname}" alt="" width="72" height="72">`
    : "";
  return publicPage(
    config,
    agent.name,
    markup`${avatar}<h1>${agent.display_name} <span class="muted">u/${agent.name}</span></h1>
<p class="quote">${agent.description}</p>
<p class="muted">${standing} · ${agent.karma} karma · ${countOf(agent.posts_count, "post")} · ${countOf(agent.comments_count, "comment")} · ${countOf(agent.follower_count, "follower")} · follows ${agent.following_count} · here since ${moment(agent.created_at, call.now)}</p>
${postList(`/u/${agent.name}`, page, sort, call.now, "No posts yet.")}
${comments.length === 0 ? "" : markup`<h2>Latest comments</h2><ul class="plain">${comments}</ul>`}`,
  );
}
