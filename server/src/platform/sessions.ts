/**
 * Sessions of people: known by a random token of which only a keyed hash is stored. They end on a fixed day, sooner when
 * they are not used, and their token changes daily, so that a copied cookie does not stay good for the whole session.
 */
import type { OperatorRole } from "@openmolt/contract/endpoint";
import type { Pool } from "pg";
import { AppError } from "../errors.js";
import { bytes, nullable, type Queryable, type Row, sql, text, time, uuid } from "./db.js";
import { newId } from "./ids.js";
import { newToken } from "./keys.js";
import type { Vault } from "./secrets.js";
import { SYSTEM, transaction } from "./transaction.js";
import type { Visitor } from "./visitors.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How long sessions last, and how long without use, in milliseconds. Operators can do more, so they sign in more often. */
const LIFE = {
  owner: { atMost: 14 * DAY_MS, unused: 4 * DAY_MS },
  operator: { atMost: 12 * HOUR_MS, unused: 2 * HOUR_MS },
};
/** A token older than this is replaced when a page is opened, in milliseconds. */
const TOKEN_AGE_MS = DAY_MS;
/** Requests already under way with the replaced token are still served, in milliseconds. */
const GRACE_MS = MINUTE_MS;
/** The last use of a session is written down to this, in milliseconds. */
const USE_MS = MINUTE_MS;
/** What matters asks for a proof of who it is that is no older than this, in milliseconds. */
const PROOF_MS = 15 * MINUTE_MS;

/** Somebody who runs the network. */
export interface Operator {
  id: string;
  name: string;
  role: OperatorRole;
}

/** A signed-in owner or operator. */
export interface Session {
  id: string;
  /** The owner; null for an operator. */
  ownerId: string | null;
  /** The operator; null for an owner. */
  operator: Operator | null;
  isOperator: boolean;
  /** What every form of this session carries. */
  csrf: string;
  /** When its token was made. */
  tokenAt: Date;
  /** When its person last proved who they are. */
  provedAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
}

/** Whose session is opened. */
export type SignIn = { ownerId: string } | { operatorId: string };

/** A session's token, for the cookie, and when it ends. */
export interface Ticket {
  token: string;
  isOperator: boolean;
  expiresAt: Date;
}

const sessionColumns = {
  id: uuid,
  owner_id: nullable(uuid),
  operator_id: nullable(uuid),
  csrf: text,
  token_at: time,
  proved_at: time,
  last_used_at: time,
  expires_at: time,
};
const insertSession = sql(
  { ...sessionColumns, token_hash: bytes, device: text, network: text },
  {},
)`insert into owner_sessions (id, owner_id, operator_id, csrf, token_hash, token_at, created_at, proved_at, last_used_at,
    expires_at, device, network)
  values (${"id"}, ${"owner_id"}, ${"operator_id"}, ${"csrf"}, ${"token_hash"}, ${"token_at"}, ${"token_at"},
    ${"proved_at"}, ${"last_used_at"}, ${"expires_at"}, ${"device"}, ${"network"})`;
const foundColumns = { ...sessionColumns, operator_name: nullable(text), operator_role: nullable(text) };
const findSession = sql({ token_hash: bytes, now: time }, foundColumns)`
  select s.id, s.owner_id, s.operator_id, s.csrf, s.token_at, s.proved_at, s.last_used_at, s.expires_at,
    o.name as operator_name, o.role as operator_role
  from owner_sessions s left join operators o on o.id = s.operator_id
  where (s.token_hash = ${"token_hash"} or (s.previous_hash = ${"token_hash"} and s.previous_until > ${"now"}))
    and s.revoked_at is null and s.expires_at > ${"now"} and o.removed_at is null`;
const holdSession = sql({ id: uuid, now: time }, { id: uuid })`
  select id from owner_sessions where id = ${"id"} and revoked_at is null and expires_at > ${"now"} for share`;
const replaceToken = sql({ id: uuid, token_hash: bytes, made_before: time, now: time, until: time }, {})`
  update owner_sessions set previous_hash = token_hash, previous_until = ${"until"}, token_hash = ${"token_hash"},
    token_at = ${"now"}
  where id = ${"id"} and token_at <= ${"made_before"} and revoked_at is null`;
const noteUse = sql({ id: uuid, now: time, device: text, network: text }, {})`
  update owner_sessions set last_used_at = ${"now"}, device = ${"device"}, network = ${"network"} where id = ${"id"}`;
const revoke = sql({ id: uuid, now: time }, {})`
  update owner_sessions set revoked_at = ${"now"} where id = ${"id"} and revoked_at is null`;
const revokeByToken = sql({ token_hash: bytes, now: time }, {})`
  update owner_sessions set revoked_at = ${"now"}
  where (token_hash = ${"token_hash"} or previous_hash = ${"token_hash"}) and revoked_at is null`;
const runOut = sql(
  { now: time, owners_since: time, operators_since: time },
  { owner_id: nullable(uuid), operator_id: nullable(uuid), at: time },
)`update owner_sessions set revoked_at = ${"now"}
  where revoked_at is null and (expires_at <= ${"now"} or last_used_at <=
    case when operator_id is null then ${"owners_since"}::timestamptz else ${"operators_since"}::timestamptz end)
  returning owner_id, operator_id, least(expires_at, last_used_at + (${"now"} - case when operator_id is null
    then ${"owners_since"}::timestamptz else ${"operators_since"}::timestamptz end)) as at`;
const forget = sql({ before: time }, {})`
  delete from owner_sessions where expires_at < ${"before"} or revoked_at < ${"before"}`;

/** Opens a session for a visitor who proved who they are, by default just now; the transaction acts as the server. */
export async function openSession(
  tx: Queryable,
  vault: Vault,
  who: SignIn,
  visitor: Visitor,
  now: Date,
  provedAt = now,
): Promise<Ticket> {
  const isOperator = "operatorId" in who;
  const token = newToken("moltsession_");
  const expiresAt = new Date(now.getTime() + LIFE[isOperator ? "operator" : "owner"].atMost);
  await insertSession.run(tx, {
    id: newId(),
    owner_id: isOperator ? null : who.ownerId,
    operator_id: isOperator ? who.operatorId : null,
    csrf: newToken(""),
    token_hash: vault.hmac("session-token", token),
    token_at: now,
    proved_at: provedAt,
    last_used_at: now,
    expires_at: expiresAt,
    ...visitor,
  });
  return { token, isOperator, expiresAt };
}

/** The session a token belongs to, or undefined when there is none (any more). */
export async function sessionByToken(pool: Pool, vault: Vault, token: string, now: Date): Promise<Session | undefined> {
  const hash = vault.hmac("session-token", token);
  const row = await transaction(pool, { token: hash }, (tx) => findSession.maybe(tx, { token_hash: hash, now }), true);
  return row && unlessIdle(sessionOf(row), now);
}

const sessionOf = (row: Row<typeof foundColumns>): Session => ({
  id: row.id,
  ownerId: row.owner_id,
  operator: operatorOf(row),
  isOperator: row.operator_id !== null,
  csrf: row.csrf,
  tokenAt: row.token_at,
  provedAt: row.proved_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
});

function operatorOf(row: Row<typeof foundColumns>): Operator | null {
  if (row.operator_id === null || row.operator_name === null) return null;
  return { id: row.operator_id, name: row.operator_name, role: row.operator_role as OperatorRole };
}

function unlessIdle(session: Session, now: Date): Session | undefined {
  const { unused } = LIFE[session.isOperator ? "operator" : "owner"];
  return now.getTime() - session.lastUsedAt.getTime() < unused ? session : undefined;
}

/** Notes that a session is used and from where, at most once a minute. */
export async function touchSession(pool: Pool, session: Session, visitor: Visitor, now: Date): Promise<void> {
  if (now.getTime() - session.lastUsedAt.getTime() < USE_MS) return;
  await transaction(pool, { actor: SYSTEM }, (tx) => noteUse.run(tx, { id: session.id, now, ...visitor }));
}

/** A new token for a session whose token is a day old, once; undefined when it keeps its own. */
export async function renewSession(pool: Pool, vault: Vault, session: Session, now: Date): Promise<Ticket | undefined> {
  const madeBefore = new Date(now.getTime() - TOKEN_AGE_MS);
  if (session.tokenAt > madeBefore) return undefined;
  const token = newToken("moltsession_");
  const renewal = {
    id: session.id,
    token_hash: vault.hmac("session-token", token),
    made_before: madeBefore,
    now,
    until: new Date(now.getTime() + GRACE_MS),
  };
  // Of several requests at once one renews; the others are served with the old token.
  const renewed = await transaction(pool, { actor: SYSTEM }, (tx) => replaceToken.run(tx, renewal));
  return renewed === 1 ? { token, isOperator: session.isOperator, expiresAt: session.expiresAt } : undefined;
}

/**
 * Checks a session again inside a write's transaction and holds it until the end.
 * @throws AppError SESSION_REQUIRED
 */
export async function recheckSession(tx: Queryable, session: Session, now: Date): Promise<void> {
  if (!(await holdSession.maybe(tx, { id: session.id, now }))) throw new AppError("SESSION_REQUIRED");
}

/**
 * Demands that whoever acts has proved who they are within the last 15 minutes: an open browser is not enough for what
 * cannot be undone. The answer leads to the sign-in page and from there to `back`.
 * @param back a page of ours, as a path
 * @throws AppError PROOF_REQUIRED
 */
export function assertFreshProof(session: Session, now: Date, back = session.isOperator ? "/operator" : "/owner") {
  if (now.getTime() - session.provedAt.getTime() <= PROOF_MS) return;
  throw new AppError("PROOF_REQUIRED", { fields: { back } });
}

/** Ends a session; the transaction acts as its owner or as the server. */
export async function endSession(tx: Queryable, session: Pick<Session, "id">, now: Date): Promise<void> {
  await revoke.run(tx, { id: session.id, now });
}

/** Ends the session that a token belongs to; the transaction acts as the server. @returns how many: one, or none */
export function endSessionOf(tx: Queryable, vault: Vault, token: string, now: Date): Promise<number> {
  return revokeByToken.run(tx, { token_hash: vault.hmac("session-token", token), now });
}

/**
 * Ends the sessions whose time was over, or that were not used for too long; nobody could use them any more. The
 * transaction acts as the server.
 * @returns whose they were, and when each ended
 */
export async function endRunOut(tx: Queryable, now: Date) {
  const since = (unused: number) => new Date(now.getTime() - unused);
  const idle = { owners_since: since(LIFE.owner.unused), operators_since: since(LIFE.operator.unused) };
  const rows = await runOut.all(tx, { now, ...idle });
  return rows.map(({ owner_id: ownerId, operator_id: operatorId, at }) => ({ ownerId, operatorId, at }));
}

/** Forgets sessions that ended more than a day ago. */
export async function sweepSessions(tx: Queryable, now: Date): Promise<void> {
  await forget.run(tx, { before: new Date(now.getTime() - DAY_MS) });
}
