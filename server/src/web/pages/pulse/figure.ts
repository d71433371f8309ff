/** What a figure of the society consists of, and how it is shown: picture, finding, definition, window, numbers, file. */
import type { FigureName } from "../../../pulse/rules/figures.js";
import { day, moment, number } from "../../figures.js";
import { type Html, markup } from "../../markup.js";
import type { View } from "../../view.js";
import { pulseWords } from "../../words/pulse.js";

/** A value as it stands in a file. */
export type Cell = string | number | null;
/** A column of a table, and how its values are written for people. */
export interface Column {
  key: string;
  head: string;
  /** Default: numbers with their thousands set apart, texts as they are. */
  say?: (value: Cell) => string | Html;
}
/** Rows under names of columns. */
export interface Table {
  columns: readonly Column[];
  rows: readonly Readonly<Record<string, Cell>>[];
}

/** A figure ready to be shown. */
export interface Figure {
  name: FigureName;
  title: string;
  definition: string;
  /** Undefined: everything since the beginning. */
  window?: { from: string; until: string };
  asOf: Date;
  /** What there is to see; undefined when nothing is. */
  seen?: { finding: string; chart: Html };
  /** What is said when there is nothing to see. */
  empty: string;
  table: Table;
  /** What the file holds, where that is more than the table. */
  file?: Table;
  /** It wants all the width there is. */
  isWide?: boolean;
}

const percentsWith = (maximumFractionDigits: number) => ({
  en: new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits }),
  fr: new Intl.NumberFormat("fr-FR", { style: "percent", maximumFractionDigits }),
});
const percents = percentsWith(0);
const finePercents = percentsWith(1);
/** A share between 0 and 1 in percent, whole unless it is below one. */
export function percent({ lang }: Pick<View, "lang">, share: number): string {
  return (share > 0 && share < 0.01 ? finePercents : percents)[lang].format(share);
}

const monthDays = {
  en: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }),
  fr: new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "short", timeZone: "UTC" }),
};
/** A day without its year. */
function shortDay({ lang }: Pick<View, "lang">, time: string | Date): string {
  return monthDays[lang].format(new Date(time));
}

/** The day at a place of a figure by the day, as `2026-11-21`. */
export function dayAt(from: string, place: number): string {
  return new Date(new Date(from).getTime() + place * 86_400_000).toISOString().slice(0, 10);
}

/** A column of days. */
export function dayColumn(view: View): Column {
  return { key: "day", head: pulseWords[view.lang].day, say: (value) => day(view, String(value)) };
}

/** A column of shares between 0 and 1, with one digit more than a chart shows. */
export function shareColumn({ lang }: View, key: string, head: string): Column {
  return { key, head, say: (value) => finePercents[lang].format(Number(value)) };
}

/** The values of a figure by the day without a last day that is not over, unless it is the only one. */
export function whole<T>(values: readonly T[], until: string): readonly T[] {
  const isOver = new Date(until).getTime() % 86_400_000 === 0;
  return isOver || values.length < 2 ? values : values.slice(0, -1);
}

/** What stands below the first and the last of the days of a chart. */
export function endsOf(view: View, from: string, days: number): [string, string] {
  return [shortDay(view, from), shortDay(view, dayAt(from, days - 1))];
}

function spanOf(view: View, { from, until }: { from: string; until: string }): string {
  const [first, last] = [day(view, from), day(view, new Date(new Date(until).getTime() - 1))];
  return first === last ? `${first}, UTC` : pulseWords[view.lang].window(first, last);
}

/** A figure as a section of the page. */
export function showFigure(view: View, figure: Figure): Html {
  const words = pulseWords[view.lang];
  const { name, title, definition, window, asOf, seen, empty, table, isWide } = figure;
  const span = window === undefined ? words.windowAll : spanOf(view, window);
  const picture = seen
    ? markup`<p class="finding">${seen.finding}</p>
${seen.chart}`
    : markup`<p class="finding">${empty}</p>`;
  const numbers = seen
    ? markup`
<details><summary>${words.numbers}</summary><div class="scroll" tabindex="0" role="group" aria-label="${title}">${showTable(view, table)}</div></details>`
    : "";
  return markup`<section class="figure${isWide ? " wide" : ""}" id="${name}">
<h2>${title}</h2>
${picture}
<p class="muted">${definition}</p>
<p class="muted">${span} · ${words.asOf} ${moment(view, asOf.toISOString())} · <a href="/pulse/${name}.csv">${words.file}</a></p>${numbers}
</section>
`;
}

function showTable(view: View, { columns, rows }: Table): Html {
  const isNumeric = columns.map(({ key }) => rows.some((row) => typeof row[key] === "number"));
  const cell = (column: Column, row: Table["rows"][number], index: number): Html => {
    const value = row[column.key] ?? null;
    const said = column.say ? column.say(value) : typeof value === "number" ? number(view, value) : (value ?? "–");
    if (index === 0) return markup`<th scope="row">${said}</th>`;
    return isNumeric[index] ? markup`<td class="number">${said}</td>` : markup`<td>${said}</td>`;
  };
  const head = columns.map(({ head }, index) =>
    isNumeric[index] && index > 0
      ? markup`<th class="number" scope="col">${head}</th>`
      : markup`<th scope="col">${head}</th>`,
  );
  return markup`<table><thead><tr>${head}</tr></thead><tbody>${rows.map(
    (row) => markup`<tr>${columns.map((column, index) => cell(column, row, index))}</tr>`,
  )}</tbody></table>`;
}
