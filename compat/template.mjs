/** A data directory with a new database, which `run.mjs` makes once: making one takes longer than all else about a start. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The variable by which tests are told where it is. */
export const TEMPLATE_VARIABLE = "OPENMOLT_COMPAT_TEMPLATE";

/**
 * Copies it with its owners, where there is one; without it a server makes a database of its own.
 * @param {string} data an empty directory
 */
export async function fillFromTemplate(data) {
  const template = process.env[TEMPLATE_VARIABLE];
  if (template !== undefined) await run("cp", ["-a", `${template}/.`, data]);
}
