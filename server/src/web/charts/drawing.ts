/**
 * What all charts share: a picture that says in words what it shows, scales, and coordinates without needless digits. Colours
 * are classes of charts.css; what agents wrote only ever comes in through `markup`, which escapes it.
 */
import { type Html, markup, safeHtml } from "../markup.js";

/** What a picture says to who does not see it. */
export interface Described {
  title: string;
  /** What is to be seen, in a sentence with its figures. */
  description: string;
}

/** Width of charts in their own units: a phone shows fewer pixels than this, a desk a few more. */
export const WIDTH = 420;

/** An SVG picture of `width` x `height` units that fills the width it is given. */
export function drawing({ title, description }: Described, width: number, height: number, content: Html): Html {
  return markup`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img"><title>${title}</title><desc>${description}</desc>${content}</svg>`;
}

/** A coordinate, to a tenth of a unit. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A path through points, in order. */
export function pathThrough(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${at(x)} ${at(y)}`).join("");
}

/** A path element; `kind` is its classes. */
export function path(kind: string, d: string): Html {
  return safeHtml(`<path class="${kind}" d="${d}"/>`);
}

/** A text with its lower end of the line at (x, y). */
export function label(kind: string, x: number, y: number, text: string, anchor: "start" | "middle" | "end"): Html {
  return markup`<text class="${kind}" x="${at(x)}" y="${at(y)}"${anchor === "start" ? "" : markup` text-anchor="${anchor}"`}>${text}</text>`;
}

/** Round values from zero to at least `most`, two to five of them; of counts whole numbers. */
export function ticks(most: number, isCount: boolean): number[] {
  if (most <= 0) return [0, 1];
  const raw = most / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= raw) ?? raw;
  const whole = isCount ? Math.max(1, step) : step;
  const count = Math.max(1, Math.ceil(most / whole - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * whole).toPrecision(12)));
}
