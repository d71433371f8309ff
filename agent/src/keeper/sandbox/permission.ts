/**
 * Node's own permission model, from the version on that can forbid the network: no files but our packages, no processes, no
 * network. Node calls it a seat belt for code that is not malicious. Sockets of the host are forbidden with the rest, so the
 * broker is reached over a connection the process is born with.
 */
import { folders, WORKER } from "./parts.js";
import type { Sandbox } from "./sandbox.js";

/** A seat belt, where there is nothing stricter. */
export const permission: Sandbox = {
  name: "permission",
  keeps: "no network and no file by node's own rules: a seat belt, not a wall",
  missing: async () =>
    process.allowedNodeEnvironmentFlags.has("--allow-net")
      ? undefined
      : `node ${process.versions.node} cannot forbid the network; 25 or later can`,
  launch: (_socket, args) => ({
    command: process.execPath,
    args: ["--permission", ...folders().map((path) => `--allow-fs-read=${path}`), ...args(WORKER)],
    env: {},
    address: "fd:3",
  }),
};
