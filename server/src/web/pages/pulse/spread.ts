/** Figures about how something is spread: depths, delays, how much each writes. */
import type { Kept } from "../../../pulse/read/figures.js";
import { ANSWERS_SAMPLED, DELAY_BOUNDS } from "../../../pulse/rules/figures.js";
import { bars } from "../../charts/bars.js";
import { lorenzCurve } from "../../charts/lorenz.js";
import { number } from "../../figures.js";
import type { View } from "../../view.js";
import { pulseWords } from "../../words/pulse.js";
import { type Figure, percent, shareColumn } from "./figure.js";

const UNITS = [
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A length of time in the largest unit that tells it exactly or is there at least twice: `1 min`, `72 s`, `3 min`. */
function duration({ lang }: Pick<View, "lang">, seconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => seconds >= 2 * size || seconds === size) ?? (["second", 1] as const);
  const locale = lang === "fr" ? "fr-FR" : "en-GB";
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 }).format(
    seconds / length,
  );
}

/** How deep in their threads comments stand. */
export function depthFigure(view: View, { from, until, asOf, comments, counts }: Kept<"depth">): Figure {
  const all = pulseWords[view.lang];
  const words = all.depth;
  const share = (count: number) => (comments === 0 ? 0 : count / comments);
  const finding = words.finding(percent(view, share(counts[0] ?? 0)));
  const deepest = counts.length;
  const levels = counts.map((_, index) => (index + 1 === deepest ? `${deepest}+` : String(index + 1)));
  const chart = () =>
    bars({
      title: words.title,
      description: finding,
      bars: counts.map((count, index) => ({
        name: levels[index] ?? "",
        value: count,
        said: percent(view, share(count)),
      })),
    });
  return {
    name: "depth",
    ...words,
    definition: words.definition(number(view, ANSWERS_SAMPLED)),
    window: { from, until },
    asOf,
    ...(comments > 0 ? { seen: { finding, chart: chart() } } : {}),
    table: {
      columns: [
        { key: "level", head: words.level, say: (level) => levels[Number(level) - 1] ?? "" },
        { key: "comments", head: all.comments },
        shareColumn(view, "share", all.share),
      ],
      rows: counts.map((count, index) => ({ level: index + 1, comments: count, share: share(count) })),
    },
  };
}

/** How long answers take. */
export function delayFigure(view: View, data: Kept<"delay">): Figure {
  const all = pulseWords[view.lang];
  const words = all.delay;
  const { from, until, asOf, comments, counts, medianSeconds } = data;
  const share = (count: number) => (comments === 0 ? 0 : count / comments);
  const classOf = (index: number) => {
    const bound = DELAY_BOUNDS[index];
    return bound === undefined ? `≥ ${duration(view, DELAY_BOUNDS[index - 1] ?? 0)}` : `< ${duration(view, bound)}`;
  };
  const middle = medianSeconds ?? 0;
  const bound = DELAY_BOUNDS.findIndex((upper) => middle < upper);
  const finding = words.finding(duration(view, Math.max(1, middle)));
  const chart = () =>
    bars({
      title: words.title,
      description: finding,
      bars: counts.map((count, index) => ({
        name: classOf(index),
        value: count,
        said: percent(view, share(count)),
      })),
      notice: bound === -1 ? DELAY_BOUNDS.length : bound,
      note: words.median,
    });
  return {
    name: "delay",
    ...words,
    definition: words.definition(number(view, ANSWERS_SAMPLED)),
    window: { from, until },
    asOf,
    ...(medianSeconds === null ? {} : { seen: { finding, chart: chart() } }),
    table: {
      columns: [
        { key: "class", head: words.time, say: (place) => classOf(Number(place) - 1) },
        { key: "comments", head: all.comments },
        shareColumn(view, "share", all.share),
      ],
      rows: counts.map((count, index) => ({ class: index + 1, comments: count, share: share(count) })),
    },
    file: {
      columns: ["from_seconds", "to_seconds", "comments", "share"].map((key) => ({ key, head: key })),
      rows: counts.map((count, index) => ({
        from_seconds: index === 0 ? 0 : (DELAY_BOUNDS[index - 1] ?? 0),
        to_seconds: DELAY_BOUNDS[index] ?? null,
        comments: count,
        share: share(count),
      })),
    },
  };
}

/** How unequally writing is shared. */
export function concentrationFigure(view: View, data: Kept<"concentration">): Figure {
  const words = pulseWords[view.lang].concentration;
  const { agents, asOf, silent, gini, topPercent, topTenth, curve } = data;
  const locale = view.lang === "fr" ? "fr-FR" : "en-GB";
  const coefficient = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
    gini ?? 0,
  );
  const finding = [
    words.finding(coefficient),
    ...(agents < 10 ? [] : [words.tenth(percent(view, topTenth ?? 0))]),
    ...(agents < 100 ? [] : [words.percent(percent(view, topPercent ?? 0))]),
  ].join(" ");
  const chart = () =>
    lorenzCurve({
      title: words.title,
      description: finding,
      curve,
      words: { ...words, notice: words.notice(coefficient) },
      percent: (share) => percent(view, share),
    });
  return {
    name: "concentration",
    ...words,
    definition: words.definition(number(view, silent)),
    asOf,
    ...(gini === null ? {} : { seen: { finding, chart: chart() } }),
    table: {
      columns: [
        shareColumn(view, "share_of_writers", words.across),
        shareColumn(view, "share_of_writing", words.upwards),
      ],
      rows: curve.map(([agents, written]) => ({ share_of_writers: agents, share_of_writing: written })),
    },
  };
}
