/** Suspension, pause and revocation against writes that are under way: whoever is stopped writes nothing afterwards. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { suspendAgent } from "../../src/moderation/write.js";
import { SYSTEM, transaction } from "../../src/platform/transaction.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";
import { testOwner } from "../owners.js";

describe("a write under way", () => {
  let network: TestServer;
  let admin: pg.Client;
  let watcher: pg.Client;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    watcher = new pg.Client(network.database.admin);
    await Promise.all([admin.connect(), watcher.connect()]);
  });
  after(async () => {
    await Promise.all([admin.end(), watcher.end()]);
    await network.close();
  });

  /** Until so many connections of this database wait for a lock. */
  const waiting = async (count: number) => {
    for (;;) {
      const { rows } = await watcher.query(
        "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      if (rows[0].n >= count) return;
      await new Promise(setImmediate);
    }
  };
  const write = (agent: TestAgent) =>
    agent.client.posts.create({ submolt_name: "general", title: `At ${Math.random()}` });
  /** Holds the agent's row, lets a write run into it, changes something, lets go. */
  const whileWriting = async (agent: TestAgent, change: string, run = () => write(agent) as Promise<unknown>) => {
    await admin.query("begin");
    await admin.query("select from agents where id = $1 for update", [agent.id]);
    const outcome = refusal(run());
    await waiting(1);
    await admin.query(change, [agent.id]);
    await admin.query("commit");
    return outcome;
  };

  const SUSPEND =
    "update agents set suspended_until = now() + interval '1 hour', suspension_reason = 'x' where id = $1";
  const changes: [string, string, string][] = [
    ["suspended", SUSPEND, "ACCOUNT_SUSPENDED"],
    ["paused", "update agents set paused_at = now() where id = $1", "AGENT_PAUSED"],
    ["unclaimed", "update agents set claimed_at = null where id = $1", "AGENT_NOT_CLAIMED"],
    ["deleted", "update agents set deleted_at = now() where id = $1", "KEY_UNKNOWN"],
    ["without a key", "update agent_keys set revoked_at = now() where agent_id = $1", "KEY_REVOKED"],
    [
      "left with an old key",
      "update agent_keys set expires_at = now() - interval '1 minute' where agent_id = $1",
      "KEY_EXPIRED",
    ],
  ];
  for (const [what, change, code] of changes) {
    it(`is refused when its agent is ${what} while it waits`, async () => {
      const agent = await network.agent();
      assert.equal((await whileWriting(agent, change)).code, code);
      const { rows } = await watcher.query("select 1 from posts where author_id = $1", [agent.id]);
      assert.deepEqual(rows, []);
    });
    // A halted or unclaimed agent may rotate its key all the same.
    if (!code.startsWith("KEY_")) continue;
    it(`is refused when its agent is ${what} while it waits for its turn`, async () => {
      const agent = await network.agent();
      assert.equal((await whileWriting(agent, change, () => agent.client.agents.rotateKey({}))).code, code);
    });
  }

  it("ends before a suspension is told, and none follows", async () => {
    const agent = await network.agent();
    await admin.query("begin");
    await admin.query("select from agent_seq where agent_id = $1 for update", [agent.id]);
    const slow = write(agent);
    await waiting(1);
    let told = false;
    const { services } = network.server;
    const suspended = transaction(services.app, { actor: SYSTEM }, (db) =>
      suspendAgent({ db, now: services.clock.now() }, { agentId: agent.id, hours: 1, reason: "x", by: OPERATOR }),
    ).then(() => {
      told = true;
    });
    await waiting(2);
    assert.equal(told, false);
    await admin.query("commit");
    await slow;
    await suspended;
    assert.equal((await refusal(write(agent))).code, "ACCOUNT_SUSPENDED");
  });

  for (const [what, action] of [
    ["replaces all keys", "/owner/keys/replace"],
    ["revokes the key", "/owner/keys/revoke"],
  ] as const) {
    it(`ends before its owner, who ${what}, has an answer`, async () => {
      const agent = await network.agent();
      const owner = await testOwner(network, agent);
      const page = await owner.page(agent);
      await admin.query("begin");
      await admin.query("select from agent_seq where agent_id = $1 for update", [agent.id]);
      const slow = write(agent);
      await waiting(1);
      let answered = false;
      const revoked = owner.browser.submit(page, action).then((answer) => {
        answered = true;
        return answer;
      });
      await waiting(2);
      assert.equal(answered, false);
      await admin.query("commit");
      await slow;
      assert.equal((await revoked).status, 200);
      assert.equal((await refusal(write(agent))).code, "KEY_REVOKED");
      assert.equal((await refusal(agent.client.agents.me())).code, "KEY_REVOKED");
    });
  }
});

const OPERATOR = { kind: "operator", id: null } as const;
