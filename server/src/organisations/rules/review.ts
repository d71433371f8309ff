/** The law of access reviews: what a row is, when a decision about it still holds, and how a review is written down. */
import { AppError } from "../../errors.js";
import { digestOf, NO_SALT } from "../../platform/digest.js";

const DAY_MS = 86_400_000;
/** Somebody who did not act on a reminder is reminded again after this many days. */
export const REMIND_AGAIN_DAYS = 14;

/** Something that acts in the name of the scope, or that lets something act so. */
export interface ReviewRow {
  kind: "agent" | "key" | "signing key" | "certificate" | "app";
  /** Of an agent or a key; the thumbprint of a signing key; agent and thumbprint of a certificate, agent and app of an app. */
  id: string;
  agent_id: string;
  agent: string;
  /** The name of the owner who answers for the agent. */
  responsible: string;
  /** What tells it from others of its kind: its name and a key's first letters. */
  name: string;
  /** What a key may be used for, and the networks it may be used from (empty: any); null for what has no such bounds. */
  scopes: string | null;
  networks: string | null;
  created_at: string;
  expires_at: string | null;
  /** Null when it never was, or when that is not noted, as of signing keys. */
  last_used_at: string | null;
  /** The network of that use, as far as it is kept. */
  last_used_from: string | null;
}

/** A decision about a row, with the row as it was seen. */
export interface DecidedRow extends ReviewRow {
  fingerprint: string;
  decision: Decision;
  decided_by: string;
  decided_at: string;
}

/** What can be decided about a row. */
export type Decision = "confirm" | "revoke";

/** A review that is signed: everything its digest is made of. */
export interface SignedContent {
  review_id: string;
  /** The network it was made on. */
  network: string;
  scope: { type: "organisation" | "owner"; id: string; name: string };
  signed_by: { id: string; name: string };
  signed_at: string;
  rows: DecidedRow[];
}

/** What of a row a decision is about; when it was last used changes all the time and is only shown. */
export function fingerprintOf({ last_used_at: _at, last_used_from: _from, ...lasting }: ReviewRow): string {
  return digestOf(lasting, NO_SALT).subarray(0, 16).toString("base64url");
}

/** What of a whole review somebody sees before signing it: every row with its decision. */
export function stateOf(rows: readonly { id: string; fingerprint: string; decision: Decision | null }[]): string {
  const lines = rows.map(({ id, fingerprint, decision }) => `${id}.${fingerprint}.${decision}`).toSorted();
  return digestOf(lines, NO_SALT).toString("base64url");
}

/**
 * A row as a form names it.
 * @throws AppError VALIDATION_ERROR
 */
export function rowOfForm(text: string): { id: string; fingerprint: string } {
  const [, id, fingerprint] = /^([\w-]{1,90})\.([\w-]{22})$/.exec(text) ?? [];
  if (id !== undefined && fingerprint !== undefined) return { id, fingerprint };
  throw new AppError("VALIDATION_ERROR", { message: "rows must be rows of the page" });
}

/** When the next review is due. */
export function reviewDue(last: Date, days: number): Date {
  return new Date(last.getTime() + days * DAY_MS);
}

/** The columns of a review as a table. */
export const COLUMNS = [
  "kind",
  "id",
  "agent",
  "agent_id",
  "responsible",
  "name",
  "scopes",
  "networks",
  "created_at",
  "expires_at",
  "last_used_at",
  "last_used_from",
  "decision",
  "decided_by",
  "decided_at",
] as const satisfies readonly (keyof DecidedRow)[];
