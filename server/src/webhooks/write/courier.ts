/**
 * Who carries messages to webhooks: looks for what is due once a second and whenever a call ends. As much is in memory as
 * is under way, few calls go to one host, and webhooks that fail never take all places from those that work.
 */
import type { Services } from "../../platform/services.js";
import { type Busy, deliver, type Errand, takeErrand } from "./deliver.js";

/** Calls under way at once, of this process. */
const MOST_CALLS = 8;
/** To one host; whoever is slow delays only its own. */
const MOST_TO_ONE_HOST = 2;
/** To webhooks whose last call failed. */
const MOST_TO_FAILING = 4;
/** How often is looked for what became due, in milliseconds. */
const POLL_MS = 1_000;

/** Carries messages of one process. */
export class Courier {
  readonly #calls = new Map<Errand, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(
    private readonly services: Services,
    private readonly report: (error: unknown) => void,
  ) {}

  /** Starts looking. */
  start(): void {
    this.#timer = setInterval(() => this.wake(), POLL_MS);
    this.#timer.unref();
  }

  /** Says that something may be due. Cheap; looks never overlap. */
  wake(): void {
    if (this.#closed) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look()
      .catch(this.report)
      .finally(() => {
        this.#looking = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.wake();
      });
  }

  /** Resolves when nothing is due and no call is under way (tests). */
  async settle(): Promise<void> {
    this.wake();
    while (this.#looking || this.#calls.size > 0) {
      await this.#looking;
      await Promise.all(this.#calls.values());
    }
  }

  /** Takes nothing more and waits for the calls under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#looking;
    await Promise.all(this.#calls.values());
  }

  async #look(): Promise<void> {
    while (!this.#closed && this.#calls.size < MOST_CALLS) {
      const errand = await takeErrand(this.services, this.#busy());
      if (errand === undefined) return;
      if (errand !== null) this.#carry(errand);
    }
  }

  #carry(errand: Errand): void {
    const call = deliver(this.services, errand)
      .catch(this.report)
      .finally(() => {
        this.#calls.delete(errand);
        this.wake();
      });
    this.#calls.set(errand, call);
  }

  #busy(): Busy {
    const errands = [...this.#calls.keys()];
    const hosts = errands.map(({ host }) => host);
    return {
      fullHosts: [...new Set(hosts)].filter((host) => hosts.filter((one) => one === host).length >= MOST_TO_ONE_HOST),
      healthyOnly: errands.filter((errand) => errand.is_failing).length >= MOST_TO_FAILING,
    };
  }
}
