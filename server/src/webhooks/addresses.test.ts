/** Where webhooks may go: refused when an address is named, and again at every attempt. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { refusal, startTestServer, type TestServer } from "../../test/harness.js";
import { type NameServer, startNameServer } from "../../test/name-server.js";
import { startReceiver } from "../../test/receiver.js";

/** Every way to write an address that is not on the public internet, and what is no address for a webhook at all. */
const REFUSED = [
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://017700000001/",
  "https://0177.0.0.1/",
  "https://0x7f000001/",
  "https://0x7f.1/",
  "https://127.0.0.1./",
  "https://１２７.0.0.1/",
  "https://0/",
  "https://10.0.0.1/",
  "https://172.16.0.1/",
  "https://192.168.0.1/",
  "https://100.64.0.1/",
  "https://169.254.169.254/latest/meta-data/",
  "https://[::]/",
  "https://[::1]/",
  "https://[::ffff:10.0.0.1]/",
  "https://[::ffff:a00:1]/",
  "https://[::10.0.0.1]/",
  "https://[64:ff9b::a9fe:a9fe]/",
  "https://[2002:a00:1::]/",
  "https://[fd00:ec2::254]/",
  "https://[fe80::1]/",
  "https://localhost/",
  "https://localhost./",
  "https://LOCALHOST/",
  "https://a.localhost/",
  "https://metadata.google.internal/",
  "https://inside.test/",
  "https://nowhere.test/",
  "http://outside.test/",
  "http://outside.test:443/",
  "https://outside.test:8443/",
  "https://outside.test:22/",
  "https://user@outside.test/",
  "https://user:word@outside.test/",
  "https://outside.test@inside.test/",
  "ftp://outside.test/",
  "file:///etc/passwd",
  "//outside.test/",
  "outside.test",
  "javascript:alert(1)",
  "",
];

describe("addresses of webhooks", () => {
  let names: NameServer;
  before(async () => {
    names = await startNameServer();
    names.addresses.set("outside.test", "93.184.215.14");
    names.addresses.set("inside.test", "10.0.0.1");
    names.addresses.set("metadata.google.internal", "169.254.169.254");
  });
  after(() => names.close());

  describe("by default", () => {
    let network: TestServer;
    before(async () => {
      network = await startTestServer();
    });
    after(() => network.close());

    it("are https on the public internet and nothing else, when made and when changed", async () => {
      const { client } = await network.agent();
      const { webhook } = await client.webhooks.create({ url: "https://outside.test/hook?a=1" });
      assert.equal(webhook.url, "https://outside.test/hook?a=1");
      for (const url of REFUSED) {
        const made = await refusal(client.webhooks.create({ url }));
        const changed = await refusal(client.webhooks.update({ webhook_id: webhook.id, url }));
        assert.deepEqual([made.code, changed.code], ["VALIDATION_ERROR", "VALIDATION_ERROR"], url);
      }
      assert.deepEqual((await client.webhooks.list()).webhooks, [webhook]);
    });

    it("do not tell a name that a private network knows from one that nobody knows", async () => {
      const { webhooks } = (await network.agent()).client;
      const inside = await refusal(webhooks.create({ url: "https://inside.test/" }));
      const nowhere = await refusal(webhooks.create({ url: "https://nowhere.test/" }));
      assert.equal(inside.message, nowhere.message);
    });

    it("are looked up again at every attempt: a name that turned private is not called", async () => {
      const { client } = await network.agent();
      names.addresses.set("turning.test", "93.184.215.14");
      const { webhook } = await client.webhooks.create({ url: "https://turning.test/" });
      for (const address of ["127.0.0.1", "169.254.169.254", "10.0.0.1"]) {
        names.addresses.set("turning.test", address);
        const { delivery } = await client.webhooks.ping({ webhook_id: webhook.id });
        await network.server.courier.settle();
        const { deliveries } = await client.webhooks.deliveries({ webhook_id: webhook.id });
        const found = deliveries.find(({ id }) => id === delivery.id);
        assert.deepEqual([found?.status, found?.attempts, found?.last_error], ["pending", 1, "address"]);
      }
    });
  });

  describe("where the operator lets webhooks go to its own machines", () => {
    let network: TestServer;
    before(async () => {
      network = await startTestServer({ privateWebhooks: true });
    });
    after(() => network.close());

    it("may be private, but never link-local, where clouds keep their secrets", async () => {
      const { webhooks } = (await network.agent()).client;
      await webhooks.create({ url: "http://10.0.0.1:8080/" });
      for (const url of [
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.google.internal/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://user@10.0.0.1/",
        "ftp://10.0.0.1/",
      ]) {
        assert.equal((await refusal(webhooks.create({ url }))).code, "VALIDATION_ERROR", url);
      }
    });

    it("are called where the name leads now, and never where a redirect leads", async () => {
      const receiver = await startReceiver("turned.test");
      const trap = await startReceiver();
      names.addresses.set("turned.test", "127.0.0.1");
      receiver.answer = (response) => response.writeHead(307, { location: trap.url }).end();
      const { webhooks } = (await network.agent()).client;
      const { webhook } = await webhooks.create({ url: receiver.url });
      await webhooks.ping({ webhook_id: webhook.id });
      await network.server.courier.settle();
      assert.deepEqual([receiver.calls.length, trap.calls.length], [1, 0]);
      names.addresses.set("turned.test", "169.254.169.254");
      await webhooks.ping({ webhook_id: webhook.id });
      await network.server.courier.settle();
      assert.equal(receiver.calls.length, 1);
      await receiver.close();
      await trap.close();
    });
  });
});
