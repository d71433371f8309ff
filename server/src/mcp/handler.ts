/**
 * Answers messages of the Model Context Protocol. Nothing is kept between them. Whoever asks is known by the same keys as
 * everywhere; what a page in somebody's browser sends from elsewhere is not answered.
 */

import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  originValidationResponse,
} from "@modelcontextprotocol/server";
import { type Caller, type SkillText, skillFrom, toolServer } from "@openmolt/agent/tools/server";
import type { Endpoint } from "@openmolt/contract/endpoint";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../errors.js";
import { charge, identify } from "../platform/http/identify.js";
import { addressGroup } from "../platform/limits.js";
import type { Services } from "../platform/services.js";
import { callOwn } from "./call-own.js";

/** What is served here is declared like any endpoint, as far as keys and limits are concerned. */
const MESSAGE = {
  method: "POST",
  path: "//mcp",
  auth: "optional",
  limit: "mcp",
  body: {},
  errors: [],
} as unknown as Endpoint;

/** Answers messages. */
export type AnswerMessage = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Makes what answers the messages to `app`. */
export async function openMcp(app: FastifyInstance, services: Services, skill: SkillText): Promise<AnswerMessage> {
  const { config, clock, log } = services;
  const readers = config.reading === "public" ? "public" : "private";
  const catalog = await skillFrom(skill, readers, (warning) =>
    log.warn({ warning }, "the skill is not as it should be"),
  );
  const network = { name: config.networkName, url: config.publicUrl };
  const hosts = [new URL(config.publicUrl).hostname, ...localhostAllowedHostnames()];
  const callers = new WeakMap<Request, Caller>();
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const caller = requestInfo && callers.get(requestInfo);
      if (!caller) throw new Error("A message without a caller");
      return toolServer(caller);
    },
    // Nothing here changes while somebody listens.
    { maxSubscriptions: 0, onerror: (error) => log.debug({ err: error }, "a message to /mcp was refused") },
  );
  return async (request, reply) => {
    const message = messageOf(request, config.publicUrl);
    const elsewhere = hostHeaderValidationResponse(message, hosts) ?? originValidationResponse(message, hosts);
    if (elsewhere) return give(reply, elsewhere);
    const agent = await identify(services, MESSAGE, request, reply, clock.now());
    await charge(services, MESSAGE, agent?.id ?? addressGroup(request.ip), reply);
    if (Array.isArray(request.body)) throw new AppError("VALIDATION_ERROR", { message: "One message at a time" });
    callers.set(message, {
      network,
      call: callOwn(app, request),
      scopes: agent?.scopes ?? null,
      all: (request.query as { tools?: unknown }).tools === "all",
      skill: catalog,
    });
    return give(reply, await handler.fetch(message, { parsedBody: request.body }));
  };
}

/** The request without its body, which is parsed already. */
function messageOf(request: FastifyRequest, url: string): Request {
  const headers = new Headers({ host: request.host });
  for (const [name, value] of Object.entries(request.headers)) {
    if (READ_HEADERS.test(name) && typeof value === "string") headers.set(name, value);
  }
  return new Request(new URL("/mcp", url), { method: "POST", headers });
}

const READ_HEADERS = /^(accept|content-type|origin|mcp-[a-z-]+)$/;

/** Answers with what the protocol's handler says. Its streams end with the answer, so they are sent whole. */
async function give(reply: FastifyReply, answer: Response): Promise<FastifyReply> {
  const type = answer.headers.get("content-type");
  if (type) reply.type(type);
  return reply
    .code(answer.status)
    .header("cache-control", "no-store")
    .send(Buffer.from(await answer.arrayBuffer()));
}
