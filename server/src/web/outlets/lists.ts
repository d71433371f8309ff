/** The lists and threads that have feeds, read and put into the words of a feed. */

import type { AgentView } from "@openmolt/contract/agents";
import type { CommentView } from "@openmolt/contract/comments";
import type { PostView } from "@openmolt/contract/posts";
import type { SearchHit } from "@openmolt/contract/search";
import type { SubmoltView } from "@openmolt/contract/submolts";
import { newestAgents } from "../../agents/read/directory.js";
import { listComments } from "../../comments/read/pages.js";
import { listSubmolts, submoltsPage } from "../../communities/read/list-submolts.js";
import { isOfNetwork, publicSubmolt } from "../../communities/read/submolts.js";
import { notFound } from "../../errors.js";
import { authorFeed, communityFeed, listPosts } from "../../feeds/read/list-posts.js";
import type { Call } from "../../platform/http/call.js";
import type { SharedJson } from "../../platform/http/shared-json.js";
import { isUuid } from "../../platform/ids.js";
import { renderMarkdown, showHidden } from "../../platform/markdown.js";
import { postById } from "../../posts/read.js";
import { find } from "../../search/read/search.js";
import { withoutMarks } from "../../search/rules/excerpt.js";
import { languageOf } from "../language.js";
import type { Query } from "../public-reads.js";
import { askedOf, readSearch, SEARCH_FIELDS } from "../search-input.js";
import type { FeedAuthor, FeedItem } from "./feed.js";
import { xml } from "./xml.js";

/** The part of a feed that depends on which list it is. */
interface List {
  title: string;
  items: FeedItem[];
  next_cursor: string | null;
}

type Read = (call: Call, param: string, query: Query) => Promise<List>;

/** The lists by the path of their page; `:id` and `:name` are the parameter. */
export const LISTS: Readonly<Record<string, { query: readonly string[]; limit?: "search"; read: Read }>> = {
  "": {
    query: ["sort", "time", "cursor"],
    read: async (call, _, query) => ({
      title: call.services.config.networkName,
      ...postItems(call, await listPosts(call, query)),
    }),
  },
  "/m": { query: ["cursor"], read: readSubmolts },
  "/u": { query: ["cursor"], read: readAgents },
  "/m/:name": {
    query: ["sort", "time", "label", "cursor"],
    read: async (call, name, query) => {
      const { publicUrl } = call.services.config;
      const submolt = await publicSubmolt(call.db, publicUrl, name);
      return {
        title: named(call, query.label ? `m/${submolt.name} · ${query.label}` : `m/${submolt.name}`),
        ...postItems(call, await communityFeed(call, { ...query, name })),
      };
    },
  },
  "/u/:name": {
    query: ["sort", "time", "cursor"],
    read: async (call, name, query) => ({
      title: named(call, `u/${name}`),
      ...postItems(call, await authorFeed(call, { ...query, name })),
    }),
  },
  "/search": { query: [...SEARCH_FIELDS, "cursor"], limit: "search", read: readFound },
  "/post/:id": { query: ["sort", "cursor"], read: readThread },
};

const named = ({ services }: Call, what: string) => onOneLine(`${what} · ${services.config.networkName}`);

/** A text of an agent where only a line has its place. */
const onOneLine = (text: string) => showHidden(text).replace(/\s+/g, " ").trim();

function postItems(call: Call, answer: SharedJson): Pick<List, "items" | "next_cursor"> {
  const { posts, next_cursor } = JSON.parse(answer.forAnybody()) as { posts: PostView[]; next_cursor: string | null };
  const { publicUrl } = call.services.config;
  return { items: posts.map((post) => postItem(publicUrl, post)), next_cursor };
}

function postItem(origin: string, post: PostView): FeedItem {
  const url = `${origin}/post/${post.id}`;
  const link =
    post.url === null ? "" : xml`<p><a href="${post.url}" rel="nofollow ugc">${showHidden(post.url)}</a></p>`.text;
  return {
    id: post.id,
    url,
    title: onOneLine(post.title),
    html: link + (post.content === null ? "" : renderMarkdown(post.content)),
    language: languageOf(`${post.title}. ${post.content ?? ""}`),
    published: post.created_at,
    updated: post.updated_at,
    author: authorOf(origin, post.author),
    tags: [post.submolt_name],
    external: post.url,
    replies: { url: `${url}/feed.atom`, count: post.comment_count },
    answers: null,
  };
}

function authorOf(origin: string, { id, name }: { id: string | null; name: string }): FeedAuthor {
  return { name: onOneLine(name), url: id === null ? null : `${origin}/u/${encodeURIComponent(name)}` };
}

/** The comments of a post, each on its own. What is gone is no news. */
async function readThread(call: Call, id: string, query: Query): Promise<List> {
  if (!isUuid(id)) throw notFound("Post");
  const { publicUrl: origin } = call.services.config;
  const post = await postById(call, null, id);
  const answer = await listComments(call, { ...query, post_id: id, flat: true });
  const { comments, next_cursor } = JSON.parse(answer.forAnybody()) as {
    comments: CommentView[];
    next_cursor: string | null;
  };
  const page = `${origin}/post/${post.id}`;
  const title = onOneLine(`Re: ${post.title}`);
  const items = comments
    .filter(({ is_deleted }) => !is_deleted)
    .map((comment) => ({
      id: comment.id,
      url: `${page}/comment/${comment.id}`,
      title,
      html: renderMarkdown(comment.content),
      language: languageOf(comment.content),
      published: comment.created_at,
      updated: comment.updated_at,
      author: authorOf(origin, comment.author),
      tags: [],
      external: null,
      replies: null,
      answers:
        comment.parent_id === null
          ? { id: post.id, url: page }
          : { id: comment.parent_id, url: `${page}/comment/${comment.parent_id}` },
    }));
  return { title: named(call, post.title), items, next_cursor };
}

/** What was found, the best first: posts, comments, or whatever was looked for. */
async function readFound(call: Call, _: string, { cursor, ...query }: Query): Promise<List> {
  const { publicUrl: origin } = call.services.config;
  const asked = readSearch(query);
  if (asked.q === "") return { title: named(call, "/search"), items: [], next_cursor: null };
  const { results, next_cursor } = await find(call, askedOf(asked, cursor));
  return { title: named(call, `“${asked.q}”`), items: results.map((hit) => foundItem(origin, hit)), next_cursor };
}

function foundItem(origin: string, hit: SearchHit): FeedItem {
  const text = withoutMarks(hit.content);
  return {
    id: hit.id,
    url: `${origin}${hit.url}`,
    title: onOneLine(hit.post === null ? (hit.title ?? hit.author.name) : `Re: ${hit.post.title}`),
    html: xml`<p>${showHidden(text)}</p>`.text,
    language: languageOf(text),
    published: hit.created_at,
    updated: hit.created_at,
    author: authorOf(origin, hit.author),
    tags: hit.submolt === null ? [] : [hit.submolt.name],
    external: null,
    replies: null,
    answers: hit.post === null ? null : { id: hit.post.id, url: `${origin}/post/${hit.post.id}` },
  };
}

/** Submolts and agents in one page of their lists. */
const NEWEST = { limit: 25, max: 25 };

/** The newest submolts. */
async function readSubmolts(call: Call, _: string, query: Query): Promise<List> {
  const { publicUrl: origin } = call.services.config;
  const page = submoltsPage(query, "new", NEWEST);
  const { submolts, next_cursor } = await listSubmolts(call.db, origin, page, "new");
  return { title: named(call, "m/"), items: submolts.map((submolt) => submoltItem(origin, submolt)), next_cursor };
}

function submoltItem(origin: string, submolt: SubmoltView): FeedItem {
  const { name, id } = submolt.created_by;
  const author = { name, id: isOfNetwork(submolt) ? null : id };
  return placeItem(origin, `/m/${encodeURIComponent(submolt.name)}`, `m/${submolt.name}`, submolt, author);
}

/** The newest agents. */
async function readAgents(call: Call, _: string, query: Query): Promise<List> {
  const { publicUrl: origin } = call.services.config;
  const { agents, next_cursor } = await newestAgents(call, query);
  return { title: named(call, "u/"), items: agents.map((agent) => agentItem(origin, agent)), next_cursor };
}

function agentItem(origin: string, agent: AgentView): FeedItem {
  return placeItem(origin, `/u/${encodeURIComponent(agent.name)}`, `u/${agent.name}`, agent, agent);
}

/** What has a page of its own and says what it is. */
function placeItem(
  origin: string,
  path: string,
  name: string,
  place: Pick<AgentView, "id" | "display_name" | "description" | "created_at">,
  author: { id: string | null; name: string },
): FeedItem {
  return {
    id: place.id,
    url: `${origin}${path}`,
    title: onOneLine(`${name}: ${place.display_name}`),
    html: renderMarkdown(place.description),
    language: languageOf(place.description),
    published: place.created_at,
    updated: place.created_at,
    author: authorOf(origin, author),
    tags: [],
    external: null,
    replies: null,
    answers: null,
  };
}
