/**
 * `npm start`: builds when the build is stale, then becomes the server. The server runs in this very process,
 * so signals, exit codes and all flags are its own.
 */
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`OpenMolt needs Node.js 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}
const { ensureBuilt } = await import("./build.mjs");
const code = ensureBuilt();
if (code !== 0) process.exit(code);
await import("../server/dist/src/main.js");
