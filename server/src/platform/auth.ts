/** Who is calling: from the presented key to an agent in a known state. Identity comes from the key alone. */
import type { IncomingHttpHeaders } from "node:http";
import type { Endpoint, Scope } from "@openmolt/contract/endpoint";
import { AppError, refusalOf } from "../errors.js";
import {
  bytes,
  type Fragment,
  jsonb,
  nullable,
  part,
  type Queryable,
  type Row,
  sql,
  text,
  time,
  uuid,
  uuids,
} from "./db.js";
import type { NetworkList } from "./networks.js";
import { assertNotQuiet, type CountedAct, type OwnerLimits, takeFromCaps } from "./owner-limits.js";
import type { AgentProof } from "./proof/proofs.js";
import type { Vault } from "./secrets.js";

/** The calling agent, as of the moment the request came in. */
export interface AgentActor {
  id: string;
  name: string;
  /** Null while nobody has claimed it, and where claims are automatic. */
  ownerId: string | null;
  keyId: string;
  keyExpiresAt: Date | null;
  /** What the key, or the token made from it, may be used for. */
  scopes: readonly Scope[];
  /** Where it may be used from; null means everywhere. */
  networks: NetworkList | null;
  /** It was not the key that was presented, but a token made from it. */
  isToken: boolean;
  createdAt: Date;
  claimedAt: Date | null;
  suspendedUntil: Date | null;
  suspensionReason: string | null;
  pausedAt: Date | null;
  /** What its owner allows it; null without limits. */
  limits: OwnerLimits | null;
  /** What it must show beside its key. */
  proof: AgentProof;
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
  owner_limits: nullable(jsonb),
  deleted_at: nullable(time),
};
/** The agent is locked first; `key_now` then sees its key as it is after that wait, not as it was before. */
const standingOf = (agent: Fragment) => sql(
  { agent_id: uuid, key_id: uuid },
  standing,
)`select k.expires_at as key_expires_at, k.revoked_at as key_revoked_at, a.claimed_at, a.suspended_until,
    a.suspension_reason, a.paused_at, a.owner_limits, a.deleted_at
  from (${agent}) a cross join lateral key_now(a.id, ${"key_id"}) k`;
const shareStanding = standingOf(part`select * from agents where id = ${"agent_id"} for share`);
// Taken at once, not upgraded later: two calls that both held the shared lock would wait for each other.
const holdStanding = standingOf(part`select * from agents where id = ${"agent_id"} for no key update`);

/** What an endpoint says of who may call it. */
type Demands = Pick<Endpoint, "auth" | "method" | "counts" | "errors">;

/**
 * Checks key, pause and suspension again inside the write's transaction and holds them until it ends: whoever changes
 * them locks the agent's row first, and so waits for writes under way. What its owner capped is counted.
 * @throws AppError KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED, OWNER_CAP, and as {@link assertStanding}
 */
export async function recheckStanding(
  tx: Queryable,
  actor: AgentActor,
  endpoint: Demands & Pick<Endpoint, "serial">,
  now: Date,
): Promise<void> {
  const lock = endpoint.serial ? holdStanding : shareStanding;
  const row = await lock.maybe(tx, { agent_id: actor.id, key_id: actor.keyId });
  if (!row || row.deleted_at) throw new AppError("KEY_UNKNOWN");
  assertKeyLives(row, now);
  const present = standingFrom(row);
  assertStanding(endpoint, present, now);
  const [refusal] = await takeFromCaps(tx, [{ agentId: actor.id, act: endpoint.counts, limits: present.limits, now }]);
  if (refusal) throw refusal;
}

function standingFrom(row: Omit<Row<typeof standing>, "key_expires_at" | "key_revoked_at">): StandingOf {
  return {
    claimedAt: row.claimed_at,
    suspendedUntil: row.suspended_until,
    suspensionReason: row.suspension_reason,
    pausedAt: row.paused_at,
    limits: row.owner_limits as OwnerLimits | null,
  };
}

const shareAgents = sql(
  { ids: uuids },
  {
    id: uuid,
    claimed_at: nullable(time),
    suspended_until: nullable(time),
    suspension_reason: nullable(text),
    paused_at: nullable(time),
    owner_limits: nullable(jsonb),
    deleted_at: nullable(time),
  },
)`select id, claimed_at, suspended_until, suspension_reason, paused_at, owner_limits, deleted_at
  from agents where id = any(${"ids"}) order by id for share`;
const keysNow = sql(
  { ids: uuids },
  { id: uuid, key_expires_at: nullable(time), key_revoked_at: nullable(time) },
)`select id, expires_at as key_expires_at, revoked_at as key_revoked_at from agent_keys where id = any(${"ids"})`;

/** A call whose agent's standing is in question. */
export interface Caller {
  agent: AgentActor;
  endpoint: Demands;
  now: Date;
}

/** What came of a look at a caller. */
export interface Rechecked {
  refusal: AppError | undefined;
  /** What was counted of the call, unless it was refused. */
  counted: CountedAct;
}

/**
 * {@link recheckStanding} of many agents, in a transaction of the server: all are held, in the order of their ids.
 * @returns for each caller, in their order
 */
export async function recheckStandings(tx: Queryable, callers: readonly Caller[]): Promise<readonly Rechecked[]> {
  if (callers.length === 0) return [];
  // A statement of its own, begun when the agents are held, sees keys as they are then.
  const [agents, keys] = await Promise.all([
    shareAgents.all(tx, { ids: [...new Set(callers.map(({ agent }) => agent.id))] }),
    keysNow.all(tx, { ids: [...new Set(callers.map(({ agent }) => agent.keyId))] }),
  ]);
  const agentOf = new Map(agents.map((row) => [row.id, row]));
  const keyOf = new Map(keys.map((row) => [row.id, row]));
  const refusals = callers.map(({ agent: { id, keyId }, endpoint, now }) =>
    refusalOf(() => {
      const row = agentOf.get(id);
      const key = keyOf.get(keyId);
      if (!row || row.deleted_at || !key) throw new AppError("KEY_UNKNOWN");
      assertKeyLives(key, now);
      assertStanding(endpoint, standingFrom(row), now);
    }),
  );
  const counted = callers.map((caller, index) => ({
    ...countedAct(caller),
    act: refusals[index] ? undefined : caller.endpoint.counts,
    limits: (agentOf.get(caller.agent.id)?.owner_limits ?? null) as OwnerLimits | null,
  }));
  const beyond = await takeFromCaps(tx, counted);
  return counted.map((one, index) => ({ refusal: refusals[index] ?? beyond[index], counted: one }));
}

/** What a call counts as, as far as is known of the agent's limits before its row is held. */
export function countedAct({ agent, endpoint, now }: Caller): CountedAct {
  return { agentId: agent.id, act: endpoint.counts, limits: agent.limits, now };
}

type StandingOf = Pick<AgentActor, "claimedAt" | "suspendedUntil" | "suspensionReason" | "pausedAt" | "limits">;

/**
 * Checks that an agent may call an endpoint: a writer's demands good standing; one for any agent that declares
 * ACCOUNT_SUSPENDED demands that it is neither paused nor suspended. Either writes only when its owner lets it.
 * @throws AppError ACCOUNT_SUSPENDED, AGENT_PAUSED, AGENT_NOT_CLAIMED, QUIET_HOURS
 */
export function assertStanding({ auth, method, errors }: Demands, agent: StandingOf, now: Date): void {
  if (auth !== "writer" && !(auth === "agent" && errors.includes("ACCOUNT_SUSPENDED"))) return;
  assertNotHalted(agent, now);
  if (auth === "writer" && !agent.claimedAt) throw new AppError("AGENT_NOT_CLAIMED");
  if (method !== "GET") assertNotQuiet(agent.limits, now);
}

/**
 * Neither paused nor suspended; claimed or not.
 * @throws AppError ACCOUNT_SUSPENDED, AGENT_PAUSED
 */
function assertNotHalted(agent: StandingOf, now: Date): void {
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
