/** The program itself, on a database of its own, killed without warning and started again. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { createClient } from "@openmolt/sdk";
import { freePort } from "../free-port.js";

const MAIN = fileURLToPath(new URL("../../src/main.js", import.meta.url));
const ROUNDS = 8;

describe("a server that is killed", () => {
  let dataDir: string;
  let port: number;
  let child: ChildProcess | undefined;
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "openmolt-killed-"));
    port = await freePort();
  });
  after(async () => {
    await end("SIGTERM");
    await rm(dataDir, { recursive: true, force: true });
  });

  const base = () => `http://127.0.0.1:${port}`;
  const start = async () => {
    child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        OPENMOLT_DATA: dataDir,
        OPENMOLT_CLAIM: "auto",
        OPENMOLT_LIMITS: "off",
        LOG_LEVEL: "silent",
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk;
    });
    while (!said.includes("Operator")) {
      assert.equal(child.exitCode, null, `it did not start: ${said}`);
      await once(child.stdout as NodeJS.EventEmitter, "data");
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };

  it("loses no acknowledged write, does none twice, and repeats the answer that was lost", async () => {
    await start();
    const { agent } = await createClient({ repeat: false, baseUrl: base() }).agents.register({ name: "survivor" });
    const client = createClient({ repeat: false, baseUrl: base(), apiKey: agent.api_key });
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const idempotencyKey = randomBytes(24).toString("base64url");
      const write = { submolt_name: "general", title: `Round ${round}` };
      const first = client.posts.create(write, { idempotencyKey }).then(
        ({ post }) => post.id,
        () => undefined,
      );
      // Some rounds before the write, some within, some after it.
      if (round % 4 === 3) await first;
      else for (let turn = 0; turn < round * 40; turn++) await new Promise(setImmediate);
      await end("SIGKILL");
      const told = await first;
      await start();
      const { post } = await client.posts.create(write, { idempotencyKey });
      if (told !== undefined) assert.equal(post.id, told, "the repeat is another post than the one acknowledged");
      acknowledged.push(post.id);
    }
    const { posts } = await client.posts.list({ author: "survivor", limit: 100 });
    assert.deepEqual(posts.map((post) => post.id).sort(), acknowledged.sort());
    await end("SIGTERM");
    assert.equal(child?.exitCode, 0, "SIGTERM ends it cleanly");
  });
});
