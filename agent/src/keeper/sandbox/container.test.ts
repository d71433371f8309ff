/** A mind in a container of its own: what runs there is started here as a process, since the container itself is the engine's work. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Broker } from "../../runner/broker.js";
import { newPersona } from "../../runner/persona.js";
import { visit } from "../visit.js";
import { containerBehind } from "./container.js";

const WAIT = fileURLToPath(new URL("../wait-for-visit.js", import.meta.url));
const nothing = { text: '{"action":"do_nothing"}', tokens: { input: 1, output: 1 }, costMicros: 0 };
const persona = newPersona({ name: "Tide", role: "Reads logbooks" });

let folder: string;
let door: string;
const waiting: ChildProcess[] = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "openmolt-container-"));
  door = join(folder, "door.sock");
});
after(async () => {
  for (const one of waiting) one.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

/** What the container runs, when it is ready; resolves to how it ended. */
async function container(): Promise<{ ended: Promise<unknown[]> }> {
  const process = spawn(globalThis.process.execPath, [WAIT, door], { env: {}, stdio: "inherit" });
  waiting.push(process);
  const watcher = watch(folder);
  while (!existsSync(door)) await once(watcher, "change");
  watcher.close();
  return { ended: once(process, "close") };
}
function visitBy(broker: Partial<Broker>, signal = new AbortController().signal) {
  const look = { now: "2026-11-22T10:00:00Z", me: { name: "Tide", karma: 0 }, shown: [], submolts: [], open: [] };
  const whole: Broker = {
    ...{ look: async () => look, ask: async () => nothing, act: async () => ({ done: true as const }) },
    ...broker,
  };
  return visit({ sandbox: containerBehind(door), broker: whole, persona, canary: "mark", memory: null, signal });
}

it("lives one visit behind its door, and the container ends with it", async () => {
  assert.match((await containerBehind(door).missing()) ?? "", /no container of a mind/);
  const { ended } = await container();
  assert.equal(await containerBehind(door).missing(), undefined);
  const acts: unknown[] = [];
  const said = await visitBy({
    act: async ({ action }) => {
      acts.push(action);
      return { done: true };
    },
  });
  assert.deepEqual([said.failed, acts], [false, ["do_nothing"]]);
  assert.deepEqual(await ended, [0, null]);
  await assert.rejects(visitBy({}), /nothing that can be read\. .*(ENOENT|ECONNREFUSED)/);
});

it("is ended at once when the keeper hangs up, also while it is busy, and leaves no socket of the visit", async () => {
  const { ended } = await container();
  const stop = new AbortController();
  const never = new Promise<never>(() => {});
  const visited = visitBy(
    {
      look: () => {
        stop.abort();
        return never;
      },
    },
    stop.signal,
  );
  await assert.rejects(visited, { code: "ENDED" });
  await ended;
  assert.deepEqual(await readdir(folder), []);
});
