/**
 * Agents by the keys they present, kept in memory for a moment so that most requests ask the database nothing. What is
 * known of an agent is forgotten before the answer of whatever changed its keys or standing leaves this process, and on
 * a notification in every other; while notifications cannot be heard, nothing is kept.
 */

import { looksLikeAgentKey } from "@openmolt/agent/tools/leaks/key-shape";
import { scopes } from "@openmolt/contract/endpoint";
import type { Pool, PoolClient } from "pg";
import { AppError, refusalOf } from "../errors.js";
import { isAccessToken, readAccessToken, tokenHash } from "./access-tokens.js";
import { type AgentActor, assertKeyLives } from "./auth.js";
import {
  bytes,
  type Fragment,
  int4,
  jsonb,
  nullable,
  part,
  type Queryable,
  type Row,
  sql,
  text,
  texts,
  time,
  uuid,
} from "./db.js";
import { networkList } from "./networks.js";
import type { OwnerLimits } from "./owner-limits.js";
import { proofJson, proofOf } from "./proof/proofs.js";
import type { Vault } from "./secrets.js";
import { whenEnded } from "./transaction.js";

/** What was read is used this long at most, in milliseconds: the bound on a notification that got lost. */
const KEPT_MS = 30_000;
/** Keys kept at most, some 30 MB; beyond that the one read first is forgotten. */
const MOST_KEYS = 50_000;
/** Pause before listening again after the connection was lost, in milliseconds. */
const LISTEN_AGAIN_MS = 1_000;

const found = {
  key_id: uuid,
  key_expires_at: nullable(time),
  key_revoked_at: nullable(time),
  scopes: texts,
  networks: texts,
  id: uuid,
  name: text,
  owner_id: nullable(uuid),
  created_at: time,
  claimed_at: nullable(time),
  suspended_until: nullable(time),
  suspension_reason: nullable(text),
  paused_at: nullable(time),
  owner_limits: nullable(jsonb),
  proof: jsonb,
};
// The agent is looked up by its id: how many rows a function gives is not known to the planner, which would read all agents.
const agentOfKey = (key: Fragment) => part`
  select k.key_id, k.key_expires_at, k.key_revoked_at, k.scopes, k.networks, a.id, a.name, a.owner_id, a.created_at, a.claimed_at,
    a.suspended_until, a.suspension_reason, a.paused_at, a.owner_limits, ${proofJson} as proof
  from ${key} k cross join lateral (select * from agents where id = k.agent_id limit 1) a where a.deleted_at is null`;
const findByKey = sql({ key_hash: bytes }, found)`${agentOfKey(part`find_key(${"key_hash"})`)}`;
const findByToken = sql(
  { key_id: uuid, token_hash: bytes },
  found,
)`${agentOfKey(part`find_key_of_token(${"key_id"}, ${"token_hash"})`)}`;
const tellAll = sql({ id: text }, { told: int4 })`select 1 as told from pg_notify('agent_changed', ${"id"})`;

/** The keys known to the server that uses a pool. */
const knownTo = new WeakMap<Pool, KnownKeys>();

/**
 * To be called by every command that changes an agent's keys, name or standing, in its transaction: all servers on this
 * database forget what they know of the agent, this one before the transaction's caller goes on.
 */
export async function agentChanged(tx: Queryable, agentId: string): Promise<void> {
  await tellAll.one(tx, { id: agentId });
  whenEnded(tx, (pool) => knownTo.get(pool)?.forget(agentId));
}

interface Known {
  actor: AgentActor;
  key_expires_at: Date | null;
  key_revoked_at: Date | null;
  /** By the clock of the process, in milliseconds. */
  readAt: number;
}

/** Hears whose a dead key is, and the code of its refusal. */
type OnDead = (agent: AgentActor, code: string) => void;

/** @throws AppError KEY_EXPIRED, KEY_REVOKED */
function aliveAt(known: Known, now: Date, onDead: OnDead): AgentActor {
  const refusal = refusalOf(() => assertKeyLives(known, now));
  if (refusal === undefined) return known.actor;
  onDead(known.actor, refusal.code);
  throw refusal;
}

/** The keys one server has looked up. */
export class KnownKeys {
  /** By the keyed hash of the key or token; what was read first comes first. */
  #keys = new Map<string, Known>();
  #keysOf = new Map<string, Set<string>>();
  #listener: PoolClient | undefined;
  #connecting: Promise<void> | undefined;
  #again: NodeJS.Timeout | undefined;
  #closed = false;
  /** Goes up whenever something is forgotten: a look-up begun before may have read the state before. */
  #changes = 0;

  /**
   * @param pool connections of `app`; one of them listens
   * @param report hears why nothing can be kept at present
   * @param mostKeys keys kept at most
   */
  constructor(
    private readonly pool: Pool,
    private readonly vault: Vault,
    private readonly report: (error: unknown) => void,
    private readonly mostKeys = MOST_KEYS,
  ) {
    knownTo.set(pool, this);
  }

  /** Begins to listen and to keep; resolves when the first attempt has ended, whether it succeeded or not. */
  async start(): Promise<void> {
    this.#connecting = this.#listen().catch((error: unknown) => {
      this.report(error);
      this.#listenLater();
    });
    await this.#connecting;
  }

  /**
   * The agent a key belongs to, or the key a token was made from.
   * @param onDead hears whose it is, and the code of the refusal, when it was revoked or has expired
   * @throws AppError KEY_MALFORMED, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED
   */
  async agentOf(presented: string, now: Date, onDead: OnDead = () => {}): Promise<AgentActor> {
    if (isAccessToken(presented)) {
      const { keyId, scopes } = readAccessToken(this.vault, presented, now);
      const hash = tokenHash(this.vault, presented);
      const known = await this.#known(hash.toString("latin1"), () =>
        findByToken.maybe(this.pool, { key_id: keyId, token_hash: hash }),
      );
      const actor = aliveAt(known, now, onDead);
      return { ...actor, scopes, isToken: true };
    }
    if (looksLikeAgentKey(presented) === "checksum") throw new AppError("KEY_MALFORMED");
    const keyHash = this.vault.hmac("agent-key", presented);
    const known = await this.#known(keyHash.toString("latin1"), () =>
      findByKey.maybe(this.pool, { key_hash: keyHash }),
    );
    return aliveAt(known, now, onDead);
  }

  /** Forgets an agent's keys. */
  forget(agentId: string): void {
    this.#changes++;
    for (const name of this.#keysOf.get(agentId) ?? []) this.#keys.delete(name);
    this.#keysOf.delete(agentId);
  }

  /** How many keys are kept, and whether any are at present. */
  get state(): { keys: number; listening: boolean } {
    return { keys: this.#keys.size, listening: this.#listener !== undefined };
  }

  /** Stops listening and forgets everything. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    await this.#connecting;
    this.#stopListening();
  }

  async #known(name: string, find: () => Promise<Row<typeof found> | undefined>): Promise<Known> {
    const known = this.#keys.get(name);
    return !known || performance.now() - known.readAt >= KEPT_MS ? this.#lookUp(name, find) : known;
  }

  async #lookUp(name: string, find: () => Promise<Row<typeof found> | undefined>): Promise<Known> {
    const changes = this.#changes;
    const row = await find();
    if (!row) throw new AppError("KEY_UNKNOWN");
    const { key_expires_at, key_revoked_at } = row;
    const actor: AgentActor = {
      id: row.id,
      name: row.name,
      ownerId: row.owner_id,
      keyId: row.key_id,
      keyExpiresAt: key_expires_at,
      scopes: scopes.filter((scope) => row.scopes.includes(scope)),
      networks: row.networks.length > 0 ? networkList(row.networks) : null,
      isToken: false,
      createdAt: row.created_at,
      claimedAt: row.claimed_at,
      suspendedUntil: row.suspended_until,
      suspensionReason: row.suspension_reason,
      pausedAt: row.paused_at,
      limits: row.owner_limits as OwnerLimits | null,
      proof: proofOf(row.proof),
    };
    const known = { actor, key_expires_at, key_revoked_at, readAt: performance.now() };
    if (this.#listener !== undefined && changes === this.#changes) this.#keep(name, known);
    return known;
  }

  #keep(name: string, known: Known): void {
    this.#drop(name);
    this.#keys.set(name, known);
    const { id } = known.actor;
    const names = this.#keysOf.get(id);
    if (names) names.add(name);
    else this.#keysOf.set(id, new Set([name]));
    for (const [oldest, { readAt }] of this.#keys) {
      if (this.#keys.size <= this.mostKeys && performance.now() - readAt < KEPT_MS) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    const known = this.#keys.get(name);
    if (!known) return;
    this.#keys.delete(name);
    const names = this.#keysOf.get(known.actor.id);
    names?.delete(name);
    if (names?.size === 0) this.#keysOf.delete(known.actor.id);
  }

  async #listen(): Promise<void> {
    const client = await this.pool.connect();
    let isLost = false;
    const lose = () => {
      isLost = true;
      if (this.#listener !== client) return;
      this.#stopListening();
      this.#listenLater();
    };
    client.once("error", lose);
    client.once("end", lose);
    client.on("notification", ({ payload }) => this.forget(payload ?? ""));
    try {
      await client.query("listen agent_changed");
      if (isLost) throw new Error("The connection that listens was lost");
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#changes++;
    this.#listener = client;
  }

  #stopListening(): void {
    this.#changes++;
    this.#keys.clear();
    this.#keysOf.clear();
    this.#listener?.release(true);
    this.#listener = undefined;
  }

  #listenLater(): void {
    if (this.#closed) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.start(), LISTEN_AGAIN_MS);
    this.#again.unref();
  }
}
