/** A clock that jumps under the running server: days ahead, hours back. */
import { writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { createClient } from "../sdk/dist/client.js";
import { check, checkTouched } from "./check.mjs";
import { CLOCK, until, World } from "./world.mjs";

const WRITERS = 8;
const HOUR_MS = 3_600_000;
/** Where the clock stands in turn, in hours from the right time. */
const SHIFTS = [0, 48, -3, 20, 0];
const WRITING_MS = 600;
/** Milliseconds after which everybody sees a write. */
const SEEN_MS = 3_000;
/** Answers are repeated for this long. */
const KEPT_HOURS = 24;

async function jump(world, hours) {
  writeFileSync(world.clock, String(hours * HOUR_MS));
  process.kill(world.server.pid, "SIGUSR2");
  await until(`the clock is ${hours} h off`, async () => {
    const { timestamp } = await (await fetch(`${world.origin}/health`)).json();
    return Math.abs(Date.parse(timestamp) - Date.now() - hours * HOUR_MS) < 10_000;
  });
}

/** Walks through all posts page by page: each visible one must come exactly once. */
async function walk(world, client) {
  const seen = [];
  for (let cursor; ; ) {
    const page = await client.posts.list({ sort: "new", limit: 20, ...(cursor ? { cursor } : {}) });
    seen.push(...page.posts.map(({ id }) => id));
    if (!page.has_more) break;
    cursor = page.next_cursor;
  }
  const there = world.postList.filter(({ deleted }) => !deleted).map(({ id }) => id);
  const isSame =
    seen.length === there.length && new Set(seen).size === seen.length && there.every((id) => seen.includes(id));
  return isSame ? undefined : `paging shows ${seen.length} posts (${new Set(seen).size} different) of ${there.length}`;
}

/**
 * Lets the clock jump.
 * @param {{ seed: number, progress: (text: string, done: number) => void, opened: (world: World) => void }} options
 */
export async function clock({ seed, progress, opened }) {
  const world = new World({ seed });
  opened(world);
  const { ledger } = world;
  await world.populate(WRITERS);
  await world.server.stop();
  await world.hangUp();
  world.flags = ["--import", CLOCK];
  await world.start();
  const problems = [];
  const [agent] = world.agents;
  const client = createClient({ repeat: false, baseUrl: world.origin, apiKey: agent.key });
  const anonymous = createClient({ repeat: false, baseUrl: world.origin });
  /** Writes to be repeated: made when the clock was `hours` off. */
  const earlier = [];
  for (const [index, hours] of SHIFTS.entries()) {
    progress(`the clock is ${hours} h off`, index / SHIFTS.length);
    await jump(world, hours);
    world.writers.start();
    await wait(WRITING_MS);
    await world.writers.stop();
    await checkTouched(world);
    const input = {
      submolt_name: "general",
      title: `${world.mark} clock ${index}`,
      content: "written under a false clock",
    };
    const idempotencyKey = `${world.mark}-clock-${index}`;
    const { post } = await client.posts.create(input, { idempotencyKey });
    const known = {
      id: post.id,
      author: agent.id,
      title: input.title,
      content: input.content,
      version: 1,
      deleted: false,
    };
    ledger.posts.set(post.id, known);
    world.postList.push(known);
    const startedAt = performance.now();
    await until("everybody sees a new post", async () => {
      const { posts } = await anonymous.posts.list({ sort: "new", limit: 100, author: agent.name });
      return posts.some(({ id }) => id === post.id);
    });
    if (performance.now() - startedAt > SEEN_MS) problems.push(`at ${hours} h a new post was seen late`);
    for (const one of earlier) {
      if (hours - one.hours >= KEPT_HOURS) continue;
      const again = await client.posts.create(one.input, { idempotencyKey: one.idempotencyKey });
      if (again.post.id !== one.id)
        problems.push(`a repeat at ${hours} h of what was written at ${one.hours} h wrote again`);
    }
    earlier.push({ hours, input, idempotencyKey, id: post.id });
    const paging = await walk(world, anonymous);
    if (paging) problems.push(`at ${hours} h ${paging}`);
  }
  const found = await check(world);
  const result = {
    problems: [...problems, ...found.sentences, ...ledger.violations],
    violated: problems.length + found.total + ledger.violated,
    ledger,
    facts: { jumps: SHIFTS.length - 1 },
  };
  await world.close();
  return result;
}
