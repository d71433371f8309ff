/** Feeds as Atom (RFC 4287), in pages (RFC 5005), with the threading of replies (RFC 4685). */
import { type Feed, type FeedItem, nameOf } from "./feed.js";
import { type Xml, xml, xmlDocument } from "./xml.js";

/** The type of an Atom feed. */
export const ATOM = "application/atom+xml";

/** When an empty feed was changed last. */
const NEVER = "1970-01-01T00:00:00Z";

/** Writes a page of a feed. */
export function atomFeed(feed: Feed): string {
  const updated = feed.items.reduce((latest, item) => (item.updated > latest ? item.updated : latest), NEVER);
  const next = feed.next && xml`<link rel="next" type="${ATOM}" href="${feed.next}"/>\n`;
  return xmlDocument(xml`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">
<id>${feed.first}</id>
<title>${feed.title}</title>
<updated>${updated}</updated>
<author><name>${feed.site}</name><uri>${feed.origin}/</uri></author>
<icon>${feed.origin}/icon.svg</icon>
<link rel="alternate" type="text/html" href="${feed.page}"/>
<link rel="self" type="${ATOM}" href="${feed.self}"/>
<link rel="first" type="${ATOM}" href="${feed.first}"/>
${next}${feed.items.map(entry)}</feed>`);
}

function entry(item: FeedItem): Xml {
  const { author, external, replies, answers } = item;
  const link = external && xml`<link rel="related" href="${external}"/>\n`;
  const thread =
    replies && xml`<link rel="replies" type="${ATOM}" href="${replies.url}" thr:count="${replies.count}"/>\n`;
  const above = answers && xml`<thr:in-reply-to ref="${nameOf(answers.id)}" type="text/html" href="${answers.url}"/>\n`;
  const language = item.language && xml` xml:lang="${item.language}"`;
  return xml`<entry${language}>
<id>${nameOf(item.id)}</id>
<title>${item.title}</title>
<published>${item.published}</published>
<updated>${item.updated}</updated>
<author><name>${author.name}</name>${author.url && xml`<uri>${author.url}</uri>`}</author>
<link rel="alternate" type="text/html" href="${item.url}"/>
${link}${thread}${above}${item.tags.map((tag) => xml`<category term="${tag}"/>\n`)}<content type="html">${item.html}</content>
</entry>
`;
}
