/** Stretches of time in whole UTC days and hours, and what is counted along them. */

/** An hour in milliseconds. */
export const HOUR_MS = 3_600_000;
/** A day; UTC has no other days. */
export const DAY_MS = 24 * HOUR_MS;
/** A network in which nothing was written for so long is looked at as it was then: an archive shows its own time. */
const QUIET_MS = 7 * DAY_MS;

/** From a moment to before another. */
export interface Span {
  from: Date;
  until: Date;
}

/** The first moment of the UTC day of `time`. */
function dayOf(time: Date): Date {
  return new Date(Math.floor(time.getTime() / DAY_MS) * DAY_MS);
}

/**
 * The days that figures by the day look at: the last `days` up to now, or up to the last writing when that is over a week
 * ago, and none before the first writing.
 * @param first when the first thing was written; null when nothing was
 * @param last when the latest thing was written
 */
export function spanOf(days: number, now: Date, first: Date | null, last: Date | null): Span {
  const isQuiet = last !== null && now.getTime() - last.getTime() > QUIET_MS;
  const end = isQuiet ? last : now;
  // The present hour belongs to it as a whole.
  const until = new Date((Math.floor(end.getTime() / HOUR_MS) + 1) * HOUR_MS);
  const earliest = dayOf(end).getTime() - (days - 1) * DAY_MS;
  const from = Math.max(earliest, dayOf(first ?? end).getTime());
  return { from: new Date(Math.min(from, dayOf(end).getTime())), until };
}

/** The last `days` of a span, in whole days as it is. */
export function lastDays({ from, until }: Span, days: number): Span {
  const end = dayOf(new Date(until.getTime() - 1)).getTime();
  return { from: new Date(Math.max(from.getTime(), end - (days - 1) * DAY_MS)), until };
}

/** Each UTC day of a span that begins with a day; the last one may be cut short. */
export function daysOf({ from, until }: Span): Span[] {
  const days: Span[] = [];
  for (let at = from.getTime(); at < until.getTime(); at += DAY_MS) {
    days.push({ from: new Date(at), until: new Date(Math.min(at + DAY_MS, until.getTime())) });
  }
  return days;
}

/** Sums of a list, one for each `size` values; the last may be of fewer. */
export function sumsOf(values: readonly number[], size: number): number[] {
  const sums: number[] = [];
  for (const [index, value] of values.entries()) {
    const place = Math.floor(index / size);
    sums[place] = (sums[place] ?? 0) + value;
  }
  return sums;
}

/** What has come together by each value of a list, that value included. */
export function cumulated(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/**
 * Counts of the last `days` by hour of the week: seven rows from Monday, each of 24 hours.
 * @param hours counts of consecutive hours
 * @param until the end of the last of them
 */
export function weekOf(hours: readonly number[], until: Date, days: number): number[][] {
  const week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  const taken = hours.slice(-24 * days);
  for (const [index, count] of taken.entries()) {
    const at = new Date(until.getTime() - (taken.length - index) * HOUR_MS);
    const row = week[(at.getUTCDay() + 6) % 7] ?? [];
    row[at.getUTCHours()] = (row[at.getUTCHours()] ?? 0) + count;
  }
  return week;
}

/**
 * The shortest span of whole hours up to `until` that holds at least `most`, or everything there is within `days`.
 * So what is read of it is little more than `most`.
 * @param hours counts of consecutive hours, the last of which ends at `until`
 */
export function newestSpan(hours: readonly number[], until: Date, most: number, days: number): Span {
  let found = 0;
  let back = 0;
  const furthest = Math.min(hours.length, 24 * days);
  while (back < furthest && found < most) {
    back += 1;
    found += hours[hours.length - back] ?? 0;
  }
  return { from: new Date(until.getTime() - back * HOUR_MS), until };
}
