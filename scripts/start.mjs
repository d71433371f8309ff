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

// It hears the first signal itself; until it does, nothing has been started and a signal simply ends the process.
await import("../server/dist/src/main.js");

/**
 * Under npm one Ctrl-C arrives twice: from the terminal and passed on by npm. Whoever asks again this much later means it.
 * Milliseconds.
 */
const SAME_KEYSTROKE_MS = 1_000;
let asked;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    asked ??= Date.now();
    if (Date.now() - asked > SAME_KEYSTROKE_MS) process.exit(130);
  });
}
