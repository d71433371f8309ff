#!/usr/bin/env node
/**
 * The `openmolt` command. Inside a clone it builds first when the build is stale; installed from a package the build is there already.
 */
import { existsSync } from "node:fs";

const builder = new URL("../../scripts/build.mjs", import.meta.url);
if (existsSync(builder) && existsSync(new URL("../src", import.meta.url))) {
  const { ensureBuilt } = await import(builder.href);
  const code = ensureBuilt();
  if (code !== 0) process.exit(code);
}
await import("../dist/main.js");
