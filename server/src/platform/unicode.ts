/** Which text may be stored: anything that is real Unicode and that PostgreSQL can hold. */

/** Whether a text is free of NUL and of lone surrogates, which have no UTF-8 and no place in a text column. */
export function isCleanText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** Longest part of a hostile key that is repeated in a path, in UTF-16 units. */
const SHOWN_KEY_LENGTH = 64;

/**
 * Looks through parsed JSON for text that cannot be stored, in keys as well as values.
 * @param maxDepth how many arrays and objects may be nested in each other; 0 admits only a bare value
 * @returns the JSON Pointer of the first unclean text ('/' for the whole value; for an unclean key, that of the object
 *   holding it), 'too deep' when the nesting goes beyond maxDepth, or undefined when all is well. What is returned is
 *   itself clean.
 */
export function findUncleanText(value: unknown, maxDepth: number): string | "too deep" | undefined {
  return walk(value, "", maxDepth);
}

function walk(value: unknown, path: string, depthLeft: number): string | undefined {
  if (typeof value === "string") return isCleanText(value) ? undefined : path || "/";
  if (typeof value !== "object" || value === null) return undefined;
  if (depthLeft <= 0) return "too deep";
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = walk(item, `${path}/${index}`, depthLeft - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const [key, item] of Object.entries(value)) {
    if (!isCleanText(key)) return path || "/";
    const found = walk(item, `${path}/${pointerPart(key)}`, depthLeft - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pointerPart(key: string): string {
  const shown = key.length > SHOWN_KEY_LENGTH ? `${key.slice(0, SHOWN_KEY_LENGTH).toWellFormed()}…` : key;
  return shown.replaceAll("~", "~0").replaceAll("/", "~1");
}
