/**
 * Looks through every tracked text file for what must not land: markers of unfinished work, tests that run alone,
 * silenced checks, and addresses of package registries.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";

/** What is refused and why. The patterns are written so that they do not match themselves. */
const REFUSED = [
  [/\b(TO[D]O|FIX[M]E|HA[C]K)\b/, "finish it, or file an issue"],
  [/\b(test|it|describe|suite)\.onl[y]\(|(?<![\w-])onl[y]:\s*true/, "all tests run"],
  [
    /bio[m]e-ignore|es[l]int-disable|@ts-(ig[n]ore|ex[p]ect-error|noch[e]ck)|knip[i]gnore/,
    "obey the check or change it",
  ],
  [/regis[t]ry\.(npm|yarn)|npm\.pk[g]\.github/, "no address of a registry belongs in the repository"],
];

/** Fewer files than this means that the check looked at the wrong place. */
const FEWEST_FILES = 300;

/**
 * The lines of one text that are refused.
 * @param {string} text
 * @returns {{ line: number, found: string, why: string }[]}
 */
export function refusedIn(text) {
  const refused = [];
  for (const [index, line] of text.split("\n").entries()) {
    for (const [pattern, why] of REFUSED) {
      const found = pattern.exec(line)?.[0];
      if (found !== undefined) refused.push({ line: index + 1, found, why });
    }
  }
  return refused;
}

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  let looked = 0;
  let wrong = 0;
  for (const path of listed.split("\0").filter(Boolean)) {
    const file = join(root, path);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
    const bytes = readFileSync(file);
    if (bytes.includes(0)) continue;
    looked += 1;
    for (const { line, found, why } of refusedIn(bytes.toString("utf8"))) {
      wrong += 1;
      console.error(`${path}:${line}  "${found}": ${why}`);
    }
  }
  if (looked < FEWEST_FILES) {
    console.error(`looked at ${looked} files, expected at least ${FEWEST_FILES}: wrong place?`);
    exit(1);
  }
  console.log(`words: ${looked} files, ${wrong} refused`);
  exit(wrong === 0 ? 0 : 1);
}
