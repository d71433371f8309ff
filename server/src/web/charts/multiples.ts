/** The same small chart for each of several: their courses can be compared at a glance, their heights are said in words. */
import { type Html, markup } from "../markup.js";
import { at, type Described, drawing, path } from "./drawing.js";

/** One of the small charts. */
export interface Multiple extends Described {
  /** What stands above it. */
  head: Html;
  /** One value a day. */
  values: readonly number[];
}

const SMALL = { width: 160, height: 44 };

/** Small bar charts beside each other, each as high as its own most. */
export function multiples(all: readonly Multiple[]): Html {
  const items = all.map(({ head, values, ...described }) => {
    const most = Math.max(0, ...values);
    const step = SMALL.width / Math.max(1, values.length);
    const bars = values.flatMap((value, day) => {
      const height = most === 0 ? 0 : ((SMALL.height - 2) * value) / most;
      return height === 0
        ? []
        : [
            `M${at(day * step)} ${SMALL.height - 1}v-${at(Math.max(0.5, height))}h${at(step * 0.8)}V${SMALL.height - 1}z`,
          ];
    });
    const content = markup`${path("zero", `M0 ${SMALL.height - 0.5}H${SMALL.width}`)}${bars.length === 0 ? "" : path("bar", bars.join(""))}`;
    return markup`<li>${head}${drawing(described, SMALL.width, SMALL.height, content)}</li>`;
  });
  return markup`<ul class="multiples">${items}</ul>`;
}
