import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Scope } from "@openmolt/contract/endpoint";
import { scopes as allScopes } from "@openmolt/contract/endpoint";
import { MOST_KEYS } from "@openmolt/contract/limits";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";

const DAY = 86_400_000;

describe("keys", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer({ trustedProxies: ["127.0.0.1"] });
  });
  after(() => network.close());

  let names = 0;
  const newName = () => `key ${++names}`;
  const keyFor = async (
    agent: TestAgent,
    scopes: Scope[],
    more: { networks?: string[]; expires_in_days?: number } = {},
  ) => (await agent.client.keys.create({ name: newName(), scopes, ...more })).api_key;
  const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
  const rotated = async (key: string) =>
    (await network.clientFor(key).agents.rotateKey({ overlap_minutes: 5 })).api_key;
  const viewOf = async (agent: TestAgent, key: string) => {
    const { keys } = await agent.client.keys.list();
    const view = keys.find(({ prefix }) => key.startsWith(prefix));
    assert.ok(view);
    return view;
  };

  it("are made with a name, scopes, networks and an end, shown once, and listed without their secret", async () => {
    const agent = await network.agent();
    const { api_key, key } = await agent.client.keys.create({
      name: "laptop",
      scopes: ["vote", "read"],
      networks: ["203.0.113.7", "2001:DB8::/32"],
      expires_in_days: 30,
    });
    assert.deepEqual(key.scopes, ["read", "vote"]);
    assert.deepEqual(key.networks, ["203.0.113.7/32", "2001:db8::/32"]);
    assert.equal(Date.parse(key.expires_at ?? "") - Date.parse(key.created_at), 30 * DAY);
    const list = await agent.client.keys.list();
    assert.deepEqual(
      list.keys.map(({ name }) => name),
      ["laptop", "main"],
    );
    assert.equal(list.current_key_id, list.keys[1]?.id);
    assert.deepEqual(list.keys[1]?.scopes, [...allScopes]);
    assert.equal(list.keys[1]?.expires_at, null);
    const text = JSON.stringify(list);
    assert.ok(text.includes(api_key.slice(0, 13)) && !text.includes(api_key.slice(13)));
  });

  it("take what is left out from the key that makes them", async () => {
    const agent = await network.agent();
    const maker = await keyFor(agent, ["read", "account"], { networks: ["10.0.0.0/8"], expires_in_days: 3 });
    const { key } = await network.clientFor(maker).keys.create({ name: newName() }, from("10.1.2.3"));
    const own = await viewOf(agent, maker);
    assert.deepEqual([key.scopes, key.networks, key.expires_at], [own.scopes, own.networks, own.expires_at]);
  });

  it("make none that may do more, from more places or for longer than themselves", async () => {
    const agent = await network.agent();
    const maker = await keyFor(agent, ["read", "account"], { networks: ["10.0.0.0/8"], expires_in_days: 3 });
    const narrow = network.clientFor(maker);
    const attempts = [
      { scopes: ["read", "post"] as Scope[] },
      { networks: [] },
      { networks: ["0.0.0.0/0"] },
      { networks: ["10.0.0.0/7"] },
      { networks: ["10.0.0.0/8", "192.0.2.1"] },
      { networks: ["::/0"] },
      { expires_in_days: 4 },
    ];
    for (const attempt of attempts) {
      const refused = await refusal(narrow.keys.create({ name: newName(), ...attempt }, from("10.0.0.1")));
      assert.equal(refused.code, "KEY_TOO_NARROW", JSON.stringify(attempt));
    }
    const less = { scopes: ["read"] as Scope[], networks: ["10.9.0.0/16"], expires_in_days: 2 };
    const { key } = await narrow.keys.create({ name: newName(), ...less }, from("10.0.0.1"));
    assert.deepEqual([key.scopes, key.networks], [less.scopes, less.networks]);
    const without = network.clientFor(await keyFor(agent, ["read", "post"]));
    assert.equal((await refusal(without.keys.create({ name: newName() }))).code, "KEY_SCOPE");
  });

  it("refuse names and networks that are none", async () => {
    const agent = await network.agent();
    for (const name of ["", " ", "<b>x</b>", "a\u202eb", "a\nb", "x".repeat(41), "-", "ключ"]) {
      assert.equal((await refusal(agent.client.keys.create({ name }))).code, "VALIDATION_ERROR", name);
    }
    const wrong = [
      "10.0.0.1/8",
      "10.0.0.0/33",
      "010.0.0.1",
      "10.1",
      "::ffff:10.0.0.1",
      "fe80::1%eth0",
      "here",
      "::/129",
    ];
    for (const one of wrong) {
      const refused = await refusal(agent.client.keys.create({ name: newName(), networks: [one] }));
      assert.equal(refused.code, "VALIDATION_ERROR", one);
      assert.ok(refused.message.includes(one), refused.message);
    }
    const many = Array.from({ length: 21 }, (_, n) => `10.0.0.${n}`);
    assert.equal(
      (await refusal(agent.client.keys.create({ name: newName(), networks: many }))).code,
      "VALIDATION_ERROR",
    );
    assert.equal((await refusal(agent.client.keys.create({ name: newName(), scopes: [] }))).code, "VALIDATION_ERROR");
    const scopes = ["admin"] as unknown as Scope[];
    assert.equal((await refusal(agent.client.keys.create({ name: newName(), scopes }))).code, "VALIDATION_ERROR");
  });

  it(`have names of their own, and are ${MOST_KEYS} at most, also when many are made at once`, async () => {
    const agent = await network.agent();
    assert.equal((await refusal(agent.client.keys.create({ name: "main" }))).code, "NAME_TAKEN");
    const made = await Promise.allSettled(
      Array.from({ length: MOST_KEYS + 5 }, () => agent.client.keys.create({ name: newName() })),
    );
    const refusals = made.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    assert.deepEqual(
      refusals,
      Array.from({ length: 6 }, () => "CONFLICT"),
    );
    const { keys } = await agent.client.keys.list();
    assert.equal(keys.length, MOST_KEYS);
    await agent.client.keys.revoke({ key_id: keys[0]?.id ?? "" });
    const { key } = await agent.client.keys.create({ name: keys[0]?.name ?? "" });
    assert.equal(key.name, keys[0]?.name);
  });

  it("end at once when they are revoked, by themselves too, and only those of the caller", async () => {
    const [ada, ben] = [await network.agent(), await network.agent()];
    const key = await keyFor(ada, ["read", "account"]);
    const { id } = await viewOf(ada, key);
    assert.equal((await refusal(ben.client.keys.revoke({ key_id: id }))).code, "NOT_FOUND");
    await network.clientFor(key).agents.me();
    await network.clientFor(key).keys.revoke({ key_id: id });
    assert.equal((await refusal(network.clientFor(key).agents.me())).code, "KEY_REVOKED");
    assert.equal((await refusal(ada.client.keys.revoke({ key_id: id }))).code, "NOT_FOUND");
    await ada.client.agents.me();
  });

  it("work from their networks only, in either spelling of an address", async () => {
    const agent = await network.agent();
    const key = await keyFor(agent, ["read"], { networks: ["198.51.100.0/24", "2001:db8:7::/48"] });
    const { agents } = network.clientFor(key);
    for (const inside of ["198.51.100.255", "::ffff:198.51.100.1", "2001:db8:7:ffff::1"])
      await agents.me({}, from(inside));
    for (const outside of ["198.51.101.0", "2001:db8:8::1", "::ffff:198.51.99.1", "nonsense", "127.0.0.1"]) {
      const refused = await refusal(agents.me({}, from(outside)));
      assert.deepEqual([refused.code, refused.status], ["KEY_NETWORK", 403], outside);
      assert.ok(!JSON.stringify(refused.body).includes("198.51.100.0/24"), "the networks are not told");
    }
    assert.equal((await refusal(agents.me())).code, "KEY_NETWORK");
    // What stands before the last address was written by the client itself.
    assert.equal((await refusal(agents.me({}, from("198.51.100.1, 192.0.2.1")))).code, "KEY_NETWORK");
  });

  it("believe nobody about an address where no proxy is trusted", async () => {
    const open = await startTestServer();
    try {
      const agent = await open.agent();
      const { api_key } = await agent.client.keys.create({ name: "away", networks: ["198.51.100.0/24"] });
      const spoofs = ["x-forwarded-for", "x-real-ip", "cf-connecting-ip", "true-client-ip", "x-client-ip"];
      const headers = Object.fromEntries(spoofs.map((name) => [name, "198.51.100.1"]));
      const forwarded = { ...headers, forwarded: "for=198.51.100.1" };
      const refused = await refusal(open.clientFor(api_key).agents.me({}, { headers: forwarded }));
      assert.equal(refused.code, "KEY_NETWORK");
    } finally {
      await open.close();
    }
  });

  it("keep name, scopes, networks and a chosen end when they are rotated, and leave keys of other names alone", async () => {
    const agent = await network.agent();
    const key = await keyFor(agent, ["read", "account"], { expires_in_days: 3 });
    const before = await viewOf(agent, key);
    const fresh = await rotated(key);
    const now = await viewOf(agent, fresh);
    assert.deepEqual(
      [now.name, now.scopes, now.networks, now.expires_at],
      [before.name, before.scopes, before.networks, before.expires_at],
    );
    assert.equal(
      (await refusal(network.clientFor(fresh).posts.create({ submolt_name: "general", title: "x" }))).code,
      "KEY_SCOPE",
    );
    network.clock.advance(6 * 60_000);
    assert.equal((await refusal(network.clientFor(key).agents.me())).code, "KEY_EXPIRED");
    await network.clientFor(fresh).agents.me();
    await agent.client.agents.me();
    network.clock.advance(3 * DAY);
    assert.equal((await refusal(network.clientFor(fresh).agents.me())).code, "KEY_EXPIRED");
  });

  it("are not piled up by rotating again and again: the one that asks and the latest work on", async () => {
    const agent = await network.agent();
    const made: string[] = [];
    for (let n = 0; n < MOST_KEYS + 3; n++) {
      made.push((await agent.client.agents.rotateKey({ overlap_minutes: 5 })).api_key);
    }
    assert.equal((await agent.client.keys.list()).keys.length, MOST_KEYS);
    await network.clientFor(made.at(-1) ?? "").agents.me();
    await network.clientFor(made.at(-2) ?? "").agents.me();
    assert.equal((await refusal(network.clientFor(made[0] ?? "").agents.me())).code, "KEY_EXPIRED");
  });

  it("say how they were last used: when, for what, and from which network, no more", async () => {
    const agent = await network.agent();
    const { activity } = network.server.services;
    const lastUse = async (address: string) => {
      const key = await keyFor(agent, ["read", "post"]);
      const { post } = await network
        .clientFor(key)
        .posts.create({ submolt_name: "general", title: `Secret ${address}` }, from(address));
      await network.clientFor(key).posts.get({ post_id: post.id }, from(address));
      await refusal(network.clientFor(key).agents.rotateKey({}, from("192.0.2.99")));
      await activity.flush();
      return viewOf(agent, key);
    };
    const four = await lastUse("203.0.113.77");
    assert.equal(four.last_used_route, "GET /posts/:post_id");
    assert.equal(four.last_used_network, "203.0.113.0/24");
    assert.ok(four.last_used_at);
    assert.equal((await lastUse("2001:db8:1:2:3:4:5:6")).last_used_network, "2001:db8:1::/48");
    assert.equal((await lastUse("::ffff:203.0.113.77")).last_used_network, "203.0.113.0/24");
  });
});

describe("the operator's limit on the age of keys", () => {
  it("holds for every new key, and rotating renews it", async () => {
    const network = await startTestServer({ keyDays: 30 });
    try {
      const agent = await network.agent();
      const [main] = (await agent.client.keys.list()).keys;
      assert.equal(Date.parse(main?.expires_at ?? "") - Date.parse(main?.created_at ?? ""), 30 * DAY);
      assert.equal(
        (await refusal(agent.client.keys.create({ name: "x", expires_in_days: 31 }))).code,
        "VALIDATION_ERROR",
      );
      network.clock.advance(20 * DAY);
      const { key } = await agent.client.keys.create({ name: "other" });
      assert.equal(key.expires_at, main?.expires_at, "nothing outlives what it was made from");
      const { api_key } = await agent.client.agents.rotateKey({});
      network.clock.advance(11 * DAY);
      assert.equal((await refusal(agent.client.agents.me())).code, "KEY_EXPIRED");
      await network.clientFor(api_key).agents.me();
      network.clock.advance(20 * DAY);
      assert.equal((await refusal(network.clientFor(api_key).agents.me())).code, "KEY_EXPIRED");
    } finally {
      await network.close();
    }
  });
});
