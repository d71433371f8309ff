/**
 * Takes a backup of the embedded database while it serves: its files as they are at the moment each is read, and the
 * log of everything that was written meanwhile. PostgreSQL makes one consistent state of both, that of the end.
 */
import { existsSync } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { EMBEDDED_MAJOR } from "../postgres/binaries.js";
import { SOCKET_PORT, SUPERUSER } from "../postgres/cluster.js";
import { type DatabaseLogin, startEmbedded } from "../postgres.js";
import { passwordPath, withClient } from "../provision/roles.js";
import type { Backup, BackupWriter, Contents } from "./store.js";

/** Bytes of a file that are kept together. Smaller ones share more, larger ones are fewer files; 16 pages. */
const CHUNK_BYTES = 128 * 1024;
/** What PostgreSQL makes anew at every start, or what belongs to one run of it; of a directory, what is in it. */
const LEFT_OUT =
  /^((log|pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/.*|postmaster\.(pid|opts)|current_logfiles|(.*\/)?(pgsql_tmp.*|pg_internal\.init.*))$/;
const CONTROL = "global/pg_control";

/** Wants to know how far it is: bytes of the database. */
export type Progress = (state: { done: number; total: number }) => void;

/** A connection to the embedded database as the superuser. */
export interface ReachedCluster {
  connection: DatabaseLogin;
  close(): Promise<void>;
}

/**
 * Reaches the embedded database of a data directory: as the running server has it, or started for the time being.
 * @throws Error when there is none
 */
export async function reachCluster(dataDir: string): Promise<ReachedCluster> {
  if (!existsSync(join(dataDir, "postgres", "PG_VERSION"))) {
    throw new Error(`${dataDir} holds no network. Set OPENMOLT_DATA to the data directory of the server.`);
  }
  const host = await readFile(join(dataDir, "lock", "socket-dir"), "utf8").catch(() => undefined);
  if (host !== undefined) {
    const password = (await readFile(passwordPath(SUPERUSER, join(dataDir, "secrets")), "utf8")).trim();
    const shared = { host: host.trim(), port: SOCKET_PORT, database: "postgres", ssl: false } as const;
    const connection: DatabaseLogin = { ...shared, user: SUPERUSER, password };
    const answers = await withClient(connection, async () => true).catch(() => false);
    if (answers) return { connection, close: async () => undefined };
  }
  const started = await startEmbedded({ dataDir, log: () => undefined });
  return { connection: started.connection, close: () => started.stop() };
}

/**
 * Takes a backup.
 * @throws Error when the database stops meanwhile; the backups that were there stay as they are
 */
export async function takeBackup(writer: BackupWriter, dataDir: string, progress: Progress): Promise<Backup> {
  const cluster = await reachCluster(dataDir);
  try {
    const master_key_id = await masterKeyIdOf(cluster.connection);
    const contents = await withClient(cluster.connection, (client) =>
      copyCluster(client, join(dataDir, "postgres"), writer, progress),
    );
    const taken_at = new Date().toISOString();
    const bytes = contents.files.reduce((sum, file) => sum + file.size, 0);
    const facts = { format: 1, id: taken_at.replace(/[:.]/g, "-"), taken_at, postgres: EMBEDDED_MAJOR } as const;
    return await writer.finish({ ...facts, master_key_id, bytes }, contents);
  } finally {
    await cluster.close();
  }
}

/** The connection is what keeps the backup going: when it is lost, PostgreSQL forgets the backup and the slot. */
async function copyCluster(
  client: pg.Client,
  home: string,
  writer: BackupWriter,
  progress: Progress,
): Promise<Contents> {
  const { rowCount } = await client.query("select from pg_tablespace where spcname not in ('pg_default', 'pg_global')");
  if (rowCount !== 0) throw new Error("The database has tablespaces of its own, which are not backed up.");
  // Until the connection ends no log is removed.
  await client.query("select pg_create_physical_replication_slot($1, true, true)", [`openmolt_backup_${process.pid}`]);
  await client.query("select pg_backup_start('openmolt', true)");
  const { directories, paths, total } = await listFiles(home);
  const files: Contents["files"] = [];
  let done = 0;
  const copy = async (path: string): Promise<void> => {
    const file = await copyFile(home, path, writer, (bytes) => {
      done += bytes;
      progress({ done: Math.min(done, total), total });
    });
    if (file !== undefined) files.push(file);
  };
  for (const path of paths) await copy(path);
  files.push(await copyControl(home, writer));
  const { rows } = await client.query<{ label: string; last: string }>(
    "select labelfile as label, pg_walfile_name(lsn) as last from pg_backup_stop(false)",
  );
  const { label = "", last = "" } = rows[0] ?? {};
  files.push(await copyBytes("backup_label", Buffer.from(label), writer));
  for (const segment of await logSegments(home, label, last)) await copy(join("pg_wal", segment));
  return { directories, files };
}

/** All that belongs to a backup but the control file, which must be read after everything else. */
async function listFiles(home: string): Promise<{ directories: string[]; paths: string[]; total: number }> {
  const directories: string[] = [];
  const paths: string[] = [];
  let total = 0;
  const visit = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(home, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      if (LEFT_OUT.test(path) || path === CONTROL) continue;
      if (entry.isDirectory()) {
        directories.push(path);
        await visit(path);
      } else if (entry.isFile()) {
        paths.push(path);
        total += (await stat(join(home, path)).catch(gone))?.size ?? 0;
      }
    }
  };
  await visit("");
  return { directories, paths, total };
}

/** A file that goes away while files are copied is one that the log removes as well. */
function gone(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

async function copyFile(
  home: string,
  path: string,
  writer: BackupWriter,
  note: (bytes: number) => void,
): Promise<Contents["files"][number] | undefined> {
  const file = await open(join(home, path), "r").catch(gone);
  if (file === undefined) return undefined;
  try {
    const chunks: string[] = [];
    for (let size = 0; ; ) {
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, size);
      if (bytesRead === 0) return { path, size, chunks };
      chunks.push(await writer.put(buffer.subarray(0, bytesRead)));
      size += bytesRead;
      note(bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The one file that the log does not make whole: it is read until two readings agree. */
async function copyControl(home: string, writer: BackupWriter): Promise<Contents["files"][number]> {
  const read = () => readFile(join(home, CONTROL));
  let [before, now] = [await read(), await read()];
  while (!now.equals(before)) [before, now] = [now, await read()];
  return copyBytes(CONTROL, now, writer);
}

async function copyBytes(path: string, bytes: Buffer, writer: BackupWriter): Promise<Contents["files"][number]> {
  return { path, size: bytes.length, chunks: [await writer.put(bytes)] };
}

/** The files of the log from the start of the backup to its end. */
async function logSegments(home: string, label: string, last: string): Promise<string[]> {
  const first = /\(file ([0-9A-F]{24})\)/.exec(label)?.[1] ?? "";
  const segments = (await readdir(join(home, "pg_wal")))
    .filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last)
    .sort();
  // A name is timeline, high part and low part; the low part counts 256 files of 16 MB.
  const numberOf = (name: string) => Number.parseInt(name.slice(8, 16), 16) * 256 + Number.parseInt(name.slice(16), 16);
  if (first === "" || segments.length !== numberOf(last) - numberOf(first) + 1) {
    throw new Error(`The log of the database from ${first} to ${last} is not complete.`);
  }
  return segments;
}

async function masterKeyIdOf(connection: DatabaseLogin): Promise<string | null> {
  try {
    return await withClient({ ...connection, database: "openmolt" }, async (client) => {
      const { rows } = await client.query<{ vault_key_id: string }>("select vault_key_id from instance");
      return rows[0]?.vault_key_id ?? null;
    });
  } catch (error) {
    // Neither the database nor the table is there before the first start went through.
    if (error instanceof pg.DatabaseError && (error.code === "3D000" || error.code === "42P01")) return null;
    throw error;
  }
}
