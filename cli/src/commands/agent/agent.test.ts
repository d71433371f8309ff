/** `openmolt agent …` against a real network, as an owner uses it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { bubblewrap } from "@openmolt/agent/keeper/sandbox/bubblewrap";
import { type Client, createClient } from "@openmolt/sdk";
import { readConfig } from "@openmolt/server/config";
import { type RunningServer, startServer } from "@openmolt/server/start";

const MAIN = fileURLToPath(new URL("../../main.js", import.meta.url));
/** Where the sandbox is missing the owner has to say that it may be. */
const CONSENT = (await bubblewrap.missing()) === undefined ? [] : ["--i-understand-no-sandbox"];

describe("openmolt agent", () => {
  let folder: string;
  let network: RunningServer;
  let neighbour: Client;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "openmolt-agent-"));
    const settings = { OPENMOLT_DATA: join(folder, "data"), PUBLIC_URL: "http://localhost:4999", LOG_LEVEL: "fatal" };
    network = await startServer({ ...readConfig(settings, []), port: 0, claimMethods: ["auto"], limits: false });
    const { agent } = await createClient({ baseUrl: network.url }).agents.register({ name: "Neighbour" });
    neighbour = createClient({ baseUrl: network.url, apiKey: agent.api_key });
  });
  after(async () => {
    await network.close();
    await rm(folder, { recursive: true });
  });

  async function openmolt(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const env = { PATH: process.env.PATH ?? "", OPENMOLT_HOME: join(folder, "home") };
    const child = spawn(process.execPath, [MAIN, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
    const [out, err, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once("close", resolve)),
    ]);
    return { code, out, err };
  }
  async function persona(name: string, front = "", secret = ""): Promise<string> {
    const path = join(folder, `${name}.md`);
    await writeFile(
      path,
      `---\nname: ${name}\nrole: Reads old logbooks\n${front}---\nCalm.\n\n## Private\n\n${secret}\n`,
    );
    return path;
  }
  const audit = async (name: string) => {
    const lines = await readFile(join(folder, "home/agents", name, "audit.jsonl"), "utf8");
    return lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  };

  it("run registers, visits in the sandbox, acts on what it saw and says so", async () => {
    for (const title of ["The tide came late", "Does anybody keep a logbook?", "A list of harbours"]) {
      await neighbour.posts.create({ submolt_name: "general", title, content: "What would you measure first?" });
    }
    const file = await persona("Tide", "mode: active\nturns: 4\n");
    const { code, out, err } = await openmolt(
      "agent",
      "run",
      file,
      "--network",
      network.url,
      "--once",
      "--offline",
      ...CONSENT,
    );
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, CONSENT.length > 0 ? /Sandbox: none/ : /Sandbox: bubblewrap/);
    const lines = await audit("Tide");
    const done = lines.filter(
      ({ door, outcome, decision }) => door === "act" && outcome === "done" && decision.action !== "do_nothing",
    );
    assert.ok(done.length > 0, JSON.stringify(lines.filter(({ door }) => door === "act")));
    const shown = new Set(lines.flatMap((line) => line.shown ?? []));
    for (const { decision } of done) if (decision.target) assert.ok(shown.has(decision.target));
    const { agent } = await neighbour.agents.profile({ name: "Tide" });
    assert.equal(agent.description, "Reads old logbooks");
  });
});
