/** A network for one test file: the real server as a process of its own, a recorder in front of it, and ways to ask it. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createClient } from "@openmolt/sdk";
import { freePort, startServer as start } from "../bench/server.mjs";
import { startRecorder } from "./recorder.mjs";
import { fillFromTemplate } from "./template.mjs";

async function startServer(settings, flags) {
  const data = await mkdtemp(join(tmpdir(), "openmolt-compat-"));
  let server;
  const abandon = () => {
    server?.kill();
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once("exit", abandon);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  await fillFromTemplate(data);
  // What one agent writes, others are asked for at once.
  const everything = { OPENMOLT_CACHE_MS: "0", ...settings };
  server = await start({ data, port: await freePort(), args: flags, settings: everything });
  const stop = async () => {
    await server.stop();
    process.removeListener("exit", abandon);
    abandon();
  };
  return { url: new URL(`http://127.0.0.1:${server.port}`), output: server.output, stop };
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
  const clientFor = (apiKey) =>
    createClient({ repeat: false, baseUrl: recorder.url, ...(apiKey === undefined ? {} : { apiKey }) });
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
    operatorLink: () => /http\S+\/confirm\/\S+/.exec(server.output())?.[0],
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
