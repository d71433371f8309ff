/**
 * Looks whether an install will be the same and quiet everywhere: the lockfile names no download address, every package in it
 * has a checksum and admits the oldest Node we support, no platform is left out, every install script has been decided on, and
 * every version is pinned.
 */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import semver from "semver";

/** Fewer packages than this means that the lockfile was not read as meant. */
const FEWEST_PACKAGES = 80;

/**
 * What is wrong with an install.
 * @param {{ packages: Record<string, Record<string, unknown>> }} lock the parsed package-lock.json
 * @param {Record<string, unknown>} manifest the parsed package.json of the root
 * @param {number} fewest the least number of packages that counts as having looked
 * @returns {string[]} one sentence per mistake
 */
export function mistakesIn(lock, manifest, fewest = FEWEST_PACKAGES) {
  const mistakes = [];
  const oldest = semver.minVersion(manifest.engines.node)?.version ?? "0.0.0";
  const decided = Object.keys(manifest.allowScripts ?? {});
  const packages = Object.entries(lock.packages);
  if (packages.length < fewest)
    mistakes.push(`the lockfile lists ${packages.length} packages, expected at least ${fewest}`);
  const nameAt = (path) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const present = new Set(packages.map(([path]) => nameAt(path)));
  for (const [path, entry] of packages) {
    if (!path.startsWith("node_modules/") && !path.includes("/node_modules/")) {
      for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) {
        for (const [name, range] of Object.entries(entry[kind] ?? {})) {
          if (!semver.valid(range)) mistakes.push(`${path || "the root"}: ${name} "${range}" is not one exact version`);
        }
      }
      continue;
    }
    if (entry.link) continue;
    if (entry.version === undefined) mistakes.push(`${path}: no version`);
    for (const optional of Object.keys(entry.optionalDependencies ?? {})) {
      if (!present.has(optional)) {
        mistakes.push(
          `${path}: ${optional} is missing, so \`npm ci\` refuses; pin a version whose platforms are all published`,
        );
      }
    }
    const name = entry.name ?? nameAt(path);
    if (entry.resolved !== undefined) mistakes.push(`${name}: the lockfile names a download address`);
    if (entry.integrity === undefined && !entry.inBundle) mistakes.push(`${name}: no checksum`);
    if (entry.deprecated !== undefined) mistakes.push(`${name}: deprecated`);
    const range = entry.engines?.node;
    if (range !== undefined && !semver.satisfies(oldest, range))
      mistakes.push(`${name}: needs Node ${range}, we promise ${oldest}`);
    if (entry.hasInstallScript && !decided.some((rule) => rule === name || rule === `${name}@${entry.version}`)) {
      mistakes.push(`${name}@${entry.version}: has an install script that allowScripts does not decide on`);
    }
  }
  return mistakes;
}

/** The installs of this repository: the workspace, and the clients that the compatibility tests run. */
const INSTALLS = [".", "compat"];

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
  const read = (...path) => JSON.parse(readFileSync(join(root, ...path), "utf8"));
  let total = 0;
  for (const place of INSTALLS) {
    const lock = read(place, "package-lock.json");
    const mistakes = mistakesIn(lock, read(place, "package.json"));
    for (const mistake of mistakes) console.error(`${place}: ${mistake}`);
    console.log(`lockfile of ${place}: ${Object.keys(lock.packages).length} packages, ${mistakes.length} mistakes`);
    total += mistakes.length;
  }
  exit(total === 0 ? 0 : 1);
}
