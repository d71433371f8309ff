/**
 * What runs in a mind's container: it waits for one visit, starts the mind with that visit's one line of words, and ends with
 * it, so that the container is made anew for the next. When the keeper hangs up, the mind is ended at once.
 * usage: node wait-for-visit.js DOOR
 */
import { spawn } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { WORKER } from "./sandbox/parts.js";

const LINE_FEED = 10;
const [, , door = ""] = process.argv;

const server = createServer((keeper) => {
  server.close();
  const mind = spawn(process.execPath, ["--max-old-space-size=256", WORKER], {
    env: {},
    cwd: "/",
    stdio: ["pipe", "pipe", "inherit"],
  });
  keeper.on("data", (chunk) => {
    const end = chunk.indexOf(LINE_FEED);
    if (end < 0) mind.stdin.write(chunk);
    else mind.stdin.end(chunk.subarray(0, end));
  });
  mind.stdin.on("error", () => {});
  mind.stdout.pipe(keeper);
  keeper.on("error", () => {});
  keeper.once("close", () => mind.kill("SIGKILL"));
});
// One that was ended while it waited left its door there.
rmSync(door, { force: true });
server.listen(door, () => chmodSync(door, 0o600));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
