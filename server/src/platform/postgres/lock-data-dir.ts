/**
 * The lock on a data directory: of all processes that ask for it at most one has it, and it never has to be removed by
 * hand. Every process announces itself under a name of its own in `lock/` and then looks for others, so that whatever
 * the timing at least one of two sees the other and steps back; the announcement of a dead process counts for nothing.
 */
import { execFile } from "node:child_process";
import { createHash, randomInt } from "node:crypto";
import { mkdir, readdir, readFile, readlink, realpath, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

/** A holder touches its announcement this often (milliseconds), for those who cannot see its process. */
const HEARTBEAT_MS = 2_000;
/** The announcement of a process in another container or on another host counts as dead after this silence (milliseconds). */
const SILENCE_MS = 10_000;
/** Two simultaneous starts both step back; each tries again this often before it gives up. */
const ATTEMPTS = 4;

/** The right to use a data directory. It ends with release() or with the process. */
export interface DataDirLock {
  /** Gives the directory free; calling it again does nothing. */
  release(): Promise<void>;
}

interface Announcement {
  pid: number;
  /** When the process started; with the pid it names one process even after pids are used again. */
  started: string;
  /** The system (host, boot and pid namespace) in which the pid means something. */
  system: string;
}

const heldHere = new Set<string>();

/**
 * Takes the lock on a data directory, which is made when it is missing.
 * @throws Error that names the process when another one (or this one) has it
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const lockDir = join(dataDir, "lock");
  await mkdir(lockDir, { recursive: true, mode: 0o700 });
  const home = await realpath(dataDir);
  if (heldHere.has(home)) throw alreadyRunning(dataDir, process.pid);
  heldHere.add(home);
  try {
    const own = await describeSelf();
    const path = join(lockDir, nameOf(own));
    await announce(lockDir, path, own, dataDir);
    const heartbeat = setInterval(() => {
      const now = new Date();
      utimes(path, now, now).catch(() => writeFile(path, "", { mode: 0o600 }).catch(() => undefined));
    }, HEARTBEAT_MS);
    heartbeat.unref();
    let released: Promise<void> | undefined;
    return {
      release: () => {
        released ??= (async () => {
          clearInterval(heartbeat);
          await rm(path, { force: true });
          heldHere.delete(home);
        })();
        return released;
      },
    };
  } catch (error) {
    heldHere.delete(home);
    throw error;
  }
}

async function announce(lockDir: string, path: string, own: Announcement, dataDir: string): Promise<void> {
  const deadline = Date.now() + SILENCE_MS + HEARTBEAT_MS;
  for (let attempt = 1; ; attempt++) {
    await writeFile(path, "", { mode: 0o600 });
    const other = await findOther(lockDir, own);
    if (other === undefined) return;
    await rm(path, { force: true });
    const visible = other.system === own.system;
    if (visible ? attempt >= ATTEMPTS : Date.now() > deadline) {
      throw alreadyRunning(dataDir, other.pid, visible ? undefined : "in another container or on another host");
    }
    // A process that cannot be seen may have died a moment ago: only its silence tells.
    await delay(visible ? randomInt(20, 120) : 500);
  }
}

async function findOther(lockDir: string, own: Announcement): Promise<Announcement | undefined> {
  for (const name of await readdir(lockDir)) {
    const other = parseName(name);
    if (other === undefined || name === nameOf(own)) continue;
    const path = join(lockDir, name);
    const alive =
      other.system === own.system ? (await startOf(other.pid)) === other.started : await touchedLately(path);
    if (alive) return other;
    await rm(path, { force: true });
  }
  return undefined;
}

async function touchedLately(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs < SILENCE_MS;
  } catch {
    return false;
  }
}

async function describeSelf(): Promise<Announcement> {
  const started = await startOf(process.pid);
  if (started === undefined) throw new Error("This system does not tell when a process started.");
  const parts = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
    readlink("/proc/self/ns/pid").catch(() => ""),
  ]);
  return { pid: process.pid, started, system: shortHash([hostname(), ...parts].join("\n")) };
}

const nameOf = (it: Announcement): string => `${it.pid}.${it.started}.${it.system}`;

function parseName(name: string): Announcement | undefined {
  const [, pid, started, system] = /^(\d+)\.(\w+)\.(\w+)$/.exec(name) ?? [];
  if (pid === undefined || started === undefined || system === undefined) return undefined;
  return { pid: Number(pid), started, system };
}

/** What tells a process from a later one with the same pid; undefined when there is no such process. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    // The second field is the command in parentheses and may hold anything; field 3 is the state, 22 the start.
    const fields = line?.slice(line.lastIndexOf(")") + 2).split(" ");
    if (fields === undefined || fields[0] === "Z" || fields[0] === "X") return undefined;
    return fields[19];
  }
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)]);
    return stdout.trim() === "" ? undefined : shortHash(stdout.trim());
  } catch {
    return undefined;
  }
}

const shortHash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

function alreadyRunning(dataDir: string, pid: number, where?: string): Error {
  const who = where === undefined ? `process ${pid}` : `process ${pid} ${where}`;
  return new Error(`OpenMolt is already running on the data directory ${dataDir} (${who}).`);
}
