/**
 * Checks every arrow of the house: who may import whom, where SQL and the environment may be read, which file stands where.
 * It distrusts itself: each source on disk must have been looked at, and each import in it must have been seen by the graph.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import { EXCEPTIONS } from "./arrows/exceptions.mjs";
import { misplaced, ruleSet } from "./arrows/import-rules.mjs";
import { inspect } from "./arrows/source-rules.mjs";

/** Where sources of ours may lie. */
const PLACES = ["contract/src", "sdk/src", "agent/src", "server/src", "server/test", "cli/src"];

/** Fewer modules than this means that the check looked at the wrong place. Raise it as the house grows; never lower it. */
const FEWEST_MODULES = 240;

/** Sources below a directory, as paths relative to the root with forward slashes. */
function sourcesBelow(root, place) {
  if (!existsSync(join(root, place))) return [];
  return readdirSync(join(root, place), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .sort();
}

/**
 * Looks at a tree and says what breaks which rule.
 * @param {string} root the repository, or a tree of the same shape
 * @param {number} fewest the least number of modules that counts as having looked
 * @param {{ rule: string, at: string, reason: string }[]} exceptions what is excused
 * @returns {Promise<{ modules: number, imports: number, violations: { rule: string, at: string, arrow: string, message: string }[] }>}
 * @throws {Error} when the check itself is blind: too few modules, a module or an import unseen
 */
export async function checkArrows(root, fewest = FEWEST_MODULES, exceptions = EXCEPTIONS) {
  const base = resolve(root);
  const places = PLACES.filter((place) => existsSync(join(base, place)));
  const sources = places.flatMap((place) => sourcesBelow(base, place));
  if (sources.length < fewest)
    throw new Error(`looked at ${sources.length} modules, expected at least ${fewest}: wrong place?`);

  const { output } = await cruise(places, {
    baseDir: base,
    parser: "swc",
    tsPreCompilationDeps: true,
    validate: true,
    ruleSet,
    doNotFollow: { path: "(^|/)(node_modules|dist)/" },
    exclude: { path: "(^|/)node_modules/.*/node_modules/" },
  });
  if (typeof output === "string") throw new Error("the import graph came back as text");
  const graph = new Map(output.modules.map((module) => [module.source, module]));

  const comments = new Map(ruleSet.forbidden.map((rule) => [rule.name, rule.comment]));
  const violations = output.summary.violations.map((violation) => ({
    rule: violation.rule.name,
    at: violation.from,
    arrow: `${violation.from} → ${violation.to}`,
    message: violation.cycle
      ? [violation.from, ...violation.cycle.map((step) => step.name)].join(" → ")
      : `imports ${violation.to}. ${comments.get(violation.rule.name)}`,
  }));

  let imports = 0;
  for (const path of sources) {
    const seen = new Set(graph.get(path)?.dependencies.map(({ module }) => module.replace(/^node:/, "")));
    if (!graph.has(path)) throw new Error(`${path} was not looked at`);
    const { imports: written, found } = inspect(path, readFileSync(join(base, path), "utf8"));
    for (const name of written)
      if (!seen.has(name.replace(/^node:/, "")))
        throw new Error(`${path} imports ${name}, and the graph does not show it`);
    imports += written.length;
    for (const { line, rule, message } of found) violations.push({ rule, at: `${path}:${line}`, arrow: path, message });
    const wrong = misplaced(path);
    if (wrong) violations.push({ rule: "file-names", at: path, arrow: path, message: wrong });
  }
  const excused = new Set();
  const remaining = violations.filter(({ rule, at, arrow }) => {
    const exception = exceptions.find((one) => one.rule === rule && (one.at === arrow || one.at === at));
    if (exception) excused.add(exception);
    return !exception;
  });
  for (const { rule, at } of exceptions.filter((one) => !excused.has(one))) {
    remaining.push({ rule: "idle-exception", at, arrow: at, message: `nothing breaks ${rule} here any more` });
  }
  return { modules: sources.length, imports, violations: remaining };
}

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
  const { modules, imports, violations } = await checkArrows(root);
  for (const { rule, at, message } of violations) console.error(`${at}  ${rule}: ${message}`);
  console.log(`arrows: ${modules} modules, ${imports} imports, ${violations.length} violations`);
  exit(violations.length === 0 ? 0 : 1);
}
