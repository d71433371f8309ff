/** Keyset cursors and the older ways to page. A cursor is URL-safe, opaque, and carries where the page ended. */
import type { PageInfo } from "@openmolt/contract/common";
import { MAX_OFFSET } from "@openmolt/contract/limits";
import { AppError } from "../errors.js";
import { isUuid } from "./ids.js";

/** Paging fields of a list's query. */
export interface PagingInput {
  limit?: number;
  cursor?: string;
  offset?: number;
  page?: number;
}

/** The kinds of value a cursor holds: a UUID, an ISO time, a finite number, a short text. */
export type CursorKind = "uuid" | "time" | "number" | "text";

/** What a list statement needs to know. */
export interface Page {
  /** The name of the list with its sort and filters; a cursor fits only its own list. */
  list: string;
  /** Items the caller gets; statements ask for one more, to know of a next page. */
  limit: number;
  /** Rows for the statement to skip; 0 with a cursor. */
  offset: number;
  /** Items on the pages before this one. */
  seen: number;
  /** Where the previous page ended, undefined on the first page. */
  after: readonly (string | number)[] | undefined;
}

/**
 * Reads limit, cursor, offset and page. Cursor wins over offset, offset over page.
 * @param kinds the kinds of the cursor's values, in order
 * @throws AppError INVALID_CURSOR, OFFSET_TOO_LARGE
 */
export function readPage(
  input: PagingInput,
  list: string,
  kinds: readonly CursorKind[],
  limits: { limit: number; max: number },
): Page {
  const limit = Math.min(input.limit ?? limits.limit, limits.max);
  if (input.cursor) {
    const { seen, place } = decodeCursor(input.cursor, list, kinds);
    return { list, limit, offset: 0, seen, after: place };
  }
  const offset = input.offset ?? ((input.page ?? 1) - 1) * limit;
  if (offset > MAX_OFFSET) throw new AppError("OFFSET_TOO_LARGE");
  return { list, limit, offset, seen: offset, after: undefined };
}

/** Cuts the extra row off and says how to go on; `placeOf` gives the cursor's values of a row. */
export function pageOf<T>(
  rows: readonly T[],
  page: Page,
  placeOf: (row: T) => readonly (string | number)[],
): { rows: T[]; info: PageInfo } {
  const kept = rows.slice(0, page.limit);
  const last = kept.at(-1);
  const more = rows.length > page.limit && last !== undefined;
  const seen = page.seen + kept.length;
  const cursor = () => Buffer.from(JSON.stringify([page.list, seen, ...placeOf(last as T)])).toString("base64url");
  return {
    rows: kept,
    info: {
      count: kept.length,
      has_more: more,
      next_cursor: more ? cursor() : null,
      next_offset: more ? seen : null,
    },
  };
}

function decodeCursor(cursor: string, list: string, kinds: readonly CursorKind[]) {
  const values = parse(cursor);
  const [name, seen, ...place] = Array.isArray(values) ? values : [];
  const fits = place.length === kinds.length && place.every((value, index) => isOfKind(value, kinds[index]));
  if (name !== list || !Number.isSafeInteger(seen) || !fits) throw new AppError("INVALID_CURSOR");
  return { seen: seen as number, place: place as (string | number)[] };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

function isOfKind(value: unknown, kind: CursorKind | undefined): boolean {
  if (kind === "number") return typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value !== "string" || value.length > 200) return false;
  if (kind === "uuid") return isUuid(value);
  if (kind === "time") return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value));
  return kind === "text" && value.isWellFormed() && !value.includes("\0");
}
