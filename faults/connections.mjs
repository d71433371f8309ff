/** Connections that are lost: every one is ended from the database's side, again and again, under mixed writes. */
import { setTimeout as wait } from "node:timers/promises";
import { check, checkTouched } from "./check.mjs";
import { World } from "./world.mjs";

const WRITERS = 12;
const TIMES = 12;
/** Milliseconds between two times. */
const PAUSE_MS = 400;

/**
 * Ends all connections, twelve times.
 * @param {{ seed: number, progress: (text: string, done: number) => void, opened: (world: World) => void }} options
 */
export async function connections({ seed, progress, opened }) {
  const world = new World({ seed });
  opened(world);
  const { ledger } = world;
  await world.populate(WRITERS);
  world.writers.start();
  const recovered = [];
  let ended = 0;
  for (let time = 1; time <= TIMES; time++) {
    progress(`ending all connections, ${time} of ${TIMES}`, time / TIMES);
    await wait(PAUSE_MS);
    const [{ n }] = await world.sql(`select count(pg_terminate_backend(pid))::int as n from pg_stat_activity
      where usename in ('app', 'reader')`);
    ended += n;
    const from = performance.now();
    recovered.push((await world.nextAcknowledgement()) - from);
  }
  await world.writers.stop();
  await checkTouched(world);
  const found = await check(world);
  const problems = [...found.sentences, ...ledger.violations];
  const result = {
    problems,
    violated: found.total + ledger.violated,
    ledger,
    facts: { ended },
    recovered: { all: recovered },
  };
  await world.close();
  return result;
}
