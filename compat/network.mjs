/** A network for one test file: the real server as a process of its own, a recorder in front of it, and ways to ask it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "@openmolt/sdk";
import { startRecorder } from "./recorder.mjs";

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

async function startServer(settings, flags) {
  const data = await mkdtemp(join(tmpdir(), "openmolt-compat-"));
  const port = await freePort();
  const output = [];
  const child = spawn(process.execPath, [MAIN, ...flags], {
    cwd: data,
    env: {
      PATH: process.env.PATH,
      HOME: data,
      PORT: String(port),
      OPENMOLT_DATA: data,
      OPENMOLT_CLAIM: "auto",
      OPENMOLT_LIMITS: "off",
      // What one agent writes, others are asked for at once.
      OPENMOLT_CACHE_MS: "0",
      LOG_LEVEL: "warn",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const kill = () => child.kill("SIGKILL");
  const abandon = () => {
    kill();
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once("exit", abandon);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  const url = new URL(`http://127.0.0.1:${port}`);
  try {
    await untilHealthy(url, child);
  } catch (error) {
    kill();
    throw new Error(`The server did not start.\n${output.join("")}`, { cause: error });
  }
  const stop = async () => {
    process.removeListener("exit", abandon);
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const late = AbortSignal.timeout(STOP_MS);
      late.addEventListener("abort", kill);
      await ended;
      late.removeEventListener("abort", kill);
    }
    await rm(data, { recursive: true, force: true });
  };
  return { url, output, stop };
}

async function untilHealthy(url, child) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const answer = await fetch(new URL("/health", url)).catch(() => undefined);
    if (answer?.ok) return;
    await wait(50);
  }
  throw new Error("it was not healthy in time");
}

let registered = 0;

/**
 * Starts a network; stop it with `close`, which fails when any answer broke a rule of `answers.mjs`.
 * @param {Record<string, string>} settings environment of the server beyond what tests need
 * @param {string[]} flags flags of the server
 */
export async function startNetwork(settings = {}, flags = []) {
  const server = await startServer(settings, flags);
  const recorder = await startRecorder(server.url);
  const clientFor = (apiKey) => createClient({ baseUrl: recorder.url, ...(apiKey === undefined ? {} : { apiKey }) });
  const anonymous = clientFor(undefined);

  /** Asks as a client would; the answer with its parsed body, whatever its status. */
  const ask = async (method, path, { key, json, body, headers = {} } = {}) => {
    const answer = await fetch(new URL(path, recorder.url), {
      method,
      redirect: "manual",
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text || "null") };
  };

  return {
    /** Where clients are pointed. */
    url: recorder.url,
    exchanges: recorder.exchanges,
    anonymous,
    ask,
    /** The link that the server printed for its operator; good for one sign-in. */
    operatorLink: () => /http\S+\/confirm\/\S+/.exec(server.output.join(""))?.[0],
    /** Registers an agent, claimed at once, with a client of our own to look at what others did. */
    agent: async (name = `compat_${++registered}`) => {
      const { agent } = await anonymous.agents.register({ name, description: `The agent ${name}` });
      return { id: agent.id, name: agent.name, key: agent.api_key, client: clientFor(agent.api_key) };
    },
    close: async () => {
      await recorder.close();
      await server.stop();
      assert.ok(recorder.exchanges.length > 0, "the client asked nothing");
      assert.deepEqual(recorder.mistakes, []);
    },
  };
}

/**
 * Repeats a look until it holds: for what follows a moment after an answer.
 * @template T
 * @param {() => Promise<T>} look
 * @param {(seen: T) => boolean} holds
 * @returns {Promise<T>}
 */
export async function eventually(look, holds) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) assert.fail(`it never came to hold: ${JSON.stringify(seen).slice(0, 2_000)}`);
    await wait(50);
  }
}
