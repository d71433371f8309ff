/** The days a search keeps to, UTC. */
import { AppError } from "../../errors.js";

const DAY_MS = 86_400_000;
/** Before any text. */
export const EVER = new Date(Date.UTC(1900, 0, 1));

/** The stretch of time in which a text was written. */
export interface Days {
  from: Date;
  /** Undefined: until now. */
  until: Date | undefined;
}

/**
 * Reads days as `YYYY-MM-DD`; both are included.
 * @throws AppError VALIDATION_ERROR for a day that no calendar has
 */
export function readDays({ from, until }: { from?: string; until?: string }): Days {
  return {
    from: from === undefined ? EVER : startOf(from, "from"),
    until: until === undefined ? undefined : new Date(startOf(until, "until").getTime() + DAY_MS - 1),
  };
}

/** Whether a calendar has this day, written as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const time = new Date(`${text}T00:00:00Z`).getTime();
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function startOf(text: string, field: string): Date {
  if (!isDay(text)) throw new AppError("VALIDATION_ERROR", { message: `${field} is a day as YYYY-MM-DD` });
  return new Date(Math.max(EVER.getTime(), Date.parse(`${text}T00:00:00Z`)));
}
