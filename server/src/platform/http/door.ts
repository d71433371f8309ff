/** The door of the HTTP server: asks {@link Admission} for each request, as early and for as short a time as possible. */
import type { IncomingMessage, RequestListener } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Admission, Precedence } from "../admission.js";
import { type ErrorDesk, refuseAtDoor } from "./answers.js";

/** What a body without a length of its own may come to; Fastify refuses more. */
const LONGEST_BODY = 1_048_576;

/** What a request holds of the door. */
interface Held {
  place: boolean;
  bodyBytes: number;
}
const held = new WeakMap<IncomingMessage, Held>();

/** Gives back what a request holds; calling it again does nothing. */
export function releaseRequest(admission: Admission, request: IncomingMessage): void {
  const own = held.get(request);
  if (own === undefined) return;
  held.delete(request);
  if (own.place) admission.leave();
  admission.dropBody(own.bodyBytes);
}

/**
 * Stands before the server: who finds the line full is sent away before anything is done about the request, so that it
 * costs next to nothing. Health checks are always let through.
 */
export function doorFor(admission: Admission, desk: ErrorDesk, serve: RequestListener): RequestListener {
  return (request, response) => {
    const bodyBytes = bodyBytesOf(request);
    if (!isHealthCheck(request)) {
      if (admission.isFull(precedenceOf(request)) || !admission.takeBody(bodyBytes)) {
        return refuseAtDoor(desk, admission.refusal(), request, response);
      }
      held.set(request, { place: false, bodyBytes });
      response.once("close", () => releaseRequest(admission, request));
    }
    serve(request, response);
  };
}

/** Gives the places: after the body is here, until the answer is ready. */
export function givePlaces(app: FastifyInstance, admission: Admission): void {
  // Whoever sends slowly would hold a place meanwhile.
  app.addHook("preHandler", (request, reply, done) => {
    const own = held.get(request.raw);
    // A request that turns out to be for a page comes by a second time.
    if (own === undefined || own.place) return done();
    if (admission.tryEnter()) {
      own.place = true;
      return done();
    }
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    admission.enter(precedenceOf(request.raw), gone.signal).then(() => {
      own.place = true;
      // Admitted and gone in the same moment.
      if (held.get(request.raw) !== own) admission.leave();
      done();
    }, done);
  });
  // Whoever reads slowly would hold a place meanwhile.
  app.addHook("onSend", (request, _reply, payload, done) => {
    releaseRequest(admission, request.raw);
    done(null, payload);
  });
}

function isHealthCheck({ url = "" }: IncomingMessage): boolean {
  return url === "/health" || url === "/api/v1/health";
}

/** Whether a key is valid shows only later: who shows a false one is refused then, and pays for it. */
function precedenceOf({ method, headers }: IncomingMessage): Precedence {
  const { authorization, cookie } = headers;
  if (authorization === undefined && cookie === undefined && headers["x-api-key"] === undefined) return 2;
  return method === "GET" || method === "HEAD" ? 1 : 0;
}

function bodyBytesOf({ method, headers }: IncomingMessage): number {
  if (method === "GET" || method === "HEAD") return 0;
  const length = headers["content-length"];
  if (length !== undefined && headers["content-encoding"] === undefined) return Math.min(Number(length), LONGEST_BODY);
  return headers["transfer-encoding"] === undefined && length === undefined ? 0 : LONGEST_BODY;
}
