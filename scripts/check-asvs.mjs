/**
 * Looks whether docs/security/asvs.md can be believed: each requirement of the chapters it covers stands there once with one of
 * four verdicts, and every file and every test it names exists. What a test proves is for readers to judge.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";

const TABLE = "docs/security/asvs.md";
const VERDICTS = ["met", "partly", "not met", "not applicable"];

/** The requirements of OWASP ASVS 5.0.0 that need a row: by level, those of V3, V4, V6 to V9, V10 for relying parties, V11, V16. */
const REQUIRED = {
  1: `3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3 4.1.1 4.4.1
    6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2
    7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 11.3.1 11.3.2 11.4.1`,
  2: `3.3.2 3.3.3 3.3.4 3.4.3 3.4.4 3.4.5 3.4.6 3.5.4 3.5.5 3.7.1 3.7.2
    4.1.2 4.1.3 4.2.1 4.3.1 4.3.2 4.4.2 4.4.3 4.4.4
    6.1.2 6.1.3 6.2.9 6.2.10 6.2.11 6.2.12 6.3.3 6.3.4 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.1 6.6.2 6.6.3
    6.8.1 6.8.2 6.8.3 6.8.4 7.1.1 7.1.2 7.1.3 7.3.1 7.3.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2 8.1.2 8.2.3 8.4.1
    9.2.2 9.2.3 9.2.4 10.1.1 10.1.2 10.2.1 10.2.2 10.5.1 10.5.2 10.5.3 10.5.4 10.5.5
    11.1.1 11.1.2 11.2.1 11.2.2 11.2.3 11.3.3 11.4.2 11.4.3 11.4.4 11.5.1 11.6.1
    16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2 16.5.3`,
};

/** The rows of the tables: whatever begins with a number of the standard. */
function rowsOf(text) {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| v"))
    .map((line) => {
      const cells = line.split("|").slice(1, -1);
      const [number = "", level, asks, verdict, why, code, tests] = cells.map((cell) => cell.trim());
      return { number, level, asks, verdict, why, code, tests, cells: cells.length };
    });
}

/** What the rows add up to, in the sentence that the text must hold. */
function sumOf(rows) {
  const counts = VERDICTS.map((verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`);
  return `${rows.length} requirements: ${counts.join(", ")}.`;
}

/** Whether a source names a test so: the whole of a string, not a part of one. */
const hasTest = (source, name) => ['"', "'", "`"].some((quote) => source.includes(quote + name + quote));

/** What is wrong with what a row cites: files that are missing, tests that are missing or stand without a file. */
function citedWrongly({ number, verdict, code, tests }, read) {
  const mistakes = [];
  const cited = [...code.matchAll(/`([^`]*)`/g)].map(([, path]) => path);
  if (verdict === "met" && cited.length === 0) mistakes.push(`${number}: is met, but no file is named`);
  let file;
  for (const [, path, name] of tests.matchAll(/`([^`]*)`|"([^"]*)"/g)) {
    if (path !== undefined) {
      if (file?.named === 0) mistakes.push(`${number}: no test is named in ${file.path}`);
      file = { path, named: 0 };
      cited.push(path);
    } else if (file === undefined) mistakes.push(`${number}: the test "${name}" stands without its file`);
    else {
      file.named += 1;
      const source = read(file.path);
      if (source !== undefined && !hasTest(source, name))
        mistakes.push(`${number}: ${file.path} has no test "${name}"`);
    }
  }
  if (file?.named === 0) mistakes.push(`${number}: no test is named in ${file.path}`);
  for (const path of cited) if (read(path) === undefined) mistakes.push(`${number}: there is no file ${path}`);
  return mistakes;
}

/**
 * What is wrong with a table.
 * @param {string} text Markdown
 * @param {(path: string) => string | undefined} read the text of a file of the repository, undefined when there is none
 * @param {Record<string, string>} required the numbers that need a row, by level
 * @returns {{ rows: number, mistakes: string[] }} one sentence per mistake
 */
export function checkTable(text, read, required = REQUIRED) {
  const rows = rowsOf(text);
  const mistakes = [];
  if (rows.length === 0) mistakes.push("looked at 0 rows: wrong place?");
  const levels = new Map();
  for (const [level, numbers] of Object.entries(required)) {
    for (const number of numbers.split(/\s+/)) levels.set(`v5.0.0-${number}`, level);
  }
  const seen = new Set();
  for (const row of rows) {
    const { number, level, asks, verdict, why } = row;
    if (row.cells !== 7) {
      mistakes.push(`${number}: has ${row.cells} cells, not 7`);
      continue;
    }
    if (seen.has(number)) mistakes.push(`${number}: stands there twice`);
    seen.add(number);
    if (!levels.has(number)) mistakes.push(`${number}: is no requirement of these chapters and levels`);
    else if (levels.get(number) !== level) mistakes.push(`${number}: is of level ${levels.get(number)}, not ${level}`);
    if (!VERDICTS.includes(verdict)) mistakes.push(`${number}: "${verdict}" is none of ${VERDICTS.join(", ")}`);
    if (asks === "" || why === "") mistakes.push(`${number}: does not say what it asks, or why it is ${verdict}`);
    mistakes.push(...citedWrongly(row, read));
  }
  for (const number of levels.keys()) if (!seen.has(number)) mistakes.push(`${number}: has no row`);
  if (!text.includes(sumOf(rows))) mistakes.push(`the text does not say what the rows add up to: ${sumOf(rows)}`);
  return { rows: rows.length, mistakes };
}

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
  const read = (path) =>
    statSync(join(root, path), { throwIfNoEntry: false })?.isFile()
      ? readFileSync(join(root, path), "utf8")
      : undefined;
  const { rows, mistakes } = checkTable(read(TABLE) ?? "", read);
  for (const mistake of mistakes) console.error(`${TABLE}: ${mistake}`);
  console.log(`asvs: ${rows} rows, ${mistakes.length} mistakes`);
  exit(mistakes.length === 0 ? 0 : 1);
}
