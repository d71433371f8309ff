/**
 * The embedded PostgreSQL: a real server from npm packages that belongs to this process. It is reached through a socket
 * only this user can open, survives any kill of either process, and is started again when it ends on its own.
 */

import { randomBytes } from "node:crypto";
import { constants, existsSync, rmSync } from "node:fs";
import { access, chmod, mkdir, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EMBEDDED_MAJOR, findBinaries } from "./postgres/binaries.js";
import {
  clearLeftOver,
  endOf,
  ensureCluster,
  launch,
  makeSocketDir,
  type Running,
  SOCKET_PORT,
  SUPERUSER,
  waitUntilReady,
} from "./postgres/cluster.js";
import { chooseIdentity, type Identity } from "./postgres/identity.js";
import { lockDataDir } from "./postgres/lock-data-dir.js";
import { readOrCreate } from "./secrets.js";

export { lockDataDir } from "./postgres/lock-data-dir.js";

/** Attempts to start; the second one is for a server that was killed and whose children still hold the memory. */
const START_ATTEMPTS = 5;
/** Pause between attempts to start again after the server ended on its own, doubled each time (milliseconds). */
const RESTART_PAUSE_MS = { first: 100, last: 10_000 };

/** How the operator is told under which user it runs, where that is not the obvious one. */
const RUNS_AS = {
  "own-user": "",
  "other-user": ", as an unprivileged user",
  "user-namespace": ", in a user namespace",
} as const;

/** How to reach a database as one role. */
export interface DatabaseLogin {
  /** A host name, or the directory of the socket. */
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** The socket of the embedded server has no TLS, whatever the environment asks of other connections. */
  ssl: false;
}

/** The embedded server while it runs. */
export interface EmbeddedPostgres {
  /** The superuser. Nothing may be served with it. */
  connection: DatabaseLogin;
  /** Under which user it runs: own-user, other-user or user-namespace. */
  mode: string;
  /** Stops the server (committed work is kept) and gives the data directory free; calling it again does nothing. */
  stop(): Promise<void>;
}

/** What startEmbedded wants to know. */
export interface EmbeddedOptions {
  /** Holds `postgres/`, `secrets/` and `lock/`; made when missing. */
  dataDir: string;
  /** Gets one line of plain text for what an operator should know. */
  log: (message: string) => void;
  /** PostgreSQL settings in addition to ours. */
  settings?: Record<string, string>;
}

/**
 * Starts the database of a data directory and makes it at the first start.
 * @throws Error when another process runs on the directory, or PostgreSQL cannot run here; the text says what to do
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log, settings = {} } = options;
  const dataDir = await openDataDir(options.dataDir).catch((error: unknown) => {
    const cause = error instanceof Error ? error.message : error;
    throw new Error(
      `The data directory ${options.dataDir} cannot be used (${cause}). Set OPENMOLT_DATA to another one.`,
    );
  });
  const lock = await lockDataDir(dataDir);
  const socketRecord = join(dataDir, "lock", "socket-dir");
  let socketDir: string | undefined;
  try {
    const clusterDir = join(dataDir, "postgres");
    if (existsSync(clusterDir)) {
      const pid = await clearLeftOver(clusterDir);
      if (pid !== undefined) log(`Stopped the database that a killed run left behind (process ${pid}).`);
    }
    const password = readOrCreate(join(dataDir, "secrets"), join(dataDir, "secrets", "postgres.password"), () =>
      randomBytes(32).toString("base64url"),
    );
    const identity = await chooseIdentity(dataDir, clusterDir, await findBinaries(dataDir));
    const fresh = await ensureCluster(identity, clusterDir, password, settings.fsync !== "off");
    socketDir = await makeSocketDir(identity, socketRecord);
    const connection = {
      host: socketDir,
      port: SOCKET_PORT,
      user: SUPERUSER,
      password,
      database: "postgres",
      ssl: false,
    } as const;
    const start = () => startOnce(identity, clusterDir, connection, settings);
    const keeper = keepRunning(await start(), start, socketDir, log);
    log(`${fresh ? "Made and started" : "Started"} PostgreSQL ${EMBEDDED_MAJOR}${RUNS_AS[identity.mode]}.`);
    const socket = socketDir;
    let stopped: Promise<void> | undefined;
    const stop = async () => {
      await keeper.stop();
      await rm(socket, { recursive: true, force: true });
      await rm(socketRecord, { force: true });
      await lock.release();
    };
    return {
      connection,
      mode: identity.mode,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    if (socketDir !== undefined) await rm(socketDir, { recursive: true, force: true });
    await lock.release();
    throw error;
  }
}

/** Makes the data directory when it is missing; answers its real path. */
export async function openDataDir(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  const isNew = (await readdir(path)).length === 0;
  // Root gives its rights up for another user, who must be able to pass through; what is inside is closed (0700).
  if (isNew) await chmod(path, process.getuid?.() === 0 ? 0o711 : 0o700);
  const real = await realpath(path);
  await access(real, constants.W_OK);
  return real;
}

async function startOnce(
  identity: Identity,
  clusterDir: string,
  connection: DatabaseLogin,
  settings: Record<string, string>,
): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const running = await launch(identity, clusterDir, connection.host, settings);
    try {
      if (await waitUntilReady(running, connection)) return running;
    } catch (error) {
      await endOf(running);
      throw error;
    }
    const inTheWay = /lock file|shared memory block/.test(running.said());
    if (!inTheWay || attempt === START_ATTEMPTS) {
      throw new Error(`PostgreSQL did not start: ${running.said()} (see also ${join(clusterDir, "log")})`);
    }
    await delay(50 * attempt);
    await clearLeftOver(clusterDir);
  }
}

function keepRunning(first: Running, start: () => Promise<Running>, socketDir: string, log: (message: string) => void) {
  const halt = new AbortController();
  let current: Running | undefined;
  let restarting: Promise<void> = Promise.resolve();
  const watch = (running: Running): void => {
    current = running;
    void running.exited.then(() => {
      current = undefined;
      if (!halt.signal.aborted) restarting = restart();
    });
  };
  const restart = async (): Promise<void> => {
    log("The database ended unexpectedly; starting it again.");
    let pause = RESTART_PAUSE_MS.first;
    while (!halt.signal.aborted) {
      try {
        watch(await start());
        log("The database runs again.");
        return;
      } catch (error) {
        log(`The database does not start: ${error instanceof Error ? error.message : error}`);
      }
      await delay(pause, undefined, { ref: false, signal: halt.signal }).catch(() => undefined);
      pause = Math.min(pause * 2, RESTART_PAUSE_MS.last);
    }
  };
  // Where the kernel does not do it: a process that ends without stop() takes the database with it.
  const onExit = () => {
    current?.child.kill("SIGINT");
    rmSync(socketDir, { recursive: true, force: true });
  };
  process.once("exit", onExit);
  watch(first);
  return {
    async stop(): Promise<void> {
      halt.abort();
      await restarting;
      if (current !== undefined) await endOf(current);
      process.removeListener("exit", onExit);
    },
  };
}
