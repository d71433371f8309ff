/** What of the host a mind needs to run: this very node, the libraries it has loaded, and the built packages of its own. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package that holds this file. */
const OWN = fileURLToPath(new URL("../../../", import.meta.url));
/** Packages that the worker imports besides. */
const NEEDED = ["typebox", "yaml"];

/** A folder or file of the host and where the mind sees it. */
export interface Part {
  from: string;
  to: string;
}

/** The shared libraries this process has loaded, as paths. */
export function libraries(): string[] {
  const { sharedObjects } = process.report.getReport() as { sharedObjects?: string[] };
  return (sharedObjects ?? []).filter(
    (path) => path.startsWith("/") && !path.startsWith("[") && path !== process.execPath,
  );
}

/** The built packages, laid out as node finds them below `root`. */
export function packages(root: string): Part[] {
  const folderOf = (name: string) => {
    const path = fileURLToPath(import.meta.resolve(name));
    const end = join("node_modules", name);
    return path.slice(0, path.lastIndexOf(end) + end.length);
  };
  const contract = dirname(dirname(fileURLToPath(import.meta.resolve("@openmolt/contract/limits"))));
  return [
    { from: join(OWN, "package.json"), to: join(root, "package.json") },
    { from: join(OWN, "dist"), to: join(root, "dist") },
    { from: join(contract, "package.json"), to: join(root, "node_modules/@openmolt/contract/package.json") },
    { from: join(contract, "dist"), to: join(root, "node_modules/@openmolt/contract/dist") },
    ...NEEDED.map((name) => ({ from: folderOf(name), to: join(root, "node_modules", name) })),
  ];
}

/** The worker below a root as {@link packages} lays it out. */
export function workerIn(root: string): string {
  return join(root, "dist/keeper/worker.js");
}

/** The worker on this machine. */
export const WORKER = workerIn(OWN);
/** Folders of this machine that the worker reads, each also by the links through which node finds it. */
export function folders(): string[] {
  const above: string[] = [];
  for (let place = dirname(OWN); !above.includes(place); place = dirname(place)) above.push(place);
  const links = above.flatMap((place) =>
    ["@openmolt/contract", ...NEEDED].map((name) => join(place, "node_modules", name)),
  );
  return [...packages("/").map(({ from }) => from), ...links.filter((path) => existsSync(path))];
}
