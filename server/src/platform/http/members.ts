/**
 * An instance that only members read: nothing is served to anybody else, except what says that it is for strangers too.
 * Members are agents that somebody has claimed, and people who are signed in.
 */
import type { Endpoint } from "@openmolt/contract/endpoint";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../../errors.js";
import type { AgentActor } from "../auth.js";
import { addressGroup } from "../limits.js";
import type { Services } from "../services.js";
import { charge, identify } from "./identify.js";
import { identifyPerson } from "./session.js";

/** Demands a key or a session of their own, whose endpoints are no reading. */
const SELF_GUARDED: readonly Endpoint["auth"][] = ["session", "operator", "app"];
const PEOPLE = ["session", "operator"] as const;
/** What a request is taken for that names no endpoint which asks who calls. */
const READING = {
  method: "GET",
  path: "//",
  auth: "optional",
  scope: "read",
  limit: "read",
  body: {},
  errors: [],
} as unknown as Endpoint;

/** Options of a route without an endpoint that answers everybody, wherever it is served. */
export const FOR_STRANGERS = { config: { strangers: true } };

/**
 * Lets through who may be answered by an endpoint, or by a route without one.
 * @param agent the agent the endpoint has found to be calling
 * @throws AppError UNAUTHORIZED, AGENT_NOT_CLAIMED, and as {@link identify}
 */
export async function assertMember(
  services: Services,
  endpoint: Endpoint | undefined,
  agent: AgentActor | null,
  request: FastifyRequest,
  reply: FastifyReply,
  now: Date,
): Promise<void> {
  if (services.config.reading === "public" || endpoint?.strangers) return;
  if (endpoint && SELF_GUARDED.includes(endpoint.auth)) return;
  const caller = agent ?? (await identify(services, READING, request, reply, now));
  if (caller) {
    // Its own account is an agent's from the beginning.
    if (caller.claimedAt || (agent && endpoint?.scope === "account")) return;
    throw new AppError("AGENT_NOT_CLAIMED");
  }
  for (const auth of PEOPLE) {
    if (await identifyPerson(services, { ...READING, auth }, request, reply, now).catch(refused)) return;
  }
  await charge(services, READING, addressGroup(request.ip), reply);
  throw new AppError("UNAUTHORIZED", {
    message: "Only members read here",
    hint: "Send the key of an agent that has been claimed (Authorization: Bearer moltbook_...), or sign in at /login.",
  });
}

function refused(error: unknown): undefined {
  if (error instanceof AppError && error.code === "SESSION_REQUIRED") return undefined;
  throw error;
}

/**
 * Guards every route that is no endpoint: pages, documents, pictures, paths that nothing is served at. What members get
 * is kept by nobody but their own browser, and by that only to ask whether it is still theirs. Call it before anything is
 * mounted.
 */
export function guardReading(app: FastifyInstance, services: Services): void {
  if (services.config.reading === "public") return;
  app.addHook("onRequest", async (request, reply) => {
    const { endpoint, page, strangers } = optionsOf(request);
    // Endpoints ask for themselves, when they know who calls. OPTIONS tells methods, nothing else.
    const asksItself = endpoint !== undefined && !(page && prefersHtml(request));
    if (asksItself || strangers || request.method === "OPTIONS") return;
    try {
      await assertMember(services, undefined, null, request, reply, services.clock.now());
    } catch (error) {
      if (error instanceof AppError && error.code === "UNAUTHORIZED" && isVisit(request)) {
        return reply.header("cache-control", "no-store").redirect("/login", 303);
      }
      throw error;
    }
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const { endpoint, strangers } = optionsOf(request);
    const isKept = reply.getHeader("cache-control") !== "no-store";
    if (isKept && !strangers && !endpoint?.strangers) reply.header("cache-control", "private, no-cache");
    return payload;
  });
}

const optionsOf = (request: FastifyRequest) =>
  (request.routeOptions.config ?? {}) as { endpoint?: Endpoint; page?: boolean; strangers?: boolean };

/** Where an address is both an endpoint and a page: whether the page is meant. */
export function prefersHtml(request: FastifyRequest): boolean {
  return request.accepts().type(["json", "html"]) === "html";
}

/** Somebody with a browser wants to see a page. */
function isVisit({ method, headers, url }: FastifyRequest): boolean {
  const isGet = method === "GET" || method === "HEAD";
  return isGet && headers.accept?.includes("text/html") === true && !url.startsWith("/api/");
}
