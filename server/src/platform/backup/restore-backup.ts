/**
 * Brings a backup back into a data directory that holds no network yet. Every byte is proven by its digest on the way,
 * and the database appears under its name only after PostgreSQL has recovered it.
 */
import { existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EMBEDDED_MAJOR, findBinaries } from "../postgres/binaries.js";
import {
  clearLeftOver,
  endOf,
  launch,
  makeSocketDir,
  SOCKET_PORT,
  SUPERUSER,
  waitUntilReady,
} from "../postgres/cluster.js";
import { chooseIdentity, giveTo, type Identity } from "../postgres/identity.js";
import { lockDataDir, openDataDir } from "../postgres.js";
import { execute, passwordOf, scramVerifier, withClient } from "../provision/roles.js";
import { loadMasterKey, openVault } from "../secrets.js";
import { type Backup, type Contents, listBackups, readChunk, readContents } from "./store.js";
import type { Progress } from "./take-backup.js";

/** What may lie in a data directory before: the secrets, and what a refused start leaves. */
const MAY_BE_THERE = new Set(["secrets", "lock", "postgres-lib", "postgres-programs", "postgres.restored"]);

/**
 * Finds a backup.
 * @param at its id, or a time: then it is the newest that was taken until then; without it the newest
 * @throws Error when there is none
 */
export async function findBackup(folder: string, at?: string): Promise<Backup> {
  const backups = await listBackups(folder);
  const exact = backups.find(({ id }) => id === at);
  if (exact !== undefined) return exact;
  const until = at === undefined ? Number.POSITIVE_INFINITY : Date.parse(at);
  if (Number.isNaN(until)) throw new Error(`${at} is neither a time nor the name of a backup in ${folder}.`);
  const found = backups.filter(({ taken_at }) => Date.parse(taken_at) <= until).at(-1);
  if (found === undefined) throw new Error(`${folder} holds no backup${at === undefined ? "" : ` taken until ${at}`}.`);
  return found;
}

/**
 * Refuses a backup that could not be served here, before anything is written.
 * @param masterKey as in the settings; otherwise it is looked for in the data directory, and never made
 * @throws Error that says which master key is needed
 */
export function assertKeyFits(backup: Backup, dataDir: string, masterKey: string | undefined): void {
  const needed = backup.master_key_id;
  const secretsDir = join(dataDir, "secrets");
  const there = masterKey !== undefined || existsSync(join(secretsDir, "master.key"));
  const given = there ? openVault(loadMasterKey(secretsDir, masterKey)).keyId : undefined;
  if (needed === null || needed === given) return;
  throw new Error(
    `This backup belongs to the master key ${needed}, ${given === undefined ? "which is not here" : `but the one given is ${given}`}. ` +
      `Nothing was restored. Put the kept key into ${join(secretsDir, "master.key")} (chmod 600), or set OPENMOLT_MASTER_KEY to it.`,
  );
}

/**
 * Restores a backup into a data directory.
 * @throws Error when the directory holds a network or anything else, or a chunk is damaged; nothing stays behind then
 */
export async function restoreBackup(folder: string, backup: Backup, target: string, progress: Progress): Promise<void> {
  if (backup.postgres !== EMBEDDED_MAJOR) {
    throw new Error(`This backup needs PostgreSQL ${backup.postgres}; the embedded one is ${EMBEDDED_MAJOR}.`);
  }
  const dataDir = await openDataDir(target);
  const other = (await readdir(dataDir)).find((name) => !MAY_BE_THERE.has(name));
  if (other !== undefined) {
    throw new Error(
      `${dataDir} is not empty (it holds ${other}). A backup is only restored into a data directory that holds ` +
        "nothing but secrets: set OPENMOLT_DATA to a new one, or move the old one away.",
    );
  }
  const lock = await lockDataDir(dataDir);
  const draft = join(dataDir, "postgres.restored");
  try {
    await clearLeftOver(draft);
    await rm(draft, { recursive: true, force: true });
    const identity = await chooseIdentity(dataDir, draft, await findBinaries(dataDir));
    await writeFiles(identity, draft, folder, backup, progress);
    await recover(identity, draft, dataDir);
    await rename(draft, join(dataDir, "postgres"));
  } finally {
    await rm(draft, { recursive: true, force: true });
    await lock.release();
  }
}

/** The directories are given away last: as long as root writes in them nobody else can. */
async function writeFiles(
  identity: Identity,
  home: string,
  folder: string,
  backup: Backup,
  progress: Progress,
): Promise<void> {
  const { directories, files } = await readContents(folder, backup);
  const dirs = [home, ...directories.map((path) => within(home, path))];
  for (const dir of dirs) await mkdir(dir, { mode: 0o700 });
  let done = 0;
  for (const file of files) {
    const path = within(home, file.path);
    await writeOne(path, folder, file);
    await giveTo(identity, path);
    done += file.size;
    progress({ done, total: backup.bytes });
  }
  for (const dir of dirs) await giveTo(identity, dir);
}

async function writeOne(
  path: string,
  folder: string,
  { path: name, size, chunks }: Contents["files"][number],
): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for (const chunk of chunks) await file.writeFile(await readChunk(folder, chunk, name));
    if ((await file.stat()).size !== size) throw new Error(`${name} has another size than it had when it was read.`);
  } finally {
    await file.close();
  }
}

/** A backup that somebody altered must not write anywhere else. */
function within(home: string, path: string): string {
  if (path.split("/").some((part) => ["", ".", ".."].includes(part)))
    throw new Error(`${path} is no path of a backup.`);
  return join(home, path);
}

/**
 * Lets PostgreSQL make one state of files and log, and gives the superuser the password of this data directory. The one
 * it had is not in the backup, so for this one start whoever reaches the private socket is believed.
 */
async function recover(identity: Identity, home: string, dataDir: string): Promise<void> {
  const rules = join(home, "pg_hba.restore.conf");
  await writeFile(rules, `local all ${SUPERUSER} trust\n`, { mode: 0o600 });
  await giveTo(identity, rules);
  const socketRecord = join(dataDir, "lock", "socket-dir");
  const host = await makeSocketDir(identity, socketRecord);
  try {
    const running = await launch(identity, home, host, { hba_file: rules });
    try {
      const login = { host, port: SOCKET_PORT, user: SUPERUSER, database: "postgres", ssl: false } as const;
      if (!(await waitUntilReady(running, login))) {
        throw new Error(`PostgreSQL could not recover the backup: ${running.said()}`);
      }
      const password = scramVerifier(passwordOf(SUPERUSER, join(dataDir, "secrets")));
      await withClient(login, (client) => execute(client, "alter role %I password %L", [SUPERUSER, password]));
    } finally {
      await endOf(running);
    }
  } finally {
    await rm(host, { recursive: true, force: true });
    await rm(socketRecord, { force: true });
  }
  await rm(rules);
}
