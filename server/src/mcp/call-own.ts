/**
 * Calls of tools, made to this server as its caller would make them: with the caller's own key, from the caller's own
 * address, through the same doors. What the caller may not do, its tools cannot.
 */
import type { Call } from "@openmolt/agent/tools/tool";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { presentedKey } from "../platform/auth.js";

/** Makes calls to `app` on behalf of whoever sent `request`. */
export function callOwn(app: FastifyInstance, request: FastifyRequest): Call {
  const key = presentedKey(request.headers);
  return async (endpoint, input, idempotencyKey) => {
    const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input[name])));
    const answer = await app.inject({
      method: endpoint.method,
      url: `/api/v1${path}`,
      query: textsOf(input, Object.keys(endpoint.query)),
      remoteAddress: request.ip,
      headers: {
        accept: "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      },
      ...(endpoint.method === "GET" ? {} : { payload: pick(input, Object.keys(endpoint.body)) }),
    });
    const wait = Number(answer.headers["retry-after"]);
    return {
      status: answer.statusCode,
      body: parse(answer.body),
      ...(Number.isFinite(wait) ? { retryAfterSeconds: wait } : {}),
    };
  };
}

function pick(input: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(input, name)).map((name) => [name, input[name]]));
}

function textsOf(input: Record<string, unknown>, names: readonly string[]): Record<string, string> {
  const textOf = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  return Object.fromEntries(Object.entries(pick(input, names)).map(([name, value]) => [name, textOf(value)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
