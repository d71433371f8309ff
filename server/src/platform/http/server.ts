/** The HTTP server before any noun: body parsing, identifiers, security headers, errors as JSON. */
import { createServer as createHttpServer } from "node:http";
import type { Duplex } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import accepts from "@fastify/accepts";
import cors from "@fastify/cors";
import multipart from "@fastify/multipart";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { AppError } from "../../errors.js";
import { newId } from "../ids.js";
import { watchBody } from "../proof/body.js";
import type { Services } from "../services.js";
import { type ErrorPage, sendError } from "./answers.js";
import { doorFor, givePlaces } from "./door.js";
import { handOut } from "./hand-out.js";
import { EXPOSED_HEADERS, headersOfEvery } from "./headers.js";

const BODY_LIMIT = 1_048_576;
/** Milliseconds a closing server waits for its connections: those that never asked anything do not count as idle. */
const DRAIN_MS = 10_000;
/** Milliseconds a request may take to arrive, and a connection may be idle; Fastify's own figure for the latter. */
export const REQUEST_TIMEOUT_MS = 60_000;
export const KEEP_ALIVE_MS = 72_000;
const DECODERS = new Map<string, () => Duplex>([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/** A server that knows how to read requests and answer errors, but serves nothing yet. */
export async function createServer(services: Services, errorPage: ErrorPage): Promise<FastifyInstance> {
  const { config, log, outage } = services;
  const desk = { log, outage, errorPage };
  // Told apart from those of other processes by the first part, from one another by the second.
  const process = newId();
  let requests = 0;
  const newRequestId = () => `${process}-${++requests}`;
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    genReqId: newRequestId,
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    forceCloseConnections: "idle",
    serverFactory: (serve) => {
      const server = createHttpServer(handOut(services, newRequestId, doorFor(services.admission, desk, serve)));
      server.requestTimeout = REQUEST_TIMEOUT_MS;
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      return server;
    },
    frameworkErrors: (error, request, reply) => void sendError(desk, error, request, reply),
  });
  givePlaces(app, services.admission);
  await app.register(accepts);
  await app.register(cors, {
    origin: "*",
    // OPTIONS without the headers of a browser is a question for the methods, and is answered too.
    strictPreflight: false,
    methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: [
      "Content-Type",
      "Authorization",
      "X-API-Key",
      "Idempotency-Key",
      "If-None-Match",
      "Content-Digest",
      "Signature-Input",
      "Signature",
      "Signature-Agent",
    ],
    exposedHeaders: EXPOSED_HEADERS,
  });
  parseBodies(app);
  await app.register(multipart, { throwFileSizeLimit: true });
  const ofEvery = headersOfEvery(services.config.publicUrl);
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(ofEvery).header("x-request-id", request.id);
    done();
  });
  app.addHook("preClose", async () => {
    services.shortcuts.close();
    setTimeout(() => app.server.closeAllConnections(), DRAIN_MS).unref();
  });
  app.setErrorHandler((error, request, reply) => sendError(desk, error, request, reply));
  return app;
}

function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addHook("preParsing", (request, _reply, given, done) => {
    const payload = watchBody(request.raw, given);
    const encoding = request.headers["content-encoding"];
    if (encoding === undefined || encoding === "identity") return done(null, payload);
    const decoder = DECODERS.get(encoding.toLowerCase());
    if (!decoder) {
      return done(new AppError("UNSUPPORTED_MEDIA_TYPE", { message: "This content encoding is not accepted" }));
    }
    delete request.headers["content-length"];
    return done(
      null,
      payload.pipe(decoder()).on("error", () => undefined),
    );
  });
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_request: FastifyRequest, body: Buffer) =>
    parseJson(body),
  );
  // curl -d sends this type by default; agents mean JSON.
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "buffer" },
    async (request: FastifyRequest, body: Buffer) => {
      if (/^\s*\{/.test(body.toString("latin1"))) {
        request.headers["content-type"] = "application/json";
        return parseJson(body);
      }
      return fieldsOfForm(new URLSearchParams(utf8(body)));
    },
  );
  app.addContentTypeParser("*", { parseAs: "buffer" }, async (_request: FastifyRequest, body: Buffer) => {
    if (body.length === 0) return undefined;
    if (/^\s*\{/.test(body.toString("latin1"))) return parseJson(body);
    throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  });
}

/** The fields of a form; one that is there several times, such as a list of choices, is a list. */
function fieldsOfForm(form: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(form.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const [first = "", ...more] = form.getAll(name);
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(utf8(body));
  } catch {
    throw new AppError("INVALID_JSON");
  }
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new AppError("INVALID_JSON", { message: "The body is not valid UTF-8" });
  }
}
