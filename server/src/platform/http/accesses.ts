/** Tells the ledger of every answered request whose key is known, refused ones and dead keys included. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AgentActor } from "../auth.js";
import { isProven } from "../proof/proofs.js";
import type { Services } from "../services.js";

const callers = new WeakMap<FastifyRequest, AgentActor>();
const deadKeys = new WeakMap<FastifyRequest, string>();

/** Notes whose key a request presents, as soon as that is known. */
export function noteCaller(request: FastifyRequest, agent: AgentActor): void {
  callers.set(request, agent);
}

/** Notes that the key a request presents was revoked or has expired. */
export function noteDeadKey(request: FastifyRequest, code: string): void {
  deadKeys.set(request, code);
}

/** Watches the answers of `app`. Call it before anything is mounted. */
export function recordAccesses(app: FastifyInstance, { ledger, clock }: Services): void {
  app.addHook("onResponse", (request, reply, done) => {
    const agent = callers.get(request);
    if (agent) {
      const { method, routeOptions, ip: address, raw } = request;
      const route = routeOptions.url ?? "";
      const isSigned = isProven(raw);
      const access = { agent, at: clock.now(), method, route, status: reply.statusCode, address, isSigned };
      const refused = deadKeys.get(request);
      if (refused === undefined) ledger.note(access);
      else ledger.refuseKey(access, refused);
    }
    done();
  });
}
