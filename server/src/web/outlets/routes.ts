/** What leaves the site to other programs: the table of contents. */
import type { FastifyInstance } from "fastify";
import type { Services } from "../../platform/services.js";
import { agentDocuments } from "./agent-documents.js";
import { serveCards } from "./cards.js";
import { feedOutlets } from "./feeds.js";
import { serveOembed } from "./oembed.js";
import { mountOutlets } from "./outlet.js";
import { rawOutlets } from "./raw.js";
import { serveRobots } from "./robots.js";
import { sitemapOutlets } from "./sitemap.js";

/** Pages that are there once and want to be found, as far as this server has them. */
const PAGES = ["/", "/m", "/u", "/live", "/pulse", "/join", "/about", "/rules", "/developers", "/privacy", "/status"];

/** Serves every outlet. Call it when the pages are mounted. */
export function serveOutlets(app: FastifyInstance, services: Services): void {
  const pages = PAGES.filter((url) => app.hasRoute({ method: "GET", url }));
  mountOutlets(app, services, [...feedOutlets, ...rawOutlets, ...agentDocuments, ...sitemapOutlets(pages)]);
  serveCards(app, services);
  serveOembed(app, services);
  serveRobots(app, services.config);
}
