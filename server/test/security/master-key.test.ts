/** One database, one master key: with another every stored hash would be useless in silence. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { pino } from "pino";
import { loadMasterKey, openVault } from "../../src/platform/secrets.js";
import { serveFrom } from "../../src/start.js";
import { startTestServer, type TestServer } from "../harness.js";

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
