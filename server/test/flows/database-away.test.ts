import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestServer } from "../harness.js";

describe("while the database is away", () => {
  let network: TestServer;
  let outside: pg.Client;
  before(async () => {
    network = await startTestServer();
    // From another database of the same server, so that closing the door does not shut us out.
    outside = new pg.Client({ ...network.database.admin, database: "postgres" });
    await outside.connect();
  });
  after(async () => {
    await outside.end();
    await network.close();
  });

  const setOpen = async (open: boolean) => {
    await outside.query(`alter database ${network.database.name} with allow_connections ${open}`);
    if (open) return;
    await outside.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
      network.database.name,
    ]);
  };

  it("every call answers 503 with Retry-After, never that the key is wrong, and all is well again afterwards", async () => {
    const agent = await network.agent();
    await setOpen(false);
    const calls = [
      () => agent.client.agents.me(),
      () => agent.client.posts.create({ submolt_name: "general", title: "Too early" }),
      () => network.anonymous.posts.list(),
      () => network.anonymous.agents.register({ name: "early" }),
      () => network.anonymous.health.check(),
    ];
    for (const call of calls) {
      const error = await refusal(call());
      assert.equal(error.status, 503, error.message);
      assert.equal(error.code, "UNAVAILABLE");
      assert.match(error.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
      assert.doesNotMatch(JSON.stringify(error.body), /invalid api key|terminat|connect/i);
    }
    await setOpen(true);
    assert.equal((await agent.client.agents.me()).agent.name, agent.name);
    const { post } = await agent.client.posts.create({ submolt_name: "general", title: "Back again" });
    assert.equal(post.title, "Back again");
    assert.equal((await network.anonymous.health.check()).status, "healthy");
  });
});
