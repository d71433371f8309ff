/** Tells the ledger of every answered request whose key is known, refused ones included. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AgentActor } from "../auth.js";
import { isProven } from "../proof/proofs.js";
import type { Services } from "../services.js";

const callers = new WeakMap<FastifyRequest, AgentActor>();

/** Notes whose key a request presents, as soon as that is known. */
export function noteCaller(request: FastifyRequest, agent: AgentActor): void {
  callers.set(request, agent);
}

/** Watches the answers of `app`. Call it before anything is mounted. */
export function recordAccesses(app: FastifyInstance, { ledger, clock }: Services): void {
  app.addHook("onResponse", (request, reply, done) => {
    const agent = callers.get(request);
    if (agent) {
      const { method, routeOptions, ip: address, raw } = request;
      const route = routeOptions.url ?? "";
      const isSigned = isProven(raw);
      ledger.note({ agent, at: clock.now(), method, route, status: reply.statusCode, address, isSigned });
    }
    done();
  });
}
