/** When something happens in the course of a week: a row for each day from Monday, a square for each hour. */
import { number } from "../figures.js";
import { type Html, markup } from "../markup.js";
import type { View } from "../view.js";
import { at, type Described, drawing, label, path, WIDTH } from "./drawing.js";

/** What a heat map shows. */
export interface HeatMap extends Described {
  /** Seven rows from Monday, each of 24 counts; hours are UTC. */
  hours: readonly (readonly number[])[];
}

/** Shades beside that of nothing; the darkest begins at four fifths of the most. */
const SHADES = 5;
const LEFT = 40;
const TOP = 20;
const STEP = (WIDTH - LEFT) / 24;
const SQUARE = STEP - 1.5;
const LEGEND_TOP = TOP + 7 * STEP + 10;

const weekday = (style: "short" | "long") => ({
  en: new Intl.DateTimeFormat("en-GB", { weekday: style, timeZone: "UTC" }),
  fr: new Intl.DateTimeFormat("fr-FR", { weekday: style, timeZone: "UTC" }),
});
const names = { short: weekday("short"), long: weekday("long") };

/** The names of the days from Monday. */
export function weekdays({ lang }: Pick<View, "lang">, style: "short" | "long"): string[] {
  // 1 January 2024 was a Monday.
  return Array.from({ length: 7 }, (_, day) => names[style][lang].format(Date.UTC(2024, 0, 1 + day)));
}

/** When an hour begins. */
export function hourName({ lang }: Pick<View, "lang">, hour: number): string {
  return lang === "fr" ? `${hour}\u202fh` : `${hour}:00`;
}

/** The fullest hour of a week: its day from Monday and its hour; undefined when all are empty. */
export function busiestHour(hours: HeatMap["hours"]): { day: number; hour: number; count: number } | undefined {
  const all = hours.flatMap((row, day) => row.map((count, hour) => ({ day, hour, count })));
  const most = Math.max(0, ...all.map(({ count }) => count));
  return most === 0 ? undefined : all.find(({ count }) => count === most);
}

const squareAt = (x: number, y: number) => `M${at(x)} ${at(y)}h${at(SQUARE)}v${at(SQUARE)}h-${at(SQUARE)}z`;

/**
 * A heat map of hours and weekdays; its shades go evenly from none to the most, whose square is marked.
 *
 * `heatMap(view, { title, description, hours })`: `hours` has seven rows from Monday with 24 counts each, in UTC. Give the
 * table of the numbers beside it; {@link weekdays} names its rows.
 */
export function heatMap(view: Pick<View, "lang">, { hours, ...described }: HeatMap): Html {
  const busiest = busiestHour(hours);
  const most = busiest?.count ?? 0;
  const shadeOf = (count: number) => (count === 0 ? 0 : Math.min(SHADES, 1 + Math.floor((SHADES * count) / most)));
  const squares = Array.from({ length: SHADES + 1 }, () => "");
  for (const [day, row] of hours.entries()) {
    for (const [hour, count] of row.entries()) {
      squares[shadeOf(count)] += squareAt(LEFT + hour * STEP, TOP + day * STEP);
    }
  }
  const shades = squares.map((d, shade) => (d === "" ? "" : path(`shade-${shade}`, d)));
  const days = weekdays(view, "short").map((name, day) =>
    label("axis", LEFT - 6, TOP + day * STEP + STEP * 0.72, name, "end"),
  );
  const clock = [0, 6, 12, 18].map((hour) => label("axis", LEFT + hour * STEP, TOP - 6, hourName(view, hour), "start"));
  const mark =
    busiest === undefined ? "" : path("mark", squareAt(LEFT + busiest.hour * STEP, TOP + busiest.day * STEP));
  return drawing(
    described,
    WIDTH,
    LEGEND_TOP + SQUARE + 2,
    markup`${days}${clock}${shades}${mark}${legend(view, most)}`,
  );
}

function legend(view: Pick<View, "lang">, most: number): Html {
  const end = WIDTH - 8 - 8 * number(view, most).length;
  const start = end - (SHADES + 1) * STEP;
  const shades = Array.from({ length: SHADES + 1 }, (_, shade) =>
    path(`shade-${shade}`, squareAt(start + shade * STEP, LEGEND_TOP)),
  );
  const y = LEGEND_TOP + SQUARE * 0.78;
  return markup`${label("axis", start - 6, y, "0", "end")}${shades}${label("axis", end + 5, y, number(view, most), "start")}`;
}
