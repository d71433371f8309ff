/** How unequally something is shared: a Lorenz curve below the diagonal on which all would be equal. */
import { type Html, markup } from "../markup.js";
import { type Described, drawing, label, path, pathThrough } from "./drawing.js";

/** What is drawn. */
export interface LorenzCurve extends Described {
  /** From (0, 0) to (1, 1). */
  curve: readonly (readonly [agents: number, written: number])[];
  words: {
    /** Below the axis across, and above the axis upwards. */
    across: string;
    upwards: string;
    /** On the diagonal. */
    equal: string;
    /** Beside the curve. */
    notice: string;
  };
  /** Half, as it is written. */
  percent: (share: number) => string;
}

const SIDE = 230;
const LEFT = 52;
const TOP = 22;
const HEIGHT = TOP + SIDE + 40;
const FULL = LEFT + SIDE + 128;

/** A chart of a Lorenz curve. */
export function lorenzCurve({ curve, words, percent, ...described }: LorenzCurve): Html {
  const x = (share: number) => LEFT + SIDE * share;
  const y = (share: number) => TOP + SIDE * (1 - share);
  const line = curve.map(([agents, written]) => [x(agents), y(written)] as const);
  const grid = [0, 0.5, 1].map(
    (share) =>
      markup`${path(share === 0 ? "zero" : "grid", `M${LEFT} ${y(share)}H${LEFT + SIDE}`)}${label("axis", LEFT - 6, y(share) + 4, percent(share), "end")}${label("axis", x(share), TOP + SIDE + 16, percent(share), "middle")}`,
  );
  const diagonal = pathThrough([
    [x(0), y(0)],
    [x(1), y(1)],
  ]);
  return drawing(
    described,
    FULL,
    HEIGHT,
    markup`${grid}${path("area", `${pathThrough(line)}Z`)}${path("equal", diagonal)}${path("line notice", pathThrough(line))}
${label("axis", LEFT + SIDE / 2, HEIGHT - 4, words.across, "middle")}${label("axis", 0, TOP - 10, words.upwards, "start")}
${label("axis", x(0.5) - 8, y(0.5) - 8, words.equal, "end")}${label("name notice", LEFT + SIDE + 8, y(0.5), words.notice, "start")}`,
  );
}
