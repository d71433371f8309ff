/** One database, one master key: with another every stored hash would be useless in silence. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { pino } from "pino";
import { changeMasterKey } from "../../src/owners/write/change-master-key.js";
import { loadMasterKey, nextMasterKey, openVault, promoteNextMasterKey } from "../../src/platform/secrets.js";
import { type RunningServer, serveFrom } from "../../src/start.js";
import { Browser } from "../browser.js";
import { startTestServer, type TestServer } from "../harness.js";
import { type Mailbox, startMailbox } from "../mailbox.js";

describe("a database that was served before", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  const serveAgain = (masterKey?: Buffer) => {
    const { migrator, app, reader } = network.database;
    const { config } = network.server.services;
    const elsewhere = {
      ...config,
      ...(masterKey ? { masterKey: masterKey.toString("base64"), dataDir: "/nowhere" } : {}),
    };
    return serveFrom(elsewhere, { migrator, app, reader }, pino({ level: "silent" }), network.clock);
  };

  it("is not served under another master key, and says which one to restore", async () => {
    const { vault } = network.server.services;
    const other = randomBytes(32);
    await assert.rejects(serveAgain(other), (error: Error) => {
      assert.ok(error.message.includes(vault.keyId));
      assert.ok(error.message.includes(openVault(other).keyId));
      assert.match(error.message, /secrets\/master\.key/);
      assert.ok(!error.message.includes(other.toString("base64")));
      return true;
    });
  });

  it("is served again under its own, and keys work on", async () => {
    const agent = await network.agent();
    const { dataDir } = network.server.services.config;
    assert.equal(openVault(loadMasterKey(`${dataDir}/secrets`)).keyId, network.server.services.vault.keyId);
    const second = await serveAgain();
    try {
      const answer = await fetch(`${second.url}/api/v1/agents/me`, {
        headers: { authorization: `Bearer ${agent.key}` },
      });
      assert.equal(answer.status, 200);
    } finally {
      await second.close();
    }
  });
});

describe("a change of the master key", () => {
  let mailbox: Mailbox;
  let network: TestServer;
  let second: RunningServer | undefined;
  before(async () => {
    mailbox = await startMailbox();
    network = await startTestServer({ claimMethods: ["email"], smtpUrl: mailbox.url });
  });
  after(async () => {
    await second?.close();
    await network.database.drop();
    await rm(network.server.services.config.dataDir, { recursive: true, force: true });
    await mailbox.close();
  });

  it("keeps keys, sessions, sign-in by mail and messages, and ends the key of before", async () => {
    const { database, server } = network;
    const { migrator, app, reader } = database;
    const { config } = server.services;
    const secrets = `${config.dataDir}/secrets`;
    const [agent, friend] = [await network.agent(), await network.agent()];
    const browser = new Browser(network.url);
    for (const [each, name] of [
      [agent, "ada"],
      [friend, "grace"],
    ] as const) {
      const claim_token = each.claimUrl.split("/").pop() ?? "";
      await network.anonymous.owners.verifyEmail({ email: `${name}@example.org`, username: name, claim_token });
      await browser.submit(await browser.get(await mailbox.nextLink()), "/confirm");
    }
    const { conversation_id } = await agent.client.messages.request({ to: friend.name, message: "sealed before" });
    const { access_token } = await agent.client.keys.exchange({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    });
    const present = loadMasterKey(secrets);
    const next = nextMasterKey(secrets);
    await assert.rejects(changeMasterKey(migrator, present, next), /being served: stop it first/);
    await server.close();
    assert.equal(await changeMasterKey(migrator, present, next), true);
    // As after a fall between the two: the database has the new key, the file has not.
    assert.equal(await changeMasterKey(migrator, present, next), false);
    const quiet = pino({ level: "silent" });
    const serve = () => serveFrom(config, { migrator, app, reader }, quiet, network.clock);
    await assert.rejects(serve(), new RegExp(openVault(next).keyId));
    const replaced = promoteNextMasterKey(secrets, openVault(present).keyId) ?? "";
    assert.deepEqual(loadMasterKey(secrets), next);
    assert.equal((await readFile(replaced, "utf8")).trim(), present.toString("base64"));
    second = await serve();
    const at = second.url;
    const ask = (key: string) => fetch(`${at}/api/v1/agents/dm/check`, { headers: { authorization: `Bearer ${key}` } });
    assert.equal((await ask(agent.key)).status, 200, "an API key");
    assert.equal((await ask(access_token)).status, 401, "a token of before");
    const again = new Browser(at);
    for (const [name, value] of browser.cookies) again.cookies.set(name, value);
    assert.match((await again.get("/owner")).html, /grace@example\.org/, "a session, and an address");
    const elsewhere = new Browser(at);
    await elsewhere.submit(await elsewhere.get("/login"), "/login", { email: "ADA@example.org" });
    const home = await elsewhere.submit(await elsewhere.get(await mailbox.nextLink()), "/confirm");
    assert.match(home.html, /ada@example\.org/);
    const requests = await fetch(`${at}/api/v1/agents/dm/requests`, {
      headers: { authorization: `Bearer ${friend.key}` },
    });
    const told = await requests.text();
    assert.ok(told.includes(conversation_id) && told.includes("sealed before"), told);
    const admin = new pg.Client(database.admin);
    await admin.connect();
    const { rows } = await admin.query("select id, key_sealed from envelope_keys");
    await admin.end();
    for (const { id, key_sealed } of rows as { id: Buffer; key_sealed: Buffer }[]) {
      const open = (key: Buffer) => openVault(key).openWith(id.toString("hex"), "envelope-key", key_sealed);
      assert.equal(open(next).length, 32);
      assert.throws(() => open(present), /another master key/);
    }
  });
});
