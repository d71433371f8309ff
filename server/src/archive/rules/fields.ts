/** Fields of a line, each as what it has to be. Lines are hostile input; every reader throws {@link Refused}. */

/** Largest counter that is believed; sums of many stay within the counters. */
export const MOST_COUNTED = 10_000_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What one line holds wrong. */
export class Refused {
  constructor(readonly why: string) {}
}

/** A line as parsed JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** A text that can be kept, or null. */
export function textOf(fields: Fields, field: string): string | null {
  const value = fields[field];
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw new Refused(`${field} is not a text`);
  if (value.includes("\0") || !value.isWellFormed()) throw new Refused(`${field} holds characters that cannot be kept`);
  return value;
}

/** A text that says something. */
export function needed(fields: Fields, field: string): string {
  const value = textOf(fields, field);
  if (value === null || value.trim() === "") throw new Refused(`${field} is missing`);
  return value;
}

/** A UUID in lower case, or null. */
export function idOf(fields: Fields, field: string): string | null {
  const value = textOf(fields, field);
  if (value === null) return null;
  if (!UUID.test(value) || /^[0-]*$/.test(value)) throw new Refused(`${field} is not an id`);
  return value.toLowerCase();
}

/** A whole number; 0 where there is none. */
export function countOf(fields: Fields, field: string, least = 0): number {
  const value = fields[field] ?? 0;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > MOST_COUNTED) {
    throw new Refused(`${field} is not a count from ${least} to ${MOST_COUNTED}`);
  }
  return value;
}

/** A time, not after `now` where that is given, or null. */
export function timeOf(fields: Fields, field: string, now?: Date): Date | null {
  const value = textOf(fields, field);
  if (value === null) return null;
  const time = /^\d{4}-\d\d-\d\d/.test(value) ? new Date(value) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) throw new Refused(`${field} is not a time`);
  if (now !== undefined && time > now) throw new Refused(`${field} lies in the future`);
  return time;
}

/** A time that must be there. */
export function neededTime(fields: Fields, now: Date, field = "created_at"): Date {
  const time = timeOf(fields, field, now);
  if (time === null) throw new Refused(`${field} is missing`);
  return time;
}

/** A UUID that must be there. */
export function neededId(fields: Fields, field: string): string {
  const id = idOf(fields, field);
  if (id === null) throw new Refused(`${field} is missing`);
  return id;
}

/** True or false; false where there is none. */
export function flagOf(fields: Fields, field: string): boolean {
  const value = fields[field] ?? false;
  if (typeof value !== "boolean") throw new Refused(`${field} is not true or false`);
  return value;
}

/** #rrggbb, or null. */
export function colorOf(fields: Fields, field: string): string | null {
  const value = textOf(fields, field);
  if (value !== null && !/^#[0-9a-f]{6}$/i.test(value)) throw new Refused(`${field} is not a colour`);
  return value;
}

/** A salt of 16 bytes in hex, or null. */
export function saltOf(fields: Fields): string | null {
  const value = textOf(fields, "salt");
  if (value !== null && !/^[0-9a-f]{32}$/.test(value)) throw new Refused("salt is not 16 bytes in hex");
  return value;
}

/** One of the texts that are allowed. */
export function oneOf<T extends string>(fields: Fields, field: string, allowed: readonly T[]): T {
  const value = textOf(fields, field);
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Refused(`${field} is none of ${allowed.join(", ")}`);
  return found;
}

/** A list of objects; empty where there is none. */
export function listOf<T>(fields: Fields, field: string, read: (each: Fields) => T): T[] {
  const value = fields[field] ?? [];
  if (!Array.isArray(value)) throw new Refused(`${field} is not a list`);
  return value.map((each: unknown) => {
    if (typeof each !== "object" || each === null) throw new Refused(`${field} holds what is no object`);
    return read(each as Fields);
  });
}
