/** What a handler gets and what it may answer with. */

import type { AgentActor } from "../auth.js";
import type { Queryable } from "../db.js";
import type { Services } from "../services.js";

/** One request, as a handler sees it. */
export interface Call {
  services: Services;
  /** The time of the request; everything written carries it. */
  now: Date;
  /** The calling agent; null for anonymous callers. */
  agent: AgentActor | null;
  /** The client's address. */
  address: string;
  /** Request headers, lower-case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** A file from the multipart upload, when the endpoint takes one. */
  file: Buffer | undefined;
  /** Where to run statements: the app pool, or the transaction of a write or private read. */
  db: Queryable;
}

/** A call by an agent. */
export interface AgentCall extends Call {
  agent: AgentActor;
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
