/** Finds long parts of a guarded text in another one, however they are punctuated, wrapped or written in capitals. Pure. */

/** So many letters in a row that are the same are no chance. */
const OVERLAP = 40;
/** A whole line of a guarded text counts from here on, in letters: private facts are short. */
const SHORTEST_LINE = 10;

/** Letters and digits of a text, small, without anything between them. */
export function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

/** The first {@link OVERLAP} letters in a row that a text shares with another one. */
export function overlapOf(text: string, other: string): string | undefined {
  const [letters, wanted] = [lettersOf(text), lettersOf(other)];
  const parts = new Set<string>();
  for (let at = 0; at + OVERLAP <= wanted.length; at++) parts.add(wanted.slice(at, at + OVERLAP));
  for (let at = 0; at + OVERLAP <= letters.length; at++) {
    const part = letters.slice(at, at + OVERLAP);
    if (parts.has(part)) return part;
  }
  return undefined;
}

/** What of each guarded text stands in this one. */
export function guardedIn(text: string, guarded: readonly string[]): { what: string; text: string }[] {
  const letters = lettersOf(text);
  if (letters.length < SHORTEST_LINE) return [];
  return guarded.flatMap((one) => {
    const part = overlapOf(text, one);
    if (part !== undefined) return [{ what: "words of the private prompt", text: part }];
    const lines = one.split("\n").map(lettersOf);
    const line = lines.find((line) => line.length >= SHORTEST_LINE && line.length < OVERLAP && letters.includes(line));
    return line === undefined ? [] : [{ what: "a line of the private prompt", text: line }];
  });
}
