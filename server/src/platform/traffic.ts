/**
 * What kind of traffic a request is: for figures, and to hold back crawlers. Everything here is what a request says of itself:
 * it opens nothing and raises no limit; all it can do is to lower one.
 */
import type { IncomingHttpHeaders } from "node:http";

/** Agents, programs that read without a key, crawlers that say so, and people with a browser. */
export type TrafficClass = "agent" | "reader" | "crawler" | "browser";

/** Crawlers name themselves; the ones that do not are readers or browsers. */
const CRAWLER = /bot\b|crawl|spider|slurp|archiver|facebookexternalhit/i;
/** Characters of a name that count. */
const NAME_LENGTH = 40;

/** The kind of traffic, by the key a request shows, then its name, then what it wants to see. */
export function classOf(headers: IncomingHttpHeaders): TrafficClass {
  if (headers.authorization !== undefined || headers["x-api-key"] !== undefined) return "agent";
  if (crawlerOf(headers) !== undefined) return "crawler";
  return headers.accept?.includes("text/html") || headers.cookie !== undefined ? "browser" : "reader";
}

/** The name by which a crawler without a key calls itself, in small letters; what the name ends with tells a crawler. */
export function crawlerOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization, "x-api-key": key, "user-agent": agent = "" } = headers;
  if (authorization !== undefined || key !== undefined) return undefined;
  const found = CRAWLER.exec(agent);
  if (!found) return undefined;
  const [start = ""] = /[\w-]*$/.exec(agent.slice(Math.max(0, found.index - NAME_LENGTH), found.index)) ?? [];
  return (start + found[0]).toLowerCase();
}
