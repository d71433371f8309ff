/**
 * Compiles the workspace when, and only when, the last good build is older than what it was made from.
 * The stamp is a fingerprint of every source and setting, taken before the compiler ran: an edit made during a build counts as new.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv, execPath, exit } from "node:process";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Directories that never hold a source of the build. */
const SKIPPED = new Set(["node_modules", "dist", "data", ".git"]);

/**
 * The directories `tsc -b` compiles, as the root tsconfig lists them.
 * @param {string} base the root of the workspace
 * @returns {string[]} directory names relative to it
 */
function projects(base) {
  const config = JSON.parse(readFileSync(join(base, "tsconfig.json"), "utf8"));
  return config.references.map((reference) => reference.path);
}

/** Every file below a directory, as absolute paths; empty when the directory does not exist. */
function* filesBelow(directory) {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* filesBelow(path);
    } else yield path;
  }
}

/** True for the files a build depends on. */
const isInput = (path) => /\.[cm]?tsx?$|(^|[\\/])(tsconfig[^\\/]*|package)\.json$/.test(path);

/**
 * A short text that changes when any source or setting of the build is added, removed, renamed or written.
 * @param {string} base the root of the workspace
 * @returns {string} a hexadecimal digest
 */
export function fingerprint(base) {
  const hash = createHash("sha256");
  const inputs = [
    join(base, "tsconfig.json"),
    join(base, "tsconfig.base.json"),
    join(base, "node_modules", "typescript", "package.json"),
  ];
  for (const project of projects(base))
    for (const path of filesBelow(join(base, project))) if (isInput(path)) inputs.push(path);
  for (const path of inputs) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest("hex");
}

/** Where the fingerprint of the last good build lies. */
const stampOf = (base) => join(base, "dist", "build.stamp");

/**
 * Whether the last build was made from what is on disk now and its output is still there.
 * @param {string} base the root of the workspace
 */
export function isFresh(base) {
  const stamp = stampOf(base);
  if (!existsSync(stamp) || !projects(base).every((project) => existsSync(join(base, project, "dist")))) return false;
  return readFileSync(stamp, "utf8") === fingerprint(base);
}

/**
 * Deletes compiled files whose source is gone, so that a deleted test does not go on running.
 * @param {string} base the root of the workspace
 */
function removeOrphans(base) {
  for (const project of projects(base)) {
    const out = join(base, project, "dist");
    const { compilerOptions = {} } = JSON.parse(readFileSync(join(base, project, "tsconfig.json"), "utf8"));
    const sources = resolve(base, project, compilerOptions.rootDir ?? ".");
    for (const path of filesBelow(out)) {
      const stem = /^(.*?)\.(?:js|js\.map|d\.ts|d\.ts\.map)$/.exec(path.slice(out.length + 1))?.[1];
      if (stem !== undefined && !existsSync(join(sources, `${stem}.ts`))) rmSync(path);
    }
  }
}

/**
 * Compiles when the build is stale; says so on standard error, so that a command's own output stays clean.
 * @param {string} base the root of the workspace
 * @returns {number} 0 when a build is ready, else the exit code to end with (the compiler has said why)
 */
export function ensureBuilt(base = root) {
  const compiler = join(base, "node_modules", "typescript", "bin", "tsc");
  if (!existsSync(compiler)) {
    console.error("The dependencies are not installed yet. Run `npm install` first.");
    return 1;
  }
  if (isFresh(base)) return 0;
  const before = fingerprint(base);
  console.error("Building ...");
  removeOrphans(base);
  const result = spawnSync(execPath, [compiler, "-b"], { cwd: base, stdio: ["ignore", 2, 2] });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    console.error("The build failed; nothing was started.");
    return result.status ?? 1;
  }
  const stamp = stampOf(base);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(`${stamp}.${process.pid}`, before);
  renameSync(`${stamp}.${process.pid}`, stamp);
  return 0;
}

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) exit(ensureBuilt());
