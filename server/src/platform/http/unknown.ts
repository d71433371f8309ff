/** Paths that nothing is served at: 404, or 405 with the methods that the path takes. */
import type { FastifyInstance } from "fastify";
import { AppError } from "../../errors.js";

/** Answers every path and method that is not mounted. Call it before anything is: it watches what will be. */
export function refuseUnknown(app: FastifyInstance): void {
  const routes: { methods: string[]; pattern: RegExp }[] = [];
  app.addHook("onRoute", ({ method, url }) => {
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/:\w+/g, "[^/]+")}/?$`);
    routes.push({ methods: [method].flat(), pattern });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "/";
    const allowed = [...new Set(routes.flatMap(({ methods, pattern }) => (pattern.test(path) ? methods : [])))];
    if (allowed.length === 0 || allowed.includes(request.method)) throw new AppError("ENDPOINT_NOT_FOUND");
    reply.header("allow", allowed.join(", "));
    throw new AppError("METHOD_NOT_ALLOWED", { fields: { allowed } });
  });
}
