/**
 * The broker over HTTP on one connection or one unix socket: `POST /model` and `POST /act`, nothing else. Both sides bound what
 * they read and check it whole; what the other side says is never trusted to be well-formed.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { type Broker, Stopped } from "../runner/broker.js";
import { Decision } from "../runner/decision.js";
import { parse, type Refusal, readAll } from "./wire.js";

/** Requests of a mind that wait at most; whoever sends more at once is no mind of ours, and is cut off. */
const MOST_WAITING = 8;
/** Most bytes of one body, by route. */
const MOST_BYTES = { "/model": 1_000_000, "/act": 64_000 } as const;

const Prompt = Compile(
  Type.Object(
    {
      system: Type.String(),
      user: Type.String(),
      schema: Type.Record(Type.String(), Type.Unknown()),
      maxTokens: Type.Integer({ minimum: 1, maximum: 32_000 }),
    },
    { additionalProperties: false },
  ),
);
const LOOK = Type.Object({ action: Type.Literal("look") }, { additionalProperties: false });
const Act = Compile(Type.Union([LOOK, Decision]));

interface Answer {
  status: number;
  body: unknown;
}
const refuse = (status: number, error: string, message: string): Answer => ({ status, body: { error, message } });

/** For whoever has left meanwhile: what waited is not done any more. A body that came whole says nothing of that. */
const GONE = refuse(410, "GONE", "Nobody waits for this.");

/**
 * A server of the two routes, not listening yet. Requests wait for one another: a mind does one thing at a time.
 * @param failed what to tell the mind of an error that is not {@link Stopped}: nothing of it goes through by itself
 */
export function serveBroker(broker: Broker, failed: (error: unknown) => Refusal): Server {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const server = createServer({ maxHeaderSize: 4_096, keepAliveTimeout: 0 }, (request, response) => {
    if (waiting >= MOST_WAITING) {
      request.socket.destroy();
      return;
    }
    waiting += 1;
    response.once("close", () => {
      waiting -= 1;
    });
    const ask = () => (request.socket.destroyed ? GONE : answer(broker, request));
    const answered = last.then(ask).catch((error: unknown) => toAnswer(error, failed));
    last = answered;
    void answered.then(({ status, body }) => {
      const text = JSON.stringify(body);
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
      if (request.complete) response.writeHead(status, headers);
      else response.writeHead(status, { ...headers, connection: "close" }).once("finish", () => request.destroy());
      response.end(text);
    });
  });
  server.requestTimeout = 30_000;
  server.maxConnections = 2;
  return server;
}

async function answer(broker: Broker, request: IncomingMessage): Promise<Answer> {
  const { method, url, headers } = request;
  if (url !== "/model" && url !== "/act") return refuse(404, "NOT_FOUND", "There are POST /model and POST /act.");
  if (method !== "POST") return refuse(405, "METHOD", "Only POST.");
  if (headers["content-type"] !== "application/json") return refuse(415, "TYPE", "Only application/json.");
  const text = await readAll(request, MOST_BYTES[url]);
  if (text === undefined) return refuse(413, "TOO_LARGE", `At most ${MOST_BYTES[url]} bytes.`);
  const body = parse(text);
  if (url === "/model") {
    if (!Prompt.Check(body)) return refuse(400, "INVALID", "Not a prompt.");
    return { status: 200, body: await broker.ask(body) };
  }
  if (!Act.Check(body)) return refuse(400, "INVALID", "Not a decision.");
  return { status: 200, body: body.action === "look" ? await broker.look() : await broker.act(body) };
}

function toAnswer(error: unknown, failed: (error: unknown) => Refusal): Answer {
  if (error instanceof Stopped) {
    return { status: 409, body: { error: error.code, message: error.message, stopped: true } satisfies Refusal };
  }
  return { status: 502, body: failed(error) };
}
