/**
 * One database cluster on disk: made once and whole, started on a private socket, stopped, and freed of a server that
 * a killed process left behind. The server never listens on the network.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, readlink, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { EMBEDDED_MAJOR } from "./binaries.js";
import { commandAs, giveTo, type Identity, makeOwned, runAs } from "./identity.js";

/** The port only names the socket file. */
export const SOCKET_PORT = 5432;
/** The name of the superuser. */
export const SUPERUSER = "postgres";
/** A socket path may have 107 bytes; this leaves room for "/.s.PGSQL.5432" and its lock file. */
const MAX_SOCKET_DIR = 80;
const SOCKET_PREFIX = "openmolt-pg-";
/** After this the server is told to stop without finishing what it does (milliseconds). */
const STOP_PATIENCE_MS = 30_000;

const MB = 1_048_576;

/**
 * How many megabytes of pages the server keeps: an eighth of the memory of the machine or container, between PostgreSQL's
 * own default of 128 and 4,096. It takes them only as it fills them; the system's cache of files has the rest.
 */
function bufferMegabytes(): number {
  const limit = process.constrainedMemory();
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(4_096, Math.max(128, Math.floor(memory / 8 / MB)));
}

/** A running server process. */
export interface Running {
  child: ChildProcess;
  pid: number;
  /** Settles when the process has ended. */
  exited: Promise<void>;
  /** What the process wrote before its own log took over, at most a few kilobytes. */
  said(): string;
}

/**
 * Makes the cluster if there is none. It is made under another name and renamed, so that a killed start leaves nothing
 * half-made behind.
 * @returns whether it was made now
 * @throws Error when initdb fails or the cluster belongs to another major version
 */
export async function ensureCluster(
  identity: Identity,
  clusterDir: string,
  password: string,
  sync: boolean,
): Promise<boolean> {
  if (existsSync(clusterDir)) {
    const version = (await readFile(join(clusterDir, "PG_VERSION"), "utf8")).trim();
    if (version === String(EMBEDDED_MAJOR)) return false;
    throw new Error(
      `${clusterDir} was made by PostgreSQL ${version}, the embedded one is ${EMBEDDED_MAJOR}. ` +
        "Serve it with its own version through DATABASE_URL, or restore an export into a new data directory.",
    );
  }
  const draft = `${clusterDir}.new`;
  const passwordFile = `${clusterDir}.password`;
  await rm(draft, { recursive: true, force: true });
  await makeOwned(identity, draft);
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    await giveTo(identity, passwordFile);
    const args = ["-D", draft, "-U", SUPERUSER, `--pwfile=${passwordFile}`, "--auth=scram-sha-256", "--encoding=UTF8"];
    args.push("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions");
    if (!sync) args.push("--no-sync");
    const made = await runAs(identity, identity.binaries.initdb, args);
    if (!made.ok) throw new Error(`The database could not be made in ${clusterDir}: ${made.said}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, clusterDir);
  return true;
}

/**
 * Makes a directory for the socket: private, and short enough wherever the data lies.
 * @param record a file that remembers it, by which the one of a killed run is found and removed
 */
export async function makeSocketDir(identity: Identity, record: string): Promise<string> {
  const old = await readFile(record, "utf8").catch(() => "");
  if (basename(old).startsWith(SOCKET_PREFIX)) await rm(old, { recursive: true, force: true });

  let failure: unknown;
  for (const parent of new Set([tmpdir(), "/tmp"])) {
    if (parent.length > MAX_SOCKET_DIR) continue;
    try {
      const dir = await mkdtemp(join(await realpath(parent), SOCKET_PREFIX));
      await giveTo(identity, dir);
      const reached = await runAs(identity, "sh", ["-c", 'cd "$1"', "sh", dir]);
      if (reached.ok) {
        await writeFile(record, dir);
        return dir;
      }
      failure = reached.said;
      await rm(dir, { recursive: true, force: true });
    } catch (error) {
      failure = error;
    }
  }
  throw new Error(`There is no directory for the database socket: ${failure}`);
}

/** Starts the server process; it may not answer yet, or end at once. */
export function launch(
  identity: Identity,
  clusterDir: string,
  socketDir: string,
  settings: Record<string, string>,
): Promise<Running> {
  const all: Record<string, string> = {
    listen_addresses: "",
    port: String(SOCKET_PORT),
    unix_socket_directories: socketDir,
    unix_socket_permissions: "0700",
    shared_buffers: `${bufferMegabytes()}MB`,
    timezone: "UTC",
    log_timezone: "UTC",
    logging_collector: "on",
    log_directory: "log",
    // One file a weekday, overwritten after a week.
    log_filename: "postgres-%a.log",
    log_truncate_on_rotation: "on",
    log_rotation_age: "1d",
    log_rotation_size: "0",
    ...settings,
  };
  const args = ["-D", clusterDir];
  for (const [name, value] of Object.entries(all)) args.push("-c", `${name}=${value}`);
  const command = commandAs(identity, identity.binaries.postgres, args, true);
  // Detached: Ctrl-C in a terminal must reach this process first, which drains and then stops the database.
  const child = spawn(command.file, command.args, {
    ...command.options,
    cwd: "/",
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4_000);
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      const { pid } = child;
      if (pid === undefined) return reject(new Error("The database process has no pid."));
      // The database alone must not keep this process alive.
      child.unref();
      if (child.stderr !== null && "unref" in child.stderr && typeof child.stderr.unref === "function") {
        child.stderr.unref();
      }
      resolve({ child, pid, exited, said: () => said.trim() });
    });
  });
}

/**
 * Waits until the server answers the superuser. Recovery after a crash may take minutes and is waited for.
 * @returns whether it answers; false when the process ended instead
 * @throws Error when it refuses the password
 */
export async function waitUntilReady(running: Running, connection: pg.ClientConfig): Promise<boolean> {
  let ended = false;
  void running.exited.then(() => {
    ended = true;
  });
  for (let pause = 10; !ended; pause = Math.min(pause * 1.1, 500)) {
    const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return true;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "28P01" || code === "28000") {
        throw new Error(
          "The database refuses the superuser password kept in the secrets folder of the data directory.",
        );
      }
    } finally {
      await client.end().catch(() => undefined);
    }
    await Promise.race([delay(pause), running.exited]);
  }
  return false;
}

/** Stops a server that was launched here; everything committed is kept. */
export async function endOf(running: Running): Promise<void> {
  let gone = false;
  void running.exited.then(() => {
    gone = true;
  });
  await stopRunning(running.pid, async () => gone);
}

/** Tells the server to stop: running statements are broken off, everything committed is kept. */
async function stopRunning(pid: number, isGone: () => Promise<boolean>): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended, or is not ours to stop; the check below tells.
    }
    const deadline = Date.now() + STOP_PATIENCE_MS;
    while (Date.now() < deadline) {
      if (await isGone()) return;
      await delay(10);
    }
  }
  throw new Error(`The database process ${pid} does not end.`);
}

/**
 * Clears the way for a start: stops a server that a killed process left on the cluster.
 * @returns the pid of the server that was stopped, if there was one
 */
export async function clearLeftOver(clusterDir: string): Promise<number | undefined> {
  const pidFile = join(clusterDir, "postmaster.pid");
  const text = await readFile(pidFile, "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  let stopped: number | undefined;
  if (Number.isInteger(pid) && pid > 0) {
    if (await isServerOf(pid, clusterDir)) {
      await stopRunning(pid, async () => !(await isServerOf(pid, clusterDir)));
      stopped = pid;
    } else if (isAlive(pid)) {
      // The pid went to a stranger, and PostgreSQL would believe that the stranger is its server. It disregards the
      // pid of its own parent; the other lines stay, by which it detects children that are still at work.
      lines[0] = String(process.pid);
      await writeFile(pidFile, lines.join("\n"));
    }
  }
  await childrenGone(clusterDir);
  return stopped;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether the process is a PostgreSQL server on this cluster (and not another that got the same pid). */
async function isServerOf(pid: number, clusterDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== "linux") {
    const { execFile } = await import("node:child_process");
    const line = await new Promise<string>((resolve) => {
      execFile("ps", ["-o", "command=", "-p", String(pid)], (_error, stdout) => resolve(stdout));
    });
    return line.includes(`-D ${clusterDir} `);
  }
  // A zombie has an empty command line.
  const args = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
  return args[args.indexOf("-D") + 1] === clusterDir;
}

/** When the server was killed its children end by themselves, but not at once; until then a new one is refused. */
async function childrenGone(clusterDir: string): Promise<void> {
  if (process.platform !== "linux") return;
  const deadline = Date.now() + STOP_PATIENCE_MS;
  while (Date.now() < deadline) {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(pids.map((pid) => isChildOn(pid, clusterDir)));
    if (!found.includes(true)) return;
    await delay(20);
  }
}

/** The processes of a server work in its directory; so may the shell of an operator, which is no reason to wait. */
async function isChildOn(pid: string, clusterDir: string): Promise<boolean> {
  const home = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (home !== clusterDir) return false;
  return (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).startsWith("postgres");
}
