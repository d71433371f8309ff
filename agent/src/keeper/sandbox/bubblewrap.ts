/**
 * Bubblewrap: namespaces of its own for everything, and a file system that holds node, its libraries, our built packages and the
 * broker's socket, nothing else: no /usr, no /etc, no /proc, no /dev, no shell. `env -i` stands outside, because what runs as
 * process 1 inside is bubblewrap itself, and its environment is the one it was started with.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { libraries, packages, workerIn } from "./parts.js";
import type { Sandbox } from "./sandbox.js";

/** Bytes that the mind may write, all in memory. */
const HOME_BYTES = 16 * 1024 * 1024;
const NODE = "/node";
const ROOT = "/app";
const SOCKET = "/broker.sock";

/** The strictest way: a process without a network, without files, alone. */
export const bubblewrap: Sandbox = {
  name: "bubblewrap",
  keeps: "no network, no file of this machine, no other process, no environment",
  missing: async () => {
    if (process.platform !== "linux") return "it is for Linux";
    const { command, args, env } = launch(undefined, () => ["-e", "process.exit(7)"]);
    const { status, stderr, error } = spawnSync(command, args, { env, encoding: "utf8", timeout: 20_000 });
    if (status === 7) return undefined;
    if (error !== undefined || status === 127) return "bwrap is not installed (Debian: apt-get install bubblewrap)";
    return `bwrap cannot start a process here: ${stderr.trim().split("\n")[0]?.slice(0, 200)}`;
  },
  launch,
};

function launch(socket: string | undefined, args: (worker: string) => string[]) {
  const parts = [
    ...libraries().map((path) => ({ from: path, to: path })),
    ...packages(ROOT),
    { from: process.execPath, to: NODE },
  ];
  const bound = [
    ...parts.flatMap(({ from, to }) => ["--ro-bind", from, to]),
    ...(socket === undefined ? [] : ["--ro-bind", socket, SOCKET]),
  ];
  const alone = ["--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"];
  const nobody = ["--uid", "65534", "--gid", "65534", "--cap-drop", "ALL", "--hostname", "sandbox"];
  const home = ["--size", String(HOME_BYTES), "--tmpfs", "/home", "--chdir", "/home", "--remount-ro", "/"];
  const inside = [NODE, "--max-old-space-size=256", ...args(workerIn(ROOT))];
  return {
    command: "/usr/bin/env",
    args: ["-i", bwrap(), ...alone, ...nobody, ...bound, ...home, "--", ...inside],
    env: {},
    address: SOCKET,
  };
}

/** Looked for in fixed places, not by a PATH, which could name something else. */
function bwrap(): string {
  const places = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/run/current-system/sw/bin/bwrap"];
  return places.find((path) => existsSync(path)) ?? "bwrap";
}
