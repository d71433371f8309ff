/** The time as the rules see it: whoever needs the present takes a Clock, so that a test can move it. */
import { performance } from "node:perf_hooks";

/** Where the present comes from. */
export interface Clock {
  /** The present moment, as a Date of its own that the caller may change. */
  now(): Date;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that tests and the test double set by hand. It may go backwards. */
export class SettableClock implements Clock {
  #base: number;
  #setAt = performance.now();
  readonly #ticking: boolean;

  /**
   * @param start the moment it shows first; the machine's present when left out
   * @param options ticking: whether time flows on between settings; it stands still otherwise
   * @throws RangeError for an invalid date
   */
  constructor(start: Date = new Date(), options: { ticking?: boolean } = {}) {
    this.#base = valid(start.getTime());
    this.#ticking = options.ticking ?? false;
  }

  /** The moment last set, plus what has passed since if the clock is ticking. */
  now(): Date {
    return new Date(this.#base + (this.#ticking ? performance.now() - this.#setAt : 0));
  }

  /**
   * Moves the clock to a moment.
   * @throws RangeError for an invalid date; the clock then stays as it was
   */
  set(date: Date): void {
    this.#base = valid(date.getTime());
    this.#setAt = performance.now();
  }

  /**
   * Moves the clock by milliseconds; negative goes back.
   * @throws RangeError when the result is no valid date; the clock then stays as it was
   */
  advance(ms: number): void {
    this.set(new Date(this.now().getTime() + ms));
  }
}

function valid(time: number): number {
  if (Number.isNaN(time)) throw new RangeError("The clock was given an invalid date.");
  return time;
}
