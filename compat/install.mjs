/**
 * Installs the clients when what is installed is not what the lockfile says, and adds the one file that the package
 * @moltcraft/moltbook-mcp imports but does not carry. Nothing of it is needed by anybody who only runs the network.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const stamp = join(modules, ".openmolt-stamp");

/** The missing file: three functions of tools that have nothing to do with the network. */
const SHIM = {
  path: join(modules, "@moltcraft", "moltbook-mcp", "packages", "pattern-extractor", "index.js"),
  text: "export const extractFromRepo = null, parseGitHubUrl = null, formatExtraction = null;\n",
};

function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["package-lock.json", "install.mjs"]) hash.update(readFileSync(join(here, file)));
  return hash.digest("hex");
}

/**
 * Makes `node_modules` what the lockfile says, without running any package's scripts.
 * @returns {number} 0 when it is, else the exit code to end with (npm has said why)
 */
export function ensureInstalled() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return 0;
  console.error("Installing the clients ...");
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  const result = spawnSync(command, [...first, "ci", "--ignore-scripts"], { cwd: here, stdio: ["ignore", 2, 2] });
  if (result.error) throw result.error;
  if (result.status !== 0) return result.status ?? 1;
  mkdirSync(dirname(SHIM.path), { recursive: true });
  writeFileSync(SHIM.path, SHIM.text);
  writeFileSync(stamp, wanted);
  return 0;
}
