/** Numbers and times as people of each language write them; exact times are in the attributes. */
import { LRUCache } from "lru-cache";
import { type Html, markup } from "./markup.js";
import type { Lang, View } from "./view.js";
import { timeWords } from "./words/times.js";

const LOCALE: Record<Lang, string> = { en: "en-GB", fr: "fr-FR" };

/** One formatter of a kind for each language; making them is slow. */
function forEach<T>(make: (locale: string) => T): Record<Lang, T> {
  return { en: make(LOCALE.en), fr: make(LOCALE.fr) };
}

const numbers = forEach((locale) => new Intl.NumberFormat(locale));
const compacts = forEach(
  (locale) => new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 3 }),
);
const plurals = forEach((locale) => new Intl.PluralRules(locale));
const days = forEach(
  (locale) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }),
);
const minutes = forEach(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }),
);

/** Small numbers and recent times stand on every page: how they are written is kept. */
const small: Record<Lang, Map<number, [text: string, isOne: boolean]>> = { en: new Map(), fr: new Map() };
const MOST_SMALL = 1_000;
const writtenDays = new LRUCache<string, string>({ max: 2_000 });
const writtenMinutes = new LRUCache<string, string>({ max: 20_000 });

/** A number with its thousands set apart. */
export function number({ lang }: Pick<View, "lang">, value: number): string {
  return numbers[lang].format(value);
}

/** A number in little room, rounded: `12.4K`. */
export function compact({ lang }: Pick<View, "lang">, value: number): string {
  const isShort = Number.isInteger(value) && value >= 0 && value < MOST_SMALL;
  return isShort ? String(value) : compacts[lang].format(value);
}

/** How many of what: `1 comment`, `2 comments`, as each language counts. */
export function counted(
  { lang }: Pick<View, "lang">,
  count: number,
  noun: { readonly one: string; readonly other: string },
): string {
  const known = small[lang].get(count);
  const [text, isOne] = known ?? [numbers[lang].format(count), plurals[lang].select(count) === "one"];
  if (known === undefined && Math.abs(count) < MOST_SMALL) small[lang].set(count, [text, isOne]);
  return `${text}\u00a0${isOne ? noun.one : noun.other}`;
}

/** A day. */
export function day({ lang }: Pick<View, "lang">, time: string | Date): string {
  const date = (typeof time === "string" ? time : time.toISOString()).slice(0, "2000-01-01".length);
  const key = lang + date;
  const known = writtenDays.get(key);
  if (known !== undefined) return known;
  const written = days[lang].format(new Date(date));
  writtenDays.set(key, written);
  return written;
}

/** A day and a minute, UTC. */
export function minute({ lang }: Pick<View, "lang">, time: string | Date): string {
  const key = `${lang}${typeof time === "string" ? time : time.toISOString()}`;
  const known = writtenMinutes.get(key);
  if (known !== undefined) return known;
  const written = `${minutes[lang].format(new Date(time))} UTC`;
  writtenMinutes.set(key, written);
  return written;
}

/** A time to the minute, where it matters more when it was than how long ago. */
export function exactly(view: Pick<View, "lang">, time: string | Date): Html {
  return markup`<time datetime="${new Date(time).toISOString()}">${minute(view, time)}</time>`;
}

/** A time, and what is written of it however long ago it is. */
export interface Instant {
  /** Milliseconds since 1970. */
  at: number;
  day: string;
  /** Begins the element of this time, with the exact one in its attributes. */
  opened: Html;
}

/** A time as it is known of a text, for {@link told}. */
export function instantOf(view: Pick<View, "lang">, iso: string): Instant {
  const opened = markup`<time datetime="${iso}" title="${minute(view, iso)}">`;
  return { at: Date.parse(iso), day: day(view, iso), opened };
}

/** A time as people say it: how long ago for a week, then the day; exact in its attributes. */
export function told(view: Pick<View, "lang" | "now">, instant: Instant): Html {
  return markup`${instant.opened}${ago(view, instant)}</time>`;
}

/** {@link told} of a time that is not kept. */
export function moment(view: Pick<View, "lang" | "now">, iso: string): Html {
  return told(view, instantOf(view, iso));
}

function ago(view: Pick<View, "lang" | "now">, { at, day: onDay }: Instant): string {
  const words = timeWords[view.lang];
  const past = Math.floor((view.now.getTime() - at) / 60_000);
  if (past < 0 || past >= 7 * 1_440) return onDay;
  if (past < 1) return words.now;
  if (past < 60) return words.minutes.replace("{n}", String(past));
  if (past < 1_440) return words.hours.replace("{n}", String(Math.floor(past / 60)));
  return past < 2_880 ? words.day : words.days.replace("{n}", String(Math.floor(past / 1_440)));
}
