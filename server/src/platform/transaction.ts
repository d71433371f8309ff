/**
 * Transactions: as whom, tried again where the database asks for it, and never thought committed when they were not.
 */
import type pg from "pg";
import { AppError } from "../errors.js";
import { type Queryable, sql, text } from "./db.js";
import { causeOf, forgetFailures, isRetryable, ROLLED_BACK, watchFailures } from "./db-errors.js";

/** Who acts in a transaction; row-level security goes by it. */
export interface Actor {
  /** Agent or owner id; {@link SYSTEM} for the server itself; undefined for nobody. */
  actor?: string | undefined;
  /** Keyed hash of a presented token (claim, link, session). */
  token?: Buffer | undefined;
  /** Milliseconds to wait for a lock at most, where that is less than the pool allows. */
  lockMs?: number | undefined;
  /** Its statements find a few rows by key, and are planned once for all values: planning them anew costs more than the rows. */
  plannedOnce?: boolean;
}
/** The server's own identity in transactions and in the history. */
export const SYSTEM = "00000000-0000-0000-0000-000000000000";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const RETRIES = 5;

const afterwards = new WeakMap<Queryable, ((pool: pg.Pool) => void)[]>();
/** Has `then` called when a transaction has ended, however it ended, before its caller goes on. */
export function whenEnded(tx: Queryable, then: (pool: pg.Pool) => void): void {
  afterwards.set(tx, [...(afterwards.get(tx) ?? []), then]);
}

const unanswered = new WeakMap<Queryable, Promise<unknown>>();
/**
 * Has a transaction commit right behind `writes`, which were sent, without waiting for their answers first. If one of
 * them fails, nothing is committed and its error is thrown; they must not be able to write less than they should.
 */
export function commitBehind(tx: Queryable, writes: Promise<unknown>): void {
  const all = Promise.all([unanswered.get(tx), writes]);
  all.catch(() => undefined);
  unanswered.set(tx, all);
}

/**
 * Runs `work` in one transaction as `actor`, again after a serialization failure or deadlock. The first statements of
 * `work` are sent together with the beginning.
 * An {@link AppError} with `keep` commits and is thrown all the same.
 */
export async function transaction<T>(
  pool: pg.Pool,
  actor: Actor,
  work: (tx: Queryable) => Promise<T>,
  readOnly = false,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect();
    let broken: Error | undefined;
    watchFailures(client);
    try {
      const begun = client.query(beginAs(actor, readOnly));
      begun.catch(() => undefined);
      let refusal: AppError | undefined;
      let result: T | undefined;
      try {
        result = await work(client);
      } catch (error) {
        if (!(error instanceof AppError && error.details.keep)) {
          // What failed first is the cause; whatever was sent behind it failed because of it.
          await Promise.all([begun, unanswered.get(client)]);
          throw error;
        }
        refusal = error;
      }
      const [{ command }] = await Promise.all([client.query("commit"), begun, unanswered.get(client)]);
      if (command !== "COMMIT") throw new Error(ROLLED_BACK);
      if (refusal) throw refusal;
      return result as T;
    } catch (thrown) {
      const error = causeOf(client, thrown);
      if (!(error instanceof AppError && error.details.keep)) {
        await client.query("rollback").catch((failure: Error) => {
          broken = failure;
        });
      }
      if (attempt >= RETRIES || !isRetryable(error)) throw error;
    } finally {
      for (const then of afterwards.get(client) ?? []) then(pool);
      afterwards.delete(client);
      unanswered.delete(client);
      forgetFailures(client);
      client.release(broken);
    }
  }
}

/**
 * Runs `work` inside a transaction so that an {@link AppError} undoes what `work` wrote and nothing else; any other
 * error ends the transaction as usual.
 * @returns the refusal, or undefined when the work was done
 */
export async function attempt(tx: Queryable, work: () => Promise<unknown>): Promise<AppError | undefined> {
  await tx.query({ text: "savepoint attempt", values: [] });
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await tx.query({ text: "rollback to savepoint attempt", values: [] });
    watchFailures(tx);
    return error;
  }
  await tx.query({ text: "release savepoint attempt", values: [] });
  return undefined;
}

function beginAs({ actor, token, lockMs, plannedOnce }: Actor, readOnly: boolean): string {
  let begin = readOnly ? "begin read only" : "begin";
  if (actor !== undefined) {
    if (!UUID.test(actor)) throw new Error("An actor must be a UUID");
    begin += `; set local app.actor = '${actor}'`;
  }
  if (token !== undefined) begin += `; set local app.token = '${token.toString("hex")}'`;
  if (lockMs !== undefined) begin += `; set local lock_timeout = ${Math.trunc(lockMs)}`;
  // A plan made while a table is nearly empty would read all of it, again and again as it grows.
  if (plannedOnce) begin += "; set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off";
  return begin;
}

const setActor = sql({ actor: text, token: text }, { actor: text, token: text })`
  select set_config('app.actor', ${"actor"}, true) as actor, set_config('app.token', ${"token"}, true) as token`;

/** Changes who acts in the rest of the transaction: after a token has been checked, the server may do what it stands for. */
export async function actAs(tx: Queryable, { actor, token }: Actor): Promise<void> {
  await setActor.one(tx, { actor: actor ?? "", token: token?.toString("hex") ?? "" });
}
