/**
 * The vault: one folder per agent below OPENMOLT_HOME, with what only its owner may read. Folders are 0700 and files 0600;
 * what others could read is refused, never repaired in silence. Every file is replaced whole or not at all.
 *
 * Of the stores of an operating system, credentials of systemd ($CREDENTIALS_DIRECTORY) and secrets of containers
 * (/run/secrets) are read, and go before the file; keyrings of a desktop are not supported.
 */

import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failure } from "./command.js";
import { program } from "./config.js";

/** What the vault holds of an agent. */
export interface VaultEntry {
  /** The agent's name on its network. */
  name: string;
  /** Origin of the network; the key is sent nowhere else. */
  network: string;
  apiKey: string;
  id?: string;
  /** What its owner opens to answer for it. */
  claimUrl?: string;
}

/** Where a vault and the secrets of the system are; {@link CliConfig} is one. */
export interface VaultPlace {
  home: string;
  secretFolders: readonly string[];
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const SECRET = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const KEY_FILE = "key.json";

/**
 * The folder of an agent; it is made by {@link makeAgentFolder}.
 * @throws Error when the name could not be a folder's
 */
export function agentFolder({ home }: Pick<VaultPlace, "home">, name: string): string {
  if (!NAME.test(name))
    throw new Error(`An agent is named with letters, digits, - and _, not ${JSON.stringify(name)}.`);
  return join(home, "agents", name);
}

/**
 * Makes the folder of an agent with all above it, for its owner alone.
 * @throws Error when it is there and others may read it
 */
export async function makeAgentFolder(place: Pick<VaultPlace, "home">, name: string): Promise<string> {
  const folder = agentFolder(place, name);
  for (const each of [place.home, join(place.home, "agents"), folder]) {
    await mkdir(each, { recursive: true, mode: 0o700 });
    await assertPrivate(each);
  }
  return folder;
}

/** Names of the agents in the vault, in order. */
export async function listAgents({ home }: Pick<VaultPlace, "home">): Promise<string[]> {
  const folders = await readdir(join(home, "agents"), { withFileTypes: true }).catch(ignoreMissing);
  return (folders ?? [])
    .filter((each) => each.isDirectory() && NAME.test(each.name))
    .map(({ name }) => name)
    .sort();
}

/** Keeps an agent's key, in place of one kept before. */
export async function saveEntry(place: Pick<VaultPlace, "home">, name: string, entry: VaultEntry): Promise<void> {
  const folder = await makeAgentFolder(place, name);
  await writePrivate(join(folder, KEY_FILE), `${JSON.stringify(entry, null, 2)}\n`);
}

/**
 * What the vault holds of an agent. A secret of the system named `openmolt-key-NAME` goes before the key in the file, which
 * then need not hold one.
 * @returns undefined when there is no such agent
 * @throws Error when others may read it, or it is spoiled
 */
export async function readEntry(place: VaultPlace, name: string): Promise<VaultEntry | undefined> {
  const path = join(agentFolder(place, name), KEY_FILE);
  const text = await readPrivate(path);
  if (text === undefined) return undefined;
  const entry = parseEntry(text);
  const apiKey = (await readSystemSecret(place, `openmolt-key-${name}`)) ?? entry?.apiKey;
  if (entry && typeof apiKey === "string") return { ...entry, apiKey };
  throw failure(`${path} does not hold an agent's key.`, `Add the agent again: ${program} login ${name}.`);
}

/**
 * A secret by name: of the system if it has one, else the file in the vault's folder `secrets`.
 * @throws Error when others may read the file
 */
export async function readSecret(place: VaultPlace, name: string): Promise<string | undefined> {
  return (await readSystemSecret(place, name)) ?? (await readPrivate(secretPath(place, name)))?.trim();
}

/** Keeps a secret in the vault's folder `secrets`. */
export async function saveSecret(place: Pick<VaultPlace, "home">, name: string, value: string): Promise<void> {
  const path = secretPath(place, name);
  for (const each of [place.home, dirname(path)]) {
    await mkdir(each, { recursive: true, mode: 0o700 });
    await assertPrivate(each);
  }
  await writePrivate(path, `${value}\n`);
}

/** Where a secret is kept in the vault. */
export function secretPath({ home }: Pick<VaultPlace, "home">, name: string): string {
  if (!SECRET.test(name))
    throw new Error(`A secret is named with letters, digits, . - and _, not ${JSON.stringify(name)}.`);
  return join(home, "secrets", name);
}

/** Everything in the vault that others may read or that is not a plain file or folder, one sentence each. */
export async function inspectVault({ home }: Pick<VaultPlace, "home">): Promise<string[]> {
  const problems: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const problem = await openTo(path);
    if (problem !== undefined) problems.push(problem);
    const found = await lstat(path).catch(ignoreMissing);
    if (!found?.isDirectory()) return;
    for (const name of await readdir(path)) await visit(join(path, name));
  };
  await visit(home);
  return problems;
}

/**
 * Replaces a file whole: written beside it for its owner alone, brought to the disk, then renamed.
 * @throws Error of the file system
 */
export async function writePrivate(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}.new`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path).catch(async (error: unknown) => {
    await rm(draft, { force: true });
    throw error;
  });
}

/**
 * The text of a file that only its owner may read.
 * @returns undefined when there is none
 * @throws Error when others may read it or its folder, or it is a link
 */
export async function readPrivate(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(ignoreMissing);
  if (file === undefined) return undefined;
  try {
    await assertPrivate(dirname(path));
    await assertPrivate(path);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

async function readSystemSecret({ secretFolders }: VaultPlace, name: string): Promise<string | undefined> {
  for (const folder of SECRET.test(name) ? secretFolders : []) {
    const text = await readFile(join(folder, name), "utf8").catch(ignoreMissing);
    if (text !== undefined) return text.trim();
  }
  return undefined;
}

type Stored = Omit<VaultEntry, "apiKey"> & Partial<Pick<VaultEntry, "apiKey">>;

function parseEntry(text: string): Stored | undefined {
  try {
    const entry = JSON.parse(text) as Partial<VaultEntry> | null;
    const whole = [entry?.name, entry?.network].every((each) => typeof each === "string");
    return whole ? (entry as Stored) : undefined;
  } catch {
    return undefined;
  }
}

async function assertPrivate(path: string): Promise<void> {
  const problem = await openTo(path);
  if (problem === undefined) return;
  const [, mode] = /mode (\d+)/.exec(problem) ?? [];
  const hint = mode === undefined ? "Put a plain file or folder of your own there." : `Run: chmod go= ${path}`;
  throw failure(`${problem} Nothing was read.`, `${hint}. If others have used this machine, replace the key as well.`);
}

/** Who else may use a file or folder, as a sentence; undefined when nobody may. Where there are no modes, nothing is known. */
async function openTo(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(ignoreMissing);
  const user = process.getuid?.();
  if (found === undefined || user === undefined) return undefined;
  if (found.isSymbolicLink()) return `${path} is a link.`;
  if (!found.isFile() && !found.isDirectory() && !found.isSocket()) return `${path} is neither a file nor a folder.`;
  if (found.uid !== user && user !== 0) return `${path} belongs to another user.`;
  const mode = found.mode & 0o777;
  return (mode & 0o077) === 0 ? undefined : `${path} is open to others (mode ${mode.toString(8).padStart(4, "0")}).`;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
}
