/**
 * A folder of backups. The bytes of all of them lie in `chunks/`, once each, under their SHA-256 and compressed; a
 * backup is a small file in `backups/` that names the chunk with its contents, and appears there only when all it
 * names is on the disk. What an interrupted run leaves is in nobody's way.
 */
import { createHash } from "node:crypto";
import { chmod, mkdir, open, readdir, readFile, realpath, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { type DataDirLock, lockDataDir } from "../postgres/lock-data-dir.js";

/** Chunks written at the same time: compressed on all cores, and waiting for the disk together. */
const WRITERS = 8;
const DIGEST = "^[0-9a-f]{64}$";

/** What a backup says of itself. */
export const Backup = Type.Object({
  format: Type.Literal(1),
  /** The time it was taken at, so that names sort by age. */
  id: Type.String(),
  /** The state that comes back is that of this moment. */
  taken_at: Type.String(),
  /** Major version of PostgreSQL. */
  postgres: Type.Integer(),
  /** Which master key the network needs; null when it was never served. */
  master_key_id: Type.Union([Type.String(), Type.Null()]),
  /** Bytes when restored. */
  bytes: Type.Integer(),
  /** Bytes that no earlier backup had, and what they take compressed. */
  new_bytes: Type.Integer(),
  stored_bytes: Type.Integer(),
  /** The chunk that holds the contents. */
  contents: Type.String({ pattern: DIGEST }),
});
export type Backup = Static<typeof Backup>;

/** The files of a backup, in the order they were read, and the directories they need, parents first. */
const Contents = Type.Object({
  directories: Type.Array(Type.String()),
  files: Type.Array(
    Type.Object({ path: Type.String(), size: Type.Integer(), chunks: Type.Array(Type.String({ pattern: DIGEST })) }),
  ),
});
export type Contents = Static<typeof Contents>;

const isBackup = Compile(Backup);
const isContents = Compile(Contents);
const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** The digest of bytes, in hexadecimal digits. */
const nameOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const chunkPath = (folder: string, name: string): string => join(folder, "chunks", name.slice(0, 2), name);

/** The right to write to a folder of backups. */
export interface BackupWriter {
  /** Keeps bytes, if they are new, and answers their digest. The bytes must not change afterwards. */
  put(bytes: Buffer): Promise<string>;
  /** What was kept so far: bytes and compressed bytes. */
  kept: { bytes: number; stored: number };
  /** Makes a backup of what was put: it is there from this moment on, whatever happens. */
  finish(backup: Omit<Backup, "contents" | "new_bytes" | "stored_bytes">, contents: Contents): Promise<Backup>;
  /**
   * Removes all but the newest backups, and chunks that no backup needs.
   * @returns how many backups and chunks went
   * @throws Error when the contents of a backup that stays cannot be read; then no chunk is removed
   */
  prune(keep: number): Promise<{ backups: number; chunks: number }>;
  close(): Promise<void>;
}

/**
 * Opens a folder for a backup; it is made when it is missing.
 * @throws Error when another backup is at work in it, or it holds something else
 */
export async function openForBackup(folder: string): Promise<BackupWriter> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await readdir(folder);
  if (found.length > 0 && !found.includes("backups") && !found.every((name) => name === "lock")) {
    throw new Error(`${folder} holds something else than backups. Name an empty folder, or one that does not exist.`);
  }
  await chmod(folder, 0o700);
  const lock = await lockDataDir(folder, undefined, "Another backup is at work in");
  try {
    return await writerOf(await realpath(folder), lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function writerOf(folder: string, lock: DataDirLock): Promise<BackupWriter> {
  const partial = join(folder, "partial");
  await rm(partial, { recursive: true, force: true });
  for (const name of ["backups", "chunks", "partial"]) {
    await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  }
  const known = new Set(await chunkNames(folder));
  const kept = { bytes: 0, stored: 0 };
  const writing = new Set<Promise<void>>();
  let failure: unknown;

  const write = async (name: string, bytes: Buffer): Promise<void> => {
    const packed = await deflate(bytes, { level: 1 });
    await mkdir(join(folder, "chunks", name.slice(0, 2)), { recursive: true, mode: 0o700 });
    await place(packed, join(partial, name), chunkPath(folder, name));
    kept.bytes += bytes.length;
    kept.stored += packed.length;
  };
  const put = async (bytes: Buffer): Promise<string> => {
    const name = nameOf(bytes);
    if (known.has(name)) return name;
    known.add(name);
    const one: Promise<void> = write(name, bytes)
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => writing.delete(one));
    writing.add(one);
    if (writing.size >= WRITERS) await Promise.race(writing);
    if (failure !== undefined) throw failure;
    return name;
  };
  return {
    put,
    kept,
    finish: async (facts, contents) => {
      const name = await put(Buffer.from(JSON.stringify(contents)));
      await Promise.all(writing);
      if (failure !== undefined) throw failure;
      const chunks = join(folder, "chunks");
      for (const shelf of ["", ...(await readdir(chunks))]) await syncDirectory(join(chunks, shelf));
      const backup: Backup = { ...facts, new_bytes: kept.bytes, stored_bytes: kept.stored, contents: name };
      const text = Buffer.from(`${JSON.stringify(backup)}\n`);
      await place(text, join(partial, backup.id), join(folder, "backups", `${backup.id}.json`));
      await syncDirectory(join(folder, "backups"));
      return backup;
    },
    prune: (keep) => prune(folder, keep),
    close: async () => {
      await Promise.all(writing);
      await rm(partial, { recursive: true, force: true });
      await lock.release();
    },
  };
}

/** The whole file appears at once, and only when its bytes are on the disk. */
async function place(bytes: Uint8Array, draft: string, path: string): Promise<void> {
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

async function syncDirectory(path: string): Promise<void> {
  const dir = await open(path, "r");
  try {
    await dir.sync();
  } finally {
    await dir.close();
  }
}

async function chunkNames(folder: string): Promise<string[]> {
  const shelves = await readdir(join(folder, "chunks"));
  const names = await Promise.all(shelves.map((shelf) => readdir(join(folder, "chunks", shelf))));
  return names.flat();
}

async function prune(folder: string, keep: number): Promise<{ backups: number; chunks: number }> {
  const backups = await listBackups(folder);
  const old = backups.slice(0, Math.max(0, backups.length - keep));
  // First the backups, durably, then what they alone needed: the other way round a kill would leave one with holes.
  for (const { id } of old) await rm(join(folder, "backups", `${id}.json`));
  await syncDirectory(join(folder, "backups"));
  const needed = new Set<string>();
  for (const backup of backups.slice(old.length)) {
    needed.add(backup.contents);
    const { files } = await readContents(folder, backup).catch((error: unknown) => {
      const cause = error instanceof Error ? error.message : error;
      throw new Error(`The backup was made, but what no backup needs any more could not be removed. ${cause}`);
    });
    for (const { chunks } of files) for (const name of chunks) needed.add(name);
  }
  const unneeded = (await chunkNames(folder)).filter((name) => !needed.has(name));
  for (const name of unneeded) await rm(chunkPath(folder, name));
  return { backups: old.length, chunks: unneeded.length };
}

/**
 * The backups in a folder, oldest first.
 * @throws Error when the folder holds none, or one that is no backup of this version
 */
export async function listBackups(folder: string): Promise<Backup[]> {
  const names = await readdir(join(folder, "backups")).catch(() => {
    throw new Error(`${folder} holds no backups.`);
  });
  const backups: Backup[] = [];
  for (const name of names.filter((each) => each.endsWith(".json")).sort()) {
    const path = join(folder, "backups", name);
    const backup = parse(await readFile(path, "utf8"));
    if (!isBackup.Check(backup) || name !== `${backup.id}.json`) throw new Error(`${path} is damaged.`);
    backups.push(backup);
  }
  return backups;
}

/**
 * What a backup holds.
 * @throws Error that names the chunk when it is damaged
 */
export async function readContents(folder: string, backup: Backup): Promise<Contents> {
  const what = `the contents of backup ${backup.id}`;
  const contents = parse((await readChunk(folder, backup.contents, what)).toString("utf8"));
  if (!isContents.Check(contents)) throw new Error(`${what} cannot be understood.`);
  return contents;
}

/**
 * The bytes of a chunk, proven by their digest.
 * @param what what the bytes belong to, for the error
 * @throws Error that names the chunk when it is missing or damaged
 */
export async function readChunk(folder: string, name: string, what: string): Promise<Buffer> {
  const path = chunkPath(folder, name);
  const packed = await readFile(path).catch((error: unknown) => {
    throw new Error(`A chunk of ${what} cannot be read: ${error instanceof Error ? error.message : error}`);
  });
  const bytes = await inflate(packed).catch(() => undefined);
  if (bytes === undefined || nameOf(bytes) !== name) {
    throw new Error(`A chunk of ${what} is damaged: ${path} holds other bytes than were written to it.`);
  }
  return bytes;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
