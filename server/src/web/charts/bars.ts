/** How often each of some classes occurs: a bar for each, from zero, with its name before and its value behind. */
import { type Html, markup } from "../markup.js";
import { at, type Described, drawing, label, path, WIDTH } from "./drawing.js";

/** One bar. */
export interface Bar {
  name: string;
  value: number;
  /** How the value is written. */
  said: string;
}

/** What is drawn. */
export interface Bars extends Described {
  bars: readonly Bar[];
  /** The place of the bar to look at. */
  notice?: number | undefined;
  /** What stands behind its value. */
  note?: string;
}

const LEFT = 104;
const ROW = 21;
/** Room for the value behind the longest bar. */
const BEHIND = 120;

/** A chart of horizontal bars. */
export function bars({ bars: all, notice, note = "", ...described }: Bars): Html {
  const most = Math.max(0, ...all.map(({ value }) => value));
  const rows = all.map(({ name, value, said: plain }, index) => {
    const width = most === 0 ? 0 : ((WIDTH - LEFT - BEHIND) * value) / most;
    const y = 4 + index * ROW;
    const isNoticed = index === notice;
    const said = isNoticed && note !== "" ? `${plain} · ${note}` : plain;
    const bar =
      width === 0 ? "" : path(isNoticed ? "bar notice" : "bar", `M${LEFT} ${y}h${at(width)}v${ROW - 5}H${LEFT}z`);
    const figure = label(isNoticed ? "name notice" : "name", LEFT + width + 5, y + 12, said, "start");
    return markup`${label("axis", LEFT - 7, y + 12, name, "end")}${bar}${figure}`;
  });
  return drawing(
    described,
    WIDTH,
    4 + all.length * ROW,
    markup`${path("zero", `M${LEFT} 0V${4 + all.length * ROW}`)}${rows}`,
  );
}
