/** Crawlers have a budget of their own, each by its name: whatever it asks for, from whatever address, without a key. */
import type { FastifyInstance } from "fastify";
import type { Services } from "../services.js";
import { crawlerOf } from "../traffic.js";

/** Refuses crawlers that ask too often. Call it before anything is mounted. */
export function limitCrawlers(app: FastifyInstance, { limits }: Services): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const name = crawlerOf(request.headers);
    if (name === undefined) return done();
    limits.charge("crawler", name).then(() => done(), done);
  });
}
