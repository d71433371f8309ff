/**
 * A container of its own beside the keeper's (deploy/runner/compose.yaml): it has no network, and a folder with sockets is all
 * that the two share. The container lives one visit and is made anew for the next, so that no visit leaves anything to another.
 */
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Sandbox } from "./sandbox.js";

/** The shared folder has the same path in both containers, and the keeper makes the broker's socket there: TMPDIR says so. */
const DOOR = "/run/openmolt-mind/door.sock";
const ENTER = fileURLToPath(new URL("./enter.js", import.meta.url));

/** The way to the container that waits behind a door. */
export function containerBehind(door: string): Sandbox {
  return {
    name: "container",
    keeps:
      "no network and no file of the keeper's: a container of its own; the kernel and the container engine are trusted",
    missing: async () =>
      statSync(door, { throwIfNoEntry: false })?.isSocket() ? undefined : "no container of a mind is beside this one",
    launch: (socket) => ({ command: process.execPath, args: [ENTER, door], env: {}, address: socket }),
  };
}

/** The container of the compose file. */
export const container = containerBehind(DOOR);
