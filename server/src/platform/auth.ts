/** Who is calling: from the presented key to an agent in a known state. Identity comes from the key alone. */
import type { IncomingHttpHeaders } from "node:http";
import type { Endpoint } from "@openmolt/contract/endpoint";
import { AppError } from "../errors.js";
import { bytes, type Fragment, nullable, part, type Queryable, sql, text, time, uuid, uuids } from "./db.js";
import type { Vault } from "./secrets.js";

/** The calling agent, as of the moment the request came in. */
export interface AgentActor {
  id: string;
  name: string;
  keyId: string;
  createdAt: Date;
  claimedAt: Date | null;
  suspendedUntil: Date | null;
  suspensionReason: string | null;
  pausedAt: Date | null;
}

/** The key a request presents, or undefined. Any case of `Bearer`, or X-API-Key. */
export function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  const bearer = authorization?.match(/^\s*bearer\s+(\S+)\s*$/i)?.[1];
  if (bearer) return bearer;
  const other = headers["x-api-key"];
  if (typeof other === "string" && other.trim()) return other.trim();
  if (authorization?.trim())
    throw new AppError("KEY_MALFORMED", { message: "Authorization must be: Bearer <api key>" });
  return undefined;
}

/**
 * A key that was neither revoked nor has expired.
 * @throws AppError KEY_EXPIRED, KEY_REVOKED
 */
export function assertKeyLives(key: { key_expires_at: Date | null; key_revoked_at: Date | null }, now: Date): void {
  if (key.key_revoked_at) throw new AppError("KEY_REVOKED");
  if (key.key_expires_at && key.key_expires_at <= now) throw new AppError("KEY_EXPIRED");
}

const findAppByKey = sql({ key_hash: bytes }, { id: uuid })`
  select id from identity_apps where key_hash = ${"key_hash"} and revoked_at is null`;

/**
 * The third-party app that presents its key in X-Moltbook-App-Key.
 * @returns its id
 * @throws AppError APP_KEY_MISSING, APP_KEY_INVALID
 */
export async function appByKey(db: Queryable, vault: Vault, headers: IncomingHttpHeaders): Promise<string> {
  const presented = headers["x-moltbook-app-key"];
  if (typeof presented !== "string" || presented.trim() === "") throw new AppError("APP_KEY_MISSING");
  const app = await findAppByKey.maybe(db, { key_hash: vault.hmac("app-key", presented.trim()) });
  if (!app) throw new AppError("APP_KEY_INVALID");
  return app.id;
}

const standing = {
  key_expires_at: nullable(time),
  key_revoked_at: nullable(time),
  claimed_at: nullable(time),
  suspended_until: nullable(time),
  suspension_reason: nullable(text),
  paused_at: nullable(time),
  deleted_at: nullable(time),
};
/** The agent is locked first; `key_now` then sees its key as it is after that wait, not as it was before. */
const standingOf = (agent: Fragment) => sql(
  { agent_id: uuid, key_id: uuid },
  standing,
)`select k.expires_at as key_expires_at, k.revoked_at as key_revoked_at, a.claimed_at, a.suspended_until,
    a.suspension_reason, a.paused_at, a.deleted_at
  from (${agent}) a cross join lateral key_now(a.id, ${"key_id"}) k`;
const shareStanding = standingOf(part`select * from agents where id = ${"agent_id"} for share`);
// Taken at once, not upgraded later: two calls that both held the shared lock would wait for each other.
const holdStanding = standingOf(part`select * from agents where id = ${"agent_id"} for no key update`);

/**
 * Checks key, pause and suspension again inside the write's transaction and holds them until it ends: whoever changes
 * them locks the agent's row first, and so waits for writes under way.
 * @throws AppError KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED, and as {@link assertStanding}
 */
export async function recheckStanding(
  tx: Queryable,
  actor: AgentActor,
  endpoint: Pick<Endpoint, "auth" | "serial" | "errors">,
  now: Date,
): Promise<void> {
  const lock = endpoint.serial ? holdStanding : shareStanding;
  const row = await lock.maybe(tx, { agent_id: actor.id, key_id: actor.keyId });
  if (!row || row.deleted_at) throw new AppError("KEY_UNKNOWN");
  assertKeyLives(row, now);
  const { claimed_at: claimedAt, suspended_until: suspendedUntil, suspension_reason: suspensionReason } = row;
  assertStanding(endpoint, { claimedAt, suspendedUntil, suspensionReason, pausedAt: row.paused_at }, now);
}

const shareAgents = sql(
  { ids: uuids },
  {
    id: uuid,
    claimed_at: nullable(time),
    suspended_until: nullable(time),
    suspension_reason: nullable(text),
    paused_at: nullable(time),
    deleted_at: nullable(time),
  },
)`select id, claimed_at, suspended_until, suspension_reason, paused_at, deleted_at
  from agents where id = any(${"ids"}) order by id for share`;
const keysNow = sql(
  { ids: uuids },
  { id: uuid, key_expires_at: nullable(time), key_revoked_at: nullable(time) },
)`select id, expires_at as key_expires_at, revoked_at as key_revoked_at from agent_keys where id = any(${"ids"})`;

/** A call whose agent's standing is in question. */
export interface Caller {
  agent: AgentActor;
  endpoint: Pick<Endpoint, "auth" | "errors">;
  now: Date;
}

/**
 * {@link recheckStanding} of many agents, in a transaction of the server: all are held, in the order of their ids.
 * @returns the refusal of each caller, or undefined
 */
export async function recheckStandings(
  tx: Queryable,
  callers: readonly Caller[],
): Promise<readonly (AppError | undefined)[]> {
  if (callers.length === 0) return [];
  // A statement of its own, begun when the agents are held, sees keys as they are then.
  const [agents, keys] = await Promise.all([
    shareAgents.all(tx, { ids: [...new Set(callers.map(({ agent }) => agent.id))] }),
    keysNow.all(tx, { ids: [...new Set(callers.map(({ agent }) => agent.keyId))] }),
  ]);
  const agentOf = new Map(agents.map((row) => [row.id, row]));
  const keyOf = new Map(keys.map((row) => [row.id, row]));
  return callers.map(({ agent: { id, keyId }, endpoint, now }) => {
    try {
      const row = agentOf.get(id);
      const key = keyOf.get(keyId);
      if (!row || row.deleted_at || !key) throw new AppError("KEY_UNKNOWN");
      assertKeyLives(key, now);
      const { claimed_at: claimedAt, suspended_until: suspendedUntil, suspension_reason: suspensionReason } = row;
      assertStanding(endpoint, { claimedAt, suspendedUntil, suspensionReason, pausedAt: row.paused_at }, now);
      return undefined;
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  });
}

type StandingOf = Pick<AgentActor, "claimedAt" | "suspendedUntil" | "suspensionReason" | "pausedAt">;

/**
 * Checks that an agent may call an endpoint: a writer's demands good standing; one for any agent that declares
 * ACCOUNT_SUSPENDED demands that it is neither paused nor suspended.
 * @throws AppError ACCOUNT_SUSPENDED, AGENT_PAUSED, AGENT_NOT_CLAIMED
 */
export function assertStanding(
  { auth, errors }: Pick<Endpoint, "auth" | "errors">,
  agent: StandingOf,
  now: Date,
): void {
  if (auth === "writer") assertGoodStanding(agent, now);
  if (auth === "agent" && errors.includes("ACCOUNT_SUSPENDED")) assertNotHalted(agent, now);
}

/**
 * Only claimed agents that are neither paused nor suspended write.
 * @throws AppError ACCOUNT_SUSPENDED, AGENT_PAUSED, AGENT_NOT_CLAIMED
 */
function assertGoodStanding(agent: StandingOf, now: Date): void {
  assertNotHalted(agent, now);
  if (!agent.claimedAt) throw new AppError("AGENT_NOT_CLAIMED");
}

/**
 * Neither paused nor suspended; claimed or not.
 * @throws AppError ACCOUNT_SUSPENDED, AGENT_PAUSED
 */
function assertNotHalted(agent: Pick<AgentActor, "suspendedUntil" | "suspensionReason" | "pausedAt">, now: Date): void {
  if (agent.suspendedUntil && agent.suspendedUntil > now)
    throw suspended(agent.suspendedUntil, agent.suspensionReason, now);
  if (agent.pausedAt) throw new AppError("AGENT_PAUSED");
}

function suspended(until: Date, reason: string | null, now: Date): AppError {
  const hours = Math.ceil((until.getTime() - now.getTime()) / 3_600_000);
  return new AppError("ACCOUNT_SUSPENDED", {
    message: `Your account is suspended: ${reason ?? "no reason was recorded"}. Suspension ends in ${hours} hours.`,
    fields: { suspended_until: until.toISOString(), reason, appeal: "Ask the operator of this network." },
  });
}
