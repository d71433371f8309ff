/**
 * Under which user PostgreSQL runs: it refuses root, and data made under one user cannot be opened under another. So
 * the owner of existing data decides, and for new data the least privileged way that works on this machine.
 */
import { execFile } from "node:child_process";
import { chown, mkdir, readFile, rm, stat } from "node:fs/promises";
import { isMainThread } from "node:worker_threads";
import { type Binaries, copyBinaries } from "./binaries.js";

/** How programs of the database are started. */
export interface Identity {
  /** own-user: as we are · other-user: root gives up its rights · user-namespace: root, seen from inside as nobody. */
  mode: "own-user" | "other-user" | "user-namespace";
  /** The numeric user and group that PostgreSQL sees itself as (other-user and user-namespace). */
  uid: number;
  gid: number;
  /** Whether setpriv can tell the kernel to stop the database when this process dies. */
  tied: boolean;
  binaries: Binaries;
}

/** What to hand to spawn. */
export interface Command {
  file: string;
  args: string[];
  options: { uid?: number; gid?: number; env: Record<string, string> };
}

/**
 * The command that runs a program under an identity.
 * @param tie whether the program shall get SIGINT when this process dies (where the system can do that)
 */
export function commandAs(identity: Identity, program: string, args: string[], tie = false): Command {
  const { mode, uid, gid, binaries } = identity;
  const line = [program, ...args];
  const options: Command["options"] = { env: binaries.env };
  const tying = tie && identity.tied ? ["--pdeathsig", "INT"] : [];
  if (mode === "other-user" && identity.tied) {
    line.unshift("setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", ...tying);
  } else if (tying.length > 0) {
    line.unshift("setpriv", ...tying);
  }
  if (mode === "other-user" && !identity.tied) Object.assign(options, { uid, gid });
  if (mode === "user-namespace") line.unshift("unshare", "-U", `--map-user=${uid}`, `--map-group=${gid}`);
  const [file = program, ...rest] = line;
  return { file, args: rest, options };
}

/**
 * Runs a program to its end under an identity.
 * @returns whether it ended well, and what it said
 */
export function runAs(identity: Identity, program: string, args: string[]): Promise<{ ok: boolean; said: string }> {
  const command = commandAs(identity, program, args);
  return new Promise((resolve) => {
    execFile(command.file, command.args, { ...command.options, cwd: "/" }, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim();
      resolve({ ok: error === null, said: said === "" && error !== null ? error.message : said });
    });
  });
}

/**
 * Finds the identity for the cluster in clusterDir; if there is none yet, for one that is going to be made there.
 * @throws Error that says what was tried and what to do, when PostgreSQL can run in no way
 */
export async function chooseIdentity(dataDir: string, clusterDir: string, binaries: Binaries): Promise<Identity> {
  const owner = await stat(clusterDir).catch(() => undefined);
  const self = process.getuid?.() ?? -1;
  const base = { uid: self, gid: process.getgid?.() ?? -1, binaries, tied: false };
  base.tied = isMainThread && process.platform === "linux" && (await canTie(base));
  if (self !== 0) {
    if (owner !== undefined && owner.uid !== self) throw foreignOwner(clusterDir, owner.uid);
    return await proven([{ ...base, mode: "own-user" }], dataDir, binaries);
  }
  const nobody = await unprivilegedUser();
  const otherUser: Identity = { ...base, ...nobody, mode: "other-user" };
  const namespace: Identity = { ...base, ...nobody, mode: "user-namespace" };
  if (owner === undefined) return await proven([otherUser, namespace], dataDir, binaries);
  // Data of root can only be opened from inside a user namespace; data of another user only as that user.
  if (owner.uid === 0) return await proven([namespace], dataDir, binaries);
  return await proven([{ ...otherUser, uid: owner.uid, gid: owner.gid }], dataDir, binaries);
}

/** The first candidate that works; if none does, the last resort for another user is programs it can reach. */
async function proven(candidates: Identity[], dataDir: string, binaries: Binaries): Promise<Identity> {
  const tried: string[] = [];
  for (const candidate of candidates) {
    const fault = await faultOf(candidate, dataDir);
    if (fault === undefined) return candidate;
    tried.push(`${candidate.mode}: ${fault}`);
  }
  const other = candidates.find((candidate) => candidate.mode === "other-user");
  if (other !== undefined && (await reachFault(other, dataDir)) === undefined) {
    const copied = { ...other, binaries: await copyBinaries(binaries, dataDir) };
    const fault = await faultOf(copied, dataDir);
    if (fault === undefined) return copied;
    tried.push(`other-user with copied programs: ${fault}`);
  }
  throw new Error(
    `The embedded PostgreSQL cannot run here on ${dataDir}. Tried:\n  ${tried.join("\n  ")}\n` +
      "Run the server as an ordinary user, or choose a data directory that others may pass through " +
      "(OPENMOLT_DATA=/var/lib/openmolt), or set DATABASE_URL to a PostgreSQL 15 or newer.",
  );
}

async function faultOf(identity: Identity, dataDir: string): Promise<string | undefined> {
  const run = await runAs(identity, identity.binaries.postgres, ["--version"]);
  return run.ok ? await reachFault(identity, dataDir) : run.said;
}

/** Why the identity cannot work in the data directory; undefined when it can. */
async function reachFault(identity: Identity, dataDir: string): Promise<string | undefined> {
  const probe = `${dataDir}/probe.${process.pid}`;
  try {
    await makeOwned(identity, probe);
    const run = await runAs(identity, "sh", ["-c", 'cd "$1" && : > file && rm file', "sh", probe]);
    return run.ok ? undefined : run.said;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
}

/** Makes a directory (0700) that belongs to the user who runs PostgreSQL. */
export async function makeOwned(identity: Identity, dir: string): Promise<void> {
  await mkdir(dir, { mode: 0o700 });
  await giveTo(identity, dir);
}

/** Makes a file or directory belong to the user who runs PostgreSQL. */
export async function giveTo(identity: Identity, path: string): Promise<void> {
  if (identity.mode === "other-user") await chown(path, identity.uid, identity.gid);
}

async function canTie(base: Omit<Identity, "mode">): Promise<boolean> {
  return (await runAs({ ...base, mode: "own-user" }, "setpriv", ["--pdeathsig", "INT", "true"])).ok;
}

/** PostgreSQL wants to know its user by name, so the user must exist. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number }> {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n");
  for (const name of ["nobody", "postgres", "daemon"]) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65534, gid: 65534 };
}

function foreignOwner(clusterDir: string, uid: number): Error {
  return new Error(`${clusterDir} belongs to user ${uid}. Start the server as that user, or as root.`);
}
