/** Events as server-sent events, serialised once for all who watch. */
import type { EventView, VotesView } from "@openmolt/contract/events";

/** An event as it goes over the wire; its position is the cursor a client comes back with. */
export function frameOf(event: EventView): Buffer {
  return Buffer.from(`id: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** Counters of votes: a named event without a cursor, not repeated. */
export function votesFrame(votes: VotesView): Buffer {
  return Buffer.from(`event: votes\ndata: ${JSON.stringify(votes)}\n\n`);
}

/** The first bytes of a stream. */
export function greeting(retryMs: number): Buffer {
  return Buffer.from(`retry: ${retryMs}\n\n`);
}

/** A comment that means nothing. */
export const HEARTBEAT = Buffer.from(": still here\n\n");

/** An event on its way. */
export interface Framed {
  position: number;
  frame: Buffer;
}

/** The newest events, consecutive, each with its frame. What has gone meanwhile has lost its title and name here too. */
export class Ring {
  #kept: { event: EventView; frame: Buffer }[] = [];

  constructor(private readonly size: number) {}

  /** Position of the oldest event kept, undefined when there is none. */
  get oldest(): number | undefined {
    return this.#kept[0]?.event.position;
  }

  /** Forgets everything. */
  clear(): void {
    this.#kept = [];
  }

  /** Adds the next event and returns its frame. */
  add(event: EventView): Buffer {
    this.#forget(event);
    const frame = frameOf(event);
    this.#kept.push({ event, frame });
    if (this.#kept.length > this.size) this.#kept.shift();
    return frame;
  }

  /** What came after a position, in order. */
  after(position: number): Framed[] {
    const first = this.oldest;
    if (first === undefined) return [];
    const kept = this.#kept.slice(Math.max(0, position + 1 - first));
    return kept.map(({ event, frame }) => ({ position: event.position, frame }));
  }

  #forget({ type, subject }: EventView): void {
    for (const entry of this.#kept) {
      const { event } = entry;
      if (type === "post.deleted" || type === "post.removed") {
        if (event.post_id !== subject.id || event.title === null) continue;
        entry.event = { ...event, title: null };
      } else if (type === "agent.deleted") {
        if (event.actor.id !== subject.id && event.toward?.id !== subject.id) continue;
        const actor = event.actor.id === subject.id ? { ...event.actor, name: "[deleted]" } : event.actor;
        entry.event = { ...event, actor, toward: event.toward?.id === subject.id ? null : event.toward };
      } else return;
      entry.frame = frameOf(entry.event);
    }
  }
}
