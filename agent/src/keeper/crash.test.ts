/** What holds when a keeper is killed without a word, when two start at once, and when the clock jumps. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { newPersona } from "../runner/persona.js";
import { openLedger } from "./budget.js";
import { holderOf, takeLock } from "./lock.js";
import { dailyOf } from "./run.js";
import { readStop } from "./stop.js";

const daily = { ...dailyOf(newPersona({ name: "Tide", role: "Reads" })), calls: 9, posts: 2 };
const here = (module: string) => JSON.stringify(new URL(module, import.meta.url).href);

describe("after a crash, beside another, with a clock that jumps", () => {
  let folder: string;
  const children: ChildProcess[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "openmolt-crash-"));
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });
  const spawned = (code: string) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    return child;
  };

  it("a budget of 9 questions stops at 9, though the process is killed in the middle of every third", async () => {
    const ledger = join(folder, "ledger.json");
    let asked = 0;
    let running: ChildProcess | undefined;
    const upstream = createServer((_request, response) => {
      asked += 1;
      if (asked % 3 === 0) running?.kill("SIGKILL");
      else response.end();
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as AddressInfo;
    const said: string[] = [];
    for (let lives = 0; lives < 5 && said.length === 0; lives++) {
      running = spawned(`
        import { openLedger } from ${here("./budget.js")};
        const ledger = openLedger(${JSON.stringify(ledger)}, ${JSON.stringify(daily)}, () => new Date());
        try {
          for (;;) {
            const settle = ledger.bookCall({ tokens: 10, micros: 5 });
            await fetch("http://127.0.0.1:${port}");
            settle({ tokens: 1, micros: 1 });
          }
        } catch (error) { console.log(error.code); process.exit(0); }`);
      assert.ok(running.stdout);
      const word = await text(running.stdout);
      if (word !== "") said.push(word.trim());
    }
    upstream.closeAllConnections();
    upstream.close();
    assert.deepEqual([asked, said], [9, ["BUDGET"]]);
    const left = openLedger(ledger, daily, () => new Date()).left();
    assert.equal(left.calls, 0);
    assert.equal(daily.tokens - left.tokens, 6 * 1 + 3 * 10, "what was never answered stays booked at its most");
  });

  it("of eight that start at once over the lock of a dead process one runs, and a killed one frees the agent", async () => {
    const lock = join(folder, "running");
    await writeFile(
      `${lock}.7`,
      JSON.stringify({ pid: 2 ** 22 - 1, began: "1", host: (await import("node:os")).hostname(), since: "then" }),
    );
    const code = `
      import { takeLock } from ${here("./lock.js")};
      try { takeLock(${JSON.stringify(lock)}, new Date()); console.log("mine"); setInterval(() => {}, 1000); }
      catch (error) { console.log(error.message.includes("already runs") ? "taken" : error.message); }`;
    const words = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const child = spawned(code);
        const [chunk] = await once(child.stdout ?? child, "data");
        return { child, word: String(chunk).trim() };
      }),
    );
    assert.deepEqual(words.map(({ word }) => word).sort(), ["mine", ...Array(7).fill("taken")]);
    assert.throws(() => takeLock(lock, new Date()), /already runs/);
    const winner = words.find(({ word }) => word === "mine")?.child;
    assert.equal(holderOf(lock)?.pid, winner?.pid);
    winner?.kill("SIGKILL");
    await once(winner ?? assert.fail(), "close");
    const own = takeLock(lock, new Date());
    assert.equal(holderOf(lock)?.pid, process.pid);
    own.release();
    assert.equal(holderOf(lock), undefined);
    takeLock(lock, new Date()).release();
  });

  it("a clock that is set back finds what was spent, and one that jumps ahead gives no more than its own day", () => {
    let now = new Date("2026-11-21T23:59:00Z");
    const ledger = openLedger(join(folder, "clock.json"), daily, () => now);
    assert.ok(ledger.bookAct("post") && ledger.bookAct("post"));
    assert.equal(ledger.bookAct("post"), undefined);
    now = new Date("2030-01-01T00:00:00Z");
    assert.ok(ledger.bookAct("post") && ledger.bookAct("post"));
    assert.equal(ledger.bookAct("post"), undefined);
    now = new Date("2026-11-21T12:00:00Z");
    assert.equal(ledger.bookAct("post"), undefined);
    const again = openLedger(join(folder, "clock.json"), daily, () => now);
    assert.equal(again.allows("post"), false);
    const giveBack = again.bookAct("comment");
    giveBack?.();
    assert.equal(again.left().comments, daily.comments);
  });

  it("a ledger or a kill switch that is spoiled opens nothing", async () => {
    await writeFile(join(folder, "spoiled.json"), '{"2026-11-21":{"calls":-5}}');
    assert.throws(() => openLedger(join(folder, "spoiled.json"), daily, () => new Date()), /is spoiled/);
    await writeFile(join(folder, "stop.json"), "");
    assert.equal(readStop(join(folder, "stop.json"), new Date())?.kind, "stopped");
  });
});
