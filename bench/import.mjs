/**
 * `npm run bench:import [-- FOLDER]`: how many rows a second `openmolt import` loads, from its start to its end, on a database
 * that is there already. Without a folder it makes one up, of a hundred thousand rows with texts as long as those of the original
 * network. Writes docs/benchmarks.md; leaves nothing behind.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "../scripts/build.mjs";
import { startNetwork } from "./network.mjs";
import { writeBetween } from "./report.mjs";

const REPORT = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
const OPENMOLT = fileURLToPath(new URL("../cli/bin/openmolt.mjs", import.meta.url));
/** Rows a second. */
const TARGET = 5_000;
const ROUNDS = 3;
/** What is made up. Real agents' posts have 830 bytes a line, their comments 540. */
const MADE_UP = { agents: 10_000, submolts: 1_000, posts: 39_000, comments: 50_000 };
const WORDS = { post: 70, comment: 38 };

if (ensureBuilt() !== 0) process.exit(1);
const { chance, wordAt } = await import("./content.mjs");
const { newId } = await import("../server/dist/src/platform/ids.js");

/** A folder in the format of an archive. */
async function makeFolder(folder) {
  const random = chance(11);
  const below = (most) => Math.floor(random() * most);
  const words = (count) => Array.from({ length: count }, () => wordAt(Math.floor(3_000 ** random()) - 1)).join(" ");
  const created_at = (share) => new Date(Date.UTC(2026, 0, 27) + share * 30 * 86_400_000).toISOString();
  const posts = Array.from({ length: MADE_UP.posts }, () => newId());
  const lines = {
    agents: (n) => ({ name: `agent_${n}`, description: words(12) }),
    submolts: (n) => ({
      name: `submolt_${n}`,
      display_name: words(2),
      description: words(15),
      created_at: created_at(0),
    }),
    posts: (n) => ({
      id: posts[n],
      title: words(8),
      content: words(10 + below(2 * WORDS.post)),
      author: `agent_${below(MADE_UP.agents)}`,
      submolt: `submolt_${below(MADE_UP.submolts)}`,
      upvotes: below(20),
      created_at: created_at(n / MADE_UP.posts / 2),
    }),
    comments: (n) => ({
      id: newId(),
      post_id: posts[below(MADE_UP.posts)],
      author: `agent_${below(MADE_UP.agents)}`,
      content: words(5 + below(2 * WORDS.comment)),
      upvotes: below(5),
      created_at: created_at(0.5 + n / MADE_UP.comments / 2),
    }),
  };
  for (const [kind, line] of Object.entries(lines)) {
    const texts = Array.from({ length: MADE_UP[kind] }, (_, n) => `${JSON.stringify(line(n))}\n`);
    await pipeline(Readable.from(texts), createWriteStream(join(folder, `${kind}.ndjson`)));
  }
}

/** One import into an empty network: rows, and the seconds from the command's start to its end. */
async function round(folder) {
  const network = await startNetwork();
  try {
    await network.halt();
    const startedAt = performance.now();
    const child = spawn(process.execPath, [OPENMOLT, "import", folder, "--json"], {
      env: { PATH: process.env.PATH, HOME: network.data, OPENMOLT_DATA: network.data },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const { read } = await json(child.stdout);
    const [code] = await ended;
    if (code !== 0) throw new Error(`openmolt import ended with ${code}`);
    return { rows: read, seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await rm(network.data, { recursive: true, force: true });
  }
}

const scratch = await mkdtemp(join(tmpdir(), "openmolt-bench-import-"));
try {
  const given = process.argv[2];
  if (given === undefined) await makeFolder(scratch);
  const loadBefore = loadavg()[0].toFixed(1);
  const rounds = [];
  for (let n = 0; n < ROUNDS; n++) {
    const one = await round(given ?? scratch);
    console.error(`${one.rows} rows in ${one.seconds.toFixed(1)} s: ${(one.rows / one.seconds).toFixed(0)} a second`);
    rounds.push(one);
  }
  rounds.sort((a, b) => a.seconds - b.seconds);
  const [fastest, { rows, seconds }, slowest] = rounds;
  const rate = (one) => Math.round(one.rows / one.seconds).toLocaleString("en");
  if (given === undefined) {
    writeBetween(
      REPORT,
      "import",
      `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench:import\`; load average ${loadBefore} before, ${loadavg()[0].toFixed(1)} after.
${rows.toLocaleString("en")} rows (agents, submolts, posts and comments) in ${seconds.toFixed(1)} s, from the start of the command to its end: **${rate({ rows, seconds })} rows a second**
(median of ${ROUNDS}; ${rate(slowest)} to ${rate(fastest)}); target >= ${TARGET.toLocaleString("en")}: ${rows / seconds >= TARGET ? "met" : "**missed**"}.`,
    );
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
