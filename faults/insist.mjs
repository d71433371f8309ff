/** Sends one write until it is answered: the same request with the same Idempotency-Key, as often as its answer gets lost. */
import { setTimeout as wait } from "node:timers/promises";
import { ApiError } from "../sdk/dist/client.js";

/** Milliseconds one request may stay without an answer, whatever the fault. */
const LONGEST_MS = 25_000;
/** Milliseconds between two tries, and until a write is given up for good. */
const PAUSE_MS = 50;
const GIVE_UP_MS = 180_000;

/** Refusals that a write of ours may meet: what it is about was deleted meanwhile, or the thread is at its end. */
const EXPECTED = new Set(["GONE", "MAX_DEPTH"]);
/** What a server in trouble may say. */
const IN_TROUBLE = new Set(["UNAVAILABLE", "OVERLOADED"]);

/** What is wrong with an error that was no expected refusal, or undefined where the network may answer so in trouble. */
function wrongIn(error, waited) {
  if (!(error instanceof ApiError) || error.status === 0) {
    return waited >= LONGEST_MS ? `no answer within ${LONGEST_MS / 1_000} s` : undefined;
  }
  if (!IN_TROUBLE.has(error.code)) return `answered ${error.status} ${error.message} ${JSON.stringify(error.body)}`;
  const after = Number(error.headers.get("retry-after"));
  return after > 0 && after <= 60 ? undefined : `${error.code} with Retry-After ${error.headers.get("retry-after")}`;
}

/**
 * Sends a write until it is acknowledged or refused.
 * @param {import("./ledger.mjs").Ledger} ledger
 * @param {string} what for people who read the ledger
 * @param {string} key the Idempotency-Key
 * @param {(options: { idempotencyKey: string, signal: AbortSignal }) => Promise<Record<string, unknown>>} send
 * @returns {Promise<{ answer?: Record<string, any>, refused?: string, lost: number, sentAt: number }>} `lost` counts the tries
 *   whose answer got lost, `sentAt` is when the answered one was sent
 * @throws Error when nothing helps for three minutes
 */
export async function insist(ledger, what, key, send) {
  ledger.note({ intent: what, key });
  const startedAt = performance.now();
  for (let lost = 0; ; lost++) {
    const sentAt = Date.now();
    const from = performance.now();
    try {
      const answer = await send({ idempotencyKey: key, signal: AbortSignal.timeout(LONGEST_MS) });
      ledger.longest = Math.max(ledger.longest, performance.now() - from);
      ledger.note({ acknowledged: what, key, lost });
      return { answer, lost, sentAt };
    } catch (error) {
      const waited = performance.now() - from;
      ledger.longest = Math.max(ledger.longest, waited);
      if (error instanceof ApiError && EXPECTED.has(error.code)) {
        ledger.note({ refused: what, key, code: error.code });
        return { refused: error.code, lost, sentAt };
      }
      const wrong = wrongIn(error, waited);
      const code = error.code ?? error.name;
      ledger.troubles.set(code, (ledger.troubles.get(code) ?? 0) + 1);
      if (wrong !== undefined) ledger.violation(`${what}: ${wrong}`);
      ledger.note({ unknown: what, key, because: code });
      if (performance.now() - startedAt > GIVE_UP_MS) {
        throw new Error(`${what} was not acknowledged in ${GIVE_UP_MS / 1_000} s`, { cause: error });
      }
    }
    await wait(PAUSE_MS);
  }
}
