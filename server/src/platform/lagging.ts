/** Values that cost much to compute and may be a little old: one computation at a time, and nobody waits for the second. */
import type { Queryable } from "./db.js";

interface Kept<T> {
  value: T;
  /** When it was computed, in ms since 1970. */
  at: number;
}
interface Holder<T> {
  kept?: Kept<T>;
  pending?: Promise<T> | undefined;
}

/**
 * Makes a reader that keeps the answer of `compute` for each pool. Once `maxAgeMs` have passed, callers still get the
 * old answer while a new one is computed; only the very first has to wait, and whoever comes when the answer is older than
 * `uselessMs`. A failed computation leaves the old answer.
 */
export function lagging<T>(
  maxAgeMs: number,
  compute: (db: Queryable, now: Date) => Promise<T>,
  uselessMs = Number.POSITIVE_INFINITY,
) {
  const holders = new WeakMap<Queryable, Holder<T>>();
  return async (db: Queryable, now: Date): Promise<T> => {
    const holder: Holder<T> = holders.get(db) ?? {};
    holders.set(db, holder);
    const age = now.getTime() - (holder.kept?.at ?? Number.NEGATIVE_INFINITY);
    if (holder.kept && age >= 0 && age < maxAgeMs) return holder.kept.value;
    holder.pending ??= compute(db, now)
      .then((value) => {
        holder.kept = { value, at: now.getTime() };
        return value;
      })
      .finally(() => {
        holder.pending = undefined;
      });
    if (!holder.kept || age < 0 || age >= uselessMs) return holder.pending;
    holder.pending.catch(() => undefined);
    return holder.kept.value;
  };
}
