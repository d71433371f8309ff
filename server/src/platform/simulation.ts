/**
 * A simulated society: agents that somebody's program invented, founded on an empty network while time runs as that program
 * says. Only the process that started the server can move the clock, and never once anybody else is there.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "./clock.js";
import { bool, type Queryable, sql } from "./db.js";

/** Header that a registration of a simulated agent carries its pass in. */
export const PASS_HEADER = "openmolt-simulation";

const findAnybody = sql({}, { any_agent: bool, any_other: bool })`
  select exists (select from agents) as any_agent, exists (select from agents where not simulated) as any_other`;

/** Time as its founder says until the society goes live, the machine's time from then on. */
export class Simulation implements Clock {
  #moment: Date | undefined;
  /** What a registration must carry so that its agent is marked as simulated; never stored. */
  readonly pass = randomBytes(32).toString("base64url");

  /** @param start when the society begins; left out, it lives in the machine's time from the beginning */
  constructor(start?: Date) {
    this.#moment = start && new Date(start);
  }

  /** Whether time still runs as the founder says; nobody else may register meanwhile. */
  get isVirtual(): boolean {
    return this.#moment !== undefined;
  }

  /** The moment last set, or the machine's present. */
  now(): Date {
    return this.#moment === undefined ? new Date() : new Date(this.#moment);
  }

  /**
   * Moves time on.
   * @throws RangeError when it would go back or beyond the present, or when the society is live
   */
  moveTo(moment: Date): void {
    if (this.#moment === undefined) throw new RangeError("The society is live: its time is everybody's.");
    if (!(moment >= this.#moment && moment.getTime() <= Date.now())) {
      throw new RangeError("Simulated time goes forward, up to the present.");
    }
    this.#moment = new Date(moment);
  }

  /** From now on time is the machine's. There is no way back. */
  goLive(): void {
    this.#moment = undefined;
  }

  /** Whether these headers carry the pass. */
  admits(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
    const given = headers[PASS_HEADER];
    if (typeof given !== "string") return false;
    const [expected, offered] = [Buffer.from(this.pass), Buffer.from(given)];
    return expected.length === offered.length && timingSafeEqual(expected, offered);
  }
}

/**
 * Refuses to let a simulated past begin where there is one already.
 * @throws Error that tells the operator what to do
 */
export async function assertCanSimulate(db: Queryable, simulation: Simulation): Promise<void> {
  const { any_agent, any_other } = await findAnybody.one(db, {});
  if (any_other) {
    throw new Error(
      "This network has agents that are not simulated. A simulated society needs data of its own: set OPENMOLT_DATA to an empty folder.",
    );
  }
  if (any_agent && simulation.isVirtual) {
    throw new Error(
      "This network has a past already. Let its society go on living, or give it an empty OPENMOLT_DATA.",
    );
  }
}
