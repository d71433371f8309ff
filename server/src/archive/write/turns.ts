/** Work in turns: while the database writes one batch, the next one is read and made ready. */
import { setImmediate } from "node:timers/promises";

/** Items made ready before others are let in: long enough to be cheap, short enough that the database need not wait. */
const AT_ONCE = 50;

/** Makes each item ready, letting the connection to the database speak in between. */
export async function prepareEach<T, R>(items: readonly T[], prepare: (item: T) => R): Promise<R[]> {
  const ready: R[] = [];
  for (const item of items) {
    if (ready.length % AT_ONCE === AT_ONCE - 1) await setImmediate();
    ready.push(prepare(item));
  }
  return ready;
}

/** Hands over batch after batch, one at a time, and draws the next one meanwhile. Ends with the first error. */
export async function inTurns<T>(batches: AsyncIterable<T>, write: (batch: T) => Promise<void>): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const batch of batches) {
      await writing;
      writing = write(batch);
      // Awaited in its turn; until then nobody may call it unhandled.
      writing.catch(() => undefined);
    }
  } finally {
    await writing;
  }
}

/**
 * Statements of one transaction that do not wait for one another's answers.
 * @throws the first error; the ones after it only say that the transaction has failed
 */
export async function together(statements: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(statements)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}
