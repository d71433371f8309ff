/** The real server as a process of its own, on a data directory that its caller made and removes. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../server/dist/src/main.js", import.meta.url));
/** Milliseconds a start may take, the creation of a database included, and a stop. */
const START_MS = 60_000;
const STOP_MS = 20_000;
/** Characters of its output that are kept; the beginning goes first. */
const KEPT_OUTPUT = 1_000_000;

/** A port of this machine that nothing listens on. */
export async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilHealthy(port, child) {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    }
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(50);
  }
  throw new Error("it was not healthy in time");
}

/**
 * Starts it and waits until it is healthy. Agents are claimed at once and nothing is limited.
 * @param {{ data: string, port: number, flags?: readonly string[], args?: readonly string[], settings?: Record<string, string> }}
 *   options the data directory, the port, flags of Node, flags of the server, more of its environment
 * @throws Error with what it said, when it does not start; it is stopped then
 */
export async function startServer({ data, port, flags = [], args = [], settings = {} }) {
  const child = spawn(process.execPath, [...flags, MAIN, ...args], {
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
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output = (output + chunk).slice(-KEPT_OUTPUT);
    });
  }
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async (signal = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      const late = AbortSignal.timeout(STOP_MS);
      late.addEventListener("abort", () => child.kill("SIGKILL"));
      await ended;
    }
  };
  try {
    await untilHealthy(port, child);
  } catch (error) {
    await stop();
    throw new Error(`The server did not start.\n${output}`, { cause: error });
  }
  return {
    port,
    data,
    pid: child.pid,
    /** Stops it; with SIGKILL without a chance to do anything. Calling it again does nothing. */
    stop,
    /** Ends it without waiting, where there is no time: when the process that started it ends. */
    kill: () => child.kill("SIGKILL"),
    /** Whether it has not ended. */
    runs: () => child.exitCode === null && child.signalCode === null,
    /** What it wrote, at most the last megabyte. */
    output: () => output,
  };
}

/**
 * The process id of the database server on a data directory.
 * @param {string} data
 */
export async function postmasterOf(data) {
  return Number((await readFile(join(data, "postgres", "postmaster.pid"), "utf8")).split("\n", 1)[0]);
}
