/**
 * The lock on a data directory: of all processes that ask for it at most one has it, and it never has to be removed by
 * hand. Every process announces itself under a name of its own in `lock/` and then looks for others, so that whatever
 * the timing at least one of two sees the other and does not go ahead; the announcement of a dead process counts for nothing.
 */
import { execFile } from "node:child_process";
import { createHash, randomBytes, randomInt } from "node:crypto";
import { mkdir, readdir, readFile, readlink, realpath, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

/** A holder touches its announcement this often (milliseconds), for those who cannot see its process. */
const HEARTBEAT_MS = 2_000;
/** The announcement of a process in another container or on another host counts as dead after this silence (milliseconds). */
const SILENCE_MS = 10_000;
/** A killed process takes a moment to vanish; a living holder is looked at for this long (milliseconds). */
const GRACE_MS = 300;
/** What the announcement of a holder says; that of a contender is empty. */
const HELD = "held";

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
  /** The name of its file. */
  name: string;
}

const heldHere = new Set<string>();

/**
 * Takes the lock on a data directory, which is made when it is missing.
 * @param silenceMs after how many milliseconds of silence a process that cannot be seen counts as dead
 * @param refusal how the error begins; the directory and the process follow
 * @throws Error that names the process when another one (or this one) has it
 */
export async function lockDataDir(
  dataDir: string,
  silenceMs = SILENCE_MS,
  refusal = "OpenMolt is already running on the data directory",
): Promise<DataDirLock> {
  const lockDir = join(dataDir, "lock");
  await mkdir(lockDir, { recursive: true, mode: 0o700 });
  const home = await realpath(dataDir);
  const inUse = (who: string) => new Error(`${refusal} ${dataDir} (${who}).`);
  if (heldHere.has(home)) throw inUse(`process ${process.pid}`);
  heldHere.add(home);
  try {
    const own = await describeSelf();
    const path = join(lockDir, own.name);
    await contend(lockDir, own, inUse, silenceMs).catch(async (error: unknown) => {
      await rm(path, { force: true });
      throw error;
    });
    const heartbeat = setInterval(() => {
      const now = new Date();
      utimes(path, now, now).catch(() => undefined);
    }, HEARTBEAT_MS);
    heartbeat.unref();
    let released: Promise<void> | undefined;
    const release = async (): Promise<void> => {
      clearInterval(heartbeat);
      await rm(path, { force: true });
      heldHere.delete(home);
    };
    return {
      release: () => {
        released ??= release();
        return released;
      },
    };
  } catch (error) {
    heldHere.delete(home);
    throw error;
  }
}

/** Returns once this process holds the lock. Of those who contend the one with the first name goes ahead. */
async function contend(
  lockDir: string,
  own: Announcement,
  inUse: (who: string) => Error,
  silenceMs: number,
): Promise<void> {
  const path = join(lockDir, own.name);
  const begun = Date.now();
  for (;;) {
    await writeFile(path, "", { mode: 0o600 });
    const others = await findOthers(lockDir, own, silenceMs);
    if (others.length === 0) {
      await writeFile(path, HELD);
      return;
    }
    for (const other of others) {
      const held = (await readFile(join(lockDir, other.name), "utf8").catch(() => "")) === HELD;
      // A holder that cannot be seen may have died a moment ago: only its silence tells.
      const waited = Date.now() - begun;
      if (held && other.system === own.system && waited > GRACE_MS) throw inUse(`process ${other.pid}`);
      if (waited > silenceMs + HEARTBEAT_MS)
        throw inUse(`process ${other.pid} in another container or on another host`);
    }
    const first = others.every((other) => own.name < other.name);
    if (!first) await rm(path, { force: true });
    await delay(first ? 10 : randomInt(20, 80));
  }
}

/** The announcements of living processes; those of dead ones are swept away. */
async function findOthers(lockDir: string, own: Announcement, silenceMs: number): Promise<Announcement[]> {
  const others: Announcement[] = [];
  for (const name of await readdir(lockDir)) {
    const other = parseName(name);
    if (other === undefined || name === own.name) continue;
    const path = join(lockDir, name);
    const visible = other.system === own.system;
    const alive = visible ? (await startOf(other.pid)) === other.started : await touchedLately(path, silenceMs);
    if (alive) others.push(other);
    else await rm(path, { force: true });
  }
  return others;
}

async function touchedLately(path: string, silenceMs: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs < silenceMs;
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
  const system = shortHash([hostname(), ...parts].join("\n"));
  // The last part tells two threads of one process apart.
  const name = [process.pid, started, system, randomBytes(4).toString("hex")].join(".");
  return { pid: process.pid, started, system, name };
}

function parseName(name: string): Announcement | undefined {
  const [, pid, started, system] = /^(\d+)\.(\w+)\.(\w+)\.\w+$/.exec(name) ?? [];
  if (pid === undefined || started === undefined || system === undefined) return undefined;
  return { pid: Number(pid), started, system, name };
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
