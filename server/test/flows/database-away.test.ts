import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { pino } from "pino";
import { refusal, startTestServer, type TestServer } from "../harness.js";

describe("while the database is away", () => {
  let network: TestServer;
  let outside: pg.Client;
  const logged: { msg: string; err?: unknown }[] = [];
  before(async () => {
    const log = pino({ level: "warn" }, { write: (line) => void logged.push(JSON.parse(line)) });
    network = await startTestServer({}, log);
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

  it("a full disk is answered 503 while reads go on, and the log says so once, in words an operator understands", async () => {
    const agent = await network.agent();
    const admin = new pg.Client(network.database.admin);
    await admin.connect();
    await admin.query(`create function refuse_row() returns trigger language plpgsql as
      $$begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end$$`);
    await admin.query("create trigger full_disk before insert on posts for each row execute function refuse_row()");
    for (let n = 0; n < 30; n++) {
      const error = await refusal(agent.client.posts.create({ submolt_name: "general", title: `No room ${n}` }));
      assert.equal(error.code, "UNAVAILABLE");
      assert.match(error.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
      assert.doesNotMatch(JSON.stringify(error.body), /disk|device|file/i);
    }
    assert.deepEqual((await network.anonymous.posts.list({ author: agent.name })).posts, []);
    await admin.query("drop trigger full_disk on posts");
    await admin.end();
    await agent.client.posts.create({ submolt_name: "general", title: "Room again" });
    const told = logged.filter(({ msg }) => msg.includes("disk of the database is full"));
    assert.equal(told.length, 1);
    assert.equal(told[0]?.err, undefined, "no stack");
    assert.match(told[0]?.msg ?? "", /Free some space: everything goes on by itself then .*No space left on device/);
  });
});
