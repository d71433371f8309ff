/** The network that is measured: the real server as a process of its own, on a database and a directory of its own. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../server/dist/src/main.js", import.meta.url));
/** Milliseconds a start may take, the creation of a database included, and a stop. */
const START_MS = 60_000;
const STOP_MS = 20_000;

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilHealthy(port, child) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(50);
  }
  throw new Error("it was not healthy in time");
}

/**
 * Starts it. It goes, with all its data, on `stop` and whenever this process ends.
 * @param {readonly string[]} flags of Node, for profiles
 * @param {Record<string, string>} settings more of its environment
 * @returns {Promise<{ port: number, data: string, pid: number, postmaster: number, stop: () => Promise<void> }>}
 */
export async function startNetwork(flags = [], settings = {}) {
  const data = await mkdtemp(join(tmpdir(), "openmolt-bench-"));
  const port = await freePort();
  const output = [];
  const child = spawn(process.execPath, [...flags, MAIN], {
    cwd: process.cwd(),
    env: {
      PATH: process.env.PATH,
      HOME: data,
      PORT: String(port),
      OPENMOLT_DATA: data,
      OPENMOLT_CLAIM: "auto",
      OPENMOLT_LIMITS: "off",
      LOG_LEVEL: "warn",
      NODE_ENV: "production",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const late = AbortSignal.timeout(STOP_MS);
      late.addEventListener("abort", () => child.kill("SIGKILL"));
      await ended;
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    await untilHealthy(port, child);
    const postmaster = Number((await readFile(join(data, "postgres", "postmaster.pid"), "utf8")).split("\n", 1)[0]);
    return { port, data, pid: child.pid, postmaster, stop };
  } catch (error) {
    await stop();
    throw new Error(`The server did not start.\n${output.join("")}`, { cause: error });
  }
}
