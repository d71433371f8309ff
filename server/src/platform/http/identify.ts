/** Who makes a request, by the key it presents, and whose allowance pays for it. */
import type { Endpoint } from "@openmolt/contract/endpoint";
import { requestLimits } from "@openmolt/contract/limits";
import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../../errors.js";
import { type AgentActor, appByKey, presentedKey } from "../auth.js";
import { assertKeyAllows, endHeader } from "../key-limits.js";
import { addressGroup } from "../limits.js";
import type { Services } from "../services.js";
import { noteCaller, noteDeadKey } from "./accesses.js";
import { limitHeaders } from "./headers.js";
import { subjectToken } from "./oauth.js";

/**
 * The agent whose key the request presents, where the endpoint asks for one; null for nobody.
 * @throws AppError UNAUTHORIZED, KEY_MALFORMED, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED, KEY_NETWORK, KEY_SCOPE,
 *   SIGNATURE_REQUIRED, SIGNATURE_INVALID, RATE_LIMITED
 */
export async function identify(
  services: Services,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  now: Date,
): Promise<AgentActor | null> {
  if (endpoint.auth !== "agent" && endpoint.auth !== "writer" && endpoint.auth !== "optional") return null;
  try {
    const key = subjectToken(endpoint, request.body) ?? presentedKey(request.headers);
    if (key === undefined) {
      if (endpoint.auth === "optional") return null;
      throw new AppError("UNAUTHORIZED");
    }
    const agent = await services.knownKeys.agentOf(key, now, (whose, code) => {
      noteCaller(request, whose);
      noteDeadKey(request, code);
    });
    noteCaller(request, agent);
    assertKeyAllows(agent, endpoint, request.ip);
    await services.proofs.prove(agent.proof, request.raw, now);
    reply.headers(endHeader(agent, now));
    services.activity.note(agent, endpoint, request.ip, now);
    return agent;
  } catch (error) {
    // Guessing keys costs the guesser's address, so that it cannot be done quickly.
    if (error instanceof AppError) await charge(services, endpoint, addressGroup(request.ip), reply);
    throw error;
  }
}

/** The id of the third-party app whose key the request presents. */
export async function identifyApp(
  services: Services,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  try {
    return await appByKey(services.app, services.vault, request.headers);
  } catch (error) {
    if (error instanceof AppError) await charge(services, endpoint, addressGroup(request.ip), reply);
    throw error;
  }
}

/** Refusals as third-party apps read them: never valid, and one spelling of each reason. */
export function refuseApp(error: unknown): never {
  if (!(error instanceof AppError)) throw error;
  const { code, details } = error;
  const reason = code === "RATE_LIMITED" ? { message: "rate_limit_exceeded" } : {};
  throw new AppError(code, { ...details, ...reason, fields: { ...details.fields, valid: false } });
}

/** Who pays for a call: its caller, or the address where the limit counts addresses or nobody is known. */
export function chargedTo({ limit }: Endpoint, request: FastifyRequest, caller: string | undefined): string {
  const isCounted = limit !== "none" && requestLimits[limit].per === "address";
  return isCounted || caller === undefined ? addressGroup(request.ip) : caller;
}

/**
 * Takes one call from an allowance and tells what is left of it.
 * @throws AppError RATE_LIMITED
 */
export async function charge(
  services: Services,
  endpoint: Endpoint,
  caller: string,
  reply: FastifyReply,
): Promise<void> {
  if (endpoint.limit === "none") return;
  const allowance = await services.limits.charge(endpoint.limit, caller);
  reply.headers(limitHeaders(allowance));
}
