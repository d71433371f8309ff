/**
 * A disk that is full: the data lies on a small file system of its own, which is filled up under mixed writes and freed again.
 * Needs root and a system that lets it mount; says so otherwise.
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { check, checkTouched } from "./check.mjs";
import { until, World } from "./world.mjs";

const WRITERS = 8;
/** Megabytes of the file system: a new database takes some 60. */
const SIZE_MB = 256;
/** Bytes left when it is "almost full", so that writing goes on for a moment and meets the end by itself. */
const LEFT_BYTES = 300_000;
const WRITING_MS = 800;
/** Characters of a post, so that the end comes soon. */
const LONG_POST = 39_000;
/** Milliseconds the disk stays full. */
const FULL_MS = 8_000;
/** Lines the server may log meanwhile, whatever is asked of it: some a second. */
const MOST_LINES_PER_SECOND = 5;
/** Milliseconds after which all is well once there is space: the database is started again every ten seconds at least. */
const RECOVERY_MS = 15_000;

function mount() {
  const at = mkdtempSync(join(tmpdir(), "openmolt-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MB}m,mode=0755`, "tmpfs", at], { stdio: "pipe" });
  } catch (error) {
    rmdirSync(at);
    throw new Error(`nothing can be mounted here (${String(error.stderr ?? error.message).trim()})`, { cause: error });
  }
  return at;
}

function unmount(at) {
  execFileSync("umount", [at], { stdio: "pipe" });
  rmdirSync(at);
}

/** Fills a file system but for some bytes. */
function fill(at, left) {
  const file = openSync(join(at, "filler"), "a");
  const block = Buffer.alloc(65_536);
  for (;;) {
    const { bavail, bsize } = statfsSync(at);
    const bytes = Math.min(block.length, bavail * bsize - left);
    if (bytes <= 0) break;
    writeSync(file, block, 0, bytes);
  }
  closeSync(file);
}

/** Reads ten times a second; counts what is answered. */
async function readFor(world, ms) {
  const statuses = new Map();
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const answer = await fetch(`${world.origin}/api/v1/posts?sort=new`, { signal: AbortSignal.timeout(10_000) });
    await answer.arrayBuffer();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    await wait(100);
  }
  return statuses;
}

/** Has the database begin one file of its log after the other, until there is no room and it gives up. */
async function exhaustLog(world) {
  for (let n = 0; n < SIZE_MB / 16; n++) {
    try {
      await world.sql("select pg_switch_wal()");
      await world.sql("create table room (); drop table room");
    } catch {
      return;
    }
  }
}

/** The trouble one full disk made, from the filling to the first acknowledged write afterwards. */
async function ordeal(world, at, makeWorse) {
  const { ledger, server } = world;
  const problems = [];
  const linesBefore = server.output().split("\n").length;
  const refusedBefore = ledger.troubles.get("UNAVAILABLE") ?? 0;
  fill(at, LEFT_BYTES);
  await wait(WRITING_MS);
  fill(at, 0);
  if (makeWorse) await exhaustLog(world);
  const reads = await readFor(world, FULL_MS);
  const said = server
    .output()
    .split("\n")
    .slice(linesBefore - 1);
  const seconds = (WRITING_MS + FULL_MS) / 1_000;
  if (said.length > seconds * MOST_LINES_PER_SECOND) {
    problems.push(`the server logged ${said.length} lines in ${seconds} s, for instance ${said.at(-2)?.slice(0, 300)}`);
  }
  if (!said.some((line) => /disk of the database is full|No space left on device/.test(line))) {
    problems.push("the log does not say that the disk is full");
  }
  for (const status of reads.keys()) {
    if (status !== 200 && status !== 503) problems.push(`a read was answered ${status}`);
  }
  const refused = (ledger.troubles.get("UNAVAILABLE") ?? 0) - refusedBefore;
  if (refused === 0) problems.push("no write was refused, so the disk was not full");
  const from = performance.now();
  const heard = world.nextAcknowledgement();
  rmSync(join(at, "filler"));
  const recovered = (await heard) - from;
  if (recovered > RECOVERY_MS) problems.push(`the first write afterwards took ${(recovered / 1_000).toFixed(1)} s`);
  return {
    problems,
    refused,
    lines: said.length,
    reads: [...reads].map(([status, n]) => `${n} x ${status}`),
    recovered,
  };
}

/**
 * Fills the disk and frees it, twice: first there is no room for rows, then none for the log of the database, which ends then.
 * @param {{ seed: number, progress: (text: string, done: number) => void, opened: (world: { close: () => Promise<void> }) => void }} options
 * @returns also `skipped`, a reason, where it cannot be done
 */
export async function disk({ seed, progress, opened }) {
  let at;
  try {
    at = mount();
  } catch (error) {
    return { skipped: error.message };
  }
  const world = new World({ seed, data: join(at, "data") });
  const close = async () => {
    await world.close();
    // The database may need a moment to end.
    await until("the disk is free", async () => {
      unmount(at);
      return true;
    });
  };
  opened({ close, server: { output: () => world.server?.output() ?? "" } });
  const { ledger } = world;
  world.longestPost = LONG_POST;
  await world.populate(WRITERS);
  world.writers.start();
  await wait(WRITING_MS);
  progress("no room for rows", 0.3);
  const rows = await ordeal(world, at, false);
  await wait(WRITING_MS);
  progress("no room for the log of the database", 0.6);
  const log = await ordeal(world, at, true);
  await world.writers.stop();
  await checkTouched(world);
  await world.hangUp();
  const found = await check(world);
  const own = [...rows.problems, ...log.problems];
  const result = {
    problems: [...own, ...found.sentences, ...ledger.violations],
    violated: own.length + found.total + ledger.violated,
    ledger,
    facts: {
      refused: rows.refused + log.refused,
      reads: `${rows.reads.join(", ")}, and ${log.reads.join(", ")}`,
      lines: rows.lines + log.lines,
    },
    recovered: { all: [rows.recovered, log.recovered] },
  };
  await close();
  return result;
}
