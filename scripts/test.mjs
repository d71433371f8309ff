// Runs the tests on one database cluster that it starts before and deletes after, also when it is interrupted.
// usage: npm test -- [flags of node --test] [files, folders or patterns with *, relative to the repository]
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const builds = ["contract/dist", "sdk/dist", "agent/dist", "server/dist", "cli/dist"].map((dir) => join(root, dir));

function testFiles(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".test.js") && !path.includes("node_modules"))
    .map((path) => relative(root, join(dir, path)).split(sep).join("/"))
    .sort();
}

function matcher(pattern) {
  const path = pattern.replace(/^\.\//, "");
  const expression = path
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  const whole = new RegExp(`^${expression}(/.*)?$`);
  return (file) => whole.test(file);
}

const flags = process.argv.slice(2).filter((arg) => arg.startsWith("-"));
const patterns = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
const all = builds.flatMap(testFiles);
/** What drives a browser runs when it is asked for: `npm run test:browser`. */
const inBrowser = (file) => file.startsWith("server/dist/test/browser/");
const files =
  patterns.length === 0
    ? all.filter((file) => !inBrowser(file))
    : all.filter((file) => patterns.some((pattern) => matcher(pattern)(file)));
if (files.length === 0) {
  console.error("No test file was found. Is it built, and named *.test.js below a dist folder?");
  process.exit(1);
}

/** Claiming by tweet is only ever answered with the methods on offer. */
const ALWAYS_REFUSES = new Set(["owners.verifyTweet"]);

/** A whole run must have seen every endpoint of the contract answer at least once as its schema says. */
async function reportUnanswered() {
  const { allEndpoints } = await import("../contract/dist/api.js");
  const seen = new Set(existsSync(answered) ? readFileSync(answered, "utf8").split("\n") : []);
  const isJson = ({ endpoint }) => !endpoint.internal && endpoint.response.type === "object";
  const asked = allEndpoints.filter((named) => isJson(named) && !ALWAYS_REFUSES.has(named.name));
  const missing = asked.filter(({ endpoint }) => !seen.has(`${endpoint.method} ${endpoint.path}`));
  console.log(`# endpoints seen to answer as their schema says: ${asked.length - missing.length} of ${asked.length}`);
  for (const { name } of missing) console.log(`# never answered in any test: ${name}`);
  return missing.length === 0 ? 0 : 1;
}

/** What takes longest, by far: these begin at once, so that nobody waits for them at the end. */
const LONGEST = [
  "server/dist/test/browser/visits.test.js",
  "server/dist/test/browser/hostile.test.js",
  "cli/dist/commands/backup.test.js",
  "cli/dist/archives.test.js",
  "server/dist/test/contract.test.js",
];
/** What starts programs of its own takes long too, and goes before the rest. */
const STARTS_PROGRAMS = /from "node:child_process"/;
/** A hook outside any suite would hold for every file of a process. */
const HOOK_OF_FILE = /^(?:before|after|beforeEach|afterEach)\(/m;
/** How much of what is left a process takes. Toward the end it is little, so that neither processor waits long for the other. */
const SHARE_OF_REST = 1 / 6;
const FEWEST_TOGETHER = 4;

/** In the order of LONGEST, then in their own. */
function longestFirst(files) {
  return [...LONGEST.filter((file) => files.includes(file)), ...files.filter((file) => !LONGEST.includes(file))];
}

/** Files in groups that one process runs each, since half of what a small file costs is loading the server. */
function groupsOf(files) {
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  const isAlone = (file) => LONGEST.includes(file) || HOOK_OF_FILE.test(texts.get(file));
  const startsPrograms = (file) => STARTS_PROGRAMS.test(texts.get(file));
  const groups = files.filter(isAlone).map((file) => [file]);
  const others = files.filter((file) => !isAlone(file));
  for (
    let rest = [...others.filter(startsPrograms), ...others.filter((file) => !startsPrograms(file))];
    rest.length > 0;
  ) {
    const size = Math.max(FEWEST_TOGETHER, Math.ceil(rest.length * SHARE_OF_REST));
    groups.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return groups;
}

/** Writes a module for each group that loads its files. Node takes them in the order of their names. */
function modulesFor(groups, folder) {
  return groups.map((group, place) => {
    const path = join(folder, `${String(place).padStart(3, "0")}.test.mjs`);
    const lines = group.map((file) => `await import(${JSON.stringify(pathToFileURL(join(root, file)).href)});\n`);
    writeFileSync(path, lines.join(""));
    return path;
  });
}

let interrupted;
let tests;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    interrupted ??= signal;
    tests?.kill("SIGTERM");
  });
}

const { CLUSTER_VARIABLE, startTestCluster } = await import("../server/dist/test/harness-db.js");
const { ANSWERED_VARIABLE } = await import("../server/dist/test/answered.js");
const answered = join(mkdtempSync(join(tmpdir(), "openmolt-answered-")), "endpoints");
const cluster = await startTestCluster();
let code = 1;
try {
  if (interrupted === undefined) {
    const ordered = longestFirst(files);
    const groups = patterns.length === 0 ? groupsOf(ordered) : ordered.map((file) => [file]);
    const run = modulesFor(groups, dirname(answered));
    const args = ["--enable-source-maps", "--test", "--test-concurrency=2", ...flags, ...run];
    tests = spawn(process.execPath, args, {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, [CLUSTER_VARIABLE]: JSON.stringify(cluster.coordinates), [ANSWERED_VARIABLE]: answered },
    });
    code = await new Promise((resolve) => tests.once("exit", (status) => resolve(status ?? 1)));
  }
  if (code === 0 && patterns.length === 0) code = await reportUnanswered();
} finally {
  await cluster.stop();
  rmSync(dirname(answered), { recursive: true, force: true });
}
process.exitCode = interrupted === undefined ? code : 130;
