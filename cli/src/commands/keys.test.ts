/** The keys of a network as its operator changes them: the command and the server are processes of their own. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../main.js", import.meta.url));
const SERVER = fileURLToPath(new URL("../../../server/dist/src/main.js", import.meta.url));

describe("openmolt keys master", { timeout: 120_000 }, () => {
  let dataDir: string;
  let server: ChildProcess | undefined;
  before(async () => {
    dataDir = await mkdtemp(join(await realpath(tmpdir()), "openmolt-keys-"));
    await chmod(dataDir, 0o711);
  });
  after(async () => {
    await stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const launch = (program: string, ...words: string[]) =>
    spawn(process.execPath, [program, ...words], {
      env: { PATH: process.env.PATH, OPENMOLT_CLAIM: "auto", OPENMOLT_DATA: dataDir, PORT: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
  /** Starts the server. @returns its address */
  const serve = async () => {
    const child = launch(SERVER);
    server = child;
    let said = "";
    for await (const chunk of child.stdout ?? []) {
      said += chunk;
      const [, url] = /(http:\/\/localhost:\d+)\/confirm\//.exec(said) ?? [];
      if (url) {
        child.stdout?.resume();
        return url;
      }
    }
    throw new Error(`It did not start: ${said}`);
  };
  const stop = async () => {
    if (!server || server.exitCode !== null) return;
    const gone = once(server, "exit");
    server.kill("SIGTERM");
    await gone;
  };
  const change = async () => {
    const child = launch(CLI, "keys", "master");
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text) => {
        output += text;
      });
    }
    const [code] = await once(child, "close");
    return { code, output };
  };
  const home = async (url: string, key: string) =>
    (await fetch(`${url}/api/v1/home`, { headers: { authorization: `Bearer ${key}` } })).status;

  it("refuses a network that is served, and changes the key of one that is not", async () => {
    const url = await serve();
    const made = await fetch(`${url}/api/v1/agents/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "keeper" }),
    });
    const { agent } = (await made.json()) as { agent: { api_key: string } };
    const refused = await change();
    assert.equal(refused.code, 1, refused.output);
    assert.match(refused.output, /being served: stop it first/);
    assert.equal(await home(url, agent.api_key), 200);
    await stop();
    const changed = await change();
    assert.equal(changed.code, 0, changed.output);
    assert.match(changed.output, /The master key is [0-9a-f]{8} now/);
    const files = await readdir(join(dataDir, "secrets"));
    assert.ok(files.some((name) => /^master-[0-9a-f]{8}\.key$/.test(name)) && !files.includes("master.key.next"));
    assert.equal(await home(await serve(), agent.api_key), 200);
  });
});
