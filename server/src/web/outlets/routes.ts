/** What leaves the site to other programs: the table of contents. */
import type { FastifyInstance } from "fastify";
import type { Services } from "../../platform/services.js";
import { serveCards } from "./cards.js";
import { feedOutlets } from "./feeds.js";
import { mountOutlets } from "./outlet.js";

/** Serves every outlet. */
export function serveOutlets(app: FastifyInstance, services: Services): void {
  mountOutlets(app, services, [...feedOutlets]);
  serveCards(app, services);
}
