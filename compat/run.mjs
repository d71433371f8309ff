/**
 * Runs the compatibility tests: installs the clients and builds the server when either is stale, then node's own runner.
 * usage: npm run test:compat -- [flags of node --test] [parts of file names]
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "../scripts/build.mjs";
import { ensureInstalled } from "./install.mjs";

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
  const tests = spawn(process.execPath, ["--test", "--test-concurrency=2", ...flags, ...files], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => tests.kill("SIGTERM"));
  return new Promise((resolve) => tests.once("exit", (status) => resolve(status ?? 1)));
}

process.exitCode = await main();
