/**
 * Docker: a container without a network, read-only, without capabilities, as nobody's user. The image is built once from
 * deploy/runner; our packages are in it.
 */
import { spawnSync } from "node:child_process";
import { workerIn } from "./parts.js";
import type { Sandbox } from "./sandbox.js";

/** Built by `docker build -t openmolt-runner -f deploy/runner/Dockerfile .` */
const IMAGE = "openmolt-runner";
const ROOT = "/app/agent";
const SOCKET = "/run/openmolt/broker.sock";
/** All that docker itself is told of the environment. */
const ENV = { PATH: "/usr/local/bin:/usr/bin:/bin" };

/** A container of its own for each visit. */
export const docker: Sandbox = {
  name: "docker",
  keeps: "no network, no file of this machine; the kernel and the Docker daemon are trusted",
  missing: async () => {
    const { status, error, stderr } = spawnSync("docker", ["image", "inspect", IMAGE], {
      env: ENV,
      encoding: "utf8",
      timeout: 10_000,
    });
    if (error !== undefined) return "docker is not installed";
    if (status === 0) return undefined;
    return /no such image/i.test(stderr)
      ? `the image is not built: docker build -t ${IMAGE} -f deploy/runner/Dockerfile .`
      : "the Docker daemon does not answer";
  },
  launch: (socket, args) => {
    const user = `${process.getuid?.() ?? 65_534}:${process.getgid?.() ?? 65_534}`;
    const kept = ["--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
    const bounds = ["--pids-limit", "32", "--memory", "512m", "--user", user, "--tmpfs", "/home:size=16m"];
    const mount = ["--mount", `type=bind,source=${socket},target=${SOCKET}`];
    const inside = [IMAGE, "node", "--max-old-space-size=256", ...args(workerIn(ROOT))];
    return {
      command: "docker",
      args: ["run", "--rm", "--interactive", "--pull", "never", ...kept, ...bounds, ...mount, ...inside],
      env: ENV,
      address: SOCKET,
    };
  },
};
