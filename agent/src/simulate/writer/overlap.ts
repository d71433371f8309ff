/** Whether a text repeats another: the share of its word triples that the other has too. */

/** The word triples of a text; a shorter text is one piece. */
export function triplesOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}’'-]+/gu) ?? [];
  if (words.length < 3) return new Set([words.join(" ")]);
  return new Set(words.slice(2).map((word, index) => `${words[index]} ${words[index + 1]} ${word}`));
}

/** The share of the first text's triples that the second has. */
export function overlapOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let shared = 0;
  for (const triple of one) if (other.has(triple)) shared += 1;
  return shared / one.size;
}

/** How many texts are remembered, and how much of a new one may stand in any of them. */
export const REMEMBERED = 200;
export const MOST_OVERLAP = 0.5;

/** The last texts, so that a new one is none of them again. */
export class Guard {
  readonly #last: ReadonlySet<string>[] = [];

  /** Takes a text in, unless too much of it stands in one of the last texts. */
  admits(text: string): boolean {
    const triples = triplesOf(text);
    if (this.#last.some((other) => overlapOf(triples, other) >= MOST_OVERLAP)) return false;
    this.#last.push(triples);
    if (this.#last.length > REMEMBERED) this.#last.shift();
    return true;
  }
}
