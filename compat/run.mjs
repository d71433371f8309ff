/**
 * Runs the compatibility tests: installs the clients and builds the server when either is stale, then node's own runner.
 * usage: npm run test:compat -- [flags of node --test] [parts of file names]
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "../scripts/build.mjs";
import { ensureInstalled } from "./install.mjs";
import { TEMPLATE_VARIABLE } from "./template.mjs";

const here = dirname(fileURLToPath(import.meta.url));

async function main() {
  const notReady = ensureInstalled() || ensureBuilt();
  if (notReady) return notReady;
  const flags = process.argv.slice(2).filter((arg) => arg.startsWith("-"));
  const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
  const files = [".", "clients"]
    .flatMap((folder) => readdirSync(join(here, folder)).map((file) => join(here, folder, file)))
    .filter((file) => file.endsWith(".test.mjs"))
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
  if (files.length === 0) {
    console.error("No compatibility test has such a name.");
    return 1;
  }
  const folder = await mkdtemp(join(tmpdir(), "openmolt-compat-"));
  try {
    const env = { ...process.env, [TEMPLATE_VARIABLE]: await makeTemplate(folder) };
    const args = ["--test", "--test-concurrency=2", ...flags, ...files];
    const tests = spawn(process.execPath, args, { stdio: "inherit", env });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => tests.kill("SIGTERM"));
    return await new Promise((resolve) => tests.once("exit", (status) => resolve(status ?? 1)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes the database of a network that was never served, of which every test takes a copy. */
async function makeTemplate(folder) {
  const { openDatabase } = await import("../server/dist/src/platform/database.js");
  const { readConfig } = await import("../server/dist/src/config.js");
  const data = join(folder, "data");
  // As root the database runs as another user, who has to pass through.
  await chmod(folder, 0o711);
  const database = await openDatabase(readConfig({ OPENMOLT_DATA: data }, []), { info: () => undefined });
  await database.close();
  return data;
}

process.exitCode = await main();
