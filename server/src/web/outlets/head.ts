/** What the heads of pages tell programs: feeds, and what previews elsewhere show (Open Graph, Twitter cards). */
import type { PostView } from "@openmolt/contract/posts";
import { plainText } from "../../platform/markdown.js";
import type { PublicHead } from "../layout.js";
import { markup } from "../markup.js";
import type { View } from "../view.js";
import { cardPath } from "./card/card.js";
import { feedsOf } from "./feeds.js";
import { preview } from "./preview.js";

/** The part of a page's head that is made here. */
type Links = Required<Pick<PublicHead, "feeds" | "meta" | "description">>;

/** Longest description in characters. */
const ABOUT = 200;

/**
 * For the page of a list that has feeds.
 * @param path of the page without its query: `/`, `/m/NAME`, `/u/NAME`
 * @param title what it is called, such as `m/NAME`
 * @param about what it is, in the words of whoever made it; Markdown
 * @param query what is chosen on the page, if its feed is of that alone
 */
export function listLinks(view: View, path: string, title: string, about: string, query = ""): Links {
  const description = plainText(about, ABOUT);
  const type = path.startsWith("/u/") ? "profile" : "website";
  return {
    description,
    feeds: feedsOf(path, path === "/" ? view.config.networkName : title, query),
    meta: preview(view, { path, type, title, about: description }),
  };
}

/** For the page of a post. */
export function postLinks(view: View, post: PostView): Links {
  const path = `/post/${post.id}`;
  const title = post.title.replace(/\s+/g, " ");
  const description = plainText(post.content ?? "", ABOUT);
  const times = markup`<meta property="article:published_time" content="${post.created_at}">
<meta property="article:modified_time" content="${post.updated_at}">
`;
  const at = `/oembed?url=${encodeURIComponent(view.config.publicUrl + path)}`;
  const oembed = markup`<link rel="alternate" type="application/json+oembed" href="${at}&format=json" title="${title}">
<link rel="alternate" type="text/xml+oembed" href="${at}&format=xml" title="${title}">
`;
  return {
    description,
    feeds: feedsOf(path, title),
    meta: markup`${preview(view, { path, card: cardPath(post), type: "article", title, about: description })}${times}${oembed}`,
  };
}
