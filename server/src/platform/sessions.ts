/**
 * Sessions of people: opened by a one-time link, known by a random token of which only a keyed hash is stored, ended on a
 * fixed day. The token changes daily, so that a copied cookie does not stay good for the whole session.
 */
import type { Pool } from "pg";
import { AppError } from "../errors.js";
import { bool, bytes, nullable, type Queryable, sql, text, time, uuid } from "./db.js";
import { newId } from "./ids.js";
import { newToken } from "./keys.js";
import type { Vault } from "./secrets.js";
import { SYSTEM, transaction } from "./transaction.js";

const DAY_MS = 86_400_000;
/** How long an owner stays signed in. */
const OWNER_DAYS = 30;
/** Operators can do more, so they sign in more often. */
const OPERATOR_DAYS = 7;
/** A token older than this is replaced at its next use, in milliseconds. */
const TOKEN_AGE_MS = DAY_MS;
/** Requests already under way with the replaced token are still served, in milliseconds. */
const GRACE_MS = 60_000;

/** A signed-in owner or operator. */
export interface Session {
  id: string;
  /** The owner; null for an operator. */
  ownerId: string | null;
  isOperator: boolean;
  /** What every form of this session carries. */
  csrf: string;
  createdAt: Date;
  expiresAt: Date;
}

/** Whose session is opened. */
export type SignIn = { ownerId: string } | { operator: true };

/** A session's token, for the cookie, and when it ends. */
export interface Ticket {
  token: string;
  isOperator: boolean;
  expiresAt: Date;
}

const insertSession = sql(
  {
    id: uuid,
    owner_id: nullable(uuid),
    is_operator: bool,
    token_hash: bytes,
    csrf: text,
    now: time,
    expires_at: time,
  },
  {},
)`insert into owner_sessions (id, owner_id, is_operator, token_hash, csrf, created_at, expires_at, last_used_at)
  values (${"id"}, ${"owner_id"}, ${"is_operator"}, ${"token_hash"}, ${"csrf"}, ${"now"}, ${"expires_at"}, ${"now"})`;
const findSession = sql(
  { token_hash: bytes, now: time },
  {
    id: uuid,
    owner_id: nullable(uuid),
    is_operator: bool,
    csrf: text,
    created_at: time,
    expires_at: time,
  },
)`select id, owner_id, is_operator, csrf, created_at, expires_at from owner_sessions
  where token_hash = ${"token_hash"} and revoked_at is null and expires_at > ${"now"}`;
const holdSession = sql({ id: uuid, now: time }, { id: uuid })`
  select id from owner_sessions where id = ${"id"} and revoked_at is null and expires_at > ${"now"} for share`;
const retire = sql({ id: uuid, until: time }, {})`
  update owner_sessions set expires_at = ${"until"} where id = ${"id"} and revoked_at is null and expires_at > ${"until"}`;
const revoke = sql({ csrf: text, now: time }, {})`
  update owner_sessions set revoked_at = ${"now"} where csrf = ${"csrf"} and revoked_at is null`;
const forget = sql({ before: time }, {})`
  delete from owner_sessions where expires_at < ${"before"} or revoked_at < ${"before"}`;

/** Opens a session; the transaction acts as the server. */
export async function openSession(tx: Queryable, vault: Vault, who: SignIn, now: Date): Promise<Ticket> {
  const isOperator = "operator" in who;
  const days = isOperator ? OPERATOR_DAYS : OWNER_DAYS;
  return insert(tx, vault, {
    ownerId: isOperator ? null : who.ownerId,
    isOperator,
    csrf: newToken(""),
    now,
    expiresAt: new Date(now.getTime() + days * DAY_MS),
  });
}

async function insert(
  tx: Queryable,
  vault: Vault,
  session: { ownerId: string | null; isOperator: boolean; csrf: string; now: Date; expiresAt: Date },
): Promise<Ticket> {
  const token = newToken("moltsession_");
  await insertSession.run(tx, {
    id: newId(),
    owner_id: session.ownerId,
    is_operator: session.isOperator,
    token_hash: vault.hmac("session-token", token),
    csrf: session.csrf,
    now: session.now,
    expires_at: session.expiresAt,
  });
  return { token, isOperator: session.isOperator, expiresAt: session.expiresAt };
}

/** The session a token belongs to, or undefined when there is none (any more). */
export async function sessionByToken(pool: Pool, vault: Vault, token: string, now: Date): Promise<Session | undefined> {
  const hash = vault.hmac("session-token", token);
  const row = await transaction(pool, { token: hash }, (tx) => findSession.maybe(tx, { token_hash: hash, now }), true);
  return (
    row && {
      id: row.id,
      ownerId: row.owner_id,
      isOperator: row.is_operator,
      csrf: row.csrf,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }
  );
}

/** A new token for a session whose token is a day old, once; undefined when it keeps its own. */
export async function renewSession(pool: Pool, vault: Vault, session: Session, now: Date): Promise<Ticket | undefined> {
  const until = new Date(now.getTime() + GRACE_MS);
  if (now.getTime() - session.createdAt.getTime() < TOKEN_AGE_MS || session.expiresAt <= until) return undefined;
  return transaction(pool, { actor: SYSTEM }, async (tx) => {
    // Of several requests at once one renews; the others are served with the old token.
    if ((await retire.run(tx, { id: session.id, until })) === 0) return undefined;
    return insert(tx, vault, { ...session, now });
  });
}

/**
 * Checks a session again inside a write's transaction and holds it until the end.
 * @throws AppError SESSION_REQUIRED
 */
export async function recheckSession(tx: Queryable, session: Session, now: Date): Promise<void> {
  if (!(await holdSession.maybe(tx, { id: session.id, now }))) throw new AppError("SESSION_REQUIRED");
}

/** Ends a session with all tokens it has had; the transaction acts as its owner or as the server. */
export async function endSession(tx: Queryable, session: Session, now: Date): Promise<void> {
  await revoke.run(tx, { csrf: session.csrf, now });
}

/** Forgets sessions that ended more than a day ago. */
export async function sweepSessions(tx: Queryable, now: Date): Promise<void> {
  await forget.run(tx, { before: new Date(now.getTime() - DAY_MS) });
}
