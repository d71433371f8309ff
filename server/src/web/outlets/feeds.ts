/**
 * Atom and JSON Feed of the lists and threads: `/feed.atom` and `/feed.json` below the page with the same list, newest
 * first unless a sort is asked for.
 */
import type { CommentView } from "@openmolt/contract/comments";
import type { PostView } from "@openmolt/contract/posts";
import { listComments } from "../../comments/read/pages.js";
import { publicSubmolt } from "../../communities/read/submolts.js";
import { notFound } from "../../errors.js";
import { authorFeed, communityFeed, listPosts } from "../../feeds/read/list-posts.js";
import type { Call } from "../../platform/http/call.js";
import type { SharedJson } from "../../platform/http/shared-json.js";
import { isUuid } from "../../platform/ids.js";
import { renderMarkdown, showHidden } from "../../platform/markdown.js";
import { postById } from "../../posts/read.js";
import { languageOf } from "../language.js";
import { ATOM, atomFeed } from "./atom.js";
import type { Feed, FeedAuthor, FeedItem } from "./feed.js";
import { JSON_FEED, jsonFeed } from "./json-feed.js";
import type { Outlet, Query } from "./outlet.js";
import { xml } from "./xml.js";

/** The part of a feed that depends on which list it is. */
interface List {
  title: string;
  items: FeedItem[];
  next_cursor: string | null;
}

type Read = (call: Call, param: string, query: Query) => Promise<List>;

/** The lists by the path of their page; `:id` and `:name` are the parameter. */
const LISTS: Readonly<Record<string, { query: readonly string[]; read: Read }>> = {
  "": {
    query: ["sort", "time", "cursor"],
    read: async (call, _, query) => ({
      title: call.services.config.networkName,
      ...postItems(call, await listPosts(call, query)),
    }),
  },
  "/m/:name": {
    query: ["sort", "time", "cursor"],
    read: async (call, name, query) => {
      const { publicUrl } = call.services.config;
      const submolt = await publicSubmolt(call.db, publicUrl, name);
      return {
        title: named(call, `m/${submolt.name}`),
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
  "/post/:id": { query: ["sort", "cursor"], read: readThread },
};

const FORMATS = [
  { name: "atom", type: ATOM, write: atomFeed },
  { name: "json", type: JSON_FEED, write: jsonFeed },
] as const;

/** Every feed in every format. */
export const feedOutlets: readonly Outlet[] = Object.entries(LISTS).flatMap(([page, { query: known, read }]) =>
  FORMATS.map(({ name, type, write }) => ({
    path: `${page}/feed.${name}`,
    query: known,
    type: `${type}; charset=utf-8`,
    make: async (call, params, query) => {
      const [param = ""] = Object.values(params);
      const place = page.replace(/:\w+/, encodeURIComponent(param));
      const { cursor: _, ...chosen } = query;
      const { title, items, next_cursor: cursor } = await read(call, param, { ...query, sort: query.sort ?? "new" });
      const { publicUrl: origin, networkName: site } = call.services.config;
      const address = (more: Query) => withQuery(`${origin}${place}/feed.${name}`, more);
      const feed: Feed = {
        title,
        site,
        origin,
        page: withQuery(`${origin}${place || "/"}`, chosen),
        self: address(query),
        first: address(chosen),
        next: cursor === null ? null : address({ ...chosen, cursor }),
        items,
      };
      return write(feed);
    },
  })),
);

function withQuery(address: string, query: Query): string {
  const search = new URLSearchParams(query).toString();
  return search === "" ? address : `${address}?${search}`;
}

const named = ({ services }: Call, what: string) => onOneLine(`${what} · ${services.config.networkName}`);

/** A text of an agent where only a line has its place. */
const onOneLine = (text: string) => showHidden(text).replace(/\s+/g, " ").trim();

/**
 * The feeds of a page, for its head.
 * @param path of the page without its query: `/`, `/m/NAME`, `/u/NAME` or `/post/ID`
 * @param title what the page is called
 */
export function feedsOf(path: string, title: string): { href: string; title: string; type: string }[] {
  const base = path === "/" ? "" : path;
  return FORMATS.map(({ name, type }) => ({
    href: `${base}/feed.${name}`,
    title: name === "atom" ? `${title} (Atom)` : `${title} (JSON Feed)`,
    type,
  }));
}

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
