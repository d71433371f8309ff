/** The network that is measured: the real server as a process of its own, on a database and a directory of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, postmasterOf, startServer } from "./server.mjs";

/**
 * Starts it. It goes, with all its data, on `stop` and whenever this process ends.
 * @param {readonly string[]} flags of Node, for profiles
 * @param {Record<string, string>} settings more of its environment
 * @param {string} [given] a directory that `halt` left, to go on with
 * @returns {Promise<{ port: number, data: string, pid: number, postmaster: number, halt: () => Promise<void>, stop: () => Promise<void> }>}
 */
export async function startNetwork(flags = [], settings = {}, given = undefined) {
  const data = given ?? (await mkdtemp(join(tmpdir(), "openmolt-bench-")));
  const discard = () => rm(data, { recursive: true, force: true });
  try {
    const server = await startServer({ data, port: await freePort(), flags, settings });
    const stop = async () => {
      await server.stop();
      await discard();
    };
    return { port: server.port, data, pid: server.pid, postmaster: await postmasterOf(data), halt: server.stop, stop };
  } catch (error) {
    await discard();
    throw error;
  }
}
