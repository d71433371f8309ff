/** The page of ours that somebody wanted before signing in. Never another site: only paths of the account pages count. */
import type { Services } from "../services.js";
import type { Ticket } from "../sessions.js";
import { type Call, type RawAnswer, seeOther } from "./call.js";
import { cookie, cookieValue, type SessionKind, sessionCookie } from "./cookies.js";

/** A page of ours. */
type OwnPath = `/${string}`;

/** Long enough for a mail to arrive, in seconds. */
const WAIT_SECONDS = 1_800;
const OWN_PAGE: Record<SessionKind, RegExp> = {
  owner: /^\/(owner|claim)(\/[A-Za-z0-9_-]+)*$/,
  operator: /^\/operator(\/[A-Za-z0-9_-]+)*$/,
};

/** Whether a path is one of the account pages: letters, digits, `-` and `_` between single slashes, no query. */
function isOwnPage(path: string, kind: SessionKind): path is OwnPath {
  return OWN_PAGE[kind].test(path);
}

/** Set-Cookie that remembers a page for after the sign-in, or nothing when it is not a page of ours. */
export function wayBackCookie(services: Services, path: string | undefined): string[] {
  if (path === undefined || !(isOwnPage(path, "owner") || isOwnPage(path, "operator"))) return [];
  return [cookie(services, "back", path, WAIT_SECONDS)];
}

/** Where to go after a sign-in, and the Set-Cookie that forgets it. */
function wayBack({ services, headers }: Call, kind: SessionKind): { path: OwnPath; cookie: string } {
  const wanted = cookieValue(services, headers, "back");
  const path = wanted !== undefined && isOwnPage(wanted, kind) ? wanted : (`/${kind}` as const);
  return { path, cookie: cookie(services, "back", "", 0) };
}

/** The answer to whoever has just signed in: on to the page they wanted, with their session. */
export function signedIn(call: Call, ticket: Ticket, ...cookies: string[]): RawAnswer {
  const { path, cookie: forgotten } = wayBack(call, ticket.isOperator ? "operator" : "owner");
  return seeOther(path, sessionCookie(call.services, ticket, call.now), forgotten, ...cookies);
}
