/** The lock on a data directory, with real processes. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { lockDataDir } from "./lock-data-dir.js";

const made: string[] = [];
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill("SIGKILL");
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "openmolt-lock-"));
  made.push(dir);
  return dir;
}

/** A process that tries to take the lock, says how that went, and stays. */
async function contender(dir: string): Promise<{ child: ChildProcess; said: string; ended: Promise<unknown> }> {
  const code = `
    const { lockDataDir } = await import(${JSON.stringify(new URL("./lock-data-dir.js", import.meta.url).href)});
    process.stdin.once("data", async () => {
      console.log(await lockDataDir(${JSON.stringify(dir)}).then(() => "held", (error) => error.message));
    });
    setInterval(() => undefined, 60_000);
    console.log("ready");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const next = (): Promise<string> =>
    new Promise((resolve) => child.stdout?.setEncoding("utf8").once("data", (text: string) => resolve(text.trim())));
  await next();
  const answer = next();
  child.stdin?.write("go\n");
  return { child, said: await answer, ended };
}

test("the second taker is refused and hears which process has the lock; after release anyone may have it", async () => {
  const dir = join(tempDir(), "not", "there", "yet");
  const lock = await lockDataDir(dir);
  assert.equal(
    (await contender(dir)).said,
    `OpenMolt is already running on the data directory ${dir} (process ${process.pid}).`,
  );
  await assert.rejects(lockDataDir(dir), /already running/);
  await lock.release();
  await lock.release();
  assert.deepEqual(readdirSync(join(dir, "lock")), []);
  assert.equal((await contender(dir)).said, "held");
});

test("a killed holder holds nothing", async () => {
  const dir = tempDir();
  const holder = await contender(dir);
  assert.equal(holder.said, "held");
  await assert.rejects(lockDataDir(dir), new RegExp(`process ${holder.child.pid}`));
  holder.child.kill("SIGKILL");
  await holder.ended;
  const lock = await lockDataDir(dir);
  await lock.release();
});

test("of eight that try at once exactly one gets it", async () => {
  const dir = tempDir();
  const all = await Promise.all(Array.from({ length: 8 }, () => contender(dir)));
  const holders = all.filter(({ said }) => said === "held");
  assert.equal(holders.length, 1, all.map(({ said }) => said).join("\n"));
  const holder = holders[0]?.child.pid;
  for (const { said } of all) if (said !== "held") assert.match(said, new RegExp(`process ${holder}\\b`));
  assert.deepEqual(
    readdirSync(join(dir, "lock")).map((name) => name.split(".")[0]),
    [String(holder)],
  );
});

/** The announcement this process would make, taken apart. */
async function ownAnnouncement(): Promise<string[]> {
  const dir = tempDir();
  const lock = await lockDataDir(dir);
  const [name = ""] = readdirSync(join(dir, "lock"));
  await lock.release();
  return name.split(".");
}

test("a pid that now belongs to another process does not keep the lock", async () => {
  const [, , system] = await ownAnnouncement();
  const dir = tempDir();
  mkdirSync(join(dir, "lock"));
  // The parent lives, but did not start then.
  writeFileSync(join(dir, "lock", `${process.ppid}.1.${system}.aaaa`), "held");
  writeFileSync(join(dir, "lock", "some other file"), "");
  const lock = await lockDataDir(dir);
  await lock.release();
  assert.deepEqual(readdirSync(join(dir, "lock")), ["some other file"]);
});

test("a holder in another container is believed as long as it gives signs of life", async () => {
  const dir = tempDir();
  mkdirSync(join(dir, "lock"));
  const foreign = join(dir, "lock", "1.2.elsewhere.aaaa");
  writeFileSync(foreign, "held");
  const alive = setInterval(() => utimesSync(foreign, new Date(), new Date()), 20);
  await assert.rejects(lockDataDir(dir, 500), /\(process 1 in another container or on another host\)/);
  clearInterval(alive);
  const lock = await lockDataDir(dir, 500);
  await lock.release();
});
