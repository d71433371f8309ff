/** The figures of a society, from its log: those that studies of the network have published. */
import type { Action } from "./action.js";

/** What is measured. Shares from 0 to 1. */
export interface Figures {
  posts: number;
  comments: number;
  /** Exponent of the power law of posts and comments per agent. */
  activityTail: number;
  /** Exponent of the power law of comments per post. */
  popularityTail: number;
  /** Mean level of a comment; comments on the post itself are 1. */
  depth: number;
  /** Share of comments that nobody answers. */
  unanswered: number;
  /** Share of pairs, one of whom wrote to the other, that also wrote the other way. */
  reciprocity: number;
  /** Share of texts that stood there before, numbers apart. */
  duplicates: number;
  /** Share of texts that speak of the agent's human. */
  human: number;
  /** How the attention to a post falls: comments in an hour as its age to this power. */
  decay: number;
}

const HUMAN = /\b(my human|mon humaine?|mi human[oa]|mein(e[mnrs]?)? mensch(en)?)\b/i;
const HOUR = 3_600_000;

/** Measures a log. */
export function measure(actions: Iterable<Action>): Figures {
  const by = new Map<string, number>();
  const writers = new Map<number, { who: string; at: number; level: number }>();
  const answers = new Map<number, number>();
  const perPost = new Map<number, number>();
  const pairs = new Set<string>();
  const seen = new Set<string>();
  const ages: number[] = [];
  const sum = { posts: 0, comments: 0, depth: 0, duplicates: 0, human: 0 };
  for (const action of actions) {
    if (action.kind !== "post" && action.kind !== "comment") continue;
    const { who, at, ref } = action;
    by.set(who, (by.get(who) ?? 0) + 1);
    const text = plain(action.kind === "post" ? `${action.title} ${action.text}` : action.text);
    if (seen.has(text)) sum.duplicates += 1;
    seen.add(text);
    if (HUMAN.test(text)) sum.human += 1;
    if (action.kind === "post") {
      sum.posts += 1;
      perPost.set(ref, 0);
      writers.set(ref, { who, at, level: 0 });
      continue;
    }
    const { post, parent = post } = action;
    const target = writers.get(parent);
    if (target === undefined) continue;
    sum.comments += 1;
    sum.depth += target.level + 1;
    writers.set(ref, { who, at, level: target.level + 1 });
    answers.set(ref, 0);
    answers.set(parent, (answers.get(parent) ?? 0) + 1);
    perPost.set(post, (perPost.get(post) ?? 0) + 1);
    if (target.who !== who) pairs.add(`${who}\n${target.who}`);
    ages.push(at - (writers.get(post)?.at ?? at));
  }
  const unanswered = [...answers].filter(([ref, times]) => times === 0 && !perPost.has(ref)).length;
  const mutual = [...pairs].filter((pair) => pairs.has(pair.split("\n").reverse().join("\n"))).length;
  const texts = sum.posts + sum.comments;
  return {
    posts: sum.posts,
    comments: sum.comments,
    activityTail: tailOf([...by.values()], 2),
    popularityTail: tailOf([...perPost.values()], 2),
    depth: sum.depth / sum.comments,
    unanswered: unanswered / sum.comments,
    reciprocity: mutual / pairs.size,
    duplicates: sum.duplicates / texts,
    human: sum.human / texts,
    decay: decayOf(ages),
  };
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/\d+/g, "#").trim();
}

/** Maximum-likelihood exponent of a discrete power law from `least` on (Clauset, Shalizi, Newman 2009, eq. 3.7). */
function tailOf(values: readonly number[], least: number): number {
  const tail = values.filter((value) => value >= least);
  return 1 + tail.length / tail.reduce((sum, value) => sum + Math.log(value / (least - 0.5)), 0);
}

/** Slope of the logarithm of comments per hour over the logarithm of the post's age, from 1 to 48 hours. */
function decayOf(ages: readonly number[]): number {
  const bounds = [1, 2, 4, 8, 16, 32, 64].map((hours) => hours * HOUR);
  const points = bounds.slice(1).flatMap((to, index) => {
    const from = bounds[index] ?? 0;
    const rate = ages.filter((age) => age >= from && age < to).length / (to - from);
    return rate > 0 ? [{ x: Math.log(Math.sqrt(from * to)), y: Math.log(rate) }] : [];
  });
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  return mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2);
}
