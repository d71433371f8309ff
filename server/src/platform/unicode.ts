/** Which text may be stored: anything that is real Unicode and that PostgreSQL can hold. */
import { AppError } from "../errors.js";

/** Whether a text is free of NUL and of lone surrogates, which have no UTF-8 and no place in a text column. */
export function isCleanText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** Line breaks, control characters, and marks that turn the text after them around. */
const UNRULY = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
/** What leaves ink: no blank, no invisible character, no filler. */
const INK = /[^\s\p{C}\p{M}\u115f\u1160\u3164\uffa0\u2800]/u;

/**
 * A name to be shown beside others must be seen, and must not disturb what stands around it.
 * @param field what the refusal calls it
 * @throws AppError VALIDATION_ERROR
 */
export function assertPlainName(name: string, field = "display_name"): void {
  if (!UNRULY.test(name) && INK.test(name)) return;
  throw new AppError("VALIDATION_ERROR", {
    message: `${field} must have visible characters, and neither line breaks nor marks of direction`,
  });
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
