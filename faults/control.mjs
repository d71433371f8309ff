/**
 * The negative control: the same check must find what is wrong. A doubled post and a falsified counter are planted; then the
 * database runs with fsync off and loses what was never synced, as at a power failure. A run in which nothing is found fails.
 */
import { closeSync, openSync, readdirSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { check } from "./check.mjs";
import { until, World } from "./world.mjs";

const WRITERS = 8;
/** Milliseconds of writing before anything happens, and between the last moment that is kept and the power failure. */
const WRITING_MS = 600;
const LOST_MS = 400;
/** How the write-ahead log lies on disk. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

/** Writes for a while. */
async function write(world, ms) {
  world.writers.start();
  await wait(ms);
  await world.writers.stop();
}

/** Where the log ends on disk, in bytes since its beginning. */
async function endOfLog(world) {
  const [{ bytes }] = await world.sql("select (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::text as bytes");
  return Number(bytes);
}

/** Wipes the log from a place on, as if it had never reached the disk. */
function loseLogFrom(data, bytes) {
  const folder = join(data, "postgres", "pg_wal");
  for (const name of readdirSync(folder)) {
    if (!/^[0-9A-F]{24}$/.test(name)) continue;
    // A name is the timeline, the upper and the lower half of the number of the segment.
    const start = (Number.parseInt(name.slice(8, 16), 16) * 256 + Number.parseInt(name.slice(16), 16)) * SEGMENT_BYTES;
    const from = Math.max(0, bytes - start);
    const { size } = statSync(join(folder, name));
    if (from >= size) continue;
    const file = openSync(join(folder, name), "r+");
    writeSync(file, Buffer.alloc(size - from), 0, size - from, from);
    closeSync(file);
  }
}

/** Plants a second row of a post that was acknowledged once, and counts one upvote that nobody gave. */
async function plant(world) {
  const twins = { id: "00000000-0000-7000-8000-00000000beef", of: world.postList.find(({ deleted }) => !deleted).id };
  await world.sql(
    `with p as (insert into posts (id, author_id, community_id, type, title, content, salt, created_at)
       select $1, author_id, community_id, type, title, content, salt, created_at from posts where id = $2)
     insert into post_stats (post_id, community_id, author_id, created_at, hot)
       select $1, community_id, author_id, created_at, hot from post_stats where post_id = $2`,
    [twins.id, twins.of],
  );
  await world.sql("update post_stats set upvotes = upvotes + 1 where post_id = $1", [twins.of]);
  return async () => {
    await world.sql("delete from posts where id = $1", [twins.id]);
    await world.sql("update post_stats set upvotes = upvotes - 1 where post_id = $1", [twins.of]);
  };
}

/** Kills app and database and takes back everything since `LOST_MS` ago. */
async function failPower(world) {
  await world.sql("alter system set fsync = off");
  await world.sql("alter system set bgwriter_lru_maxpages = 0");
  await world.sql("select pg_reload_conf()");
  await until("fsync is off", async () => (await world.sql("show fsync"))[0].fsync === "off");
  await world.sql("checkpoint");
  await write(world, WRITING_MS);
  const kept = await endOfLog(world);
  await write(world, LOST_MS);
  process.kill(await world.postmaster(), "SIGKILL");
  await world.server.stop("SIGKILL");
  await world.hangUp();
  loseLogFrom(world.data, kept);
  await world.start();
}

/**
 * Runs the control.
 * @param {{ seed: number, progress: (text: string, done: number) => void, opened: (world: World) => void }} options
 */
export async function control({ seed, progress, opened }) {
  const world = new World({ seed });
  opened(world);
  await world.populate(WRITERS);
  progress("writing", 0.2);
  await write(world, WRITING_MS);
  const problems = [];
  const clean = await check(world);
  if (clean.total > 0) problems.push("the check finds faults before there are any", ...clean.sentences);
  progress("planting a doubled post and a false counter", 0.4);
  const takeBack = await plant(world);
  const planted = await check(world, { history: false });
  if (planted.count("doubled") !== 1) problems.push("the doubled post was not found");
  if (planted.count("miscounted") === 0) problems.push("the false counter was not found");
  await takeBack();
  progress("losing what was never synced", 0.6);
  const before = world.ledger.acknowledged;
  await failPower(world);
  const lost = await check(world);
  if (lost.count("lost") === 0) problems.push("writes that were acknowledged and lost were not found");
  const result = {
    problems,
    violated: problems.length,
    ledger: world.ledger,
    facts: {
      planted: planted.total,
      written: world.ledger.acknowledged - before,
      lost: lost.count("lost"),
      kinds: [...lost.kinds].map(([kind, { length }]) => `${length} ${kind}`).join(", "),
    },
  };
  await world.close();
  return result;
}
