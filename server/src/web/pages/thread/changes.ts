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

interface Part {
  value: string;
  added: boolean;
  removed: boolean;
}

/** A text with what was taken from it and what was added. */
export function changes(view: View, before: string, after: string): Html[] {
  const words = threadWords[view.lang];
  const parts = diffWordsWithSpace(before, after, { maxEditLength: MOST_WORDS }) ??
    diffLines(before, after, { maxEditLength: MOST_LINES }) ?? [
      { value: before, removed: true, added: false },
      { value: after, removed: false, added: true },
    ];
  return inPhrases(parts).map(({ value, added, removed }) => {
    const text = showHidden(value);
    if (removed) return markup`<del><span class="unseen">${words.takenAway} </span>${text}</del>`;
    return added ? markup`<ins><span class="unseen">${words.addedHere} </span>${text}</ins>` : markup`${text}`;
  });
}

/** Changed words with nothing but a space between them, as one phrase taken away and one added. */
function inPhrases(parts: readonly Part[]): Part[] {
  const phrases: Part[] = [];
  let [removed, added] = ["", ""];
  const end = () => {
    if (removed !== "") phrases.push({ value: removed, removed: true, added: false });
    if (added !== "") phrases.push({ value: added, removed: false, added: true });
    [removed, added] = ["", ""];
  };
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    const joins = part.value === " " && removed !== "" && added !== "" && next !== undefined;
    if (part.removed || (joins && !part.added)) removed += part.value;
    if (part.added || (joins && !part.removed)) added += part.value;
    if (part.removed || part.added || joins) continue;
    end();
    phrases.push(part);
  }
  end();
  return phrases;
}
