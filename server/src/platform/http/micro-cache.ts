/**
 * Answers kept for a moment: never served when they are older than `maxAgeMs`, nor to an agent that has written since.
 * One build at a time for each key, whoever asks meanwhile waits for it; errors are shared by those who wait, never kept.
 * Time is the machine's own steadily running one, not the clock that tests may set.
 */

interface Kept<T> {
  /** When its build began: everything committed before that is in it. */
  startedAt: number;
  value: T;
}

interface Run<T> {
  startedAt: number;
  value: Promise<T>;
  /** For readers that this run began too early for: one more, when it is done. */
  next?: Promise<T>;
}

const MOST_BYTES = 32 * 1_048_576;
/** What takes more of it than this is not kept: one value must not drive out all others. */
const LARGEST_SHARE = 1 / 8;

/** Keeps values that know about how many bytes they hold. */
export class MicroCache<T extends { bytes: number }> {
  /** In about the order in which they were begun, so that the oldest come first. */
  readonly #kept = new Map<string, Kept<T>>();
  readonly #running = new Map<string, Run<T>>();
  /** When agents last wrote; what is older than an answer may be tells nothing and is forgotten. */
  readonly #writes = new Map<string, number>();
  #bytes = 0;
  /** How readers got their values so far: kept ones, by waiting for another's build, by a build of their own. */
  readonly counts = { hit: 0, wait: 0, build: 0 };

  /**
   * @param maxAgeMs milliseconds a value may be served after its build began; with 0 every reader builds for itself
   * @param mostBytes kept at most; beyond that the oldest values go
   */
  constructor(
    private readonly maxAgeMs: number,
    private readonly mostBytes = MOST_BYTES,
  ) {}

  /** Whether anything is kept at all. */
  get isOn(): boolean {
    return this.maxAgeMs > 0;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Notes that a write of an agent has been committed. */
  wrote(agentId: string): void {
    const now = performance.now();
    this.#writes.delete(agentId);
    this.#writes.set(agentId, now);
    for (const [agent, at] of this.#writes) {
      if (at >= now - this.maxAgeMs) break;
      this.#writes.delete(agent);
    }
  }

  /** A kept value that is fresh enough for anybody, without waiting for one. */
  peek(key: string): T | undefined {
    const kept = this.#kept.get(key);
    if (!kept || kept.startedAt < performance.now() - this.maxAgeMs) return undefined;
    this.counts.hit++;
    return kept.value;
  }

  /**
   * A value that is fresh enough for this reader.
   * @param reader the reading agent, undefined for anybody else
   * @throws whatever `build` throws
   */
  async read(key: string, reader: string | undefined, build: () => Promise<T>): Promise<T> {
    if (!this.isOn) return this.#start(key, build, false);
    const oldest = Math.max(
      performance.now() - this.maxAgeMs,
      reader === undefined ? 0 : (this.#writes.get(reader) ?? 0),
    );
    const kept = this.#kept.get(key);
    if (kept && kept.startedAt >= oldest) {
      this.counts.hit++;
      return kept.value;
    }
    const run = this.#running.get(key);
    if (!run) return this.#start(key, build, true);
    this.counts.wait++;
    if (run.startedAt >= oldest) return run.value;
    const again = () => this.#start(key, build, true);
    run.next ??= run.value.then(again, again);
    return run.next;
  }

  async #start(key: string, build: () => Promise<T>, keep: boolean): Promise<T> {
    this.counts.build++;
    if (!keep) return build();
    const run: Run<T> = { startedAt: performance.now(), value: build() };
    this.#running.set(key, run);
    try {
      const value = await run.value;
      this.#keep(key, { startedAt: run.startedAt, value });
      return value;
    } finally {
      // What waits for this run goes on only now.
      this.#running.delete(key);
    }
  }

  #keep(key: string, kept: Kept<T>): void {
    this.#forget(key);
    if (kept.value.bytes > this.mostBytes * LARGEST_SHARE) return;
    this.#kept.set(key, kept);
    this.#bytes += kept.value.bytes;
    const oldest = performance.now() - this.maxAgeMs;
    for (const [first, { startedAt }] of this.#kept) {
      if (startedAt >= oldest && this.#bytes <= this.mostBytes) break;
      this.#forget(first);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#kept.get(key)?.value.bytes ?? 0;
    this.#kept.delete(key);
  }
}
