/** People on our own pages: who is signed in, and whether a form comes from a page of ours. */
import type { Endpoint, OperatorRole } from "@openmolt/contract/endpoint";
import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../../errors.js";
import type { Services } from "../services.js";
import { type Operator, renewSession, type Session, sessionByToken, touchSession } from "../sessions.js";
import { visitorOf } from "../visitors.js";
import { presentedToken, type SessionKind, sessionCookie } from "./cookies.js";

/**
 * The session of a request, as far as the endpoint looks at one: demanded by `session` and `operator`, read by other
 * pages when it is there, ignored by the API.
 * @throws AppError SESSION_REQUIRED, FORBIDDEN for an operator whose role does not allow it
 */
export async function identifyPerson(
  services: Services,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  now: Date,
): Promise<Session | null> {
  const { auth, internal } = endpoint;
  const demanded = auth === "session" || auth === "operator";
  if (!demanded && !(internal && auth === "none")) return null;
  const kind: SessionKind = auth === "operator" ? "operator" : "owner";
  const token = presentedToken(services, request.headers, kind);
  const session = token ? await sessionByToken(services.app, services.vault, token, now) : undefined;
  if (session && session.isOperator === (kind === "operator")) {
    if (session.operator) assertRole(endpoint, session.operator);
    await touchSession(services.app, session, visitorOf(request.headers, request.ip), now);
    // Only pages renew: what a form does to the session must not meet a token made a moment before.
    const renewed = request.method === "GET" && (await renewSession(services.app, services.vault, session, now));
    if (renewed) reply.header("set-cookie", sessionCookie(services, renewed, now));
    return session;
  }
  if (!demanded) return null;
  throw new AppError("SESSION_REQUIRED", auth === "operator" ? OPERATOR_ONLY : {});
}

const RANKS: Record<OperatorRole, number> = { auditor: 0, moderator: 1, admin: 2 };

/** Operators look at everything and change nothing, unless an endpoint says otherwise. @throws AppError FORBIDDEN */
function assertRole({ method, role = method === "GET" ? "auditor" : "admin" }: Endpoint, operator: Operator): void {
  if (RANKS[operator.role] >= RANKS[role]) return;
  throw new AppError("FORBIDDEN", {
    message: role === "admin" ? "This takes an admin" : "This takes a moderator",
    hint: `You are signed in as ${operator.role}. Ask an admin of this network.`,
  });
}

const OPERATOR_ONLY = {
  message: "This page is for the operator",
  hint: "Sign in with your passkey, or open the operator link that the server printed when it started.",
};

/**
 * Refuses a form that another site sent: by what the browser says of its origin, and in a session by the session's own
 * token. Clients that are no browsers say nothing of an origin and have no session to abuse.
 * @throws AppError CSRF
 */
export function assertOwnForm(
  services: Services,
  endpoint: Endpoint,
  request: FastifyRequest,
  isForm: boolean,
  session: Session | null,
  csrf: unknown,
): void {
  if (endpoint.method === "GET" || !(endpoint.internal || (endpoint.form && isForm))) return;
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") throw new AppError("CSRF");
  const { origin } = request.headers;
  if (origin !== undefined && !isOwnOrigin(services, origin, request.headers.host)) throw new AppError("CSRF");
  if (endpoint.auth !== "session" && endpoint.auth !== "operator") return;
  const given = Buffer.from(typeof csrf === "string" ? csrf : "");
  if (!session || !services.vault.equal(given, Buffer.from(session.csrf))) throw new AppError("CSRF");
}

/** Ours is the public origin, or whatever other name of this machine the browser itself says it sends the form to. */
function isOwnOrigin({ config }: Services, origin: string, host: string | undefined): boolean {
  if (origin === config.publicUrl) return true;
  if (!URL.canParse(origin) || host === undefined) return false;
  const from = new URL(origin).host;
  return from === host && from !== new URL(config.publicUrl).host;
}
