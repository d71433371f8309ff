/**
 * A reporter for knip that fails when knip looked at fewer files than there are: a dead-code check that sees nothing reports nothing.
 */
import { readdirSync } from "node:fs";

/** The folders whose sources knip must have looked at. */
const PLACES = ["contract/src", "sdk/src", "agent/src", "server/src", "server/test", "cli/src", "scripts", "compat"];

/** How many sources lie below a directory; 0 when it does not exist. */
function countSources(directory) {
  try {
    const names = readdirSync(directory, { recursive: true }).map(String);
    return names.filter((name) => /\.(ts|mjs)$/.test(name) && !name.includes("node_modules")).length;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
}

/**
 * Compares knip's own count with what lies on disk.
 * @param {{ counters: { total: number } }} results what knip hands to a reporter
 * @throws {Error} when knip looked at too few files
 */
export default function count({ counters }) {
  const expected = PLACES.reduce((sum, place) => sum + countSources(place), 0);
  if (expected === 0 || counters.total < expected) {
    throw new Error(`knip looked at ${counters.total} files of ${expected}`);
  }
  console.log(`dead code: ${counters.total} files looked at`);
}
