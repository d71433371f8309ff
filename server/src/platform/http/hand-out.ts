/**
 * Hands kept answers out before anything else is done about a request. Who asks, without a key, for the very URL that
 * somebody else was just answered at is charged for it and gets that answer: no place in the house, no route, no handler.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Allowance, addressGroup } from "../limits.js";
import type { Services } from "../services.js";
import { crawlerOf } from "../traffic.js";
import { EXPOSED_HEADERS, headersOfEvery, limitHeaders } from "./headers.js";
import type { Encoded } from "./rendition.js";
import { variantOf } from "./variant.js";

const CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED_HEADERS.join(", ") };

/**
 * Stands before `serve`, which gets every other request. Behind a proxy it gets all of them: whose address counts takes
 * reading of headers. It does as well where only members read: who asks is a question for the whole house.
 */
export function handOut(services: Services, newRequestId: () => string, serve: RequestListener): RequestListener {
  const { cache, config } = services;
  if (!cache.isOn || config.trustedProxies.length > 0 || config.reading === "members") return serve;
  const ofEvery = headersOfEvery(config.publicUrl);
  return (request, response) => {
    const shortcut = isPlain(request)
      ? services.shortcuts.find(request.url ?? "", () => variantOf(request.headers))
      : undefined;
    const answer = shortcut && services.cache.peek(shortcut.key);
    const encoded = answer?.forAnybody.ready(request.headers["accept-encoding"]);
    if (!shortcut || !encoded) return serve(request, response);
    services.limits.charge(shortcut.limit, addressGroup(request.socket.remoteAddress ?? "")).then(
      (allowance) =>
        give(response, ofEvery, newRequestId(), encoded, shortcut.limit === "read" ? allowance : undefined),
      // Refusing is not done here.
      () => serve(request, response),
    );
  };
}

/** A GET by anybody, with nothing about it that would need a second look. */
function isPlain({ method, headers }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    headers.authorization === undefined &&
    headers["x-api-key"] === undefined &&
    headers["if-none-match"] === undefined &&
    headers["content-length"] === undefined &&
    headers["transfer-encoding"] === undefined &&
    crawlerOf(headers) === undefined
  );
}

function give(
  response: ServerResponse,
  ofEvery: Readonly<Record<string, string>>,
  requestId: string,
  encoded: Encoded,
  allowance: Allowance | undefined,
): void {
  const headers = fixedHeaders(encoded, ofEvery).concat(listOf({ "x-request-id": requestId }));
  response.writeHead(200, allowance ? headers.concat(listOf(limitHeaders(allowance))) : headers);
  response.end(encoded.body);
}

const fixed = new WeakMap<Encoded, string[]>();

/** The headers that are the same whoever gets an answer, as a list of names and values: made once, they cost nothing. */
function fixedHeaders(encoded: Encoded, ofEvery: Readonly<Record<string, string>>): string[] {
  const known = fixed.get(encoded);
  if (known) return known;
  const length = { "content-length": String(encoded.body.length) };
  const made = listOf({ ...ofEvery, ...CORS, ...encoded.headers, ...length });
  fixed.set(encoded, made);
  return made;
}

function listOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flat();
}
