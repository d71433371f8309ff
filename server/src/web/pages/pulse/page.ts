/** `/pulse`: the society in pictures, and `/pulse/NAME.csv`: what is behind each. Shows what was computed last, nothing else. */
import { notFound } from "../../../errors.js";
import { csvOf } from "../../../platform/csv.js";
import { type Call, RawAnswer } from "../../../platform/http/call.js";
import { type Kept, type Pulse, readPulse } from "../../../pulse/read/figures.js";
import { FIGURES, type FigureName } from "../../../pulse/rules/figures.js";
import { publicPage } from "../../layout.js";
import { markup } from "../../markup.js";
import type { View } from "../../view.js";
import { pulseWords } from "../../words/pulse.js";
import { activityFigure, growthFigure, rhythmFigure, unansweredFigure } from "./by-day.js";
import { type Figure, showFigure } from "./figure.js";
import { concentrationFigure, delayFigure, depthFigure } from "./spread.js";
import { networkFigure, submoltsFigure } from "./who.js";

type Paint<N extends FigureName> = (view: View, data: Kept<N>, names: Pulse["names"]) => Figure;

const paint: { [N in FigureName]: Paint<N> } = {
  growth: growthFigure,
  activity: activityFigure,
  rhythm: rhythmFigure,
  depth: depthFigure,
  delay: delayFigure,
  unanswered: unansweredFigure,
  concentration: concentrationFigure,
  submolts: submoltsFigure,
  network: networkFigure,
};

function figureOf<N extends FigureName>(view: View, { figures, names }: Pulse, name: N): Figure | undefined {
  const data = figures[name] as Kept<N> | undefined;
  return data && paint[name](view, data, names);
}

/** The page of all figures. */
export async function pulsePage(call: Call, view: View): Promise<RawAnswer> {
  const words = pulseWords[view.lang];
  const pulse = await readPulse(call.db);
  const shown = FIGURES.map((name) => {
    const figure = figureOf(view, pulse, name);
    if (figure) return showFigure(view, figure);
    return markup`<section class="figure" id="${name}">
<h2>${words[name].title}</h2>
<p class="finding">${words.notYet}</p>
</section>
`;
  });
  const contents = FIGURES.map((name) => markup`<a href="#${name}">${words[name].title}</a> `);
  return publicPage(
    view,
    { title: words.title, description: words.description },
    markup`<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
<nav class="ways" aria-label="${words.contents}">${contents}</nav>
<div class="figures">
${shown}</div>`,
  );
}

/**
 * The numbers behind a figure as a file.
 * @param file its name with `.csv`
 * @throws AppError NOT_FOUND when there is no such figure, or it was not computed yet
 */
export async function pulseFile(call: Call, view: View, file: string): Promise<RawAnswer> {
  const name = FIGURES.find((one) => file === `${one}.csv`);
  const figure = name && figureOf(view, await readPulse(call.db), name);
  if (figure === undefined) throw notFound("Figure");
  const { columns, rows } = figure.file ?? figure.table;
  const headers = {
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": `attachment; filename="${file}"`,
    "cache-control": "no-cache",
    "x-robots-tag": "noindex",
  };
  const keys = columns.map(({ key }) => key);
  return new RawAnswer(200, headers, csvOf(keys, rows));
}
