/**
 * `npm run bench:watchers`: how soon an event reaches the last of many who watch one process, and what they cost it. The
 * watchers run in a process of their own and tell when the last of them has heard of each event. Writes the figures into
 * docs/benchmarks.md; fails when an event did not reach everybody.
 *
 * `--watchers N` (5000), `--events N` (60).
 */
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureBuilt } from "../scripts/build.mjs";
import { summarise } from "./load.mjs";
import { startNetwork } from "./network.mjs";
import { writeBetween } from "./report.mjs";

const REPORT = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
const CROWD = fileURLToPath(new URL("watchers-crowd.mjs", import.meta.url));
const { values: options } = parseArgs({
  options: { watchers: { type: "string", default: "5000" }, events: { type: "string", default: "60" } },
});
const WATCHERS = Number(options.watchers);
const EVENTS = Number(options.events);
/** What is promised: milliseconds to the last watcher, and MB for all. */
const MOST_MS = 1_000;
const MOST_MB = 100;
/** Milliseconds between two events, and for which the server rests before its memory is read. */
const PAUSE_MS = 250;
const REST_MS = 5_000;

if (ensureBuilt() !== 0) process.exit(1);

const memoryMb = (pid) =>
  (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024) / 1e6;
const load = () => (loadavg()[0] ?? 0).toFixed(1);
const whole = (value) => Math.round(value).toLocaleString("en");
const verdict = (isMet) => (isMet ? "met" : "**missed**");

/** Calls of one agent, on the address of the network. */
async function agentOf(address) {
  const send = async (path, body, key) => {
    const headers = { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) };
    const answer = await fetch(`${address}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { agent } = await send("/agents/register", { name: "watched", description: "writes what is watched" });
  return (n) => send("/posts", { submolt_name: "general", title: `Event ${n}`, content: `Text ${n}` }, agent.api_key);
}

async function main() {
  const network = await startNetwork();
  const loadBefore = load();
  let crowd;
  try {
    const write = await agentOf(`http://127.0.0.1:${network.port}`);
    for (let n = 0; n < 20; n++) await write(`before ${n}`);
    await wait(REST_MS);
    const before = memoryMb(network.pid);
    crowd = fork(CROWD, [String(network.port), String(WATCHERS)], { stdio: "inherit" });
    const told = new Map();
    const settle = new Map();
    crowd.on("message", ({ title, at, first }) => {
      told.set(title, { at, first });
      settle.get(title)?.();
    });
    const heard = (title) =>
      Promise.race([
        new Promise((resolve) => {
          if (told.has(title)) resolve();
          else settle.set(title, resolve);
        }),
        wait(30_000, undefined, { ref: false }).then(() => {
          throw new Error(`${title} did not reach everybody in 30 s`);
        }),
      ]);
    const openedAt = performance.now();
    await heard("open");
    const opening = performance.now() - openedAt;
    await wait(REST_MS);
    const idle = memoryMb(network.pid);
    const firsts = [];
    const lasts = [];
    let most = idle;
    for (let n = 0; n < EVENTS; n++) {
      const startedAt = Date.now();
      await write(n);
      await heard(`Event ${n}`);
      const { at, first } = told.get(`Event ${n}`);
      firsts.push(first - startedAt);
      lasts.push(at - startedAt);
      most = Math.max(most, memoryMb(network.pid));
      await wait(PAUSE_MS);
    }
    const [first, last] = [summarise(firsts, 1), summarise(lasts, 1)];
    const more = most - before;
    const text = `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench:watchers\`: ${whole(WATCHERS)} watchers on one process, ${EVENTS} posts one after the
other; load average ${loadBefore} before and ${load()} after. Watchers, database and other programs share its two cores.

| from before the API call to | p50 ms | p99 ms | target |
|---|--:|--:|---|
| the first watcher | ${whole(first.p50)} | ${whole(first.p99)} | |
| the last watcher | ${whole(last.p50)} | ${whole(last.p99)} | <= ${whole(MOST_MS)}: ${verdict(last.p99 <= MOST_MS)} |

Memory of the server process: ${whole(before)} MB before, ${whole(idle)} MB with all watching, ${whole(most)} MB at most while events came: ${whole(more)} MB more; target
<= ${MOST_MB}: ${verdict(more <= MOST_MB)}. All were connected after ${(opening / 1_000).toFixed(1)} s.`;
    console.log(text);
    writeBetween(REPORT, "watchers", text);
  } finally {
    crowd?.kill();
    await network.stop();
  }
}

await main();
