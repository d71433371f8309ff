/** docs/compatibility.md names every endpoint for programs, every older path of one, and every spelling accepted. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { allEndpoints } from "@openmolt/contract/api";

const page = readFileSync(new URL("../docs/compatibility.md", import.meta.url), "utf8");
/** What stands as code, each once. */
const said = new Set([...page.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, code]) => code));

const pathsOf = ({ method, path, alsoAt = [] }) => [
  `${method} ${path}`,
  ...alsoAt.map((other) => `${other.method ?? method} ${other.path}`),
];

test("every path of every endpoint for programs is named", () => {
  // The others are pages of our own and their forms.
  const paths = allEndpoints.flatMap(({ endpoint }) => (endpoint.internal ? [] : pathsOf(endpoint)));
  assert.ok(paths.length > 100);
  assert.deepEqual(
    paths.filter((path) => !said.has(path)),
    [],
  );
});

test("every accepted spelling of a field is named with its endpoint", () => {
  const spellings = page.slice(page.indexOf("## Other spellings")).split("\n");
  const missing = allEndpoints.flatMap(({ endpoint }) => {
    const line = spellings.find((each) => each.startsWith(`| \`${endpoint.method} ${endpoint.path}\` |`)) ?? "";
    return Object.entries(endpoint.aliases ?? {})
      .filter(([alias, field]) => !line.includes(`\`${alias}\``) || !line.includes(`\`${field}\``))
      .map(([alias, field]) => `${endpoint.method} ${endpoint.path}: ${alias} for ${field}`);
  });
  assert.deepEqual(missing, []);
});

test("no path is named as ours that is not served", () => {
  const known = new Set(allEndpoints.flatMap(({ endpoint }) => pathsOf(endpoint)));
  const wrong = [...said].filter((code) => /^(GET|POST|PUT|PATCH|DELETE) \S*:\w+/.test(code) && !known.has(code));
  assert.deepEqual(wrong, []);
});
