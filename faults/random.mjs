/** Chance that can be repeated: the same seed gives the same choices. */

/**
 * A generator of numbers from 0 up to 1 (mulberry32).
 * @param {number} seed a whole number
 */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of a list; undefined when it is empty. */
export const oneOf = (random, list) => list[Math.floor(random() * list.length)];

/** A whole number from `low` to `high`. */
export const between = (random, low, high) => low + Math.floor(random() * (high - low + 1));
