/** How some counts go over days: lines above a common zero, each named where it ends. */
import { compact } from "../figures.js";
import { type Html, markup } from "../markup.js";
import type { View } from "../view.js";
import { at, type Described, drawing, label, path, pathThrough, ticks, WIDTH } from "./drawing.js";

/** One line. */
export interface Line {
  name: string;
  /** One value a day; null leaves a gap. */
  values: readonly (number | null)[];
  /** `notice` is for the one line to look at; the others differ in their strokes, too. */
  kind: "notice" | "main" | "other";
}

/** What is drawn. */
export interface Lines extends Described {
  lines: readonly Line[];
  /** What stands below the first and the last day. */
  ends: readonly [string, string];
  /** The top of the scale; default what the values need. */
  top?: number;
  /** How a value is written at the scale; default in short. */
  format?: (value: number) => string;
}

const BOX = { left: 52, right: WIDTH - 6, top: 14, bottom: 176 };
/** Names keep at least so much distance, so that none covers another. */
const NAME_HEIGHT = 15;

/** A chart of lines over days. */
export function lines(view: Pick<View, "lang">, { lines: all, ends, top, format, ...described }: Lines): Html {
  const say = format ?? ((value: number) => compact(view, value));
  const highest = Math.max(0, ...all.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const scale = ticks(top ?? highest, top === undefined);
  const reach = scale.at(-1) ?? 1;
  const days = Math.max(...all.map(({ values }) => values.length));
  const x = (day: number) => (days === 1 ? BOX.left + 6 : BOX.left + ((BOX.right - BOX.left) * day) / (days - 1));
  const y = (value: number) => BOX.bottom - ((BOX.bottom - BOX.top) * value) / reach;
  const grid = scale.map(
    (value) =>
      markup`${path(value === 0 ? "zero" : "grid", `M${BOX.left} ${at(y(value))}H${BOX.right}`)}${label("axis", BOX.left - 6, y(value) + 4, say(value), "end")}`,
  );
  const drawn = all.map(({ kind, values }) => strokes(kind, values, x, y));
  return drawing(
    described,
    WIDTH,
    BOX.bottom + 22,
    markup`${grid}${drawn}${namesOf(all, y)}${label("axis", BOX.left, BOX.bottom + 17, ends[0], "start")}${days === 1 ? "" : label("axis", BOX.right, BOX.bottom + 17, ends[1], "end")}`,
  );
}

/** A line in as many pieces as its gaps leave; a day alone is a dot. */
function strokes(
  kind: Line["kind"],
  values: Line["values"],
  x: (day: number) => number,
  y: (value: number) => number,
): Html[] {
  const pieces: [number, number][][] = [[]];
  for (const [day, value] of values.entries()) {
    if (value === null) pieces.push([]);
    else pieces.at(-1)?.push([x(day), y(value)]);
  }
  return pieces
    .filter((piece) => piece.length > 0)
    .map((piece) => {
      const [only] = piece;
      if (piece.length > 1 || only === undefined) return path(`line ${kind}`, pathThrough(piece));
      return markup`<circle class="dot ${kind}" cx="${at(only[0])}" cy="${at(only[1])}" r="2.5"/>`;
    });
}

/** Each line's name above its end, moved away from others where they would meet. */
function namesOf(all: readonly Line[], y: (value: number) => number): Html[] {
  const wished = all
    .map(({ name, kind, values }) => ({ name, kind, y: y(values.findLast((value) => value !== null) ?? 0) - 6 }))
    .toSorted((a, b) => b.y - a.y);
  let below = BOX.bottom - 4 + NAME_HEIGHT;
  const placed = wished.map((one) => {
    below = Math.min(one.y, below - NAME_HEIGHT);
    return { ...one, y: below };
  });
  const lift = Math.max(0, BOX.top - 2 - below);
  return placed.map(({ name, kind, y: height }) => label(`name ${kind}`, BOX.right, height + lift, name, "end"));
}
