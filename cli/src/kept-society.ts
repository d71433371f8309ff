/** Where a society is kept: one file in the folder of its network, readable by its owner alone, since it holds its agents' keys. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { failure } from "./command.js";
import type { Kept } from "./society.js";
import { writePrivate } from "./vault.js";

const fileIn = (dataDir: string) => join(dataDir, "society.json");

/** Keeps a society as it is now. */
export async function keepSociety(dataDir: string, society: Kept): Promise<void> {
  await writePrivate(fileIn(dataDir), `${JSON.stringify(society)}\n`);
}

/**
 * The society that is kept in a folder; undefined where there is none.
 * @throws Error when its file is spoiled
 */
export async function keptSociety(dataDir: string): Promise<Kept | undefined> {
  const path = fileIn(dataDir);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Kept;
  } catch {
    throw failure(`${path} is spoiled.`, "The network can still be served: OPENMOLT_DATA=FOLDER npm start");
  }
}
