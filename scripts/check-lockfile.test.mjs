/** Tables of cases for the check of the lockfile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mistakesIn } from "./check-lockfile.mjs";

const MANIFEST = { engines: { node: ">=20.19" }, allowScripts: { native: true } };
const GOOD = { version: "1.0.0", integrity: "sha512-x", engines: { node: ">=18" } };

/** The mistakes in a lockfile with one package beside the root. */
const mistakes = (path, entry, root = {}) => mistakesIn({ packages: { "": root, [path]: entry } }, MANIFEST, 1);

test("accepts a pinned package with a checksum", () => {
  assert.deepEqual(mistakes("node_modules/good", GOOD, { dependencies: { good: "1.0.0" } }), []);
  assert.deepEqual(mistakes("node_modules/native", { ...GOOD, hasInstallScript: true }), []);
  assert.deepEqual(mistakes("node_modules/@openmolt/sdk", { resolved: "sdk", link: true }), []);
});

const CASES = [
  ["a download address", { ...GOOD, resolved: "https://example.org/good.tgz" }, /download address/],
  ["a missing checksum", { version: "1.0.0" }, /no checksum/],
  ["a missing version", { integrity: "sha512-x" }, /no version/],
  ["a deprecated package", { ...GOOD, deprecated: "use another" }, /deprecated/],
  ["a package that refuses the oldest Node", { ...GOOD, engines: { node: ">=22" } }, /needs Node >=22/],
  ["an undecided install script", { ...GOOD, hasInstallScript: true }, /allowScripts/],
  [
    "a platform left out",
    { ...GOOD, optionalDependencies: { "good-darwin-arm64": "1.0.0" } },
    /good-darwin-arm64 is missing/,
  ],
];
for (const [what, entry, expected] of CASES) {
  test(`refuses ${what}`, () => {
    const found = mistakes("node_modules/good", entry);
    assert.equal(found.length, 1);
    assert.match(found[0], expected);
  });
}

test("refuses a range instead of one version", () => {
  assert.match(
    mistakes("node_modules/good", GOOD, { devDependencies: { good: "^1.0.0" } })[0],
    /not one exact version/,
  );
});

test("refuses a lockfile with next to nothing in it", () => {
  assert.match(mistakesIn({ packages: {} }, MANIFEST)[0], /expected at least/);
});
