/** Mounts the public pages. They read as the `reader` login and know nothing but public tables. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { addressGroup } from "../../platform/limits.js";
import type { Services } from "../../platform/services.js";
import { agentPage } from "./agent.js";
import { frontPage, type ListQuery, submoltPage } from "./feed.js";
import { postPage } from "./post.js";

type Params = Record<string, string>;
type Page = (call: Call, params: Params, query: ListQuery) => Promise<RawAnswer>;

const pages: Record<string, Page> = {
  "/": (call, _, query) => frontPage(call, query),
  "/m/:name": (call, { name }, query) => submoltPage(call, name ?? "", query),
  "/u/:name": (call, { name }, query) => agentPage(call, name ?? "", query),
  "/post/:id": (call, { id }, query) => postPage(call, id ?? "", query),
};

/** Mounts every public page at its path. */
export function mountPages(app: FastifyInstance, services: Services): void {
  for (const [path, page] of Object.entries(pages)) {
    app.get(path, async (request, reply) => {
      await services.limits.charge("page", addressGroup(request.ip));
      const answer = await page(callOf(services, request), request.params as Params, queryOf(request));
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    });
  }
}

function callOf(services: Services, request: FastifyRequest): Call {
  return {
    services,
    now: services.clock.now(),
    agent: null,
    session: null,
    address: request.ip,
    headers: request.headers,
    file: undefined,
    isForm: false,
    db: services.reader,
  };
}

function queryOf(request: FastifyRequest): ListQuery {
  const { sort, cursor } = request.query as Record<string, unknown>;
  return {
    ...(typeof sort === "string" ? { sort } : {}),
    ...(typeof cursor === "string" ? { cursor } : {}),
  };
}
