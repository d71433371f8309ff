/** What a handler gets and what it may answer with. */
import type { ServerResponse } from "node:http";
import type { AgentActor } from "../auth.js";
import type { Queryable } from "../db.js";
import type { SignedRequest } from "../proof/proofs.js";
import type { Services } from "../services.js";
import type { Operator, Session } from "../sessions.js";

/** One request, as a handler sees it. */
export interface Call {
  services: Services;
  /** The time of the request; everything written carries it. */
  now: Date;
  /** The calling agent; null for anonymous callers. */
  agent: AgentActor | null;
  /** The signed-in owner or operator, on pages and forms; null otherwise. */
  session: Session | null;
  /** The client's address. */
  address: string;
  /** Request headers, lower-case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The request with its signatures; undefined when it carries none. */
  signed: SignedRequest | undefined;
  /** The client certificate it came with, as DER; undefined without one. */
  certificate: () => Buffer | undefined;
  /** A file from the multipart upload, when the endpoint takes one. */
  file: Buffer | undefined;
  /** The body came from a form of a page, so a page is what the caller expects. */
  isForm: boolean;
  /** Where to run statements: the app pool, or the transaction of a write or private read. */
  db: Queryable;
}

/** A call by an agent. */
export interface AgentCall extends Call {
  agent: AgentActor;
}

/** A call by a signed-in owner. */
export interface OwnerCall extends Call {
  session: Session & { ownerId: string };
}

/** A call by the signed-in operator; its transactions act as the server. */
export interface OperatorCall extends Call {
  session: Session & { operator: Operator };
}

/** A call by a person who is signed in, whichever of the two. */
export type PersonCall = OwnerCall | OperatorCall;

/** A person, for the record of what was done. */
export function byPerson({ session }: PersonCall): { kind: "owner" | "operator"; id: string | null } {
  return session.operator ? { kind: "operator", id: session.operator.id } : { kind: "owner", id: session.ownerId };
}

/** An operator, for the record of what was done. */
export function byOperator({ session }: OperatorCall): { kind: "operator"; id: string } {
  return { kind: "operator", id: session.operator.id };
}

/** JSON made by the database, sent as it is. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** An answer that is not JSON: pages of our own forms, redirects, text. */
export class RawAnswer {
  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string | string[]>>,
    readonly body: string | Buffer = "",
  ) {}
}

/** Sends the browser to another page of ours after a form. */
export function seeOther(path: `/${string}`, ...cookies: string[]): RawAnswer {
  return new RawAnswer(303, { location: path, "cache-control": "no-store", "set-cookie": cookies });
}

/** An answer that goes on: server-sent events, written by whoever started it. */
export class StreamAnswer {
  constructor(readonly start: (response: ServerResponse) => void) {}
}
