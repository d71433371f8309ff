/** Measuring: rounds of load against a running network, and what they cost in processor time. */
import { databaseMs, machineMs, processMs } from "./cpu.mjs";
import { drive } from "./load.mjs";

/** Rounds of each measurement; the median counts. */
export const ROUNDS = 5;
/** Milliseconds of a round. */
export const ROUND_MS = 1_000;
/** Milliseconds before the first one: until the code it runs is compiled, a request costs up to twice as much. */
const WARM_MS = 3_000;
/** Connections unless a case says otherwise. */
export const CONNECTIONS = 16;

/** The middle one of some numbers. */
export const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** One round: what `work` did and what it cost, in processor time of `pid` and of the database. */
export async function measured(network, pid, work) {
  const before = { app: processMs(pid), database: databaseMs(network.postmaster), machine: machineMs() };
  const own = process.cpuUsage();
  const startedAt = performance.now();
  const result = await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  const app = processMs(pid) - before.app;
  const database = databaseMs(network.postmaster) - before.database;
  const spent = process.cpuUsage(own);
  const ours = app + database + (spent.user + spent.system) / 1_000;
  return {
    ...result,
    app: app / result.requests,
    database: database / result.requests,
    cpu: (app + database) / result.requests,
    others: Math.max(0, machineMs() - before.machine - ours) / 1_000 / seconds,
  };
}

/** The median of each figure of some rounds. */
export function medians(rounds) {
  const of = (name) => median(rounds.map((round) => round[name]));
  const cpus = rounds.map(({ cpu }) => cpu);
  return {
    perSecond: of("perSecond"),
    p50: of("p50"),
    p99: of("p99"),
    cpu: of("cpu"),
    app: of("app"),
    database: of("database"),
    cpuLow: Math.min(...cpus),
    cpuHigh: Math.max(...cpus),
    others: rounds.map(({ others }) => others),
  };
}

/** Where the next request of each kind goes on, so that no write comes twice. */
export const counters = new Map();

/** Has the server see every agent's key, which it then remembers for 30 seconds: longer than the rounds of a case. */
async function introduce(network, agents) {
  for (let from = 0; from < agents.length; from += CONNECTIONS) {
    const some = agents.slice(from, from + CONNECTIONS);
    const url = `http://127.0.0.1:${network.port}/api/v1/agents/me`;
    await Promise.all(
      some.map(async ({ key }) => (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).text()),
    );
  }
}

/**
 * Measures a case.
 * @param network as `startNetwork` gives it
 * @param {{ agents: { key: string }[] }} world who is there
 * @param one the case, see cases.mjs
 * @param {() => Promise<void>} settle waits until nothing is left to do
 */
export async function measureCase(network, world, one, settle) {
  const { requestAt, connections = CONNECTIONS, writes } = one;
  // Votes of both kinds count together.
  const kind = one.bare ?? one.id;
  const send = async (ms) => {
    const from = counters.get(kind) ?? 0;
    const result = await drive({ port: network.port, connections, requestAt, from, ms });
    counters.set(kind, from + result.requests + connections);
    if (writes) await settle();
    return result;
  };
  if (writes) await introduce(network, world.agents);
  await send(WARM_MS);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measured(network, network.pid, () => send(ROUND_MS)));
  return { ...one, connections, ...medians(rounds) };
}
