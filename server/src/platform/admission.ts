/**
 * Admission: how many requests are worked on at once, who waits for a place, and who is sent away at once because waiting
 * would help nobody. What is admitted is answered in time, memory stays bounded, and the rest hears when to come back.
 *
 * The line is controlled by delay (B. Maurer, "Fail at Scale", ACM Queue 13/8, 2015): a burst may wait long, for it will
 * be over soon; when the line has not been empty for a while, the server cannot keep up, and only a short wait makes sense.
 */
import { AppError } from "../errors.js";

/** Who goes first: writes of those who show a key or a session, then their reads, then reads of anybody. */
export type Precedence = 0 | 1 | 2;

/** How much is taken on. */
export interface AdmissionBounds {
  /** Requests worked on at once; well above the database's connections, so that those are never idle. */
  places: number;
  /** Requests waiting for a place. */
  waiting: number;
  /** Bytes of the bodies of all requests that are here. */
  bodyBytes: number;
  /** Longest wait in milliseconds, in a burst and when the server cannot keep up. */
  patience: { burst: number; overload: number };
}

/** What no setting changes. */
export const ADMISSION: Pick<AdmissionBounds, "bodyBytes" | "patience"> = {
  bodyBytes: 134_217_728,
  patience: { burst: 5_000, overload: 500 },
};
/** Seconds over which shed callers spread their return, at least and at most. */
const RETURN_SECONDS = { least: 4, most: 60 };
const WINDOW_MS = 5_000;

interface Waiter {
  since: number;
  admit(): void;
  refuse(error: AppError): void;
}

/** The door of one server. */
export class Admission {
  #active = 0;
  #bodyBytes = 0;
  readonly #lines: readonly [Waiter[], Waiter[], Waiter[]] = [[], [], []];
  /** Since when somebody has been waiting without a break. */
  #busySince = 0;
  #timer: NodeJS.Timeout | undefined;
  #window = { since: 0, answered: 0, shed: 0 };
  #before = { answered: 0, shed: 0 };

  constructor(
    private readonly bounds: AdmissionBounds,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Requests worked on. */
  get active(): number {
    return this.#active;
  }

  /** Requests waiting for a place. */
  get waiting(): number {
    return this.#lines[0].length + this.#lines[1].length + this.#lines[2].length;
  }

  /** Whether a request of this precedence would be sent away if it came now. */
  isFull(precedence: Precedence): boolean {
    return this.waiting >= this.#room() && this.#lastBehind(precedence) === undefined;
  }

  /** Takes a place if one is free and nobody waits; {@link leave} gives it back. */
  tryEnter(): boolean {
    if (this.#active >= this.bounds.places || this.waiting > 0) return false;
    this.#active++;
    return true;
  }

  /**
   * Waits for a place; {@link leave} gives it back.
   * @param gone aborts when the caller does not wait any longer
   * @throws AppError OVERLOADED
   */
  async enter(precedence: Precedence, gone?: AbortSignal): Promise<void> {
    if (this.tryEnter()) return;
    if (this.waiting >= this.#room()) {
      const behind = this.#lastBehind(precedence);
      if (behind === undefined) throw this.refusal();
      behind.pop()?.refuse(this.refusal());
    }
    if (this.waiting === 0) this.#busySince = this.now();
    this.#timer ??= setInterval(() => this.#sendAway(), 50).unref();
    const line = this.#lines[precedence];
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { since: this.now(), admit: resolve, refuse: reject };
      line.push(waiter);
      gone?.addEventListener("abort", () => {
        const place = line.indexOf(waiter);
        if (place < 0) return;
        line.splice(place, 1);
        reject(new AppError("OVERLOADED"));
      });
    });
  }

  /** Gives a place to the next in line. */
  leave(): void {
    this.#turnWindow();
    this.#window.answered++;
    const next = this.#lines.find((line) => line.length > 0)?.shift();
    if (next === undefined) this.#active--;
    else next.admit();
    if (this.waiting === 0) this.#rest();
  }

  /** Takes on a body, unless there is no room for it; {@link dropBody} when it is no longer held. */
  takeBody(bytes: number): boolean {
    if (this.#bodyBytes + bytes > this.bounds.bodyBytes) return false;
    this.#bodyBytes += bytes;
    return true;
  }

  /** The body of a request is not held any more. */
  dropBody(bytes: number): void {
    this.#bodyBytes -= bytes;
  }

  /** Counts a request that is sent away, and says when it may come back: spread over the time it takes to serve them all. */
  refusal(): AppError {
    this.#turnWindow();
    this.#window.shed++;
    const shed = this.#window.shed + this.#before.shed;
    const answered = Math.max(1, this.#window.answered + this.#before.answered);
    const spread = Math.min(
      RETURN_SECONDS.most,
      Math.max(RETURN_SECONDS.least, (shed / answered) * (WINDOW_MS / 1000)),
    );
    const seconds = 1 + Math.floor(Math.random() * spread);
    return new AppError("OVERLOADED", { retryAfterSeconds: seconds, fields: { retry_after_seconds: seconds } });
  }

  /** Whether the line has not been empty for so long that this is no burst. */
  #isOverloaded(): boolean {
    return this.waiting > 0 && this.now() - this.#busySince > this.bounds.patience.burst;
  }

  /** How many may wait: when the server cannot keep up, no more than will be answered before their patience ends. */
  #room(): number {
    if (!this.#isOverloaded()) return this.bounds.waiting;
    this.#turnWindow();
    const seconds = (this.now() - this.#window.since + WINDOW_MS) / 1_000;
    const perSecond = (this.#window.answered + this.#before.answered) / seconds;
    return Math.min(this.bounds.waiting, Math.ceil((perSecond * this.bounds.patience.overload) / 1_000));
  }

  /** The last line behind `precedence` in which somebody waits. */
  #lastBehind(precedence: Precedence): Waiter[] | undefined {
    return this.#lines.findLast((line, behind) => behind > precedence && line.length > 0);
  }

  /** Sends away who has waited too long. */
  #sendAway(): void {
    const { burst, overload } = this.bounds.patience;
    const now = this.now();
    const patience = this.#isOverloaded() ? overload : burst;
    for (const line of this.#lines) {
      while (line[0] !== undefined && now - line[0].since > patience) line.shift()?.refuse(this.refusal());
    }
    if (this.waiting === 0) this.#rest();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #turnWindow(): void {
    const now = this.now();
    const age = now - this.#window.since;
    if (age < WINDOW_MS) return;
    this.#before = age < 2 * WINDOW_MS ? this.#window : { answered: 0, shed: 0 };
    this.#window = { since: now, answered: 0, shed: 0 };
  }
}
