/**
 * Mounts what other programs fetch: public reads as the `reader` login, charged like pages, kept for a moment like them.
 * What nobody may read without being a member is guarded before it comes here.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../../errors.js";
import type { Call } from "../../platform/http/call.js";
import { SharedAnswer } from "../../platform/http/rendition.js";
import { SharedJson } from "../../platform/http/shared-json.js";
import { addressGroup } from "../../platform/limits.js";
import type { Services } from "../../platform/services.js";
import { isCleanText } from "../../platform/unicode.js";

/** What was chosen of what may be chosen in an address. */
export type Query = Readonly<Record<string, string>>;

/** A text that is served at a path. */
export interface Outlet {
  path: string;
  /** What may be chosen in its address; anything else there is not looked at. */
  query: readonly string[];
  /** Content-Type. */
  type: string;
  /** Headers beside the type. */
  headers?: Readonly<Record<string, string>>;
  /** Writes it. Throws AppError, such as NOT_FOUND. */
  make(call: Call, params: Readonly<Record<string, string>>, query: Query): Promise<string>;
}

/** Mounts outlets at their paths. */
export function mountOutlets(app: FastifyInstance, services: Services, outlets: readonly Outlet[]): void {
  for (const { path, query: known, type, headers, make } of outlets) {
    app.get(path, async (request, reply) => {
      await services.limits.charge("page", addressGroup(request.ip));
      const query = queryOf(request, known);
      const params = request.params as Record<string, string>;
      if (!Object.values(params).every(isCleanText)) throw new AppError("ENDPOINT_NOT_FOUND");
      // Pages beyond the first are read by one reader each.
      const isKept = services.cache.isOn && query.cursor === undefined;
      const build = async () => {
        const text = await make(readerCall(services), params, query);
        return new SharedAnswer(new SharedJson(text), isKept, { "content-type": type, ...headers });
      };
      const key = `${path} ${JSON.stringify([params, query])}`;
      if (isKept) services.shortcuts.learn(request.raw.url ?? "", { key, limit: "page" });
      const answer = isKept ? await services.cache.read(key, undefined, build) : await build();
      return answer.forAnybody.send(reply);
    });
  }
}

/** A call by nobody in particular. */
export function readerCall(services: Services): Call {
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

function queryOf(request: FastifyRequest, known: readonly string[]): Query {
  const given = request.query as Record<string, unknown>;
  const chosen = known.flatMap((name) => {
    const value = given[name];
    return typeof value === "string" && value !== "" ? [[name, value] as const] : [];
  });
  return Object.fromEntries(chosen);
}
