/**
 * What follows a commit: the history's total order, and the reactions to the outbox.
 *
 * Order: numbers handed out before commit can be overtaken, so readers never go by them. One sequencer at a time gives
 * each committed event its position afterwards; positions have no gaps and no reader ever sees a later one first.
 */
import type { Pool } from "pg";
import { bool, type Fragment, int2, int8, nullable, type Queryable, sql, text, time, uuid } from "./db.js";
import type { OutboxKind } from "./events.js";
import { SYSTEM, transaction } from "./transaction.js";

/** An outbox row as a reaction sees it. */
export interface OutboxRow {
  id: number;
  kind: OutboxKind;
  actor_id: string | null;
  subject_id: string | null;
  target_id: string | null;
  value: number | null;
  created_at: Date;
}

/** A reaction to outbox rows of some kinds; runs in a transaction as the server itself. */
export interface Reaction {
  kinds: readonly OutboxKind[];
  /** Gets what a batch holds of its kinds, oldest first; after a failure again, each row by itself. */
  react(tx: Queryable, rows: readonly OutboxRow[]): Promise<void>;
}

/** Events that get their place, and pieces of work that are done, in one transaction at most. */
const MOST_PLACED = 1_000;
const MOST_DONE = 200;
/** Rounds begin at least this long after the last one, in milliseconds: what gathers meanwhile costs little more than one. */
const PAUSE_MS = 100;
/** A number of ours as SQL: with a parameter there, a plan made for all values would expect a tenth of the table. */
const literal = (value: number): Fragment => ({ parts: [String(value)], holes: [] });

// Whoever gets the sequencer says so for the statement behind it, which then sees what the one before has placed.
const takeSequencer = sql({}, { mine: text })`
  select set_config('app.sequencer', (exists (select 1 from events where position is null)
    and pg_try_advisory_xact_lock(7077001))::text, true) as mine`;
const placeEvents = sql({}, { placed: int8 })`
  with fresh as (select id, row_number() over (order by id) as n from
      (select id from events where position is null and current_setting('app.sequencer', true) = 'true'
        order by id limit ${literal(MOST_PLACED)}) f),
    top as (select coalesce(max(position), 0) as position from events)
  , placed as (update events e set position = top.position + fresh.n from fresh, top where e.id = fresh.id returning 1)
  select count(*) as placed from placed`;
const holdSequencer = sql({}, { held: bool })`select true as held from pg_advisory_xact_lock(7077001)`;

/** Keeps everybody else from giving out positions until the transaction ends; for writes that bring their own. */
export async function placeAlone(tx: Queryable): Promise<void> {
  await holdSequencer.one(tx, {});
}

/** Gives the next events their positions, unless another does: then none. Call it last: others wait until the commit. */
async function placeSome(tx: Queryable): Promise<number> {
  const [, { placed }] = await Promise.all([takeSequencer.one(tx, {}), placeEvents.one(tx, {})]);
  return placed;
}

/** The same in a transaction of its own. */
const placeAtOnce = (pool: Pool) => transaction(pool, { actor: SYSTEM }, placeSome);

/** Gives what is committed its position where no server runs that would do it. */
export async function placeCommitted(pool: Pool): Promise<void> {
  while ((await placeAtOnce(pool)) === MOST_PLACED);
}

const takeOutbox = sql(
  { now: time },
  {
    id: int8,
    kind: text,
    actor_id: nullable(uuid),
    subject_id: nullable(uuid),
    target_id: nullable(uuid),
    value: nullable(int2),
    created_at: time,
  },
)`delete from outbox where id = any(array(
    select id from outbox where retry_at is null or retry_at <= ${"now"} order by id limit ${literal(MOST_DONE)} for update skip locked))
  returning id, kind, actor_id, subject_id, target_id, value, created_at`;
const takeOne = sql({ id: int8 }, { id: int8 })`delete from outbox where id = ${"id"} returning id`;
const postpone = sql({ id: int8, at: time }, {})`
  update outbox set attempts = attempts + 1, retry_at = ${"at"} where id = ${"id"}`;
const countWaiting = sql({ now: time }, { waiting: int8 })`
  select (select count(*) from outbox where retry_at is null or retry_at <= ${"now"})
    + (select count(*) from events where position is null) as waiting`;

/** Gives committed events their position and runs the outbox, woken by each commit and once a second. */
export class Background {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #next: NodeJS.Timeout | undefined;
  #endedAt = 0;
  #again = false;
  #closed = false;
  #listeners = new Set<() => void>();
  readonly #reactions: Reaction[];

  constructor(
    private readonly pool: Pool,
    reactions: readonly Reaction[],
    private readonly report: (error: unknown) => void,
  ) {
    this.#reactions = [...reactions];
  }

  /** Adds a reaction; it sees what is taken from the outbox from now on. */
  addReaction(reaction: Reaction): void {
    this.#reactions.push(reaction);
  }

  /** Starts the once-a-second round. */
  start(): void {
    this.#timer = setInterval(() => this.wake(), 1_000);
    this.#timer.unref();
    this.wake();
  }

  /** Says that something was committed. Cheap; rounds never overlap. */
  wake(): void {
    if (this.#closed || this.#next) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    const pause = this.#endedAt + PAUSE_MS - performance.now();
    if (pause <= 0) this.#begin();
    else this.#next = setTimeout(() => this.#begin(), pause);
  }

  /** Begins a round at once, unless one runs. */
  #begin(): void {
    clearTimeout(this.#next);
    this.#next = undefined;
    if (this.#closed || this.#running) return;
    this.#running = this.#round()
      .catch(this.report)
      .finally(() => {
        this.#running = undefined;
        this.#endedAt = performance.now();
        if (this.#again) {
          this.#again = false;
          this.wake();
        }
      });
  }

  /** Calls `listener` whenever new events have got their positions. */
  onPlaced(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when nothing is waiting any more (tests, shutdown). */
  async settle(): Promise<void> {
    for (;;) {
      this.#begin();
      await this.#running;
      const { waiting } = await countWaiting.one(this.pool, { now: new Date() });
      if (waiting === 0 && !this.#running) return;
    }
  }

  /** Ends after the present round. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#next);
    await this.#running;
  }

  async #round(): Promise<void> {
    for (let busy = true; busy && !this.#closed; ) {
      const { placed, done } = await this.#once();
      if (placed > 0) for (const listener of this.#listeners) listener();
      // What is committed from now on wakes another round.
      busy = placed === MOST_PLACED || done === MOST_DONE;
    }
  }

  /** Does what waits and then places events, in one transaction: with little to do, most of its cost is round trips. */
  async #once(): Promise<{ placed: number; done: number }> {
    let rows: OutboxRow[] = [];
    try {
      const placed = await transaction(this.pool, { actor: SYSTEM, plannedOnce: true }, async (tx) => {
        rows = [];
        rows = ((await takeOutbox.all(tx, { now: new Date() })) as OutboxRow[]).sort((a, b) => a.id - b.id);
        await this.#react(tx, rows);
        return placeSome(tx);
      });
      return { placed, done: rows.length };
    } catch (error) {
      if (rows.length === 0) throw error;
      const placed = await placeAtOnce(this.pool);
      for (const row of rows) await this.#alone(row);
      return { placed, done: rows.length };
    }
  }

  /** After a failed batch each row gets a transaction of its own, so that one cannot hold up the others. */
  async #alone(row: OutboxRow): Promise<void> {
    try {
      await transaction(this.pool, { actor: SYSTEM }, async (tx) => {
        if (await takeOne.maybe(tx, { id: row.id })) await this.#react(tx, [row]);
      });
    } catch (error) {
      this.report(error);
      await postpone.run(this.pool, { id: row.id, at: new Date(Date.now() + 30_000) });
    }
  }

  async #react(tx: Queryable, rows: readonly OutboxRow[]): Promise<void> {
    for (const { kinds, react } of this.#reactions) {
      const own = rows.filter(({ kind }) => kinds.includes(kind));
      if (own.length > 0) await react(tx, own);
    }
  }
}
