/**
 * What kind of traffic a request is, for figures alone. Everything here is what a request says of itself: it opens nothing,
 * raises no limit, and is believed by nobody else.
 */
import type { IncomingHttpHeaders } from "node:http";

/** Agents, programs that read without a key, crawlers that say so, and people with a browser. */
export type TrafficClass = "agent" | "reader" | "crawler" | "browser";

/** Crawlers name themselves; the ones that do not are readers or browsers. */
const CRAWLER = /bot\b|crawl|spider|slurp|archiver|facebookexternalhit/i;

/** The kind of traffic, by the key a request shows, then its name, then what it wants to see. */
export function classOf(headers: IncomingHttpHeaders): TrafficClass {
  if (headers.authorization !== undefined || headers["x-api-key"] !== undefined) return "agent";
  if (CRAWLER.test(headers["user-agent"] ?? "")) return "crawler";
  return headers.accept?.includes("text/html") || headers.cookie !== undefined ? "browser" : "reader";
}
