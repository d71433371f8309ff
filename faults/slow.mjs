/** A slow database: its processes stand still for a while, then a lock is held longer than anybody may wait for one. */
import { setTimeout as wait } from "node:timers/promises";
import { check, checkTouched } from "./check.mjs";
import { backendsOf } from "./kills.mjs";
import { World } from "./world.mjs";

const WRITERS = 12;
/** Milliseconds that all processes stand still. */
const STILL_MS = 3_000;
/** Seconds that a lock is held; a transaction of the server gives up after 10. */
const LOCKED_SECONDS = 15;
/** Milliseconds that any answer may take while it lasts: waiting for a connection, then for the lock. */
const PATIENCE_MS = 17_000;
/** Milliseconds after which everything is as before. */
const RECOVERY_MS = 3_000;
const WRITING_MS = 500;

const signalAll = (pids, signal) => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
};

/**
 * Makes the database slow in both ways.
 * @param {{ seed: number, progress: (text: string, done: number) => void, opened: (world: World) => void, brief?: boolean }}
 *   options brief: without the long lock
 */
export async function slow({ seed, progress, opened, brief = false }) {
  const world = new World({ seed });
  opened(world);
  const { ledger } = world;
  await world.populate(WRITERS);
  const problems = [];
  const recovered = [];
  const recover = async (what) => {
    const from = performance.now();
    const ms = (await world.nextAcknowledgement()) - from;
    recovered.push(ms);
    if (ms > RECOVERY_MS) problems.push(`${what}: the first write afterwards took ${(ms / 1_000).toFixed(1)} s`);
  };
  world.writers.start();
  await wait(WRITING_MS);
  progress("all database processes stand still", 0.2);
  const still = backendsOf(await world.postmaster());
  signalAll(still, "SIGSTOP");
  await wait(STILL_MS);
  signalAll(still, "SIGCONT");
  await recover("standing still");
  const stillLongest = ledger.longest;
  let reads = 0;
  if (!brief) {
    await wait(WRITING_MS);
    progress(`a lock is held for ${LOCKED_SECONDS} s`, 0.4);
    const held = world.sql(`begin; lock table post_stats, agent_seq in share row exclusive mode;
      select pg_sleep(${LOCKED_SECONDS}); commit`);
    const until = performance.now() + LOCKED_SECONDS * 1_000;
    while (performance.now() < until) {
      const answer = await fetch(`${world.origin}/api/v1/posts?sort=new`, { signal: AbortSignal.timeout(PATIENCE_MS) });
      await answer.arrayBuffer();
      if (answer.status === 200) reads += 1;
      else if (answer.status !== 503) problems.push(`a read was answered ${answer.status}`);
      await wait(100);
    }
    await held;
    await recover("the lock");
    if (reads === 0) problems.push("no read was answered while the lock was held");
  }
  await world.writers.stop();
  if (ledger.longest > PATIENCE_MS) problems.push(`a write waited ${ledger.longest.toFixed(0)} ms for an answer`);
  await checkTouched(world);
  const found = await check(world);
  const result = {
    problems: [...problems, ...found.sentences, ...ledger.violations],
    violated: problems.length + found.total + ledger.violated,
    ledger,
    facts: { stillLongest, lockLongest: ledger.longest, reads },
    recovered: { all: recovered },
  };
  await world.close();
  return result;
}
