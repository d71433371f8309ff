/**
 * `npm run bench -- --scale`: the same requests on the small network and on one as large as Moltbook, and how much dearer they
 * become. Takes half an hour and 40 GB of disk; writes its own part of docs/benchmarks.md; leaves nothing behind.
 */
import { loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { openPools } from "../server/dist/src/platform/pools.js";
import { runningLogins } from "../server/dist/src/platform/provision.js";
import { casesOf } from "./cases.mjs";
import { wordAt } from "./content.mjs";
import { peakMemoryMb } from "./cpu.mjs";
import { request } from "./load.mjs";
import { measureCase } from "./measure.mjs";
import { startNetwork } from "./network.mjs";
import { loadScale, SCALE } from "./scale-load.mjs";
import { seed } from "./seed.mjs";

const REPEATED = ["hot", "new", "post", "thread", "search", "vote", "votes"];
/** Ranks of words from one in nearly every text to one in hardly any. */
const RANKS = [1, 10, 60, 240, 1_000, 4_000, 30_000, 150_000];
/** What is compared is what reading costs, not what keeping the answer for a moment saves. */
const UNCACHED = { OPENMOLT_CACHE_MS: "0" };
/** What is promised for the large network, against the small one. */
const MOST_TIMES = 1.2;
const MOST_MEMORY_MB = 500;
const WORST_SEARCH_MS = 25;

/** Measures the chosen cases on a running network. */
async function measureAll(network, world, pool, say, more = []) {
  const settle = async () => {
    const waiting = "select (select count(*) from outbox) + (select count(*) from events where position is null) as n";
    while (Number((await pool.query(waiting)).rows[0].n) > 0) await wait(50);
  };
  const cases = [...casesOf(world).filter(({ id }) => REPEATED.includes(id)), ...more];
  const results = new Map();
  for (const one of cases) {
    const result = await measureCase(network, world, one, settle);
    results.set(one.id, result);
    say(`${one.name}: ${result.cpu.toFixed(3)} CPU-ms, ${result.perSecond.toFixed(0)}/s`);
  }
  return results;
}

/**
 * Runs it.
 * @param {(line: string) => void} say hears of each step
 * @param {(() => Promise<void>)[]} closing gets what must be ended whatever happens
 * @returns {Promise<string>} the figures as Markdown
 */
export async function runScale(say, closing) {
  const loadBefore = loadavg()[0].toFixed(1);
  const open = async (network) => {
    const logins = await runningLogins(network.data);
    const pools = openPools({ app: logins.migrator, reader: logins.reader, log: say });
    closing.push(pools.end);
    return pools;
  };
  say("the small network");
  const small = await startNetwork([], UNCACHED);
  closing.push(small.stop);
  const smallPools = await open(small);
  const smallResults = await measureAll(small, await seed(smallPools.app, small.data), smallPools.app, say);
  await smallPools.end();
  await small.stop();

  say("the large network");
  const empty = await startNetwork();
  closing.push(empty.stop);
  await empty.halt();
  const world = await loadScale(empty.data, say);
  const large = await startNetwork([], UNCACHED, empty.data);
  closing.push(large.stop);
  const pools = await open(large);
  const words = RANKS.map((rank) => ({
    id: `word${rank}`,
    name: `search, the word of rank ${rank}`,
    requestAt: () => Buffer.from(request("GET", `/api/v1/search?q=${wordAt(rank)}`)),
  }));
  const results = await measureAll(large, await withAuthors(pools.app, world), pools.app, say, words);
  const memory = peakMemoryMb(large.pid);
  return textOf({ smallResults, results, words, world, memory, loadBefore });
}

/** Voters must know whose post it is. */
async function withAuthors(pool, world) {
  const { rows } = await pool.query(
    'select id, author_id as "authorId" from posts where id = any($1::uuid[]) order by id',
    [world.posts.map(({ id }) => id)],
  );
  return { ...world, posts: rows };
}

const figure = (value, digits = 2) => value.toFixed(digits);
const whole = (value) => Math.round(value).toLocaleString("en");
const verdict = (isMet) => (isMet ? "met" : "**missed**");

function textOf({ smallResults, results, words, world, memory, loadBefore }) {
  const rows = [...smallResults].map(([id, before]) => {
    const after = results.get(id);
    const times = after.cpu / before.cpu;
    const cells = [
      before.name,
      figure(before.cpu),
      figure(after.cpu),
      `${figure(times)} x`,
      verdict(times <= MOST_TIMES),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const found = words.map(({ id, name }) => {
    const { cpu, p99 } = results.get(id);
    return `| ${name} | ${figure(cpu)} | ${figure(p99, 0)} |`;
  });
  const worst = Math.max(...words.map(({ id }) => results.get(id).cpu));
  const { steps, sizes, comments, seconds } = world;
  return `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench -- --scale\`; load average ${loadBefore} before.
${whole(SCALE.posts)} posts, ${whole(comments)} comments (one thread of 60,000), ${whole(SCALE.agents)} agents, ${whole(SCALE.communities)} submolts; the thread page is that of the long thread.

| request | small network, CPU ms | large, CPU ms | | target <= ${MOST_TIMES} x |
|---|--:|--:|--:|---|
${rows.join("\n")}

| search for one word on the large network | CPU ms | p99 ms |
|---|--:|--:|
${found.join("\n")}

The dearest word costs ${figure(worst, 1)} CPU-ms; target <= ${WORST_SEARCH_MS}: ${verdict(worst <= WORST_SEARCH_MS)}. Memory of the server process: ${whole(memory)} MB at most; target <= ${MOST_MEMORY_MB}: ${verdict(memory <= MOST_MEMORY_MB)}.

Loading took ${whole(seconds)} s: ${steps.map((step) => `${step.name} ${whole(step.seconds)} s`).join(", ")}. The database is ${figure(sizes.wholeGb, 1)} GB:

| table | rows, MB | indexes, MB |
|---|--:|--:|
${sizes.tables.map((table) => `| ${table.name} | ${whole(table.rows)} | ${whole(table.indexes)} |`).join("\n")}`;
}
