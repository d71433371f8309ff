/**
 * Writes of many agents carried out together: what is asked for while a batch is under way makes the next one, so that
 * an idle server waits for nothing and a busy one shares its round trips, locks and commits. Each caller is answered
 * after the commit, and a refusal of one touches nobody else.
 */
import type { Endpoint } from "@openmolt/contract/endpoint";
import { AppError } from "../errors.js";
import { type AgentActor, countedAct, recheckStandings } from "./auth.js";
import type { Queryable } from "./db.js";
import { isLockTimeout, isUnavailable } from "./db-errors.js";
import { claimKeys, dropClaims, type IdempotencyClaim, type KeptAnswer, keepAll } from "./idempotency.js";
import { giveBackToCaps, isCapped } from "./owner-limits.js";
import type { Services } from "./services.js";
import { commitBehind, SYSTEM, transaction } from "./transaction.js";

/** Calls in a batch at most. */
const MOST = 200;
/**
 * Milliseconds that a batch waits for a lock, which may be another's use of the same Idempotency-Key; then it is taken
 * apart, so that only those wait on whom it depends, and the next one begins beside it.
 */
const PATIENCE_MS = 2_000;
/** Batches under way at most, those that wait included: each holds a connection. */
const AT_ONCE = 3;
/** How many are carried out at a time when those of a failed batch are tried one by one. */
const LANES = 4;

/** One call to be carried out. */
export interface Asked<W> {
  agent: AgentActor;
  now: Date;
  endpoint: Pick<Endpoint, "auth" | "method" | "counts" | "errors">;
  claim: IdempotencyClaim | undefined;
  wish: W;
  /** The answer that a result makes. */
  answer(result: unknown): KeptAnswer;
}

/** What a work is told of a call. */
export type Wish<W> = Pick<Asked<W>, "agent" | "now" | "wish">;

/** Carries out wishes in a transaction of the server. */
export interface Work<W, S> {
  /**
   * Locks and reads what the wishes need, and writes nothing: it is sent before it is known who may write.
   * @returns what was seen for each, in their order
   */
  look(tx: Queryable, wishes: readonly Wish<W>[]): Promise<readonly S[]>;
  /**
   * Does what is wished by those who may.
   * @returns a result or the refusal of each, in their order
   */
  act(tx: Queryable, seen: readonly Seen<W, S>[]): Promise<readonly unknown[]>;
}

/** A call with what was seen for it. */
export type Seen<W, S> = Wish<W> & { seen: S };

interface Waiting<W> extends Asked<W> {
  /** No two calls that share one are under way at once. */
  keys: string[];
  done(answer: KeptAnswer): void;
  failed(error: unknown): void;
}

/** One kind of work with the calls that wait for it, for each server of the process. */
export class Gathering<W, S = unknown> {
  #queues = new WeakMap<Services, Queue<W>>();

  /**
   * @param work does it
   * @param targetOf what a wish is about: an agent's next wish about the same waits for the one before
   */
  constructor(
    private readonly work: Work<W, S>,
    private readonly targetOf: (wish: W) => string,
  ) {}

  /** Resolves after the commit, or rejects as a write of its own would. */
  add(services: Services, asked: Asked<W>): Promise<KeptAnswer> {
    const queue = this.#queues.get(services) ?? new Queue((batch) => carryOut(services, this.work, batch));
    this.#queues.set(services, queue);
    const keys = [`${asked.agent.id} ${this.targetOf(asked.wish)}`];
    if (asked.claim) keys.push(asked.claim.hash.toString("latin1"));
    return new Promise((done, failed) => queue.add({ ...asked, keys, done, failed }));
  }
}

class Queue<W> {
  #waiting: Waiting<W>[] = [];
  #keysUnderWay = new Set<string>();
  #batches = 0;
  /** Of those, how many have only just begun. */
  #brisk = 0;

  constructor(private readonly run: (batch: Waiting<W>[]) => Promise<void>) {}

  add(one: Waiting<W>): void {
    this.#waiting.push(one);
    this.#begin();
  }

  #begin(): void {
    if (this.#brisk > 0 || this.#batches === AT_ONCE) return;
    const batch = this.#take();
    if (batch.length === 0) return;
    this.#batches++;
    this.#brisk++;
    let isBrisk = true;
    const letNextBegin = () => {
      if (isBrisk) this.#brisk--;
      isBrisk = false;
      this.#begin();
    };
    const patience = setTimeout(letNextBegin, PATIENCE_MS);
    void this.run(batch).finally(() => {
      clearTimeout(patience);
      this.#batches--;
      for (const { keys } of batch) for (const key of keys) this.#keysUnderWay.delete(key);
      letNextBegin();
    });
  }

  #take(): Waiting<W>[] {
    const batch: Waiting<W>[] = [];
    this.#waiting = this.#waiting.filter((one) => {
      if (batch.length === MOST || one.keys.some((key) => this.#keysUnderWay.has(key))) return true;
      for (const key of one.keys) this.#keysUnderWay.add(key);
      batch.push(one);
      return false;
    });
    return batch;
  }
}

/** Carries out a batch and settles everyone in it; one by one when it cannot be done together. */
async function carryOut<W, S>(services: Services, work: Work<W, S>, batch: Waiting<W>[]): Promise<void> {
  try {
    const outcomes = await together(services, work, batch);
    for (const one of batch) {
      const outcome = outcomes.get(one);
      if (outcome === undefined || outcome instanceof Error) one.failed(outcome);
      else one.done(outcome);
    }
  } catch (error) {
    // Whether a lost connection committed is unknown, so nothing is tried again.
    if (batch.length === 1 || (isUnavailable(error) && !isLockTimeout(error))) {
      for (const one of batch) one.failed(error);
      return;
    }
    const rest = [...batch];
    const lane = async () => {
      for (let one = rest.shift(); one; one = rest.shift()) await carryOut(services, work, [one]);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }
}

type Outcomes<W> = Map<Waiting<W>, KeptAnswer | Error>;

function together<W, S>({ app, vault }: Services, work: Work<W, S>, batch: Waiting<W>[]): Promise<Outcomes<W>> {
  const lockMs = batch.length > 1 ? PATIENCE_MS : undefined;
  return transaction(app, { actor: SYSTEM, lockMs, plannedOnce: true }, async (tx) => {
    const outcomes: Outcomes<W> = new Map();
    const left = () => batch.filter((one) => !outcomes.has(one));
    // Keys first, as in every write: whoever holds one waits for no other key.
    const claimed = batch.filter(hasClaim);
    const kept = claimed.length === 0 ? [] : await claimKeys(tx, vault, claimed);
    claimed.forEach((one, index) => {
      const found = kept[index];
      if (found) outcomes.set(one, found);
    });
    const ready = left();
    if (ready.length === 0) return outcomes;
    const standing = recheckStandings(tx, ready);
    // What is left of caps is held before anything the work locks, as in every write.
    if (ready.some((one) => isCapped(countedAct(one)))) await standing;
    const looked = work.look(tx, ready);
    looked.catch(() => undefined);
    const rechecked = new Map((await standing).map((found, index) => [ready[index], found]));
    for (const one of ready) {
      const refusal = rechecked.get(one)?.refusal;
      if (refusal) outcomes.set(one, refusal);
    }
    const allowed = left();
    if (allowed.length > 0) {
      const sights = new Map((await looked).map((seen, index) => [ready[index], seen]));
      const results = await work.act(
        tx,
        allowed.map((one) => ({ ...one, seen: sights.get(one) as S })),
      );
      allowed.forEach((one, index) => {
        const result = results[index];
        outcomes.set(one, result instanceof AppError ? result : one.answer(result));
      });
      const refused = allowed.filter((_, index) => results[index] instanceof AppError);
      await giveBackToCaps(
        tx,
        refused.flatMap((one) => rechecked.get(one)?.counted ?? []),
      );
    }
    commitBehind(tx, settleClaims(tx, ready.filter(hasClaim), outcomes));
    return outcomes;
  });

  /** Answers are kept with what they answer; of a refused request nothing is kept. */
  async function settleClaims(tx: Queryable, mine: (Waiting<W> & HasClaim)[], outcomes: Outcomes<W>): Promise<void> {
    const refused: IdempotencyClaim[] = [];
    const answered: { claim: IdempotencyClaim; answer: KeptAnswer }[] = [];
    for (const one of mine) {
      const outcome = outcomes.get(one);
      if (outcome === undefined || outcome instanceof Error) refused.push(one.claim);
      else answered.push({ claim: one.claim, answer: outcome });
    }
    await Promise.all([
      refused.length > 0 && dropClaims(tx, refused),
      answered.length > 0 && keepAll(tx, vault, answered),
    ]);
  }
}

interface HasClaim {
  claim: IdempotencyClaim;
}
const hasClaim = <T extends { claim: IdempotencyClaim | undefined }>(one: T): one is T & HasClaim =>
  one.claim !== undefined;
