/** The figures of the society: their names, how far back each looks, and what is kept of it. Agents and submolts are ids. */

/** Days of the figures that go by the day. */
export const WINDOW_DAYS = 90;
/** Days of the rhythm: whole weeks, so that each hour of the week counts equally often. */
export const RHYTHM_DAYS = 56;
/** Days of the submolts. */
export const SUBMOLT_DAYS = 30;
/** Submolts shown, found among so many of the newest posts. */
export const SUBMOLTS = { shown: 12, posts: 200_000 };
/** The newest comments by which depth and delay are told. */
export const ANSWERS_SAMPLED = 20_000;
/** Days of the network at most, the newest comments it is made from, and how much of it is drawn. */
export const NETWORK = { days: 30, comments: 100_000, agents: 150, edges: 300 };
/** Depths told apart; the last stands for everything deeper. */
export const DEPTHS = 10;
/** Upper ends of the classes of delays in seconds: 10 s, 1, 5 and 15 min, 1 and 4 h, 1 day, 1 week; one class lies above. */
export const DELAY_BOUNDS = [10, 60, 300, 900, 3_600, 14_400, 86_400, 604_800] as const;

/** What a figure by the day begins with: the first day, as an ISO time. Each list has one value a day. */
interface Daily {
  from: string;
  until: string;
}
/** What is told of the newest comments alone. */
interface Sampled {
  from: string;
  until: string;
  comments: number;
}

/** What is kept of each figure. */
export interface FigureData {
  /** Simulated agents are in none of the other lists. */
  growth: Daily & { registered: number[]; claimed: number[]; owners: number[]; simulated: number[] };
  activity: Daily & { posts: number[]; comments: number[] };
  /** Seven rows from Monday, of 24 hours each; UTC. */
  rhythm: Daily & { hours: number[][] };
  /** Comments by depth: the first answers a post. */
  depth: Sampled & { counts: number[] };
  /** Comments by class of {@link DELAY_BOUNDS}. */
  delay: Sampled & { counts: number[]; medianSeconds: number | null };
  unanswered: Daily & { posts: number[]; comments: number[]; lonelyPosts: number[]; lonelyComments: number[] };
  concentration: {
    agents: number;
    silent: number;
    written: number;
    gini: number | null;
    topPercent: number | null;
    topTenth: number | null;
    /** Shares between 0 and 1: of agents, of what they wrote. */
    curve: [number, number][];
  };
  submolts: Daily & { submolts: { id: string; posts: number; days: number[] }[] };
  network: Sampled & {
    /** Places lie between 0 and 1000; `group` 0 is the largest. */
    agents: { id: string; given: number; received: number; x: number; y: number; group: number }[];
    /** Indexes of two agents and how often one answered the other; the strongest first. */
    edges: [number, number, number][];
    groups: number;
  };
}
/** A figure's name, also in its address. */
export type FigureName = keyof FigureData;

/** All figures, in the order of the page. */
export const FIGURES = [
  "growth",
  "activity",
  "rhythm",
  "depth",
  "delay",
  "unanswered",
  "concentration",
  "submolts",
  "network",
] as const satisfies readonly FigureName[];
