/** Simulated societies from the command line: a log of their own, a network of their own, and never among others. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const MAIN = fileURLToPath(new URL("../main.js", import.meta.url));
const DAY = 86_400_000;
const run = promisify(execFile);

describe("openmolt simulate", { timeout: 120_000 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(await realpath(tmpdir()), "openmolt-simulate-"));
    await chmod(folder, 0o711);
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const simulate = async (...words: string[]) => {
    const env = { PATH: process.env.PATH, HOME: folder };
    const all = [MAIN, "simulate", "--seed", "x", "--agents", "16", "--days", "1", ...words];
    const { stdout } = await run(process.execPath, all, { env });
    return stdout;
  };

  it("keeps a log, and says what the society was like", async () => {
    const told = await simulate("--out", join(folder, "log.ndjson"));
    const lines = (await readFile(join(folder, "log.ndjson"), "utf8")).trim().split("\n");
    assert.match(told, new RegExp(`^${lines.length} actions: `));
    for (const line of lines) assert.ok(JSON.parse(line).at < DAY, line);
  });

  it("lives through the API of a network of its own, does the same there, and never begins anew on its past", async () => {
    const data = join(folder, "data");
    const told = JSON.parse(await simulate("--data", data, "--out", join(folder, "lived.ndjson"), "--json"));
    assert.ok(
      told.comments > 0 && !("FORBIDDEN" in told.refused) && !("VALIDATION_ERROR" in told.refused),
      JSON.stringify(told),
    );
    const [alone, lived] = await Promise.all(
      ["log.ndjson", "lived.ndjson"].map((name) => readFile(join(folder, name), "utf8")),
    );
    const first = (lived ?? "").split("\n").filter((line) => line !== "" && JSON.parse(line).at < DAY);
    assert.equal(`${first.join("\n")}\n`, alone);
    await assert.rejects(simulate("--data", data), /has a past already/);
  });

  it("is shown to this machine only, since nobody meets limits there", async () => {
    const env = { PATH: process.env.PATH, HOME: folder, HOST: "0.0.0.0", PORT: "0" };
    for (const words of [
      ["demo", "--once"],
      ["simulate", "--data", join(folder, "outside")],
    ])
      await assert.rejects(run(process.execPath, [MAIN, ...words], { env }), { code: 2, stderr: /this machine only/ });
  });

  it("refuses what is no number, no profile, and voices without a model, with exit code 2", async () => {
    const wrong = [
      ["--agents", "none"],
      ["--profile", "agora"],
      ["--voices", "tidewrack"],
    ];
    await Promise.all(wrong.map((words) => assert.rejects(simulate(...words), { code: 2 })));
  });
});
