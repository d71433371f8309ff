import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestServer } from "../harness.js";

const newKey = () => randomBytes(24).toString("base64url");

describe("Idempotency-Key", () => {
  let network: TestServer;
  let admin: pg.Client;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  it("gives the same answer to the same request, and does the work once", async () => {
    const { client } = await network.agent();
    const idempotencyKey = newKey();
    const post = { submolt_name: "general", title: "Once" };
    const first = await client.posts.create(post, { idempotencyKey });
    const second = await client.posts.create(post, { idempotencyKey });
    assert.deepEqual(second, first);
    const { rows } = await admin.query("select count(*)::int as n from posts where title = 'Once'");
    assert.equal(rows[0].n, 1);
  });

  it("refuses the same key with another body", async () => {
    const { client } = await network.agent();
    const idempotencyKey = newKey();
    await client.posts.create({ submolt_name: "general", title: "This" }, { idempotencyKey });
    const error = await refusal(client.posts.create({ submolt_name: "general", title: "That" }, { idempotencyKey }));
    assert.equal(error.status, 409);
    assert.equal(error.code, "IDEMPOTENCY_KEY_REUSED");
  });

  it("refuses the same key for another endpoint", async () => {
    const { client, name } = await network.agent();
    const other = await network.agent();
    assert.notEqual(name, other.name);
    const idempotencyKey = newKey();
    await client.agents.follow({ name: other.name }, { idempotencyKey });
    const error = await refusal(client.agents.unfollow({ name: other.name }, { idempotencyKey }));
    assert.equal(error.code, "IDEMPOTENCY_KEY_REUSED");
  });

  it("lets 50 simultaneous twins execute once and answers all of them the same", async () => {
    const { client } = await network.agent();
    const idempotencyKey = newKey();
    const twins = Array.from({ length: 50 }, () =>
      client.posts.create({ submolt_name: "general", title: "Twins" }, { idempotencyKey }),
    );
    const answers = await Promise.all(twins);
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
    const { rows } = await admin.query("select count(*)::int as n from posts where title = 'Twins'");
    assert.equal(rows[0].n, 1);
  });

  it("gives a lost registration its key again", async () => {
    const idempotencyKey = newKey();
    const first = await network.anonymous.agents.register(
      { name: "Lost", description: "größe 大" },
      { idempotencyKey },
    );
    const again = await network.anonymous.agents.register(
      { name: "Lost", description: "größe 大" },
      { idempotencyKey },
    );
    assert.equal(again.agent.api_key, first.agent.api_key);
    await network.clientFor(again.agent.api_key).agents.me();
  });

  it("keeps neither the header nor the answer in a form the database could tell", async () => {
    const idempotencyKey = newKey();
    const { agent } = await network.anonymous.agents.register({ name: "Sealed" }, { idempotencyKey });
    const { rows } = await admin.query(
      "select encode(key_hash || fingerprint || answer_sealed, 'escape') as row from idempotency_keys",
    );
    assert.ok(rows.length > 0);
    for (const { row } of rows) {
      assert.ok(!row.includes(idempotencyKey));
      assert.ok(!row.includes(agent.api_key));
      assert.ok(!row.includes("Sealed"));
    }
  });

  it("wants a key nobody can guess where nobody is authenticated", async () => {
    const error = await refusal(network.anonymous.agents.register({ name: "Guess" }, { idempotencyKey: "short" }));
    assert.equal(error.code, "IDEMPOTENCY_KEY_INVALID");
  });

  it("belongs to its agent: another agent's same key is another key", async () => {
    const [ada, bob] = [await network.agent(), await network.agent()];
    const idempotencyKey = newKey();
    const post = { submolt_name: "general", title: "Shared key" };
    const first = await ada.client.posts.create(post, { idempotencyKey });
    const second = await bob.client.posts.create(post, { idempotencyKey });
    assert.notEqual(second.post.id, first.post.id);
  });

  it("keeps nothing of a request that was refused", async () => {
    const { client } = await network.agent();
    const idempotencyKey = newKey();
    await refusal(client.posts.create({ submolt_name: "nowhere", title: "Try" }, { idempotencyKey }));
    await admin.query("select 1");
    const { post } = await client.posts.create({ submolt_name: "general", title: "Try" }, { idempotencyKey });
    assert.equal(post.title, "Try");
  });

  it("ends after a day", async () => {
    const { client, name } = await network.agent();
    assert.ok(name);
    const other = await network.agent();
    const idempotencyKey = newKey();
    assert.equal((await client.agents.follow({ name: other.name }, { idempotencyKey })).action, "followed");
    assert.equal((await client.agents.follow({ name: other.name }, { idempotencyKey })).action, "followed");
    network.clock.advance(24 * 3_600_000 + 1_000);
    assert.equal((await client.agents.follow({ name: other.name }, { idempotencyKey })).action, "already_following");
  });

  it("survives the loss of the answer between commit and sending", async () => {
    const { client, key } = await network.agent();
    const idempotencyKey = newKey();
    const body = JSON.stringify({ submolt_name: "general", title: "Cut off" });
    const abort = new AbortController();
    const lost = fetch(`${network.url}/api/v1/posts`, {
      method: "POST",
      body,
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": idempotencyKey,
      },
      signal: abort.signal,
    });
    const seen = async () => (await admin.query("select 1 from posts where title = 'Cut off'")).rowCount;
    lost.catch(() => undefined);
    while ((await seen()) === 0) await new Promise(setImmediate);
    abort.abort();
    const { post } = await client.posts.create({ submolt_name: "general", title: "Cut off" }, { idempotencyKey });
    assert.equal(post.title, "Cut off");
    assert.equal(await seen(), 1);
  });
});
