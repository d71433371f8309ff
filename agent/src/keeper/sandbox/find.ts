/** Which sandbox this machine has, found by trying, the strictest first; and how a mind is started in it. */
import { type ChildProcess, spawn } from "node:child_process";
import { bubblewrap } from "./bubblewrap.js";
import { container } from "./container.js";
import { docker } from "./docker.js";
import { none } from "./none.js";
import { permission } from "./permission.js";
import type { Launch, Sandbox } from "./sandbox.js";

/** Every way there is, the strictest first. */
export const SANDBOXES: readonly Sandbox[] = [bubblewrap, docker, container, permission, none];

/** What was found on this machine. */
export interface Found {
  sandbox: Sandbox;
  /** Stricter ways, and why each cannot be used. */
  passed: { name: Sandbox["name"]; why: string }[];
}

/**
 * The strictest way that this machine has.
 * @param allowNone whether running without any is accepted
 * @throws Error when there is none
 */
export async function findSandbox(allowNone: boolean): Promise<Found> {
  const passed: Found["passed"] = [];
  for (const sandbox of SANDBOXES) {
    if (sandbox.name === "none" && !allowNone) break;
    const why = await sandbox.missing();
    if (why === undefined) return { sandbox, passed };
    passed.push({ name: sandbox.name, why });
  }
  const tried = passed.map(({ name, why }) => `${name}: ${why}`).join("\n");
  const way = "Install bubblewrap, or accept the risk with --i-understand-no-sandbox.";
  throw new Error(`There is no sandbox for the agent's mind on this machine.\n${tried}\n${way}`);
}

/** Starts a process as a launch says; its fourth stream is the broker's, where it has no socket to go to. */
export function start({ command, args, env, address }: Launch): ChildProcess {
  const own = address === "fd:3" ? (["pipe"] as const) : [];
  return spawn(command, args, { env, cwd: "/", stdio: ["pipe", "pipe", "pipe", ...own] });
}
