/**
 * Statements that stand alone and are quick, sent behind each other over a few connections of a pool. What comes while one is
 * answered wakes neither side once more. Whatever may take long belongs to the pool itself, with a connection of its own.
 */
import type { Pool, PoolClient } from "pg";
import type { Queryable } from "./db.js";

/** So many connections are taken before one is shared. */
const WIDTH = 3;
/** Statements on one connection at most. */
const DEPTH = 8;
/** A connection that has not answered for so many milliseconds takes no more statements. */
const SLOW_MS = 20;

interface Lane {
  client: Promise<PoolClient>;
  /** Statements without an answer. */
  waiting: number;
  /** When it answered last, or was taken. */
  since: number;
  /** What went wrong on it: as the pool itself does, it is closed when nobody waits for it any more. */
  failure?: Error;
}

const known = new WeakMap<Pool, Queryable>();
const ours = new WeakSet<Queryable>();

/** Whether this is {@link sharedConnections}: what is read there is committed, as it is through a pool. */
export function isShared(db: Queryable): boolean {
  return ours.has(db);
}

/**
 * The way to ask through a pool's connections so that each is shared by several statements.
 * Statements without a name are planned for their values and may be slow: they do not share.
 */
export function sharedConnections(pool: Pool): Queryable {
  const shared = known.get(pool) ?? share(pool);
  known.set(pool, shared);
  ours.add(shared);
  return shared;
}

function share(pool: Pool): Queryable {
  const lanes = new Set<Lane>();

  function take(): Lane {
    const lane: Lane = { client: pool.connect(), waiting: 0, since: performance.now() };
    lanes.add(lane);
    return lane;
  }

  function choose(): Lane {
    if (lanes.size < WIDTH) return take();
    const now = performance.now();
    let best: Lane | undefined;
    for (const lane of lanes) {
      const isOpen = lane.failure === undefined && lane.waiting < DEPTH && now - lane.since < SLOW_MS;
      if (isOpen && (best === undefined || lane.waiting < best.waiting)) best = lane;
    }
    return best ?? take();
  }

  async function giveBack(lane: Lane): Promise<void> {
    lanes.delete(lane);
    const client = await lane.client.catch(() => undefined);
    client?.release(lane.failure);
  }

  return {
    async query(config) {
      if (config.name === undefined) return pool.query(config);
      const lane = choose();
      lane.waiting += 1;
      try {
        const client = await lane.client;
        return await client.query(config);
      } catch (error) {
        lane.failure ??= error as Error;
        throw error;
      } finally {
        lane.waiting -= 1;
        lane.since = performance.now();
        if (lane.waiting === 0) void giveBack(lane);
      }
    },
  };
}
