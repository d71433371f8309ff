/** From the words of a query and how often they occur to what the index is asked, the rarest word first. */
import { SHORTEST_BEGINNING } from "./words.js";

/** How often words (or authors, or submolts) occur, as far as it is known. */
export interface Frequencies {
  /** The share of all texts that have it, of the most frequent ones. */
  shares: ReadonlyMap<string, number>;
  /** No other is in a larger share than this. */
  rest: number;
}

/** The share of texts that have a word, author or submolt, at most. */
export const shareOf = (one: string, { shares, rest }: Frequencies): number => shares.get(one) ?? rest;

/** One word of a query as the index is asked for it. */
export interface Term {
  /** In the database's notation. */
  text: string;
  /** The share of all texts that it is in, at most. */
  share: number;
}

/** Frequent words that a beginning stands for, at most. */
const MOST_BEGUN = 8;

/**
 * The terms of a query, the rarest first. Its last word may be a beginning. The index gathers every place of every word
 * with a beginning before it looks at anything else, so that is left to beginnings of no frequent word; for the others
 * the frequent words are named one by one.
 */
export function termsOf(words: readonly string[], known: Frequencies): Term[] {
  const termOf = (word: string, isLast: boolean): Term => {
    if (!isLast || word.length < SHORTEST_BEGINNING) return { text: `'${word}'`, share: shareOf(word, known) };
    const begun = [...known.shares.keys()].filter((longer) => longer.startsWith(word));
    if (begun.length === 0) return { text: `'${word}':*`, share: known.rest };
    const most = begun.toSorted((a, b) => shareOf(b, known) - shareOf(a, known)).slice(0, MOST_BEGUN);
    const named = [...new Set([word, ...most])];
    return {
      text: `(${named.map((one) => `'${one}'`).join(" | ")})`,
      share: Math.min(
        1,
        named.reduce((sum, one) => sum + shareOf(one, known), 0),
      ),
    };
  };
  return words.map((word, index) => termOf(word, index === words.length - 1)).toSorted((a, b) => a.share - b.share);
}
