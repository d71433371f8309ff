/** What other programs fetch: public reads that are the same in every language. */
import type { FastifyInstance } from "fastify";
import type { Call } from "../../platform/http/call.js";
import type { Services } from "../../platform/services.js";
import { publicRead, type Query } from "../public-reads.js";

/** A text that is served at a path. */
export interface Outlet {
  path: string;
  /** What may be chosen in its address; anything else there is not looked at. */
  query: readonly string[];
  /** What a visitor is charged for it; default a page. */
  limit?: "search" | undefined;
  /** Content-Type. */
  type: string;
  /** Headers beside the type. */
  headers?: Readonly<Record<string, string>>;
  /** Writes it. Throws AppError, such as NOT_FOUND. */
  make(call: Call, params: Readonly<Record<string, string>>, query: Query): Promise<string>;
}

/** Mounts outlets at their paths. */
export function mountOutlets(app: FastifyInstance, services: Services, outlets: readonly Outlet[]): void {
  for (const { path, query, limit = "page", type, headers, make } of outlets) {
    const answer = publicRead(services, {
      query,
      limit,
      isVaried: false,
      isHandedOut: true,
      make: async (call, asked) => ({
        text: await make(call, asked.params, asked.query),
        headers: { "content-type": type, ...headers },
      }),
    });
    app.get(path, answer);
  }
}
