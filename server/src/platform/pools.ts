/**
 * The two connection pools the server serves with: `app` writes, `reader` cannot. Every session has time limits and UTC,
 * and a lost connection is a log line, never the end of the process.
 */
import pg from "pg";
import { TurnSocket } from "./turn-socket.js";

/** Time limits of a session in milliseconds; the database breaks off what takes longer. */
const LIMITS = {
  /** A statement of the app: background work has the longest ones. */
  appStatement: 30_000,
  /** A statement behind a search or a picture; what is found later is left out. */
  readerStatement: 2_000,
  /** Waiting for a lock: longer than any honest transaction holds one. */
  lock: 10_000,
  /** An open transaction that does nothing keeps dead rows alive in the hot tables. */
  idleInTransaction: 15_000,
  /** Waiting for a connection, a free one of the pool or a new one. */
  connect: 5_000,
  /** What a database that is alive has answered or broken off; beyond it the connection leads nowhere and is given up. */
  silence: 35_000,
} as const;

/** What openPools wants to know. */
export interface PoolOptions {
  /** How to log in as the writing role. */
  app: pg.ClientConfig;
  /** How to log in as the reading role. */
  reader: pg.ClientConfig;
  /** Connections at most; default 10 and 6. */
  sizes?: { app?: number; reader?: number };
  /** Milliseconds after which a connection that does not answer is given up; default 35 s. */
  silence?: number;
  /** Gets one line of plain text when a connection is lost. */
  log: (message: string) => void;
}

/** The pools the server serves with. */
export interface Pools {
  /** Commands and private reads. */
  app: pg.Pool;
  /** Public reads; every transaction is read-only. */
  reader: pg.Pool;
  /** Waits for what runs and closes all connections; calling it again does nothing. */
  end(): Promise<void>;
}

/** Opens the pools. No connection is made before the first query. */
export function openPools(options: PoolOptions): Pools {
  const { sizes = {}, silence = LIMITS.silence } = options;
  let ended: Promise<unknown> | undefined;
  // What the database says to connections that are being closed is no news.
  const log = (message: string) => {
    if (ended === undefined) options.log(message);
  };
  const app = openPool("app", options.app, sizes.app ?? 10, silence, { statement_timeout: LIMITS.appStatement }, log);
  const reader = openPool(
    "reader",
    options.reader,
    sizes.reader ?? 6,
    silence,
    {
      statement_timeout: LIMITS.readerStatement,
      default_transaction_read_only: "on",
      // Reads are written so that one plan fits all values; planning a search each time took as long as searching.
      plan_cache_mode: "force_generic_plan",
    },
    log,
  );
  return {
    app,
    reader,
    end: async () => {
      ended ??= Promise.all([app.end(), reader.end()]);
      await ended;
    },
  };
}

function openPool(
  name: string,
  login: pg.ClientConfig,
  max: number,
  silence: number,
  settings: Record<string, string | number>,
  log: (message: string) => void,
): pg.Pool {
  const all = {
    lock_timeout: LIMITS.lock,
    idle_in_transaction_session_timeout: LIMITS.idleInTransaction,
    TimeZone: "UTC",
    // Statements that take milliseconds are not worth compiling.
    jit: "off",
    ...settings,
  };
  const pool = new pg.Pool({
    ...withSettings(login, all),
    max,
    // Several statements of one transaction may be sent without waiting for each answer.
    pipeline: true,
    stream: () => new TurnSocket(),
    keepAlive: true,
    connectionTimeoutMillis: LIMITS.connect,
    query_timeout: silence,
    application_name: `openmolt-${name}`,
  });
  const onLost = (error: Error): void => {
    const code = "code" in error ? ` (${error.code})` : "";
    log(`A database connection of ${name} was lost: ${error.message}${code}`);
  };
  // Idle connections report to the pool, those in use only to themselves; without a listener either ends the process.
  pool.on("error", onLost);
  pool.on("connect", (client) => client.on("error", onLost));
  return pool;
}

/** Adds session settings to a login. What a URL says wins over what stands beside it, so there they go into the URL. */
function withSettings(login: pg.ClientConfig, settings: Record<string, string | number>): pg.ClientConfig {
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  if (login.connectionString === undefined) {
    return { ...login, options: [login.options ?? "", ...ours].join(" ").trim() };
  }
  const url = new URL(login.connectionString);
  url.searchParams.set("options", [url.searchParams.get("options") ?? "", ...ours].join(" ").trim());
  return { ...login, connectionString: url.href };
}
