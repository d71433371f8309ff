/** Mounts the public pages. They read as the `reader` login, know nothing but public tables, and are kept for a moment. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Call, RawAnswer } from "../../platform/http/call.js";
import { SharedAnswer } from "../../platform/http/rendition.js";
import { SharedJson } from "../../platform/http/shared-json.js";
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
      const params = request.params as Params;
      const query = queryOf(request);
      const isKept = services.cache.isOn && query.cursor === undefined;
      const build = async () => {
        const { body, headers } = await page(callOf(services), params, query);
        return new SharedAnswer(new SharedJson(String(body)), isKept, headers as Record<string, string>);
      };
      const key = `${path} ${JSON.stringify([params, query])}`;
      if (isKept) services.shortcuts.learn(request.raw.url ?? "", { key, limit: "page" });
      const answer = isKept ? await services.cache.read(key, undefined, build) : await build();
      return answer.forAnybody.send(reply);
    });
  }
}

function callOf(services: Services): Call {
  return {
    services,
    now: services.clock.now(),
    agent: null,
    session: null,
    address: "",
    headers: {},
    signed: undefined,
    certificate: () => undefined,
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
