/**
 * Last activity of agents, and last use of their keys, gathered in memory and written every few seconds; a crash may lose
 * those seconds. Of a use are kept its time, its endpoint and the network it came from, never the address or the request.
 */
import type { Endpoint } from "@openmolt/contract/endpoint";
import type { Pool } from "pg";
import type { AgentActor } from "./auth.js";
import { nullableTexts, sql, texts, times, uuids } from "./db.js";
import { SYSTEM, transaction } from "./transaction.js";
import { networkOf } from "./visitors.js";

const FLUSH_MS = 5_000;

// An update by itself takes its rows in whatever order its plan finds them. The times come along with the rows: joined to
// them later, which plans take for few, each of a thousand would be compared with every other.
const touchAgents = sql({ ids: uuids, at: times }, {})`
  with mine as materialized (select s.agent_id, t.at
    from unnest(${"ids"}::uuid[], ${"at"}::timestamptz[]) as t(id, at) join agent_stats s on s.agent_id = t.id
    order by s.agent_id for update of s)
  update agent_stats s set last_active_at = greatest(s.last_active_at, mine.at)
  from mine where s.agent_id = mine.agent_id`;
const touchKeys = sql({ ids: uuids, at: times, routes: texts, networks: nullableTexts }, {})`
  with mine as materialized (select k.id, t.at, t.route, t.network
    from unnest(${"ids"}::uuid[], ${"at"}::timestamptz[], ${"routes"}::text[], ${"networks"}::text[])
      as t(id, at, route, network) join agent_keys k on k.id = t.id
    order by k.id for no key update of k)
  update agent_keys k set last_used_at = mine.at, last_used_route = mine.route, last_used_network = mine.network
  from mine where k.id = mine.id and (k.last_used_at is null or k.last_used_at <= mine.at)`;

interface Use {
  at: Date;
  endpoint: Pick<Endpoint, "method" | "path">;
  address: string;
}

/** Remembers who was there. */
export class Activity {
  #agents = new Map<string, Date>();
  #keys = new Map<string, Use>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly report: (error: unknown) => void,
  ) {}

  /** Starts writing every few seconds. */
  start(): void {
    this.#timer = setInterval(() => this.flush().catch(this.report), FLUSH_MS);
    this.#timer.unref();
  }

  /** Notes that an agent called. */
  note({ id, keyId }: Pick<AgentActor, "id" | "keyId">, endpoint: Use["endpoint"], address: string, at: Date): void {
    this.#agents.set(id, at);
    this.#keys.set(keyId, { at, endpoint, address });
  }

  /** Writes what was noted. Rows are locked in id order, as everywhere. */
  async flush(): Promise<void> {
    const agents = sorted(this.#agents);
    const keys = sorted(this.#keys);
    if (agents.length === 0) return;
    this.#agents.clear();
    this.#keys.clear();
    // Keys first: a write holds its key from the start and moves counters of agents later.
    await transaction(this.pool, { actor: SYSTEM }, async (tx) => {
      await touchKeys.run(tx, {
        ids: keys.map(([id]) => id),
        at: keys.map(([, { at }]) => at),
        routes: keys.map(([, { endpoint }]) => `${endpoint.method} ${endpoint.path.replace(/^\/\//, "/")}`),
        networks: keys.map(([, { address }]) => networkOf(address) || null),
      });
      await touchAgents.run(tx, { ids: agents.map(([id]) => id), at: agents.map(([, at]) => at) });
    });
  }

  /** Stops and writes the rest. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}

const sorted = <T>(map: Map<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
