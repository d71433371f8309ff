/**
 * The picture of who answers whom: communities by the method of Louvain (Blondel et al. 2008), places by forces. The same
 * agents and edges always give the same picture.
 */
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from "d3-force";
import { UndirectedGraph } from "graphology";
import louvain from "graphology-communities-louvain";

/** The package is a function; its types speak of a module around it. */
const findCommunities = louvain as unknown as typeof louvain.default;

/** Places lie between 0 and this. */
const SIDE = 1_000;
/** Room at the edge, so that no circle is cut off. */
const MARGIN = 30;
/** Rounds until hardly anything moves any more. */
const ROUNDS = 300;

/** Two agents and how often one answered the other, in either direction. */
export type Edge = readonly [a: number, b: number, weight: number];

/** Answers from one to another. */
export interface Answers {
  giver: string;
  taker: string;
  answers: number;
}

/** Both directions of each pair together, by the places of the agents in `ids`; the strongest first. */
export function edgesOf(ids: readonly string[], answers: readonly Answers[]): Edge[] {
  const places = new Map(ids.map((id, index) => [id, index]));
  const weights = new Map<string, [number, number, number]>();
  for (const { giver, taker, answers: count } of answers) {
    const from = places.get(giver);
    const to = places.get(taker);
    if (from === undefined || to === undefined || from === to) continue;
    const [a, b] = from < to ? [from, to] : [to, from];
    const edge = weights.get(`${a} ${b}`) ?? [a, b, 0];
    edge[2] += count;
    weights.set(`${a} ${b}`, edge);
  }
  return [...weights.values()].toSorted((x, y) => y[2] - x[2] || x[0] - y[0] || x[1] - y[1]);
}

/** Of edges from the strongest on those to be drawn: the strongest of each agent, and then the strongest of all. */
export function backboneOf(edges: readonly Edge[], most: number): Edge[] {
  const joined = new Set<number>();
  const isFirstOfOne = edges.map(([a, b]) => {
    const isFirst = !joined.has(a) || !joined.has(b);
    joined.add(a).add(b);
    return isFirst;
  });
  const others = edges.filter((_, index) => !isFirstOfOne[index]);
  return [...edges.filter((_, index) => isFirstOfOne[index]), ...others]
    .slice(0, most)
    .toSorted((x, y) => y[2] - x[2] || x[0] - y[0] || x[1] - y[1]);
}

/** The community of each of `size` agents: 0 for the largest. Who answers nobody here is a community of one. */
export function communitiesOf(size: number, edges: readonly Edge[]): number[] {
  const graph = new UndirectedGraph();
  for (let node = 0; node < size; node++) graph.addNode(node);
  for (const [a, b, weight] of edges) graph.addEdge(a, b, { weight });
  // Without the walk at random nodes are gone through in their order, so that the outcome is always the same.
  const found = edges.length === 0 ? {} : findCommunities(graph, { randomWalk: false });
  const raw = Array.from({ length: size }, (_, node) => found[node] ?? size + node);
  const sizes = new Map<number, number>();
  for (const group of raw) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const ranked = [...sizes.keys()].toSorted(
    (a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || raw.indexOf(a) - raw.indexOf(b),
  );
  const rank = new Map(ranked.map((group, index) => [group, index]));
  return raw.map((group) => rank.get(group) ?? 0);
}

/** Finds places for agents in small steps, so that nobody has to wait for the whole. */
export interface Layout {
  /** Does a round, a few milliseconds; false when there is nothing left to do. */
  step(): boolean;
  /** Whole numbers between 0 and 1000. */
  places(): { x: number; y: number }[];
}

/** Begins to lay out `size` agents: edges pull, everybody pushes, and circles do not overlap. */
export function layoutOf(size: number, edges: readonly Edge[]): Layout {
  const nodes: SimulationNodeDatum[] = Array.from({ length: size }, () => ({}));
  const strongest = Math.max(1, ...edges.map(([, , weight]) => weight));
  const links = edges.map(([source, target, weight]) => ({ source, target, pull: Math.sqrt(weight / strongest) }));
  const simulation = forceSimulation(nodes)
    .force("push", forceManyBody().strength(-60).distanceMax(400))
    .force(
      "pull",
      forceLink(links)
        .distance(30)
        .strength((link) => 0.08 + 0.5 * link.pull),
    )
    .force("across", forceX(0).strength(0.06))
    .force("down", forceY(0).strength(0.06))
    .force("apart", forceCollide(9))
    .stop();
  let rounds = 0;
  return {
    step: () => {
      simulation.tick();
      rounds += 1;
      return rounds < ROUNDS;
    },
    places: () => fitted(nodes),
  };
}

function fitted(nodes: readonly SimulationNodeDatum[]): { x: number; y: number }[] {
  const xs = nodes.map(({ x = 0 }) => x);
  const ys = nodes.map(({ y = 0 }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = (SIDE - 2 * MARGIN) / Math.max(right - left, bottom - top, 1);
  const place = (value: number, low: number, high: number) => Math.round(SIDE / 2 + (value - (low + high) / 2) * scale);
  return nodes.map(({ x = 0, y = 0 }) => ({ x: place(x, left, right), y: place(y, top, bottom) }));
}
