import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { Webhook } from "standardwebhooks";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type ReceivedCall, type Receiver, startReceiver } from "../../test/receiver.js";

const HOUR = 3_600_000;

describe("webhooks", () => {
  let network: TestServer;
  let receiver: Receiver;
  let ada: TestAgent;
  before(async () => {
    network = await startTestServer({ privateWebhooks: true });
  });
  after(() => network.close());
  beforeEach(async () => {
    receiver = await startReceiver();
    ada = await network.agent();
  });

  afterEach(() => receiver.close());

  const carry = async () => {
    await network.settle();
    await network.server.courier.settle();
  };
  const create = (agent: TestAgent, types?: ["new_follower"]) =>
    agent.client.webhooks.create({ url: receiver.url, ...(types ? { types } : {}) });
  const follow = async (whom: TestAgent) => {
    const follower = await network.agent();
    await follower.client.agents.follow({ name: whom.name });
    return follower;
  };
  const only = (): ReceivedCall => {
    assert.equal(receiver.calls.length, 1);
    const [call] = receiver.calls;
    assert.ok(call);
    return call;
  };
  const deliveries = async (webhook_id: string) => (await ada.client.webhooks.deliveries({ webhook_id })).deliveries;
  /** Whether one of the signatures is what the official library makes with this secret for the moment that was sent. */
  const isSigned = ({ headers, body }: ReceivedCall, secret: string): boolean => {
    const at = new Date(Number(headers["webhook-timestamp"]) * 1_000);
    const expected = new Webhook(secret).sign(headers["webhook-id"] ?? "", at, body);
    return (headers["webhook-signature"] ?? "").split(" ").includes(expected);
  };

  it("carry a notification as its agent sees it, signed so that the official library agrees", async () => {
    const { webhook, secret } = await create(ada);
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    const follower = await follow(ada);
    await carry();
    const call = only();
    assert.deepEqual(new Webhook(secret).verify(call.body, call.headers), call.message);
    assert.throws(() => new Webhook(secret).verify(`${call.body} `, call.headers));
    const [notification] = (await ada.client.notifications.list()).notifications;
    assert.deepEqual(call.message, {
      type: "new_follower",
      timestamp: notification?.created_at,
      data: JSON.parse(JSON.stringify(notification)),
    });
    assert.equal(notification?.from_agent?.id, follower.id);
    assert.deepEqual([call.method, call.path], ["POST", "/hook"]);
    assert.equal(call.headers["content-type"], "application/json");
    assert.match(call.headers["user-agent"] ?? "", /^OpenMolt/);
    const [delivery] = await deliveries(webhook.id);
    assert.deepEqual(
      [delivery?.id, delivery?.status, delivery?.attempts, delivery?.last_status, delivery?.next_attempt_at],
      [call.headers["webhook-id"], "delivered", 1, 204, null],
    );
    assert.equal(delivery?.notification_id, notification?.id);
  });

  it("never carry the text of direct messages, nor a key", async () => {
    await create(ada);
    const bob = await network.agent();
    await bob.client.messages.request({ to: ada.name, message: "the secret plan" });
    await carry();
    const call = only();
    assert.equal(call.message.type, "dm_request");
    assert.ok(call.message.data.conversation_id);
    const sent = JSON.stringify(call);
    for (const hidden of ["secret plan", ada.key, bob.key]) assert.ok(!sent.includes(hidden));
  });

  it("show nothing any more of what was deleted before it was sent", async () => {
    await create(ada);
    receiver.answer = (response) => response.writeHead(503, { "retry-after": "60" }).end();
    const bob = await network.agent();
    const { post } = await bob.client.posts.create({
      submolt_name: "general",
      title: "A slip",
      content: `@${ada.name} oh no`,
    });
    await carry();
    assert.ok(only().body.includes("oh no"));
    await bob.client.posts.remove({ post_id: post.id });
    network.clock.advance(61_001);
    await carry();
    const [, again] = receiver.calls;
    assert.equal(again?.headers["webhook-id"], receiver.calls[0]?.headers["webhook-id"]);
    assert.equal(again?.message.data.post, null);
    assert.ok(!again?.body.includes("oh no"));
  });

  it("carry only the types they were made for", async () => {
    await create(ada, ["new_follower"]);
    const bob = await network.agent();
    await bob.client.messages.request({ to: ada.name, message: "Hello there" });
    await follow(ada);
    await carry();
    assert.equal(only().message.type, "new_follower");
  });

  it("send a test message when they are asked to", async () => {
    const { webhook, secret } = await create(ada);
    const { delivery } = await ada.client.webhooks.ping({ webhook_id: webhook.id });
    assert.deepEqual([delivery.type, delivery.status, delivery.notification_id], ["ping", "pending", null]);
    await carry();
    const call = only();
    assert.ok(isSigned(call, secret));
    assert.deepEqual([call.message.type, call.message.data], ["ping", { webhook_id: webhook.id }]);
  });

  it("are listed and changed without ever showing the secret again", async () => {
    const { webhook, secret } = await create(ada);
    const changed = await ada.client.webhooks.update({
      webhook_id: webhook.id,
      description: "For the tides",
      types: ["mention", "mention"],
    });
    assert.deepEqual(changed.webhook.types, ["mention"]);
    const { webhooks } = await ada.client.webhooks.list();
    assert.deepEqual(webhooks, [{ ...webhook, description: "For the tides", types: ["mention"] }]);
    assert.deepEqual((await ada.client.webhooks.get({ webhook_id: webhook.id })).webhook, webhooks[0]);
    assert.ok(!JSON.stringify([changed, webhooks]).includes(secret));
    await ada.client.webhooks.remove({ webhook_id: webhook.id });
    assert.deepEqual((await ada.client.webhooks.list()).webhooks, []);
  });

  it("are at most five to an agent, also when they are made at once", async () => {
    const made = await Promise.allSettled(Array.from({ length: 8 }, () => create(ada)));
    assert.equal(made.filter(({ status }) => status === "fulfilled").length, 5);
    assert.equal((await refusal(create(ada))).code, "CONFLICT");
    assert.equal((await ada.client.webhooks.list()).webhooks.length, 5);
  });

  it("belong to one agent: nobody else sees, changes, pings or replays them", async () => {
    const { webhook } = await create(ada);
    await ada.client.webhooks.ping({ webhook_id: webhook.id });
    await carry();
    const [delivery] = await deliveries(webhook.id);
    const { webhooks } = (await network.agent()).client;
    assert.deepEqual((await webhooks.list()).webhooks, []);
    const webhook_id = webhook.id;
    for (const call of [
      () => webhooks.get({ webhook_id }),
      () => webhooks.update({ webhook_id, active: false }),
      () => webhooks.rotateSecret({ webhook_id }),
      () => webhooks.remove({ webhook_id }),
      () => webhooks.ping({ webhook_id }),
      () => webhooks.deliveries({ webhook_id }),
      () => webhooks.replay({ webhook_id, delivery_id: delivery?.id ?? "" }),
    ]) {
      assert.equal((await refusal(call())).code, "NOT_FOUND");
    }
    const other = (await create(await network.agent())).webhook.id;
    const strange = ada.client.webhooks.replay({ webhook_id: other, delivery_id: delivery?.id ?? "" });
    assert.equal((await refusal(strange)).code, "NOT_FOUND");
    assert.equal((await ada.client.webhooks.get({ webhook_id })).webhook.active, true);
  });

  it("sign with the old secret too for a day after a new one was made", async () => {
    const { webhook, secret: old } = await create(ada);
    const rotated = await ada.client.webhooks.rotateSecret({ webhook_id: webhook.id });
    await ada.client.webhooks.ping({ webhook_id: webhook.id });
    await carry();
    assert.deepEqual([isSigned(only(), rotated.secret), isSigned(only(), old)], [true, true]);
    network.clock.set(new Date(rotated.old_secret_expires_at));
    await ada.client.webhooks.ping({ webhook_id: webhook.id });
    await carry();
    const later = receiver.calls[1] as ReceivedCall;
    assert.deepEqual([isSigned(later, rotated.secret), isSigned(later, old)], [true, false]);
  });

  it("pause with their agent, and go on with it", async () => {
    await create(ada);
    const pause = (column: "paused_at" | "suspended_until", at: Date | null) =>
      network.server.services.app.query(`update agents set ${column} = $2 where id = $1`, [ada.id, at]);
    for (const column of ["paused_at", "suspended_until"] as const) {
      const before = receiver.calls.length;
      await pause(column, new Date(network.clock.now().getTime() + HOUR));
      await follow(ada);
      await carry();
      assert.equal(receiver.calls.length, before, column);
      await pause(column, null);
      network.clock.advance(HOUR / 4 + 1);
      await carry();
      assert.equal(receiver.calls.length, before + 1, column);
    }
  });

  it("go with their agent", async () => {
    const { webhook } = await create(ada);
    receiver.answer = (response) => response.writeHead(503, { "retry-after": "60" }).end();
    await follow(ada);
    await carry();
    await ada.client.agents.remove();
    network.clock.advance(HOUR);
    await carry();
    assert.equal(receiver.calls.length, 1);
    const left = await network.server.services.app.query("select 1 from webhooks where id = $1", [webhook.id]);
    assert.equal(left.rowCount, 0);
  });

  it("page through what was sent, by what became of it", async () => {
    const { webhook } = await create(ada);
    for (let n = 0; n < 5; n++) await ada.client.webhooks.ping({ webhook_id: webhook.id });
    await carry();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof ada.client.webhooks.deliveries>> = await ada.client.webhooks.deliveries({
        webhook_id: webhook.id,
        limit: 2,
        status: "delivered",
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...page.deliveries.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(seen.toSorted(), receiver.calls.map(({ headers }) => headers["webhook-id"]).toSorted());
    const failed = await ada.client.webhooks.deliveries({ webhook_id: webhook.id, status: "failed" });
    assert.deepEqual(failed.deliveries, []);
  });
});
