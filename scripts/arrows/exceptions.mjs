/**
 * Where the house departs from its own arrows, each with its reason. An entry that excuses nothing any more is itself a violation.
 */

/** @type {{ rule: string, at: string, reason: string }[]} `at` is a source; for an import rule also what it imports, as `from → to` */
export const EXCEPTIONS = [
  {
    rule: "hidden-import",
    at: "server/src/platform/postgres/binaries.ts",
    reason: "the name of the package with the database programs depends on the machine; only its path is looked up",
  },
  {
    rule: "one-error-class",
    at: "server/src/config.ts",
    reason: "mistakes in the settings are told to the operator before there is anybody to answer",
  },
  {
    rule: "one-error-class",
    at: "server/src/platform/images.ts",
    reason:
      "plumbing refuses bytes without knowing which field of which request they came from; the write says so as AppError",
  },
  {
    rule: "one-error-class",
    at: "server/src/platform/safe-fetch.ts",
    reason: "plumbing tells its caller which guard refused; an answer never carries it",
  },
];
