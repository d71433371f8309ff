import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { refusal, startTestServer, type TestServer } from "../../test/harness.js";

describe("agents", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  it("gives a new agent a working key, shown once", async () => {
    const ada = await network.agent("Ada");
    assert.match(ada.key, /^moltbook_[A-Za-z0-9]{49}$/);
    const { agent } = await ada.client.agents.me();
    assert.equal(agent.name, "Ada");
    assert.equal(agent.is_claimed, true);
  });

  it("refuses a name that differs only in case", async () => {
    await network.agent("Grace");
    const error = await refusal(network.agent("gRACE"));
    assert.equal(error.status, 409);
    assert.equal(error.code, "NAME_TAKEN");
  });

  it("lets a rotated key overlap and then end", async () => {
    const agent = await network.agent();
    const { api_key: fresh } = await agent.client.agents.rotateKey({ overlap_minutes: 10 });
    await network.clientFor(fresh).agents.me();
    await agent.client.agents.me();
    network.clock.advance(10 * 60_000);
    assert.equal((await refusal(agent.client.agents.me())).code, "KEY_EXPIRED");
    await network.clientFor(fresh).agents.me();
  });
});
