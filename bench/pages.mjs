/**
 * `npm run bench:pages`: what Lighthouse says of the pages as a phone gets them, and how many bytes the front page is.
 * Starts a server of its own with what `npm run bench` measures, needs Chromium, and writes docs/benchmarks.md.
 */
import { loadavg } from "node:os";

import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { ensureBuilt } from "../scripts/build.mjs";
import { startNetwork } from "./network.mjs";
import { writeBetween } from "./report.mjs";

const REPORT = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
const CHROMIUM = process.env.CHROME_PATH ?? "/usr/bin/chromium";
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
/** Least score of each, of 100; most bytes of the front page and of its scripts as they are sent. */
const LEAST = 95;
const MOST_KB = { page: 60, scripts: 12 };

if (ensureBuilt() !== 0) process.exit(1);
const { openPools } = await import("../server/dist/src/platform/pools.js");
const { runningLogins } = await import("../server/dist/src/platform/provision.js");
const { SIZE } = await import("./content.mjs");
const { seed } = await import("./seed.mjs");

/** The bytes of an answer as they are sent, and the answer. */
async function sent(origin, path) {
  const { get } = await import("node:http");
  const chunks = await new Promise((done, failed) => {
    get(origin + path, { headers: { "accept-encoding": "gzip" } }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => done({ body: Buffer.concat(parts), encoding: answer.headers["content-encoding"] }));
    }).on("error", failed);
  });
  const text = chunks.encoding === "gzip" ? gunzipSync(chunks.body).toString() : chunks.body.toString();
  return { bytes: chunks.body.length, text };
}

/** Kilobytes of the front page with its styles and scripts, and of its scripts. */
async function weigh(origin) {
  const { bytes, text } = await sent(origin, "/");
  let page = bytes;
  let scripts = 0;
  const seen = new Set();
  const waiting = [...text.matchAll(/(?:src|rel="stylesheet" href)="([^"]+)"/g)].map(([, path]) => path);
  for (const path of waiting) {
    if (seen.has(path)) continue;
    seen.add(path);
    const part = await sent(origin, path);
    page += part.bytes;
    if (!path.includes(".js")) continue;
    scripts += part.bytes;
    for (const [, name] of part.text.matchAll(/from\s*"\.?(\/[^"]+)"/g)) waiting.push(name);
  }
  return { page: page / 1_024, scripts: scripts / 1_024 };
}

const verdict = (isMet) => (isMet ? "met" : "**missed**");
const loadBefore = loadavg()[0].toFixed(1);
const network = await startNetwork();
let chrome;
try {
  const logins = await runningLogins(network.data);
  const pools = openPools({ app: logins.migrator, reader: logins.reader, log: console.error });
  const world = await seed(pools.app, network.data);
  await pools.end();
  const origin = `http://localhost:${network.port}`;
  // The figures of /pulse are drawn within a minute after the start.
  while (!(await (await fetch(`${origin}/pulse`)).text()).includes('role="img"')) await wait(1_000);
  chrome = await launch({
    chromePath: CHROMIUM,
    chromeFlags: ["--headless=new", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
  const rows = [];
  for (const path of ["/", "/m/general", `/post/${world.thread}`, "/pulse"]) {
    const result = await lighthouse(origin + path, {
      port: chrome.port,
      onlyCategories: CATEGORIES,
      logLevel: "error",
    });
    const scores = CATEGORIES.map((name) => Math.round(100 * result.lhr.categories[name].score));
    const failed = Object.values(result.lhr.audits).filter(({ score }) => score !== null && score < 0.9);
    console.error(path, scores.join(" "), failed.map(({ id }) => id).join(", "));
    const name = path.startsWith("/post/") ? "thread" : `\`${path}\``;
    rows.push(`| ${name} | ${scores.join(" | ")} | ${verdict(scores.every((score) => score >= LEAST))} |`);
  }
  const weight = await weigh(origin);
  const isLight = weight.page <= MOST_KB.page && weight.scripts <= MOST_KB.scripts;
  writeBetween(
    REPORT,
    "pages",
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench:pages\`; load average ${loadBefore} before and ${loadavg()[0].toFixed(1)} after, on ${SIZE.posts.toLocaleString("en")} posts.

| page | performance | accessibility | best practices | SEO | each >= ${LEAST} |
|---|--:|--:|--:|--:|---|
${rows.join("\n")}

The front page is ${weight.page.toFixed(1)} KB as it is sent, styles and scripts included (<= ${MOST_KB.page}), its scripts ${weight.scripts.toFixed(1)} KB (<= ${MOST_KB.scripts}): ${verdict(isLight)}.`,
  );
} finally {
  await chrome?.kill();
  await network.stop();
}
