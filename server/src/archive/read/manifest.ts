/** The manifest of an archive: what each file holds, by digest. It is written last, so a folder with one is whole. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { LeftOut } from "./slices.js";

/** The name of the manifest in its folder. */
export const MANIFEST = "manifest.json";
/** Says that a folder holds an export that is not finished; becomes the manifest when it is. */
export const UNFINISHED = "manifest.json.partial";
/** What the manifest calls the format. */
export const FORMAT = { format: "openmolt-archive", version: 1 } as const;

const WrittenFile = Type.Object({
  name: Type.String({ pattern: "^[a-z_]+\\.[a-z]+$" }),
  rows: Type.Integer(),
  bytes: Type.Integer(),
  sha256: Type.String(),
});
/** A file of an archive: its lines, its size and the SHA-256 over its bytes in hex. */
export type WrittenFile = Type.Static<typeof WrittenFile>;

/** What an import needs of a manifest. */
const Readable = Type.Object({
  format: Type.Literal(FORMAT.format),
  version: Type.Literal(FORMAT.version),
  files: Type.Array(WrittenFile),
});

/** What a manifest says. */
export interface Manifest {
  format: typeof FORMAT.format;
  version: typeof FORMAT.version;
  /** Where it comes from. */
  instance: { name: string; url: string };
  written_at: string;
  /** Everything the history tells of up to this position is here, unless it was taken away before it was read. */
  complete_up_to: number;
  /** The last position of the history file; what was taken away meanwhile stands after `complete_up_to`. */
  history_up_to: number;
  files: WrittenFile[];
  left_out: LeftOut;
}

/**
 * The SHA-256 of a file in hex, as it stands on disk.
 * @param progress hears of the bytes read so far
 */
export async function digestOfFile(path: string, progress: (bytes: number) => void = () => undefined): Promise<string> {
  const hash = createHash("sha256");
  let read = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
    read += chunk.length;
    progress(read);
  }
  return hash.digest("hex");
}

/** How far a check is, in bytes. */
export interface CheckProgress {
  done: number;
  total: number;
}

/**
 * Checks every file of an archive against its manifest; a folder without a manifest is no archive and passes.
 * @throws Error that names what differs and says what to do
 */
export async function checkManifest(folder: string, progress: (progress: CheckProgress) => void): Promise<void> {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) {
    if (!existsSync(join(folder, UNFINISHED))) return;
    throw new Error(`The export in ${folder} was not finished. Run the export again, then import.`);
  }
  const files = filesOf(folder, await readFile(path, "utf8"));
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const { name, bytes, sha256 } of files) {
    const file = join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) throw spoiled(folder, `${name} is missing`);
    if (found.size !== bytes) throw spoiled(folder, `${name} has ${found.size} bytes instead of ${bytes}`);
    const digest = await digestOfFile(file, (read) => progress({ done: before + read, total }));
    if (digest !== sha256) throw spoiled(folder, `${name} was changed: its SHA-256 is another`);
    before += bytes;
  }
}

function filesOf(folder: string, text: string): WrittenFile[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw spoiled(folder, `${MANIFEST} is not JSON`);
  }
  if (Value.Check(Readable, value)) return value.files;
  throw spoiled(folder, `${MANIFEST} is not one of format ${FORMAT.format}, version ${FORMAT.version}`);
}

function spoiled(folder: string, what: string): Error {
  return new Error(
    `The archive in ${folder} is not what was exported: ${what}. Nothing was imported. Copy or export it again; ` +
      `if the change is yours, delete ${MANIFEST} to import the files as they are.`,
  );
}
