/** Who is connected with whom: circles by size and community, lines by strength. */
import { type Html, markup } from "../markup.js";
import { at, type Described, drawing, path, pathThrough } from "./drawing.js";

/** One circle. */
export interface Node {
  /** What appears when it is pointed at; anything may stand in it. */
  name: string;
  /** Between 0 and 1000. */
  x: number;
  y: number;
  /** What its area stands for. */
  size: number;
  /** 0 is the largest community; from 4 on all look alike. */
  group: number;
}

/** What is drawn. */
export interface Network extends Described {
  nodes: readonly Node[];
  /** Places of two nodes and how strongly they are connected, the strongest first. */
  edges: readonly (readonly [a: number, b: number, weight: number])[];
  /** How many of the largest circles bear their names. */
  named: number;
}

/** The side of the square it is drawn in. */
const SIDE = 500;
const RADIUS = { least: 2.5, most: 12 };
/** Communities with a colour of their own. */
const COLOURS = 4;
/** Widths of lines; each edge gets one by its share of the strongest. */
const WIDTHS = 4;
/** The longest name that is written out. */
const LONGEST = 22;

/** A picture of a network. */
export function network({ nodes, edges, named, ...described }: Network): Html {
  const scaled = (value: number) => (value * SIDE) / 1_000;
  const biggest = Math.max(1, ...nodes.map(({ size }) => size));
  const radius = (size: number) => RADIUS.least + (RADIUS.most - RADIUS.least) * Math.sqrt(size / biggest);
  const strongest = Math.max(1, ...edges.map(([, , weight]) => weight));
  const strokes = Array.from({ length: WIDTHS }, () => "");
  for (const [a, b, weight] of edges) {
    const [from, to] = [nodes[a], nodes[b]];
    if (from === undefined || to === undefined) continue;
    const width = Math.min(WIDTHS - 1, Math.floor((WIDTHS * Math.log(weight + 1)) / Math.log(strongest + 1) - 1e-9));
    strokes[width] += pathThrough([
      [scaled(from.x), scaled(from.y)],
      [scaled(to.x), scaled(to.y)],
    ]);
  }
  const drawnEdges = strokes.map((d, width) => (d === "" ? "" : path(`edge-${width}`, d)));
  const circles = nodes.map(
    ({ name, x, y, size, group }) =>
      markup`<circle class="group-${Math.min(group, COLOURS)}" cx="${at(scaled(x))}" cy="${at(scaled(y))}" r="${at(radius(size))}"><title>${name}</title></circle>`,
  );
  const names = nodes
    .toSorted((a, b) => b.size - a.size)
    .slice(0, named)
    .map(({ name, x, y, size }) => {
      const isRight = x > 700;
      const beside = scaled(x) + (isRight ? -1 : 1) * (radius(size) + 3);
      const short = [...name].length > LONGEST ? `${[...name].slice(0, LONGEST - 1).join("")}…` : name;
      return markup`<text class="name" x="${at(beside)}" y="${at(scaled(y) + 4)}"${isRight ? markup` text-anchor="end"` : ""}>${short}</text>`;
    });
  return drawing(described, SIDE, SIDE, markup`${drawnEdges}${circles}${names}`);
}
