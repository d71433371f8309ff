/** Chance that can be repeated: the same seed gives the same numbers on every machine. Nothing here asks the clock or the system. */

/** A stream of random numbers from a seed (sfc32 on a hash of the seed's text). */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  constructor(readonly seed: string) {
    let hash = 2_166_136_261;
    const word = (salt: number) => {
      for (const letter of `${seed}/${salt}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619);
      hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
      return (hash ^ (hash >>> 13)) >>> 0;
    };
    this.#a = word(1);
    this.#b = word(2);
    this.#c = word(3);
    for (let warm = 0; warm < 12; warm++) this.next();
  }

  /** A stream of its own for a part of the work, so that a change in one part leaves the others as they are. */
  fork(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  /** From 0 up to but without 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number, both ends included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /**
   * One of a list.
   * @throws Error when the list is empty
   */
  pick<T>(list: readonly T[]): T {
    const [picked] = list.slice(Math.floor(this.next() * list.length));
    if (picked === undefined) throw new Error("There is nothing to pick from");
    return picked;
  }

  /** One of a list by weight; undefined when no weight is above zero. */
  weighted<T>(list: readonly T[], weight: (item: T) => number): T | undefined {
    const weights = list.map((item) => Math.max(0, weight(item)));
    let left = this.next() * weights.reduce((sum, each) => sum + each, 0);
    return list.find((_, index) => {
      const own = weights[index] ?? 0;
      left -= own;
      return own > 0 && left < 0;
    });
  }

  /** The list in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((item) => ({ item, at: this.next() }))
      .sort((one, other) => one.at - other.at)
      .map(({ item }) => item);
  }

  /** A waiting time with the given mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Log-normal: half of the draws lie below the median; `spread` is the deviation of the logarithm. */
  logNormal(median: number, spread: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(spread * normal);
  }

  /** Pareto from 1 upwards: the chance to exceed x is x to the power of minus `shape`. */
  pareto(shape: number): number {
    return (1 - this.next()) ** (-1 / shape);
  }
}
