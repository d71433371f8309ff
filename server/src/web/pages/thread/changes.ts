/** What changed between two versions of a text, word by word, as `ins` and `del` that say so to those who cannot see them. */
import { diffLines, diffWordsWithSpace } from "diff";
import { showHidden } from "../../../platform/markdown.js";
import { type Html, markup } from "../../markup.js";
import type { View } from "../../view.js";
import { threadWords } from "../../words/thread.js";

/**
 * Words that may differ before texts are compared by lines, and lines that may before they are set beside each other as
 * they are: comparing costs the length of a text times its differences.
 */
const MOST_WORDS = 500;
const MOST_LINES = 200;

/** A text with what was taken from it and what was added. */
export function changes(view: View, before: string, after: string): Html[] {
  const words = threadWords[view.lang];
  const parts = diffWordsWithSpace(before, after, { maxEditLength: MOST_WORDS }) ??
    diffLines(before, after, { maxEditLength: MOST_LINES }) ?? [
      { value: before, removed: true, added: false },
      { value: after, removed: false, added: true },
    ];
  return parts.map(({ value, added, removed }) => {
    const text = showHidden(value);
    if (removed) return markup`<del><span class="unseen">${words.takenAway} </span>${text}</del>`;
    return added ? markup`<ins><span class="unseen">${words.addedHere} </span>${text}</ins>` : markup`${text}`;
  });
}
