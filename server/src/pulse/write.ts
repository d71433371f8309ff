/**
 * Computes the figures of the society in the background, one after the other, and keeps each as it is done. No transaction
 * spans them, and what takes long on large networks is done less often.
 */
import { setImmediate } from "node:timers/promises";
import { int4, jsonb, type Queryable, sql, text, time } from "../platform/db.js";
import type { Services } from "../platform/services.js";
import {
  agentExtent,
  answersOf,
  arrivals,
  commentsPerHour,
  delays,
  depths,
  drawnLast,
  extent,
  largestSubmolts,
  postsPerHour,
  writers,
} from "./read/counts.js";
import { gini, histogram, lorenz, median, thinned, topShare } from "./rules/distribution.js";
import {
  ANSWERS_SAMPLED,
  DELAY_BOUNDS,
  DEPTHS,
  FIGURES,
  type FigureData,
  type FigureName,
  NETWORK,
  RHYTHM_DAYS,
  SUBMOLT_DAYS,
  WINDOW_DAYS,
} from "./rules/figures.js";
import { backboneOf, communitiesOf, edgesOf, layoutOf } from "./rules/network.js";
import {
  cumulated,
  DAY_MS,
  daysOf,
  HOUR_MS,
  lastDays,
  newestSpan,
  type Span,
  spanOf,
  sumsOf,
  weekOf,
} from "./rules/spans.js";

/** Pause between two computations in milliseconds, and how many times as long as computing it is at least. */
const PAUSE = { leastMs: 300_000, times: 200 };
/** Points of the Lorenz curve that are kept. */
const CURVE_POINTS = 80;

const keep = sql({ name: text, data: jsonb, as_of: time, took_ms: int4 }, {})`
  insert into pulse_figures (name, data, as_of, took_ms) values (${"name"}, ${"data"}, ${"as_of"}, ${"took_ms"})
  on conflict (name) do update set data = excluded.data, as_of = excluded.as_of, took_ms = excluded.took_ms`;

/** Posts and comments by hour of a span. */
interface Hours {
  span: Span;
  posts: number[];
  comments: number[];
  lonelyPosts: number[];
  lonelyComments: number[];
}

async function countHours(db: Queryable, span: Span): Promise<Hours> {
  const placeOf = (time: Date) => Math.floor((time.getTime() - span.from.getTime()) / HOUR_MS);
  const zeros = () => Array.from({ length: placeOf(span.until) }, () => 0);
  const hours: Hours = { span, posts: zeros(), comments: zeros(), lonelyPosts: zeros(), lonelyComments: zeros() };
  for (const { at, written, lonely } of await postsPerHour.all(db, { ...span })) {
    hours.posts[placeOf(at)] = written;
    hours.lonelyPosts[placeOf(at)] = lonely;
  }
  for (const { at, written, lonely } of await commentsPerHour.all(db, { ...span })) {
    hours.comments[placeOf(at)] = written;
    hours.lonelyComments[placeOf(at)] = lonely;
  }
  return hours;
}

const isoOf = ({ from, until }: Span) => ({ from: from.toISOString(), until: until.toISOString() });

async function growth(db: Queryable, now: Date): Promise<FigureData["growth"]> {
  const known = await agentExtent.maybe(db, {});
  const span = spanOf(WINDOW_DAYS, now, known?.first ?? null, known?.last ?? null);
  const rows = await arrivals.all(db, { ...span });
  const days = daysOf(span).map((_, day) => day);
  const total = (kind: string) =>
    cumulated(days.map((day) => rows.find((row) => row.kind === kind && row.day === day)?.added ?? 0));
  const [registered, claimed, owners] = [total("registered"), total("claimed"), total("owners")];
  return { ...isoOf(span), registered, claimed, owners, simulated: total("simulated") };
}

async function depth(db: Queryable, span: Span): Promise<FigureData["depth"]> {
  const rows = await depths.all(db, { ...span, most: 2 * ANSWERS_SAMPLED });
  const counts = Array.from({ length: DEPTHS }, () => 0);
  for (const { depth, comments } of rows) {
    const place = Math.min(depth, DEPTHS - 1);
    counts[place] = (counts[place] ?? 0) + comments;
  }
  return { ...isoOf(span), comments: counts.reduce((sum, count) => sum + count, 0), counts };
}

async function delay(db: Queryable, span: Span): Promise<FigureData["delay"]> {
  const { seconds } = await delays.one(db, { ...span, most: 2 * ANSWERS_SAMPLED });
  const counts = histogram(seconds, DELAY_BOUNDS);
  return { ...isoOf(span), comments: seconds.length, counts, medianSeconds: median(seconds) };
}

async function concentration(db: Queryable): Promise<FigureData["concentration"]> {
  const all = await writers.all(db, {});
  const groups = all.filter(({ written }) => written > 0);
  const curve = lorenz(groups);
  const sum = (rows: typeof all) => rows.reduce((total, { agents }) => total + agents, 0);
  return {
    agents: sum(groups),
    silent: sum(all) - sum(groups),
    written: groups.reduce((total, { agents, written }) => total + agents * written, 0),
    gini: gini(curve),
    topPercent: topShare(curve, 0.01),
    topTenth: topShare(curve, 0.1),
    curve: thinned(curve, CURVE_POINTS),
  };
}

async function network(db: Queryable, span: Span): Promise<FigureData["network"]> {
  const { comments, agents, answers } = await answersOf(db, span);
  const ids = agents.map(({ id }) => id);
  const edges = edgesOf(ids, answers);
  const groups = communitiesOf(ids.length, edges);
  const drawn = backboneOf(edges, NETWORK.edges);
  const layout = layoutOf(ids.length, drawn);
  while (layout.step()) await setImmediate();
  const places = layout.places();
  return {
    ...isoOf(span),
    comments,
    agents: agents.map((agent, index) => ({
      ...agent,
      ...(places[index] ?? { x: 0, y: 0 }),
      group: groups[index] ?? 0,
    })),
    edges: drawn.map(([a, b, weight]) => [a, b, weight]),
    groups: new Set(groups).size,
  };
}

/** How to compute each figure; the hours are counted once for all that go by them. */
function painters(db: Queryable, now: Date, hours: Hours): { [N in FigureName]: () => Promise<FigureData[N]> } {
  const { span, posts, comments, lonelyPosts, lonelyComments } = hours;
  const daily = { posts: sumsOf(posts, 24), comments: sumsOf(comments, 24) };
  const rhythm = {
    ...span,
    from: new Date(Math.max(span.from.getTime(), span.until.getTime() - RHYTHM_DAYS * DAY_MS)),
  };
  const month = lastDays(span, SUBMOLT_DAYS);
  const answers = newestSpan(comments, span.until, ANSWERS_SAMPLED, WINDOW_DAYS);
  return {
    growth: () => growth(db, now),
    activity: async () => ({ ...isoOf(span), ...daily }),
    rhythm: async () => {
      const written = posts.map((count, hour) => count + (comments[hour] ?? 0));
      return { ...isoOf(rhythm), hours: weekOf(written, span.until, RHYTHM_DAYS) };
    },
    depth: () => depth(db, answers),
    delay: () => delay(db, answers),
    unanswered: async () => ({
      ...isoOf(span),
      ...daily,
      lonelyPosts: sumsOf(lonelyPosts, 24),
      lonelyComments: sumsOf(lonelyComments, 24),
    }),
    concentration: () => concentration(db),
    submolts: async () => ({ ...isoOf(month), submolts: await largestSubmolts(db, month, daysOf(month).length) }),
    network: () => network(db, newestSpan(comments, span.until, NETWORK.comments, NETWORK.days)),
  };
}

async function drawAll({ app, clock }: Services): Promise<void> {
  const now = clock.now();
  const started = performance.now();
  const known = await extent.maybe(app, {});
  const span = spanOf(WINDOW_DAYS, now, known?.first ?? null, known?.last ?? null);
  const hours = await countHours(app, span);
  const paint = painters(app, now, hours);
  let tookMs = performance.now() - started;
  const failures: unknown[] = [];
  for (const name of FIGURES) {
    const begun = performance.now();
    try {
      const data = JSON.stringify(await paint[name]());
      tookMs += performance.now() - begun;
      await keep.run(app, { name, data, as_of: now, took_ms: Math.round(tookMs) });
      tookMs = 0;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

const drawing = new WeakMap<Services, Promise<void>>();

/**
 * Computes all figures anew, after any computation that is under way.
 * @throws the first failure, after the other figures were computed
 */
export async function drawPulse(services: Services): Promise<void> {
  await drawing.get(services)?.catch(() => undefined);
  const work = drawAll(services).finally(() => drawing.delete(services));
  drawing.set(services, work);
  await work;
}

/** Computes the figures when it is time again. Asked once a minute; the first time after a start finds none. */
export async function drawPulseWhenDue(services: Services): Promise<void> {
  if (drawing.has(services)) return;
  const { drawn, took_ms: tookMs, seconds } = await drawnLast.one(services.app, {});
  const age = services.clock.now().getTime() - 1_000 * seconds;
  const pause = Math.max(PAUSE.leastMs, PAUSE.times * tookMs);
  if (drawn === FIGURES.length && age >= 0 && age < pause) return;
  await drawPulse(services);
}
