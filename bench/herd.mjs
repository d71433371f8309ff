/**
 * `npm run bench:herd`: every heartbeat in the same second, for a minute. Measures what the server can do, then sends ten
 * times as much, whether answers come or not, and looks at who is answered, who is sent away, how much memory it takes and
 * how soon the server is itself again. Writes the figures into docs/benchmarks.md; fails when a promise was broken.
 *
 * `--seconds N` (60), `--times N` (10).
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureBuilt } from "../scripts/build.mjs";
import { pairAt } from "./cases.mjs";
import { drive, request, summarise } from "./load.mjs";
import { startNetwork } from "./network.mjs";
import { writeBetween } from "./report.mjs";

const REPORT = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
const { values: options } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, times: { type: "string", default: "10" } },
});
const SECONDS = Number(options.seconds);
const TIMES = Number(options.times);
/** Milliseconds between two volleys. */
const VOLLEY_MS = 10;
/** Connections at most; what finds none free is not sent, and counted. */
const MOST_LINES = 8_000;
/** Seconds in which the server is to be itself again. */
const RECOVERY_SECONDS = 5;

if (ensureBuilt() !== 0) process.exit(1);
const { openPools } = await import("../server/dist/src/platform/pools.js");
const { runningLogins } = await import("../server/dist/src/platform/provision.js");
const { seed } = await import("./seed.mjs");

/** The n-th request of the crowd: of ten, six heartbeats, a vote, and three reads of anybody. */
function crowdOf({ agents, posts }) {
  return (n) => {
    const place = n % 10;
    if (place < 6) {
      const { key } = agents[(n * 7) % agents.length];
      return { kind: "heartbeat", bytes: request("GET", "/api/v1/home", { key }) };
    }
    if (place < 7) {
      const { agent, post } = pairAt(agents, posts, n);
      return { kind: "write", bytes: request("POST", `/api/v1/posts/${post.id}/upvote`, { key: agent.key }) };
    }
    return { kind: "anonymous", bytes: request("GET", `/api/v1/posts/${posts[(n * 31) % posts.length].id}`) };
  };
}

/** A connection that stays open, with one request under way; `done` hears the status, or 0 when it was lost. */
class Line {
  #socket;
  #done;
  #head = "";
  #missing = 0;
  #status = 0;
  constructor(port) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => this.#end(0, false));
  }
  send(bytes, done) {
    this.#done = done;
    this.#head = "";
    this.#missing = 0;
    this.#socket.write(bytes);
  }
  close() {
    this.#socket.destroy();
  }
  #read(chunk) {
    if (this.#missing === 0) {
      this.#head += chunk.toString("latin1");
      const end = this.#head.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.#status = Number(this.#head.slice(9, 12));
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#head)?.[1] ?? 0);
      this.#missing = length - (this.#head.length - end - 4);
    } else this.#missing -= chunk.length;
    if (this.#missing <= 0) this.#end(this.#status, !/\r\nconnection: close/i.test(this.#head));
  }
  #end(status, isOpen) {
    const done = this.#done;
    this.#done = undefined;
    done?.(status, isOpen);
  }
}

/** Sends `perSecond` requests a second, whether answers come or not. */
async function flood({ port, perSecond, seconds, crowd, from }) {
  const idle = [];
  const all = new Set();
  const answers = new Map();
  const latencies = [];
  let unsent = 0;
  let underWay = 0;
  const note = (kind, status) => {
    const name = `${kind} ${status}`;
    answers.set(name, (answers.get(name) ?? 0) + 1);
  };
  const send = (n) => {
    let line = idle.pop();
    if (line === undefined && all.size < MOST_LINES) {
      line = new Line(port);
      all.add(line);
    }
    if (line === undefined) {
      unsent += 1;
      return;
    }
    const { kind, bytes } = crowd(n);
    const startedAt = performance.now();
    underWay += 1;
    line.send(bytes, (status, isOpen) => {
      underWay -= 1;
      note(kind, status);
      if (status === 200) latencies.push(performance.now() - startedAt);
      if (isOpen) idle.push(line);
      else all.delete(line);
    });
  };
  const startedAt = performance.now();
  let sent = 0;
  while (performance.now() - startedAt < seconds * 1_000) {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    for (; sent < due; sent++) send(from + sent);
    await wait(VOLLEY_MS);
  }
  const endedAt = performance.now();
  const drained = async () => {
    while (underWay > 0 && performance.now() - endedAt < 30_000) await wait(10);
    for (const line of all) line.close();
  };
  return { sent, unsent, answers, drained, times: () => summarise(latencies, endedAt - startedAt) };
}

/** Memory a process holds now, in MB (10^6 bytes). */
const memoryMb = (pid) =>
  (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024) / 1e6;

const say = (text) => console.error(text);
const rounded = (value) => Math.round(value).toLocaleString("en");
const closing = [];

async function main() {
  const network = await startNetwork();
  closing.push(network.stop);
  const logins = await runningLogins(network.data);
  const pools = openPools({ app: logins.migrator, reader: logins.reader, log: say });
  closing.push(pools.end);
  say("filling it");
  const world = await seed(pools.app, network.data);
  const crowd = crowdOf(world);
  const { port, pid } = network;
  const askedFor = (from, ms, connections) => drive({ port, connections, from, ms, requestAt: (n) => crowd(n).bytes });
  await askedFor(0, 2_000, 32);
  const capacity = await askedFor(100_000, 5_000, 32);
  const calm = await askedFor(200_000, 1_000, 1);
  const before = memoryMb(pid);
  const perSecond = Math.round(capacity.perSecond * TIMES);
  say(`it can do ${rounded(capacity.perSecond)} a second; sending ${rounded(perSecond)} for ${SECONDS} s`);
  let most = before;
  const watching = setInterval(() => {
    most = Math.max(most, memoryMb(pid));
  }, 100);
  const run = await flood({ port, perSecond, seconds: SECONDS, crowd, from: 1_000_000 });
  const endedAt = performance.now();
  const recovery = await untilCalm(port, calm.p99, endedAt, crowd);
  await run.drained();
  clearInterval(watching);
  const after = memoryMb(pid);

  const count = (kind, statuses) =>
    statuses.reduce((sum, status) => sum + (run.answers.get(`${kind} ${status}`) ?? 0), 0);
  const row = (kind, name) => {
    const all = [...run.answers].filter(([of]) => of.startsWith(kind)).reduce((sum, [, n]) => sum + n, 0);
    const answered = count(kind, [200, 201]);
    const shed = count(kind, [429, 503]);
    return { name, all, answered, shed, other: all - answered - shed };
  };
  const rows = [
    row("write", "votes of agents"),
    row("heartbeat", "heartbeats of agents"),
    row("anonymous", "reads without a key"),
  ];
  const answered = rows.reduce((sum, one) => sum + one.answered, 0);
  const other = rows.reduce((sum, one) => sum + one.other, 0);
  const { p50, p99 } = run.times();
  const share = (part, whole) => `${((part / Math.max(1, whole)) * 100).toFixed(1)} %`;
  const text = `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench:herd\`: what the server can do is ${rounded(capacity.perSecond)} requests/s of this mix over 32 connections; it was
sent ${rounded(run.sent / SECONDS)} a second for ${SECONDS} s, whether answers came or not.

| | sent | answered | sent away (429, 503) | anything else |
|---|--:|--:|--:|--:|
${rows.map((one) => `| ${one.name} | ${rounded(one.all)} | ${rounded(one.answered)} (${share(one.answered, one.all)}) | ${rounded(one.shed)} | ${one.other} |`).join("\n")}

While it lasted it answered ${rounded(answered / SECONDS)} requests/s (${share(answered / SECONDS, capacity.perSecond)} of what it can do), p50 ${rounded(p50)} ms, p99 ${rounded(p99)} ms; the sender and the
refusals share its two cores. Memory: ${rounded(before)} MB before, ${rounded(most)} MB at most, ${rounded(after)} MB after. ${recovery === undefined ? "It was **not** itself again in 30 s" : `It was itself again (answers as quick as before) after ${recovery.toFixed(1)} s`}; promised are ${RECOVERY_SECONDS} s.${
    run.unsent > 0
      ? `\n${rounded(run.unsent)} requests were not sent, because all ${rounded(MOST_LINES)} connections waited for an answer.`
      : ""
  }`;
  console.log(text);
  console.log([...run.answers].map(([what, n]) => `${what}: ${n}`).join("\n"));
  writeBetween(REPORT, "herd", text);
  if (other > 0 || recovery === undefined || recovery > RECOVERY_SECONDS) process.exitCode = 1;
}

/** Seconds until answers come as quickly as before the crowd, ten times in a row. */
async function untilCalm(port, p99, endedAt, crowd) {
  const quick = Math.max(20, p99 * 3);
  const line = new Line(port);
  let inRow = 0;
  let since;
  try {
    for (let n = 0; performance.now() - endedAt < 30_000; n++) {
      const startedAt = performance.now();
      const status = await new Promise((resolve) => line.send(crowd(5_000_000 + n).bytes, resolve));
      const isQuick = status === 200 && performance.now() - startedAt <= quick;
      since = isQuick ? (since ?? performance.now()) : undefined;
      inRow = isQuick ? inRow + 1 : 0;
      if (inRow === 10) return (since - endedAt) / 1_000;
      await wait(50);
    }
    return undefined;
  } finally {
    line.close();
  }
}

try {
  await main();
} finally {
  for (const close of closing.splice(0).reverse()) await close();
}
