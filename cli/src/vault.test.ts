/** Keys on disk: only their owner reads them, and a file is whole or not there. */
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { readCliConfig } from "./config.js";
import {
  agentFolder,
  inspectVault,
  listAgents,
  makeAgentFolder,
  readEntry,
  readPrivate,
  readSecret,
  saveEntry,
  saveSecret,
  secretPath,
  writePrivate,
} from "./vault.js";

const ada = { name: "ada", network: "http://molt.test", apiKey: "any-key-at-all" };
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe("the vault", () => {
  const scratches: string[] = [];
  let place: { home: string; secretFolders: string[] };
  beforeEach(async () => {
    const scratch = await mkdtemp(join(tmpdir(), "openmolt-vault-"));
    scratches.push(scratch);
    place = { home: join(scratch, "home"), secretFolders: [join(scratch, "credentials")] };
  });
  after(() => Promise.all(scratches.map((scratch) => rm(scratch, { recursive: true }))));
  const keyFile = () => join(agentFolder(place, "ada"), "key.json");

  it("keeps a key in a file of mode 0600 within folders of mode 0700, whatever the umask", async () => {
    const before = process.umask(0);
    try {
      await saveEntry(place, "ada", ada);
      await saveSecret(place, "model-key", "another");
    } finally {
      process.umask(before);
    }
    assert.equal(await modeOf(keyFile()), "600");
    assert.equal(await modeOf(secretPath(place, "model-key")), "600");
    for (const folder of [
      place.home,
      join(place.home, "agents"),
      agentFolder(place, "ada"),
      join(place.home, "secrets"),
    ])
      assert.equal(await modeOf(folder), "700", folder);
    assert.deepEqual(await readEntry(place, "ada"), ada);
    assert.equal(await readSecret(place, "model-key"), "another");
    assert.deepEqual(await inspectVault(place), []);
    assert.deepEqual(await listAgents(place), ["ada"]);
  });

  it("has no agents and no problems before anything was kept", async () => {
    assert.deepEqual(await listAgents(place), []);
    assert.deepEqual(await inspectVault(place), []);
    assert.equal(await readEntry(place, "ada"), undefined);
    assert.equal(await readSecret(place, "model-key"), undefined);
  });

  it("refuses a file or a folder that others may read, and says what to run", async () => {
    await saveEntry(place, "ada", ada);
    await chmod(keyFile(), 0o640);
    await assert.rejects(readEntry(place, "ada"), (error: Error & { hint?: string }) => {
      assert.match(error.message, /key\.json is open to others \(mode 0640\)\. Nothing was read\./);
      assert.match(error.hint ?? "", /chmod go= .*key\.json/);
      assert.ok(!error.message.includes(ada.apiKey));
      return true;
    });
    await chmod(keyFile(), 0o600);
    await chmod(agentFolder(place, "ada"), 0o755);
    await assert.rejects(readEntry(place, "ada"), /agents\/ada is open to others \(mode 0755\)/);
    await assert.rejects(makeAgentFolder(place, "ada"), /open to others/);
    assert.match((await inspectVault(place)).join(), /agents\/ada is open to others/);
    await chmod(agentFolder(place, "ada"), 0o700);
    await chmod(place.home, 0o750);
    await assert.rejects(saveSecret(place, "model-key", "x"), /home is open to others \(mode 0750\)/);
  });

  it("follows no link to a key that lies elsewhere", async () => {
    await saveEntry(place, "ada", ada);
    const elsewhere = join(place.home, "elsewhere");
    await writeFile(elsewhere, JSON.stringify({ ...ada, apiKey: "planted" }), { mode: 0o600 });
    await rm(keyFile());
    await symlink(elsewhere, keyFile());
    await assert.rejects(readEntry(place, "ada"));
    assert.match((await inspectVault(place)).join(), /key\.json is a link/);
  });

  it("takes names that could lead out of it for no names", async () => {
    for (const name of ["..", "a/b", "", ".ssh", "a".repeat(65), "a\u0000b"]) {
      assert.throws(() => agentFolder(place, name), /An agent is named with letters/, JSON.stringify(name));
      assert.throws(() => secretPath(place, name === "a".repeat(65) ? "../x" : name), /A secret is named/);
    }
  });

  it("replaces a file whole, and leaves nothing half written beside it", async () => {
    await makeAgentFolder(place, "ada");
    const path = join(agentFolder(place, "ada"), "state.json");
    await writePrivate(path, "one");
    await Promise.all(Array.from({ length: 20 }, (_, index) => writePrivate(path, `text ${index} `.repeat(1_000))));
    assert.match((await readPrivate(path)) ?? "", /^(text \d+ )\1{999}$/);
    assert.deepEqual(await readdir(agentFolder(place, "ada")), ["state.json"]);
    const blocked = join(agentFolder(place, "ada"), "blocked");
    await mkdir(join(blocked, "child"), { recursive: true });
    await assert.rejects(writePrivate(blocked, "x"));
    assert.deepEqual((await readdir(agentFolder(place, "ada"))).sort(), ["blocked", "state.json"]);
  });

  it("says so when the file is spoiled, without showing what is in it", async () => {
    await saveEntry(place, "ada", ada);
    await writeFile(keyFile(), '{"apiKey":"half-a-ke');
    await assert.rejects(readEntry(place, "ada"), (error: Error) => {
      assert.match(error.message, /does not hold an agent's key/);
      assert.ok(!error.message.includes("half-a-ke"));
      return true;
    });
  });

  it("prefers a secret of the system to its own file", async () => {
    await saveEntry(place, "ada", ada);
    await saveSecret(place, "model-key", "own");
    const [credentials = ""] = place.secretFolders;
    await mkdir(credentials);
    await writeFile(join(credentials, "openmolt-key-ada"), "given-by-the-system\n", { mode: 0o400 });
    await writeFile(join(credentials, "model-key"), "given too\n");
    assert.equal((await readEntry(place, "ada"))?.apiKey, "given-by-the-system");
    assert.equal(await readSecret(place, "model-key"), "given too");
    assert.ok((await readFile(keyFile(), "utf8")).includes(ada.apiKey));
    const { apiKey: _elsewhere, ...rest } = ada;
    await writePrivate(keyFile(), JSON.stringify(rest));
    assert.deepEqual(await readEntry(place, "ada"), { ...rest, apiKey: "given-by-the-system" });
    await assert.rejects(readEntry({ ...place, secretFolders: [] }, "ada"), /does not hold an agent's key/);
  });

  it("lies where OPENMOLT_HOME says, and looks into systemd's credentials before those of a container", () => {
    const config = readCliConfig({ OPENMOLT_HOME: place.home, CREDENTIALS_DIRECTORY: "/run/credentials/x" });
    assert.equal(config.home, place.home);
    assert.deepEqual(config.secretFolders, ["/run/credentials/x", "/run/secrets"]);
    assert.match(readCliConfig({}).home, /\.openmolt$/);
  });
});
