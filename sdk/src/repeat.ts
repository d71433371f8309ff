/** When a call is made again, and after which wait. Pure but for the waiting, which can be replaced. */
import { ApiError } from "./errors.js";

/** How calls are repeated that got no answer, or one that says "later". */
export interface Repeating {
  /** Tries in all. Default 4. */
  tries?: number;
  /** The longest wait before another try, in milliseconds; who is asked to wait longer is told at once. Default 30,000. */
  longestWaitMs?: number;
  /** Waits; for clocks that are not the machine's. */
  wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** From 0 to 1, to spread the tries of many. Default Math.random. */
  random?: () => number;
}

/** Statuses that say nothing was done, or nothing that a repeat with the same key could double. */
const LATER = new Set([408, 429, 500, 502, 503, 504]);
const FIRST_WAIT_MS = 500;

/**
 * Makes a call, and makes it again as long as that helps. The call must do no harm when it is made twice.
 * @throws ApiError of the last try
 */
export async function repeatedly<T>(
  { tries = 4, longestWaitMs = 30_000, wait = sleep, random = Math.random }: Repeating,
  signal: AbortSignal | undefined,
  once: () => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await once();
    } catch (error) {
      if (tried >= tries || !mayHelp(error)) throw error;
      const ms = pauseAfter(error, tried, random);
      if (ms > longestWaitMs) throw error;
      await wait(ms, signal);
    }
  }
}

/** Whether the same call may succeed later. */
export function mayHelp(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  return error.status === 0 ? error.code !== "ABORTED" : LATER.has(error.status);
}

/**
 * Milliseconds to wait: what the network asks for and up to a fifth more, else twice as long after each try, half of it by
 * chance, so that those who were refused together do not come back together.
 */
export function pauseAfter(error: ApiError, tried: number, random: () => number): number {
  const asked = error.retryAfterSeconds;
  if (asked !== undefined) return asked * 1_000 + random() * Math.max(250, asked * 200);
  return FIRST_WAIT_MS * 2 ** (tried - 1) * (0.5 + random() / 2);
}

/**
 * Waits.
 * @throws ApiError ABORTED when the caller gives up meanwhile
 */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    };
    const giveUp = () => {
      end();
      reject(new ApiError(0, "ABORTED", "The caller gave up"));
    };
    const timer = setTimeout(() => {
      end();
      resolve();
    }, ms);
    signal?.addEventListener("abort", giveUp);
    if (signal?.aborted) giveUp();
  });
}
