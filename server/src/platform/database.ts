/** The database that the settings name, embedded or the operator's own, ready to be served from: its schema is up to date. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { Config } from "../config.js";
import { migrate } from "./migrate.js";
import { startEmbedded } from "./postgres.js";
import { type Logins, provisionEmbedded, provisionExternal, runningLogins } from "./provision.js";

/** The migrations of the product. */
export const MIGRATIONS = fileURLToPath(new URL("../../../migrations", import.meta.url));

/** Settings of a database whose data is thrown away: it never waits for the disk. */
export const NOT_DURABLE = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** A database that is ready to be served from. */
export interface OpenDatabase {
  logins: Logins;
  close(): Promise<void>;
}

/** Starts or reaches the database and brings its schema up to date. */
export async function openDatabase(config: Config, log: Logger): Promise<OpenDatabase> {
  const secretsDir = join(config.dataDir, "secrets");
  const announce = (message: string) => log.info(message);
  if (config.databaseUrl === undefined) {
    const settings = config.testDouble ? NOT_DURABLE : {};
    const embedded = await startEmbedded({ dataDir: config.dataDir, log: announce, settings });
    try {
      const logins = await provisionEmbedded(embedded.connection, { secretsDir });
      await migrate({ connection: logins.migrator, folder: MIGRATIONS, log: announce });
      return { logins, close: () => embedded.stop() };
    } catch (error) {
      await embedded.stop();
      throw error;
    }
  }
  const { databaseUrl, databaseAppUrl: appUrl, databaseReaderUrl: readerUrl } = config;
  const logins = await provisionExternal({
    databaseUrl,
    secretsDir,
    warn: (line) => log.warn(line),
    ...(appUrl === undefined ? {} : { appUrl }),
    ...(readerUrl === undefined ? {} : { readerUrl }),
  });
  await migrate({ connection: logins.migrator, folder: MIGRATIONS, log: announce });
  return { logins, close: async () => undefined };
}

/** For a command beside the server: the database as the running server has it, or started for the time of the command. */
export async function reachDatabase(config: Config, log: Logger): Promise<OpenDatabase> {
  const logins = config.databaseUrl === undefined ? await runningLogins(config.dataDir) : undefined;
  return logins === undefined ? openDatabase(config, log) : { logins, close: async () => undefined };
}
