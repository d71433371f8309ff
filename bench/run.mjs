/**
 * `npm run bench`: starts the real server on a database of its own, fills it, measures it beside a bare server and a bare
 * database client, and writes the figures into docs/benchmarks.md. Takes three to five minutes; leaves nothing behind.
 *
 * `--scale` compares with a network as large as Moltbook instead (half an hour, 40 GB of disk).
 * `--case ID` measures one case and writes nothing; `--profile DIR` has the server write a CPU profile there.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureBuilt } from "../scripts/build.mjs";
import { canMeasure, peakMemoryMb } from "./cpu.mjs";
import { drive, request } from "./load.mjs";
import { CONNECTIONS, counters, measureCase, measured, median, medians, ROUND_MS, ROUNDS } from "./measure.mjs";
import { startNetwork } from "./network.mjs";
import { tableOf, writeBetween } from "./report.mjs";

const REPORT = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
/** Parts of answering, called directly. */
const PARTS = [
  { id: "key", name: "key check alone", target: 0.02 },
  { id: "render", name: "HTML of 25 posts alone", target: 0.1 },
];
/** Rounds of what we compare with, milliseconds of each, and of warming. */
const BARE_ROUNDS = 3;
const BARE_MS = 400;
const BARE_WARM_MS = 1_000;
/** Everything is given up after this; the large network takes half an hour to load. */
const PATIENCE_MS = { small: 420_000, scale: 7_200_000 };

const { values: options } = parseArgs({
  options: { case: { type: "string" }, profile: { type: "string" }, scale: { type: "boolean", default: false } },
});
if (!canMeasure) throw new Error("npm run bench reads processor time from /proc, so it needs Linux.");
if (ensureBuilt() !== 0) process.exit(1);
const { openPools } = await import("../server/dist/src/platform/pools.js");
const { runningLogins } = await import("../server/dist/src/platform/provision.js");
const { CACHED, casesOf } = await import("./cases.mjs");
const { SIZE } = await import("./content.mjs");
const { seed } = await import("./seed.mjs");

/** A process to compare with, and a way to ask it. */
function startBare() {
  const child = fork(fileURLToPath(new URL("./bare.mjs", import.meta.url)), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const waiting = new Map();
  let ids = 0;
  child.on("message", ({ id, result, error }) => {
    const { done, failed } = waiting.get(id);
    waiting.delete(id);
    if (error) failed(new Error(error));
    else done(result);
  });
  child.on("exit", () => {
    for (const { failed } of waiting.values()) failed(new Error("the process to compare with has ended"));
  });
  const ask = (command, given) =>
    new Promise((done, failed) => {
      ids += 1;
      waiting.set(ids, { done, failed });
      child.send({ id: ids, command, given });
    });
  const stop = async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  };
  return { pid: child.pid, ask, stop };
}

/** A bare server that returns the bytes this case is answered with. */
async function measureBareHttp(network, bare, { requestAt, connections = CONNECTIONS }) {
  const [head] = requestAt(0).toString("latin1").split("\r\n\r\n", 1);
  const lines = head.split("\r\n").slice(1);
  const headers = Object.fromEntries(lines.map((line) => line.split(": ", 2)).filter(([name]) => name !== "Host"));
  const answer = await fetch(`http://127.0.0.1:${network.port}${head.split(" ", 2)[1]}`, { headers });
  const { port } = await bare.ask("serve", { type: answer.headers.get("content-type"), body: await answer.text() });
  const bytes = request("GET", "/");
  const send = (ms) => drive({ port, connections, requestAt: () => bytes, ms });
  await send(BARE_WARM_MS);
  const rounds = [];
  for (let round = 0; round < BARE_ROUNDS; round++) rounds.push(await measured(network, bare.pid, () => send(BARE_MS)));
  return medians(rounds);
}

/** The same statements without a server. */
async function measureBareStatements(network, bare, name, connections, kind = name) {
  const send = async (ms) => {
    const from = counters.get(kind) ?? 0;
    const result = await bare.ask("work", { name, connections, ms, from });
    counters.set(kind, from + result.requests + connections);
    return result;
  };
  await send(BARE_WARM_MS);
  const rounds = [];
  for (let round = 0; round < BARE_ROUNDS; round++) rounds.push(await measured(network, bare.pid, () => send(BARE_MS)));
  return medians(rounds);
}

/** The file system a path is on. */
function fileSystemOf(path) {
  const mounts = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, at]) => at !== undefined && (path === at || path.startsWith(at === "/" ? "/" : `${at}/`)));
  return mounts.toSorted((a, b) => b[1].length - a[1].length)[0]?.[2] ?? "an unknown file system";
}

const say = (text) => console.error(`${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s  ${text}`);
const startedAt = performance.now();
const closing = [];
const closeAll = async () => {
  for (const close of closing.splice(0).reverse()) await close();
};
let interrupted = false;
/** Ends early, without leaving anything behind. */
async function endEarly(code) {
  interrupted = true;
  try {
    await closeAll();
  } finally {
    process.exit(code);
  }
}
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void endEarly(130));
const patienceMs = options.scale ? PATIENCE_MS.scale : PATIENCE_MS.small;
const patience = setTimeout(() => {
  console.error(`Given up after ${patienceMs / 1_000} s.`);
  void endEarly(1);
}, patienceMs);
patience.unref();

/** Starts a server and fills it; it keeps answers only where the cases are about that. */
async function open(keepsAnswers) {
  say(`starting the server${keepsAnswers ? ", this time as it is shipped: with its cache" : ""}`);
  const flags = options.profile ? ["--cpu-prof", `--cpu-prof-dir=${resolve(options.profile)}`] : [];
  const network = await startNetwork(flags, keepsAnswers ? {} : { OPENMOLT_CACHE_MS: "0" });
  closing.push(network.stop);
  const logins = await runningLogins(network.data);
  const pools = openPools({ app: logins.migrator, reader: logins.reader, log: say });
  closing.push(pools.end);
  say("filling it");
  const world = await seed(pools.app, network.data);
  const settle = async () => {
    const waiting = `select (select count(*) from outbox) + (select count(*) from events where position is null) as n`;
    while (Number((await pools.app.query(waiting)).rows[0].n) > 0) await wait(50);
  };
  const setting = async (name) => (await pools.app.query(`show ${name}`)).rows[0][name];
  const bare = startBare();
  closing.push(bare.stop);
  await bare.ask("connect", {
    data: network.data,
    origin: `http://localhost:${network.port}`,
    agents: world.agents,
    posts: world.posts,
    thread: world.thread,
  });
  return { network, world, settle, setting, bare };
}

/** Measures the wanted cases of one server. */
async function measureAll({ network, world, settle, bare }, keepsAnswers) {
  const results = [];
  const chosen = casesOf(world).filter(
    ({ id }) => CACHED.includes(id) === keepsAnswers && (options.case === undefined || options.case === id),
  );
  if (chosen.length === 0 && !PARTS.some(({ id }) => id === options.case))
    throw new Error(`There is no case ${options.case}.`);
  for (const one of chosen) {
    const result = await measureCase(network, world, one, settle);
    if (!one.writes) result.http = await measureBareHttp(network, bare, one);
    if (one.bare) result.pg = await measureBareStatements(network, bare, one.bare, Math.min(10, result.connections));
    const { cpu, app, database, http, pg } = result;
    const parts = `${app.toFixed(3)} + ${database.toFixed(3)}`;
    const beside = [
      http && `bare http ${http.cpu.toFixed(3)} (${http.perSecond.toFixed(0)}/s)`,
      pg && `bare pg ${pg.cpu.toFixed(3)}`,
    ]
      .filter(Boolean)
      .join(", ");
    say(`${one.name}: ${result.perSecond.toFixed(0)}/s, ${cpu.toFixed(3)} CPU-ms (${parts}); ${beside}`);
    results.push(result);
  }
  for (const { id, name, target } of keepsAnswers ? [] : PARTS) {
    if (options.case !== undefined && options.case !== id) continue;
    const part = await measureBareStatements(network, bare, id, 10);
    results.push({ name, connections: 10, target, ...part });
    say(`${name}: ${part.cpu.toFixed(3)} CPU-ms`);
  }
  return results;
}

async function main() {
  if (options.scale) {
    const { runScale } = await import("./scale.mjs");
    writeBetween(REPORT, "scale", await runScale(say, closing));
    say(`written to ${REPORT}`);
    return;
  }
  const loadBefore = loadavg()[0].toFixed(1);
  if (options.case !== undefined) {
    const keepsAnswers = CACHED.includes(options.case);
    await measureAll(await open(keepsAnswers), keepsAnswers);
    return;
  }
  const server = await open(false);
  const { network, setting } = server;
  const results = await measureAll(server, false);
  const machine = {
    disk: fileSystemOf(tmpdir()),
    postgres: (await setting("server_version")).split(" ")[0],
    fsync: await setting("fsync"),
    synchronousCommit: await setting("synchronous_commit"),
    size: SIZE,
    memory: peakMemoryMb(network.pid),
    rounds: ROUNDS,
    roundMs: ROUND_MS,
  };
  await closeAll();
  results.push(...(await measureAll(await open(true), true)));
  const others = results.flatMap((one) => one.others);
  const table = tableOf(results, {
    ...machine,
    date: new Date().toISOString().slice(0, 10),
    seconds: (performance.now() - startedAt) / 1_000,
    loadBefore,
    loadAfter: loadavg()[0].toFixed(1),
    others: median(others),
    othersMost: Math.max(...others),
  });
  writeBetween(REPORT, "measured", table);
  say(`written to ${REPORT}`);
}

try {
  await main();
} catch (error) {
  if (!interrupted) {
    console.error(error);
    process.exitCode = 1;
  }
} finally {
  if (!interrupted) await closeAll();
}
