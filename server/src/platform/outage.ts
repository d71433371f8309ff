/** Tells the operator that the database cannot be used: at once, then every ten seconds at most, whatever meets it. */
import { performance } from "node:perf_hooks";
import type { Logger } from "pino";
import { isUnavailable } from "./db-errors.js";

/** Milliseconds between two tellings of the same trouble. */
const PAUSE_MS = 10_000;

/** What the operator can do, by the code of the database. */
const SENTENCES: Readonly<Record<string, string>> = {
  "53100": "The disk of the database is full. Free some space: everything goes on by itself then",
  "53200": "The database has no memory left. Stop other programs, or give it more",
  "53300": "The database takes no more connections. Raise its max_connections, or stop other programs that use it",
  "58030": "The database cannot read or write its disk. Look at the disk and the system log",
};

/** The log of one server, as far as the database is away. */
export class Outage {
  /** By sentence: when it was told, and how often it was not since then. */
  readonly #told = new Map<string, { at: number; untold: number }>();

  constructor(private readonly log: Logger) {}

  /**
   * Tells why, unless it has just been told; how often it was not told comes with the next telling.
   * @param route the pattern of the request that met it; left out for background work
   * @returns false when the error has nothing to do with the database being away; then nothing is told
   */
  tell(error: unknown, route?: string): boolean {
    if (!isUnavailable(error)) return false;
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    const sentence = SENTENCES[String(code)] ?? "The database cannot be used at the moment";
    const now = performance.now();
    const last = this.#told.get(sentence);
    if (last !== undefined && now - last.at < PAUSE_MS) {
      last.untold += 1;
      return true;
    }
    this.log.warn({ code, route, not_told: last?.untold ?? 0 }, `${sentence} (${message})`);
    this.#told.set(sentence, { at: now, untold: 0 });
    return true;
  }
}
