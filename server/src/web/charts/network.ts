/** Who is connected with whom: circles by size and community, lines by strength. */
import { type Html, markup } from "../markup.js";
import { at, type Described, drawing, label, path, pathThrough, WIDTH } from "./drawing.js";

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
  /** How many of the largest circles bear their names, at most. */
  named: number;
}

/** The side of the square it is drawn in. */
const SIDE = WIDTH;
const RADIUS = { least: 2, most: 10 };
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
    const width = Math.min(WIDTHS - 1, Math.floor(WIDTHS * Math.sqrt(weight / strongest) - 1e-9));
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
  const names = namesOf(nodes, named, (size) => radius(size)).map(({ text, x, y, anchor }) =>
    label("name", x, y, text, anchor),
  );
  return drawing(described, SIDE, SIDE, markup`${drawnEdges}${circles}${names}`);
}

/** Where a name stands; its box is estimated from the number of its letters. */
interface Placed {
  text: string;
  x: number;
  y: number;
  anchor: "start" | "end";
  box: readonly [left: number, right: number, top: number, bottom: number];
}

const LETTER = { width: 7, height: 13 };

/** The names of the largest circles beside them, without those that would cover one already there. */
function namesOf(nodes: readonly Node[], most: number, radius: (size: number) => number): Placed[] {
  const placed: Placed[] = [];
  for (const { name, x, y, size } of nodes.toSorted((a, b) => b.size - a.size)) {
    if (placed.length === most) break;
    const letters = [...name];
    const text = letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : name;
    const isRight = x > 600;
    const start = (x * SIDE) / 1_000 + (isRight ? -1 : 1) * (radius(size) + 3);
    const middle = (y * SIDE) / 1_000 + 4;
    const width = [...text].length * LETTER.width;
    const [left, right] = isRight ? [start - width, start] : [start, start + width];
    const box = [left, right, middle - LETTER.height, middle + 3] as const;
    const isCovering = placed.some(
      ({ box: other }) => box[0] < other[1] && other[0] < box[1] && box[2] < other[3] && other[2] < box[3],
    );
    if (!isCovering) placed.push({ text, x: start, y: middle, anchor: isRight ? "end" : "start", box });
  }
  return placed;
}
