/**
 * The cookies of people: one for an owner's session, one for an operator's, one for a notice to be shown once, one for
 * the page to go on to after a sign-in, one for a sign-in under way elsewhere. All are out of reach of scripts and of
 * other sites.
 */
import type { IncomingHttpHeaders } from "node:http";
import { parseCookie, stringifySetCookie } from "cookie";
import type { Services } from "../services.js";
import type { Session, Ticket } from "../sessions.js";
import type { Notice } from "./notices.js";

/** Whose session a cookie holds. */
export type SessionKind = "owner" | "operator";
/** What cookies hold. */
type Held = SessionKind | "notice" | "back" | "flow";
/** How long a notice waits for the page that shows it, in seconds. */
const NOTICE_SECONDS = 120;

type Headers = Readonly<Record<string, string | string[] | undefined>> | IncomingHttpHeaders;

function nameOf({ config }: Services, what: Held): string {
  return `${config.publicUrl.startsWith("https:") ? "__Host-" : ""}openmolt_${what}`;
}

/** Set-Cookie for anything we keep in a browser; with `maxAge` (seconds) 0 it is forgotten. */
export function cookie(services: Services, what: Held, value: string, maxAge: number): string {
  return stringifySetCookie({
    name: nameOf(services, what),
    value,
    maxAge,
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: services.config.publicUrl.startsWith("https:"),
  });
}

/** What a request's cookie holds, or undefined. */
export function cookieValue(services: Services, headers: Headers, what: Held): string | undefined {
  const { cookie: header } = headers;
  return typeof header === "string" ? parseCookie(header)[nameOf(services, what)] : undefined;
}

/** Set-Cookie for a session that was opened or renewed. */
export function sessionCookie(services: Services, ticket: Ticket, now: Date): string {
  const seconds = Math.floor((ticket.expiresAt.getTime() - now.getTime()) / 1000);
  return cookie(services, ticket.isOperator ? "operator" : "owner", ticket.token, seconds);
}

/** Set-Cookie that ends a session in the browser. */
export function endedCookie(services: Services, kind: SessionKind): string {
  return cookie(services, kind, "", 0);
}

/** The session token a request brings, or undefined. */
export function presentedToken(services: Services, headers: Headers, kind: SessionKind): string | undefined {
  return cookieValue(services, headers, kind);
}

/** Set-Cookie that carries a notice to the next page of the session, sealed. */
export function noticeCookie(services: Services, session: Session, notice: Notice): string {
  const sealed = services.vault.seal("notice", JSON.stringify(notice), session.csrf);
  return cookie(services, "notice", sealed.toString("base64url"), NOTICE_SECONDS);
}

/** The notice a request brings, with the Set-Cookie that ends it; undefined without one for this session. */
export function readNotice(
  services: Services,
  headers: Headers,
  session: Session,
): { notice: Notice; ended: string } | undefined {
  const value = cookieValue(services, headers, "notice");
  if (!value) return undefined;
  try {
    const opened = services.vault.open("notice", Buffer.from(value, "base64url"), session.csrf);
    return { notice: JSON.parse(opened.toString("utf8")) as Notice, ended: cookie(services, "notice", "", 0) };
  } catch {
    // Of another session, or made up: nothing to show.
    return undefined;
  }
}
