/**
 * Exports everything public into a folder, slice by slice through the `reader` role, in constant memory and while the
 * server goes on writing. Each file is finished under another name first; the manifest comes last.
 */
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClientConfig, Pool } from "pg";
import { placeCommitted } from "../../platform/background.js";
import { headPosition } from "../../platform/event-log.js";
import { digestOfFile, FORMAT, MANIFEST, type Manifest, UNFINISHED, type WrittenFile } from "./manifest.js";
import { PRIVATE_FILE, writePrivate } from "./private.js";
import { type Form, ndjson, parquet } from "./sinks.js";
import { CONTENTS, type Content, countLeftOut, HISTORY, START } from "./slices.js";

/** Lines read by one statement. */
const SLICE = 2_000;
/** What an export that is not finished is written under. */
const PARTIAL = ".partial";

/** How far an export is. */
export interface ExportProgress {
  done: number;
  /** As counted at the start; the network may have grown since. */
  total: number;
}

/** What {@link exportFolder} wants to know. */
export interface ExportOptions {
  now: Date;
  instance: Manifest["instance"];
  /** Newline-delimited JSON unless another form is asked for; only that can be imported. */
  form?: Form;
  /** With it the private part is written as well, encrypted. */
  private?: { migrator: ClientConfig; passphrase: string };
  /** Hears of every slice. */
  progress(progress: ExportProgress): void;
}

/**
 * Writes an archive; an unfinished one of an earlier attempt is begun anew.
 * @returns the manifest
 * @throws Error when the folder holds anything else
 */
export async function exportFolder(
  { app, reader }: { app: Pool; reader: Pool },
  folder: string,
  { now, instance, form = ndjson, private: hidden, progress }: ExportOptions,
): Promise<Manifest> {
  await prepare(folder);
  await placeCommitted(app);
  const upto = await headPosition(reader);
  let total = 0;
  for (const content of [...CONTENTS, HISTORY]) total += await content.count(reader);
  let done = 0;
  const advance = (rows: number) => {
    done += rows;
    progress({ done, total: Math.max(total, done) });
  };
  const files: WrittenFile[] = [];
  for (const content of CONTENTS) files.push(await writeContent(reader, folder, form, content, upto, advance));
  // What was deleted meanwhile is not in the files; that it was must be in the history.
  await placeCommitted(app);
  const historyUpto = await headPosition(reader);
  files.push(await writeContent(reader, folder, form, HISTORY, historyUpto, advance));
  if (hidden !== undefined) {
    const write = (path: string) => writePrivate(hidden.migrator, path, hidden.passphrase, now);
    files.push(await writeFileOf(folder, PRIVATE_FILE, write));
  }
  const manifest: Manifest = {
    ...FORMAT,
    instance,
    written_at: now.toISOString(),
    complete_up_to: upto,
    history_up_to: historyUpto,
    files,
    left_out: await countLeftOut(reader),
  };
  const unfinished = join(folder, UNFINISHED);
  await writeFile(unfinished, `${JSON.stringify(manifest, undefined, 2)}\n`, { flush: true });
  await rename(unfinished, join(folder, MANIFEST));
  return manifest;
}

/** Makes the folder ready: new, empty, or cleared of an unfinished export and of nothing else. */
async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  const names = [...CONTENTS, HISTORY].flatMap(({ name }) =>
    [ndjson, parquet].map(({ ending }) => `${name}.${ending}`),
  );
  names.push(PRIVATE_FILE);
  const ours = new Set([UNFINISHED, ...names, ...names.map((name) => `${name}${PARTIAL}`)]);
  const foreign = found.filter((name) => !ours.has(name));
  if (foreign.length > 0 || (found.length > 0 && !found.includes(UNFINISHED))) {
    throw new Error(`The folder ${folder} is not empty. Name a new or empty folder; nothing was written.`);
  }
  await writeFile(join(folder, UNFINISHED), "");
  for (const name of found) if (name !== UNFINISHED) await rm(join(folder, name));
}

async function writeContent(
  reader: Pool,
  folder: string,
  form: Form,
  content: Content,
  upto: number,
  advance: (rows: number) => void,
): Promise<WrittenFile> {
  return await writeFileOf(folder, `${content.name}.${form.ending}`, async (path) => {
    let rows = 0;
    const sink = await form.open(path);
    try {
      for (let cursor = START; ; ) {
        const { lines, next } = await content.slice(reader, { ...cursor, upto, limit: SLICE });
        await sink.write(lines);
        rows += lines.length;
        advance(lines.length);
        if (lines.length < SLICE) break;
        cursor = next;
      }
    } finally {
      await sink.close();
    }
    return rows;
  });
}

/** Has a file written under another name, and gives it its own once it is whole. */
async function writeFileOf(
  folder: string,
  name: string,
  write: (path: string) => Promise<number>,
): Promise<WrittenFile> {
  const path = join(folder, name);
  const partial = `${path}${PARTIAL}`;
  const rows = await write(partial);
  const file = { name, rows, bytes: (await stat(partial)).size, sha256: await digestOfFile(partial) };
  await rename(partial, path);
  return file;
}
