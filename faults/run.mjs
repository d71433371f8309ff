/**
 * `npm run test:faults`: is hard on a network of its own and checks what it acknowledged against what it holds. The exit code is
 * 0 when all is well. A whole run takes about half an hour and writes its figures into docs/faults.md; it leaves nothing behind.
 *
 * `--rounds N` kills (200) · `--minutes N` of mixed load (10) · `--seed N` · `--short` some of everything in about a minute ·
 * `--only control,kills,disk,connections,slow,clock,soak` some of them · `--trace FILE` every line of the ledger of kills
 */
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeBetween } from "../bench/report.mjs";
import { ensureBuilt } from "../scripts/build.mjs";

const REPORT = fileURLToPath(new URL("../docs/faults.md", import.meta.url));
/** Milliseconds between two lines of progress where there is no terminal. */
const LINE_MS = 15_000;
/** What a part takes, in seconds: a first guess of the time left, and, many times over, when a run is given up. */
const GUESS = { control: 15, kills: 2.5, disk: 30, connections: 15, slow: 30, clock: 20, soak: 15 };
const PATIENCE = 20;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string" },
    only: { type: "string" },
    trace: { type: "string" },
    short: { type: "boolean", default: false },
  },
});
const number = (name, text, fallback) => {
  const value = text === undefined ? fallback : Number(text);
  if (!(value > 0)) throw new Error(`--${name} wants a number above 0`);
  return value;
};
const isShort = options.short;
const rounds = number("rounds", options.rounds, isShort ? 6 : 200);
const minutes = number("minutes", options.minutes, 10);
const seed = number("seed", options.seed, 1 + Math.floor(Math.random() * 999_999));

if (process.platform !== "linux") throw new Error("npm run test:faults looks into /proc, so it needs Linux.");
if (ensureBuilt() !== 0) process.exit(1);
const { clock } = await import("./clock.mjs");
const { connections } = await import("./connections.mjs");
const { control } = await import("./control.mjs");
const { disk } = await import("./disk.mjs");
const { kills } = await import("./kills.mjs");
const { sentenceOf, tableOf, verdictOf } = await import("./report.mjs");
const { slow } = await import("./slow.mjs");
const { soak } = await import("./soak.mjs");

const all = { control, kills, disk, connections, slow, clock, soak };
const inShort = ["control", "kills", "connections", "slow", "clock"];
const wanted = options.only?.split(",") ?? (isShort ? inShort : Object.keys(all));
const chosen = Object.keys(all).filter((id) => wanted.includes(id));
if (chosen.length < wanted.length) throw new Error(`--only takes some of ${Object.keys(all).join(",")}`);

const startedAt = performance.now();
const loadBefore = loadavg()[0];
/** Seconds a part is expected to take. */
const guessOf = (id) => ({ kills: rounds * GUESS.kills + 15, soak: minutes * 60 + GUESS.soak })[id] ?? GUESS[id];
const clockTime = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

let openWorld;
let isOver = false;
/** Ends early, without leaving anything behind. */
async function endEarly(code) {
  if (isOver) return;
  isOver = true;
  await openWorld?.close().catch((error) => console.error(error));
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => void endEarly(130));
const patience = PATIENCE * 60_000 + 4 * 1_000 * chosen.reduce((sum, id) => sum + guessOf(id), 0);
setTimeout(() => {
  console.error(`\nGiven up after ${clockTime(patience / 1_000)}.`);
  void endEarly(1);
}, patience).unref();

let lineAt = Number.NEGATIVE_INFINITY;
/** One line that says what is done, how long it took, and how long the rest will take. */
function progressOf(id, partStartedAt) {
  const later = chosen.slice(chosen.indexOf(id) + 1).reduce((sum, one) => sum + guessOf(one), 0);
  return (text, done) => {
    const now = performance.now();
    const spent = (now - partStartedAt) / 1_000;
    const left = later + (done > 0.05 ? (spent * (1 - done)) / done : guessOf(id));
    const line = `${clockTime((now - startedAt) / 1_000)}  ${id}: ${text}; about ${clockTime(left)} left`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns ?? 120) - 1)}`);
    else if (now - lineAt >= LINE_MS || done === 1) {
      lineAt = now;
      console.error(line);
    }
  };
}

async function runPart(id) {
  const opened = (world) => {
    openWorld = world;
  };
  const given = { seed, rounds, minutes, opened, progress: progressOf(id, performance.now()), brief: isShort };
  try {
    return await all[id]({ ...given, ...(options.trace === undefined ? {} : { trace: options.trace }) });
  } catch (error) {
    if (isOver) return new Promise(() => undefined);
    const said = openWorld?.server?.output?.().slice(-2_000) ?? "";
    await openWorld?.close();
    return { failed: error.message, violated: 1, problems: [error.stack, `${error.cause?.stack ?? ""}`, said] };
  }
}

console.error(`${chosen.join(", ")}; seed ${seed}`);
const results = [];
for (const id of chosen) {
  const result = await runPart(id);
  results.push([id, result]);
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  console.log(`${id}: ${verdictOf(result).replaceAll("*", "")}; ${sentenceOf(id, result)}`);
  for (const problem of result.problems ?? []) console.log(`    ${problem}`);
}
isOver = true;
const isWell = results.every(([, { skipped, violated }]) => skipped !== undefined || violated === 0);
const run = {
  seed,
  ms: performance.now() - startedAt,
  loadBefore,
  loadAfter: loadavg()[0],
  command: "npm run test:faults",
};
const table = tableOf(results, run);
console.log(`\n${table}\n\n${isWell ? "All is well." : "Something is wrong: see above."}`);
if (isWell && options.only === undefined && !isShort) writeBetween(REPORT, "measured", table);
process.exit(isWell ? 0 : 1);
