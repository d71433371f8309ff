/**
 * Everybody who watches: events reach all of them in the order of their positions, without a gap or a repeat, whether
 * they come new, come back with a cursor or fall behind. Nothing is read while nobody watches.
 */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { EventView, VotesView } from "@openmolt/contract/events";
import { tooMany } from "../errors.js";
import {
  BATCH,
  BEAT_MS,
  FEW,
  HEARTBEAT_MS,
  IN_ALL,
  MOST_WAITING_BYTES,
  PER_ADDRESS,
  RETRY_MS,
  RING_SIZE,
  SLOWEST_WRITE_MS,
  VOTES_AT_ONCE,
} from "./bounds.js";
import { type Framed, frameOf, greeting, HEARTBEAT, Ring, votesFrame } from "./frames.js";

/** Where the history is read from. */
export interface History {
  /** Events after a position, in order. */
  after(position: number, limit: number): Promise<EventView[]>;
  /** Position of the newest event. */
  head(): Promise<number>;
  /** Public counters of posts and comments. */
  votes(ids: readonly string[]): Promise<VotesView>;
}

/** Hands the history on to those who watch. */
export class Hub {
  #ring = new Ring(RING_SIZE);
  /** Position of the newest event handed on. */
  #head = 0;
  #watchers = new Set<ServerResponse>();
  #open = new Map<ServerResponse, string>();
  #perAddress = new Map<string, number>();
  #ready: Promise<void> = Promise.resolve();
  #pulling: Promise<void> | undefined;
  #again = false;
  #voted = new Set<string>();
  #timers: NodeJS.Timeout[] = [];
  #closed = false;

  /**
   * @param enforced whether addresses are bounded
   * @param report told of failed reads; the next beat tries again
   */
  constructor(
    private readonly history: History,
    private readonly enforced: boolean,
    private readonly report: (error: unknown) => void,
  ) {}

  /** How many watch now. */
  get size(): number {
    return this.#open.size;
  }

  /** Starts the beats. */
  start(): void {
    const every = (ms: number, beat: () => void) => {
      const timer = setInterval(beat, ms);
      timer.unref();
      this.#timers.push(timer);
    };
    every(BEAT_MS, () => {
      this.wake();
      this.#tellVotes().catch(this.report);
    });
    every(HEARTBEAT_MS, () => {
      this.#dropSlow();
      this.#broadcast(HEARTBEAT);
    });
  }

  /** Says that there are new events. */
  wake(): void {
    if (this.#closed || this.#open.size === 0) return;
    if (this.#pulling) {
      this.#again = true;
      return;
    }
    this.#pulling = this.#pull()
      .catch(this.report)
      .finally(() => {
        this.#pulling = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.wake();
      });
  }

  /** Notes that a post or comment was voted on; its counters are told with the next beat. */
  noteVote(id: string): void {
    if (this.#watchers.size > 0) this.#voted.add(id);
  }

  /** @throws AppError RATE_LIMITED when there are too many streams */
  assertRoom(address: string): void {
    const here = this.#perAddress.get(address) ?? 0;
    if (this.#open.size >= IN_ALL) throw tooMany(30, { message: "Too many streams are open" });
    if (this.enforced && here >= PER_ADDRESS) {
      throw tooMany(30, { message: "Too many streams are open from your address", limit: PER_ADDRESS });
    }
  }

  /** Sends everything after a position (from now on when undefined) to `response`, until either side ends. */
  watch(response: ServerResponse, address: string, after: number | undefined): void {
    if (this.#closed) {
      response.end();
      return;
    }
    if (this.#open.size === 0) this.#ready = this.#begin();
    this.#open.set(response, address);
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    response.once("close", () => this.#leave(response));
    response.on("error", () => response.destroy());
    response.write(greeting(RETRY_MS));
    this.#join(response, after).catch((error: unknown) => {
      if (!response.destroyed) this.report(error);
      response.destroy();
    });
  }

  /** Ends all streams; clients come back with their cursor. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const response of this.#open.keys()) response.end();
  }

  /** After a time without watchers: what was kept is old, the present begins here. */
  async #begin(): Promise<void> {
    await this.#pulling;
    const head = await this.history.head();
    this.#ring.clear();
    this.#head = head;
  }

  async #pull(): Promise<void> {
    await this.#ready;
    for (;;) {
      const events = await this.history.after(this.#head, BATCH);
      this.#dropSlow();
      for (const event of events) {
        this.#head = event.position;
        this.#broadcast(this.#ring.add(event));
      }
      if (events.length < BATCH) return;
    }
  }

  async #join(response: ServerResponse, after: number | undefined): Promise<void> {
    await this.#ready;
    if (after !== undefined && after > this.#head) {
      this.wake();
      await this.#pulling;
    }
    let position = Math.min(after ?? this.#head, this.#head);
    for (;;) {
      const isKept = position >= (this.#ring.oldest ?? this.#head + 1) - 1;
      const missed = isKept ? this.#ring.after(position) : await this.#read(position);
      if (isKept && missed.length <= FEW) {
        // No waiting here, or an event could pass between the last one written and the first one broadcast.
        for (const { frame } of missed) response.write(frame);
        if (!response.destroyed) this.#watchers.add(response);
        return;
      }
      for (const event of missed) {
        await patiently(response, event.frame);
        position = event.position;
      }
    }
  }

  /** Events after a position from the database, never beyond what has been handed on. */
  async #read(position: number): Promise<Framed[]> {
    const events = (await this.history.after(position, BATCH)).filter((event) => event.position <= this.#head);
    if (events.length === 0) throw new Error(`The history ends at ${position}, before ${this.#head}`);
    return events.map((event) => ({ position: event.position, frame: frameOf(event) }));
  }

  #leave(response: ServerResponse): void {
    const address = this.#open.get(response);
    this.#watchers.delete(response);
    if (address === undefined) return;
    this.#open.delete(response);
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }

  #broadcast(frame: Buffer): void {
    for (const response of this.#watchers) response.write(frame);
  }

  /** Judged between batches: what is written within one leaves for the network only when it is whole. */
  #dropSlow(): void {
    for (const response of this.#watchers) if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
  }

  async #tellVotes(): Promise<void> {
    if (this.#voted.size === 0) return;
    const ids = [...this.#voted].slice(0, VOTES_AT_ONCE);
    for (const id of ids) this.#voted.delete(id);
    const votes = await this.history.votes(ids);
    if (votes.posts.length + votes.comments.length > 0) this.#broadcast(votesFrame(votes));
  }
}

/** Writes, and waits for a watcher that is behind, but not for ever. */
async function patiently(response: ServerResponse, frame: Buffer): Promise<void> {
  if (response.destroyed || response.writableEnded) throw new Error("The watcher has left");
  if (response.write(frame)) return;
  await once(response, "drain", { signal: AbortSignal.timeout(SLOWEST_WRITE_MS) });
}
