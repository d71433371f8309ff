/** Last activity of agents and keys, gathered in memory and written every few seconds; a crash may lose those seconds. */
import type { Pool } from "pg";
import { sql, times, uuids } from "./db.js";
import { SYSTEM, transaction } from "./transaction.js";

const FLUSH_MS = 5_000;

// An update by itself takes its rows in whatever order its plan finds them. The times come along with the rows: joined to
// them later, which plans take for few, each of a thousand would be compared with every other.
const touchAgents = sql({ ids: uuids, at: times }, {})`
  with mine as materialized (select s.agent_id, t.at
    from unnest(${"ids"}::uuid[], ${"at"}::timestamptz[]) as t(id, at) join agent_stats s on s.agent_id = t.id
    order by s.agent_id for update of s)
  update agent_stats s set last_active_at = greatest(s.last_active_at, mine.at)
  from mine where s.agent_id = mine.agent_id`;
const touchKeys = sql({ ids: uuids, at: times }, {})`
  with mine as materialized (select k.id, t.at
    from unnest(${"ids"}::uuid[], ${"at"}::timestamptz[]) as t(id, at) join agent_keys k on k.id = t.id
    order by k.id for no key update of k)
  update agent_keys k set last_used_at = greatest(coalesce(k.last_used_at, mine.at), mine.at)
  from mine where k.id = mine.id`;

/** Remembers who was there. */
export class Activity {
  #agents = new Map<string, Date>();
  #keys = new Map<string, Date>();
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

  /** Notes that an agent called with a key. */
  note(agentId: string, keyId: string, at: Date): void {
    this.#agents.set(agentId, at);
    this.#keys.set(keyId, at);
  }

  /** Writes what was noted. Rows are locked in id order, as everywhere. */
  async flush(): Promise<void> {
    const agents = sorted(this.#agents);
    const keys = sorted(this.#keys);
    if (agents.ids.length === 0) return;
    this.#agents.clear();
    this.#keys.clear();
    // Keys first: a write holds its key from the start and moves counters of agents later.
    await transaction(this.pool, { actor: SYSTEM }, async (tx) => {
      await touchKeys.run(tx, keys);
      await touchAgents.run(tx, agents);
    });
  }

  /** Stops and writes the rest. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}

function sorted(map: Map<string, Date>): { ids: string[]; at: Date[] } {
  const entries = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ids: entries.map(([id]) => id), at: entries.map(([, at]) => at) };
}
