/** Mixed load for minutes: what the server holds must not grow with what it has done. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../bench/server.mjs";
import { check } from "./check.mjs";
import { backendsOf } from "./kills.mjs";
import { between, oneOf, randomFrom } from "./random.mjs";
import { World } from "./world.mjs";

/** The module that has the server collect its garbage once a minute. */
const COLLECT = new URL("./collect.mjs", import.meta.url).href;
const WRITERS = 8;
/** Milliseconds a writer rests after each write, a reader after each read. */
const WRITE_PAUSE_MS = 600;
const READ_PAUSE_MS = 250;
const READERS = 8;
const WATCHERS = 10;
/** Milliseconds between two samples. */
const SAMPLE_MS = 5_000;
/** Share of the time after which caches, pools and the heap count as warm. */
const WARM = 0.4;
/** What may come on top in a minute, in megabytes and numbers; more, where it is not within twice the standard error of 0, is a leak. */
const ALLOWED = { rss: 1, heap: 0.5, files: 1 };
/** Database connections at most: the server's two pools have 10 and 6. */
const MOST_CONNECTIONS = 16;

/** What readers ask for. */
function addressOf(random, world) {
  const post = oneOf(random, world.postList)?.id ?? "none";
  return oneOf(random, [
    "/api/v1/posts?sort=hot&limit=25",
    "/api/v1/posts?sort=new&limit=25",
    "/api/v1/posts?sort=top&time=day",
    `/api/v1/posts/${post}`,
    `/api/v1/posts/${post}/comments`,
    `/api/v1/search?q=post+${between(random, 1, 500)}`,
    "/api/v1/agents/me",
    "/api/v1/home",
    "/api/v1/submolts",
    "/",
    "/m/general",
    `/post/${post}`,
  ]);
}

/** Reads again and again; counts answers by status. */
async function readOn(world, random, isOver, statuses) {
  while (!isOver()) {
    const { key } = oneOf(random, world.agents);
    const path = addressOf(random, world);
    const headers =
      random() < 0.5 || path.endsWith("/me") || path.endsWith("/home") ? { authorization: `Bearer ${key}` } : {};
    const answer = await fetch(world.origin + path, { headers, redirect: "manual" });
    await answer.arrayBuffer();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    await wait(READ_PAUSE_MS);
  }
}

/** Watches the live stream for a few seconds, goes away, comes back. */
async function watchOn(world, random, isOver) {
  while (!isOver()) {
    const away = AbortSignal.timeout(between(random, 2_000, 15_000));
    try {
      const answer = await fetch(`${world.origin}/api/v1/events?stream=1`, { signal: away });
      for await (const _chunk of answer.body);
    } catch {
      // It went away.
    }
  }
}

const megabytes = (bytes) => bytes / 1e6;

/** What the server holds at this moment. */
async function sample(world, metricsPort) {
  const { pid } = world.server;
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const figure = (name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? 0);
  const connections = backendsOf(await world.postmaster()).length;
  return {
    rss: megabytes(rss),
    heap: megabytes(figure("nodejs_heap_size_used_bytes")),
    connections,
    // The pools grow and shrink with the load.
    files: readdirSync(`/proc/${pid}/fd`).length - connections,
  };
}

/** One point a minute: the lowest value, which comes behind the collection of that minute. */
function lowestByMinute(samples, name) {
  const lowest = new Map();
  for (const sample of samples) {
    const minute = Math.floor(sample.minute);
    lowest.set(minute, Math.min(sample[name], lowest.get(minute) ?? Number.POSITIVE_INFINITY));
  }
  return [...lowest].map(([minute, value]) => ({ minute, value }));
}

/**
 * The line through points, by least squares.
 * @param {{ minute: number, value: number }[]} points
 * @returns {{ slope: number, error: number }} per minute, and its standard error
 */
function slopeOf(points) {
  const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [x, y] = [mean(points.map(({ minute }) => minute)), mean(points.map(({ value }) => value))];
  const spread = points.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
  const slope = points.reduce((sum, { minute, value }) => sum + (minute - x) * (value - y), 0) / spread;
  const squares = points.reduce((sum, { minute, value }) => sum + (value - y - slope * (minute - x)) ** 2, 0);
  return { slope, error: Math.sqrt(squares / Math.max(1, points.length - 2) / spread) };
}

/**
 * Keeps the network busy.
 * @param {{ seed: number, minutes: number, progress: (text: string, done: number) => void, opened: (world: World) => void }} options
 */
export async function soak({ seed, minutes, progress, opened }) {
  const metricsPort = await freePort();
  const world = new World({
    seed,
    settings: { METRICS_PORT: String(metricsPort) },
    flags: ["--expose-gc", "--import", COLLECT],
  });
  opened(world);
  const { ledger } = world;
  await world.populate(WRITERS, WRITE_PAUSE_MS);
  const random = randomFrom(seed);
  const startedAt = performance.now();
  const ms = minutes * 60_000;
  const isOver = () => performance.now() - startedAt >= ms;
  const statuses = new Map();
  world.writers.start();
  const others = Promise.all([
    ...Array.from({ length: READERS }, () => readOn(world, random, isOver, statuses)),
    ...Array.from({ length: WATCHERS }, () => watchOn(world, random, isOver)),
  ]);
  const samples = [];
  while (!isOver()) {
    await wait(SAMPLE_MS);
    const now = await sample(world, metricsPort);
    samples.push({ minute: (performance.now() - startedAt) / 60_000, ...now });
    const text = `${now.rss.toFixed(0)} MB, heap ${now.heap.toFixed(0)} MB, ${now.connections} connections`;
    progress(`mixed load: ${text}`, (performance.now() - startedAt) / ms);
  }
  await others;
  await world.writers.stop();
  const warm = samples.filter(({ minute }) => minute >= minutes * WARM);
  const slopes = Object.fromEntries(Object.keys(ALLOWED).map((name) => [name, slopeOf(lowestByMinute(warm, name))]));
  const problems = [];
  for (const [name, allowed] of Object.entries(ALLOWED)) {
    const { slope, error } = slopes[name];
    if (slope > allowed && slope > 2 * error) {
      problems.push(`${name} grows by ${slope.toFixed(2)} a minute (standard error ${error.toFixed(2)})`);
    }
  }
  const connections = Math.max(...samples.map((one) => one.connections));
  if (connections > MOST_CONNECTIONS) problems.push(`${connections} database connections`);
  for (const status of statuses.keys()) if (status >= 500) problems.push(`${statuses.get(status)} answers ${status}`);
  const found = await check(world);
  const result = {
    problems: [...problems, ...found.sentences, ...ledger.violations],
    violated: problems.length + found.total + ledger.violated,
    ledger,
    facts: {
      minutes,
      reads: [...statuses.values()].reduce((sum, n) => sum + n, 0),
      slopes,
      first: warm[0],
      last: warm.at(-1),
      connections,
    },
  };
  await world.close();
  return result;
}
