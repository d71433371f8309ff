/** Kills without warning: the app, the database, one of its processes, both, round after round, under mixed writes. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { check, checkMessages, checkTouched } from "./check.mjs";
import { between, oneOf, randomFrom } from "./random.mjs";
import { World } from "./world.mjs";

const WRITERS = 12;
/** Milliseconds of writing before the kill. */
const WRITING_MS = { least: 50, most: 400 };
/** Rounds between two looks at everything. */
const FULL_CHECK_EVERY = 50;

/** Who is killed, in turn. */
const KINDS = ["app", "database", "backend", "both"];

function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** The processes that serve connections of the app and its readers. */
export function backendsOf(postmaster) {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      if (Number(stat.slice(stat.lastIndexOf(")") + 4).split(" ")[0]) !== postmaster) return [];
      const isOurs = /^postgres: (app|reader) /.test(readFileSync(`/proc/${name}/cmdline`, "utf8"));
      return isOurs ? [Number(name)] : [];
    } catch {
      // It ended while we looked.
      return [];
    }
  });
}

async function strike(world, kind, random) {
  const postmaster = await world.postmaster();
  if (kind === "backend") kill(oneOf(random, backendsOf(postmaster)) ?? postmaster);
  if (kind === "database" || kind === "both") kill(postmaster);
  if (kind === "app" || kind === "both") {
    await world.server.stop("SIGKILL");
    await world.hangUp();
    await world.start();
  }
}

/**
 * The rounds.
 * @param {{ seed: number, rounds: number, progress: (text: string, done: number) => void, opened: (world: World) => void, trace?: string }} options
 */
export async function kills({ seed, rounds, progress, opened, trace }) {
  const random = randomFrom(seed);
  const world = new World({ seed, trace });
  opened(world);
  const { ledger } = world;
  await world.populate(WRITERS);
  const recovered = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  const problems = [];
  for (let round = 1; round <= rounds; round++) {
    const kind = KINDS[(round - 1) % KINDS.length];
    progress(`kill ${round} of ${rounds} (${kind}), ${ledger.acknowledged} writes acknowledged`, round / rounds);
    ledger.note({ round, kind });
    world.writers.start();
    await wait(between(random, WRITING_MS.least, WRITING_MS.most));
    const killedAt = performance.now();
    const heard = world.nextAcknowledgement();
    await strike(world, kind, random);
    // The writers tell: if nothing is ever acknowledged again, they give up.
    await Promise.race([heard, wait(180_000, undefined, { ref: false })]).then((at) => {
      if (at !== undefined) recovered[kind].push(at - killedAt);
    });
    await world.writers.stop();
    await checkTouched(world);
    if (round % FULL_CHECK_EVERY === 0 && round < rounds) {
      const found = await check(world);
      problems.push(...found.sentences);
      if (found.total > 0) break;
    }
  }
  progress("looking at everything", 1);
  const found = await check(world);
  await checkMessages(world);
  problems.push(...found.sentences);
  const crashed = /unexpected error|uncaught/i.exec(world.server.output());
  if (crashed) problems.push(`the server logged: ${crashed.input.slice(crashed.index, crashed.index + 500)}`);
  const result = {
    problems: [...problems, ...ledger.violations],
    violated: ledger.violated + found.total,
    ledger,
    recovered,
  };
  await world.close();
  return result;
}
