import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { pino } from "pino";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type Receiver, startReceiver } from "../../test/receiver.js";
import { serveFrom } from "../start.js";
import { sweepDeliveries } from "./write/sweep-deliveries.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("messages to webhooks", () => {
  let network: TestServer;
  let receiver: Receiver;
  let ada: TestAgent;
  let webhook_id: string;
  before(async () => {
    network = await startTestServer({ privateWebhooks: true });
  });
  after(() => network.close());
  beforeEach(async () => {
    receiver = await startReceiver();
    ada = await network.agent();
    webhook_id = (await ada.client.webhooks.create({ url: receiver.url })).webhook.id;
  });
  afterEach(async () => {
    await ada.client.webhooks.remove({ webhook_id });
    await receiver.close();
  });

  const carry = async () => {
    await network.settle();
    await network.server.courier.settle();
  };
  const ping = async () => (await ada.client.webhooks.ping({ webhook_id })).delivery.id;
  const webhook = async () => (await ada.client.webhooks.get({ webhook_id })).webhook;
  const delivery = async (id: string) => {
    const found = (await ada.client.webhooks.deliveries({ webhook_id })).deliveries.find((one) => one.id === id);
    assert.ok(found);
    return found;
  };
  const answerWith = (status: number, headers: Record<string, string> = {}) => {
    receiver.answer = (response) => response.writeHead(status, headers).end();
  };
  /** A failure that is not tried again before a minute has passed, however slow this test is. */
  const answerBusy = () => answerWith(503, { "retry-after": "60" });
  /** Goes to each next attempt until the message is no longer waiting; returns the moments of its attempts. */
  const untilOver = async (id: string) => {
    const attempts: number[] = [];
    for (;;) {
      await carry();
      const { status, last_attempt_at, next_attempt_at } = await delivery(id);
      attempts.push(Date.parse(last_attempt_at ?? ""));
      if (status !== "pending" || next_attempt_at === null) return attempts;
      network.clock.set(new Date(next_attempt_at));
    }
  };
  const notices = async () => {
    const { notifications } = await ada.client.notifications.list({ unread_only: true });
    return notifications.filter(({ type }) => type === "webhook_disabled");
  };

  it("are tried again until they arrive, under the same id and with the moment of each attempt", async () => {
    answerBusy();
    const id = await ping();
    await carry();
    assert.deepEqual((await delivery(id)).status, "pending");
    assert.ok((await webhook()).failing_since);
    await carry();
    assert.equal(receiver.calls.length, 1, "not before its time");
    network.clock.advance(61_001);
    await carry();
    answerWith(200);
    network.clock.advance(61_001);
    await carry();
    assert.equal(receiver.calls.length, 3);
    assert.deepEqual(new Set(receiver.calls.map(({ headers }) => headers["webhook-id"])), new Set([id]));
    assert.equal(new Set(receiver.calls.map(({ headers }) => headers["webhook-timestamp"])).size, 3);
    const { status, attempts, last_status, last_error } = await delivery(id);
    assert.deepEqual([status, attempts, last_status, last_error], ["delivered", 3, 200, null]);
    assert.equal((await webhook()).failing_since, null);
  });

  it("are given up after a day, and can be replayed under their id for a week", async () => {
    answerWith(500);
    const id = await ping();
    const attempts = await untilOver(id);
    const [first = 0] = attempts;
    assert.ok(attempts.length >= 9, `${attempts.length} attempts in a day`);
    assert.ok((attempts.at(-1) ?? 0) - first > DAY / 2, "tried for most of the day");
    assert.ok((attempts.at(-1) ?? 0) - first <= DAY + 1_000, "and no longer");
    assert.equal((await delivery(id)).status, "failed");
    assert.equal((await webhook()).active, true);
    answerWith(204);
    network.clock.advance(6 * DAY);
    await sweepDeliveries(network.server.services);
    const { delivery: replayed } = await ada.client.webhooks.replay({ webhook_id, delivery_id: id });
    assert.deepEqual([replayed.status, replayed.attempts], ["pending", 0]);
    await carry();
    assert.equal(receiver.calls.at(-1)?.headers["webhook-id"], id);
    assert.equal(receiver.calls.at(-1)?.body, receiver.calls[0]?.body);
    assert.equal((await delivery(id)).status, "delivered");
    network.clock.advance(7 * DAY + 1);
    await sweepDeliveries(network.server.services);
    assert.equal((await refusal(ada.client.webhooks.replay({ webhook_id, delivery_id: id }))).code, "NOT_FOUND");
  });

  it("are not replayed while an attempt may be under way", async () => {
    answerWith(429, { "retry-after": "3600" });
    const delivery_id = await ping();
    await carry();
    assert.equal((await refusal(ada.client.webhooks.replay({ webhook_id, delivery_id }))).code, "CONFLICT");
    network.clock.advance(60_001);
    answerWith(204);
    await ada.client.webhooks.replay({ webhook_id, delivery_id });
    await carry();
    assert.equal((await delivery(delivery_id)).status, "delivered");
  });

  it("wait as long as the receiver asks for", async () => {
    answerWith(429, { "retry-after": "3600" });
    const id = await ping();
    await carry();
    const { next_attempt_at, last_attempt_at } = await delivery(id);
    const pause = Date.parse(next_attempt_at ?? "") - Date.parse(last_attempt_at ?? "");
    assert.ok(pause >= HOUR && pause < HOUR + 5_000, String(pause));
  });

  it("end at once where the address is gone: the webhook is switched off and its agent told", async () => {
    answerBusy();
    const waiting = await ping();
    await carry();
    answerWith(410);
    const id = await ping();
    await carry();
    const { active, disabled_reason, disabled_at } = await webhook();
    assert.deepEqual([active, disabled_reason], [false, "gone"]);
    assert.ok(disabled_at);
    assert.deepEqual([(await delivery(id)).status, (await delivery(waiting)).status], ["failed", "failed"]);
    const [notice, ...more] = await notices();
    assert.equal(more.length, 0);
    assert.match(notice?.message ?? "", /switched off/);
    const home = await ada.client.home.get();
    assert.ok(home.what_to_do_next.some((step) => step.includes("/agents/me/webhooks")));
    assert.equal((await refusal(ada.client.webhooks.ping({ webhook_id }))).code, "CONFLICT");
    assert.equal((await refusal(ada.client.webhooks.replay({ webhook_id, delivery_id: id }))).code, "CONFLICT");
    answerWith(204);
    const { webhook: again } = await ada.client.webhooks.update({ webhook_id, active: true });
    assert.deepEqual([again.active, again.disabled_reason, again.disabled_at], [true, null, null]);
    await ada.client.webhooks.replay({ webhook_id, delivery_id: waiting });
    await carry();
    assert.equal((await delivery(waiting)).status, "delivered");
    const better = await ada.client.home.get();
    assert.ok(!better.what_to_do_next.some((step) => step.includes("/agents/me/webhooks")));
  });

  it("switch a webhook off when nothing succeeds for three days, also across restarts; another webhook tells", async () => {
    const other = await startReceiver("localhost");
    await ada.client.webhooks.create({ url: other.url, types: ["webhook_disabled"] });
    answerWith(500);
    for (let day = 0; day < 3; day++) {
      await untilOver(await ping());
      assert.equal((await webhook()).active, true);
      const since = Date.parse((await webhook()).failing_since ?? "");
      network.clock.set(new Date(since + (day + 1) * DAY - 1_000));
    }
    const second = await serveAgain();
    network.clock.advance(2_000);
    await ping();
    await second.courier.settle();
    await second.close();
    assert.deepEqual([(await webhook()).active, (await webhook()).disabled_reason], [false, "failing"]);
    assert.equal((await notices()).length, 1);
    await carry();
    assert.equal(other.calls[0]?.message.type, "webhook_disabled");
    await other.close();
  });

  it("do not follow redirects, and take an answer of any length for what its status says", async () => {
    answerWith(302, { location: receiver.url });
    const redirected = await ping();
    await carry();
    assert.equal(receiver.calls.length, 1);
    assert.equal((await delivery(redirected)).last_status, 302);
    receiver.answer = (response) => {
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write("x".repeat(10_000), () => setImmediate(more));
      };
      more();
    };
    const endless = await ping();
    await carry();
    assert.equal((await delivery(endless)).status, "delivered");
  });

  it("say why they did not arrive, and nothing about the network", async () => {
    receiver.answer = (response) => response.destroy();
    const broken = await ping();
    await carry();
    assert.deepEqual([(await delivery(broken)).last_error, (await delivery(broken)).last_status], ["connection", null]);
  });

  const serveAgain = () => {
    const { config } = network.server.services;
    const { migrator, app, reader } = network.database;
    return serveFrom(config, { migrator, app, reader }, pino({ level: "silent" }), network.clock);
  };

  it("are carried on by whoever is left when a server is lost in the middle of an attempt", async () => {
    const held: ServerResponse[] = [];
    receiver.answer = (response) => held.push(response);
    const id = await ping();
    network.server.courier.wake();
    await receiver.arrived(1);
    answerWith(204);
    const second = await serveAgain();
    await second.courier.settle();
    assert.equal(receiver.calls.length, 1, "nobody takes what is under way");
    network.clock.advance(60_001);
    await second.courier.settle();
    assert.equal(receiver.calls.length, 2);
    assert.equal(receiver.calls[1]?.headers["webhook-id"], id);
    for (const response of held) response.writeHead(500).end();
    await network.server.courier.settle();
    await second.close();
    const { status, attempts } = await delivery(id);
    assert.deepEqual([status, attempts], ["delivered", 2], "the late end of the lost attempt changes nothing");
  });

  it("go to one host by two at a time; a slow one does not delay another", async () => {
    const held: ServerResponse[] = [];
    receiver.answer = (response) => held.push(response);
    for (let n = 0; n < 10; n++) await ping();
    network.server.courier.wake();
    await receiver.arrived(2);
    const quick = await startReceiver("localhost");
    const bob = await network.agent();
    const { webhook: other } = await bob.client.webhooks.create({ url: quick.url });
    await bob.client.webhooks.ping({ webhook_id: other.id });
    network.server.courier.wake();
    await quick.arrived(1);
    assert.equal(receiver.calls.length, 2);
    answerWith(204);
    for (const response of held) response.writeHead(204).end();
    await carry();
    assert.equal(receiver.calls.length, 10);
    assert.equal(receiver.mostOpen, 2);
    await quick.close();
  });

  it("wait in the database, not in memory, however many there are", async () => {
    const { database, clock } = network;
    const now = clock.now();
    const admin = new pg.Client(database.admin);
    await admin.connect();
    await admin.query(
      `insert into webhook_deliveries (id, webhook_id, agent_id, type, created_at, due_at, tried_until)
       select gen_random_uuid(), $2, $1, 'ping', $3, $3, $4 from generate_series(1, 10000)`,
      [ada.id, webhook_id, now, new Date(now.getTime() + DAY)],
    );
    const before = process.memoryUsage().heapUsed;
    let most = 0;
    let rest: Promise<unknown> | undefined;
    const arrived = new Set<string>();
    receiver.answer = (response, call) => {
      arrived.add(call.headers["webhook-id"] ?? "");
      receiver.calls.length = 0;
      if (arrived.size % 50 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
      // After these the rest is put off, to keep the test short.
      if (arrived.size === 300)
        rest = admin.query("update webhook_deliveries set due_at = 'infinity' where attempts = 0");
      response.writeHead(204).end();
    };
    await carry();
    await rest;
    await carry();
    await admin.end();
    assert.ok(arrived.size >= 300 && arrived.size < 10_000);
    assert.ok(most - before < 50 * 1_048_576, `${most - before} bytes more`);
    assert.ok(receiver.mostOpen <= 2);
  });
});
