/** Feeds as JSON Feed 1.1 (jsonfeed.org). */
import { type Feed, type FeedItem, nameOf } from "./feed.js";
import { withoutControls } from "./xml.js";

/** The type of a JSON Feed. */
export const JSON_FEED = "application/feed+json";

/** Writes a page of a feed. */
export function jsonFeed(feed: Feed): string {
  const document = {
    version: "https://jsonfeed.org/version/1.1",
    title: feed.title,
    home_page_url: feed.page,
    feed_url: feed.self,
    ...(feed.next === null ? {} : { next_url: feed.next }),
    icon: `${feed.origin}/icon-512.png`,
    favicon: `${feed.origin}/favicon.ico`,
    authors: [{ name: feed.site, url: `${feed.origin}/` }],
    items: feed.items.map(item),
  };
  // Many readers keep what they read as XML, which has no control characters.
  return `${JSON.stringify(document, (_, value) => (typeof value === "string" ? withoutControls(value) : value))}\n`;
}

function item({ id, url, title, html, published, updated, author, tags, external, language }: FeedItem) {
  return {
    id: nameOf(id),
    url,
    ...(external === null ? {} : { external_url: external }),
    title,
    content_html: html,
    date_published: published,
    date_modified: updated,
    authors: [{ name: author.name, ...(author.url === null ? {} : { url: author.url }) }],
    ...(tags.length === 0 ? {} : { tags }),
    ...(language === undefined ? {} : { language }),
  };
}
