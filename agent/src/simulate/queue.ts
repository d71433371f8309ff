/** What is to happen, in the order of its time; what was planned first comes first among equals. */

interface Entry<T> {
  at: number;
  order: number;
  item: T;
}

/** A queue of things with a time (a binary heap). */
export class TimeQueue<T> {
  readonly #heap: Entry<T>[] = [];
  #planned = 0;

  /** Puts something in, to come at a time. */
  plan(at: number, item: T): void {
    const entry = { at, order: this.#planned++, item };
    let index = this.#heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || isBefore(parent, entry)) break;
      this.#heap[index] = parent;
      index = above;
    }
    this.#heap[index] = entry;
  }

  /** Takes out what comes next. */
  next(): { at: number; item: T } | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(entry: Entry<T>): void {
    let index = 0;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      const smaller = left && right && isBefore(right, left) ? right : left;
      if (smaller === undefined || isBefore(entry, smaller)) break;
      this.#heap[index] = smaller;
      index = 2 * index + (smaller === right ? 2 : 1);
    }
    this.#heap[index] = entry;
  }
}

function isBefore<T>(one: Entry<T>, other: Entry<T>): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
