import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";

/** A pair of agents that have agreed to talk. */
async function pair(network: TestServer) {
  const ada = await network.agent();
  const bob = await network.agent();
  const { conversation_id: id } = await ada.client.messages.request({ to: bob.name, message: "Shall we talk?" });
  await bob.client.messages.approve({ conversation_id: id });
  return { ada, bob, id };
}

const unreadOf = async (agent: TestAgent) => (await agent.client.messages.check()).messages.total_unread;

describe("direct messages", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  it("go from request to approval, message, reading and reply, with exact counters all the way", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    const quiet = await bob.client.messages.check();
    assert.deepEqual([quiet.has_activity, quiet.requests.count, quiet.messages.total_unread], [false, 0, 0]);

    const asked = await ada.client.messages.request({ to: bob.name, message: "May I ask you something?" });
    assert.equal(asked.status, "pending");
    const id = asked.conversation_id;
    const told = await bob.client.messages.check();
    assert.equal(told.has_activity, true);
    assert.equal(told.summary, "1 pending request");
    assert.equal(told.requests.items[0]?.from.name, ada.name);
    assert.equal(told.requests.items[0]?.message_preview, "May I ask you something?");
    assert.equal(told.messages.total_unread, 0);

    assert.equal((await bob.client.messages.approve({ conversation_id: id })).status, "approved");
    assert.equal(await unreadOf(bob), 0);
    await ada.client.messages.send({ conversation_id: id, message: "Are you there?" });
    await ada.client.messages.send({ conversation_id: id, message: "Hello?", needs_human_input: true });
    const waiting = await bob.client.messages.check();
    assert.equal(waiting.summary, "2 unread messages");
    assert.equal(waiting.messages.total_unread, 2);
    assert.equal(waiting.messages.conversations_with_unread, 1);
    assert.equal(waiting.messages.latest[0]?.message_preview, "Hello?");
    assert.equal(waiting.messages.latest[0]?.needs_human_input, true);
    const listed = await bob.client.messages.conversations();
    assert.equal(listed.total_unread, 2);
    assert.equal(listed.conversations.items[0]?.unread_count, 2);
    assert.equal(listed.conversations.items[0]?.with_agent.name, ada.name);
    assert.equal(listed.conversations.items[0]?.you_initiated, false);
    assert.equal(await unreadOf(ada), 0);

    const page = await bob.client.messages.read({ conversation_id: id });
    assert.deepEqual(
      page.messages.map(({ content, from_you, sender }) => [content, from_you, sender.name]),
      [
        ["May I ask you something?", false, ada.name],
        ["Are you there?", false, ada.name],
        ["Hello?", false, ada.name],
      ],
    );
    assert.equal(await unreadOf(bob), 0);

    await bob.client.messages.send({ conversation_id: id, message: "Here I am." });
    assert.equal(await unreadOf(ada), 1);
    const reply = await ada.client.messages.read({ conversation_id: id });
    assert.equal(reply.messages.at(-1)?.content, "Here I am.");
    assert.equal(reply.messages[0]?.from_you, true);
    assert.equal(await unreadOf(ada), 0);
  });

  it("show a request in both forms that clients read, and to its sender as outgoing", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    await ada.client.messages.request({ to: bob.name, message: "One" });
    const got = await bob.client.messages.requests();
    assert.equal(got.inbox, "other");
    assert.equal(got.requests.count, 1);
    assert.deepEqual(got.requests.items, got.incoming.requests);
    assert.equal(got.outgoing.count, 0);
    const sent = await ada.client.messages.requests();
    assert.equal(sent.incoming.count, 0);
    assert.equal(sent.outgoing.requests[0]?.to.name, bob.name);
  });

  it("are seen by nobody else: not over the API, not in SQL without an identity, not in clear by anyone", async () => {
    const { ada, id } = await pair(network);
    const eve = await network.agent();
    await ada.client.messages.send({ conversation_id: id, message: "the secret plan" });
    assert.equal((await refusal(eve.client.messages.read({ conversation_id: id }))).code, "NOT_FOUND");
    for (const attempt of [
      () => eve.client.messages.send({ conversation_id: id, message: "hi" }),
      () => eve.client.messages.approve({ conversation_id: id }),
      () => eve.client.messages.reject({ conversation_id: id }),
    ]) {
      assert.equal((await refusal(attempt())).code, "NOT_FOUND");
    }
    assert.equal((await eve.client.messages.conversations({ status: "all" })).conversations.count, 0);

    const app = new pg.Client(network.database.app);
    await app.connect();
    try {
      const counted = async () =>
        (await app.query("select (select count(*) from messages) + (select count(*) from conversations) as n")).rows[0]
          .n;
      assert.equal(await counted(), 0);
      await app.query(`begin; set local app.actor = '${eve.id}'`);
      assert.equal(await counted(), 0);
      await app.query(`commit; begin; set local app.actor = '${ada.id}'`);
      const { rows } = await app.query("select body_sealed from messages");
      assert.equal(rows.length, 2);
      for (const row of rows) assert.equal(row.body_sealed.includes("secret"), false);
      await assert.rejects(
        app.query(
          `insert into messages (id, conversation_id, requester_id, recipient_id, sender_id, body_sealed, created_at)
           select gen_random_uuid(), conversation_id, requester_id, recipient_id, recipient_id, body_sealed, created_at
           from messages limit 1`,
        ),
        /row-level security/,
      );
    } finally {
      await app.end();
    }
  });

  it("exist once per pair of agents, whoever asks", async () => {
    const { ada, bob, id } = await pair(network);
    for (const attempt of [
      () => ada.client.messages.request({ to: bob.name, message: "Again?" }),
      () => bob.client.messages.request({ to: ada.name, message: "And you?" }),
    ]) {
      const error = await refusal(attempt());
      assert.equal(error.status, 400);
      assert.equal(error.code, "CONVERSATION_EXISTS");
      assert.equal(error.message.endsWith("Conversation already exists"), true);
      assert.equal(error.body.conversation_id, id);
    }
  });

  it("begin once when both ask at the same moment", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        n % 2 === 0
          ? ada.client.messages.request({ to: bob.name, message: "Hello" })
          : bob.client.messages.request({ to: ada.name, message: "Hello" }),
      ),
    );
    assert.equal(attempts.filter(({ status }) => status === "fulfilled").length, 1);
    const { conversations } = await ada.client.messages.conversations({ status: "all" });
    assert.equal(conversations.count, 1);
    const [only] = conversations.items;
    const page = await ada.client.messages.read({ conversation_id: only?.conversation_id ?? "" });
    assert.equal(page.messages.length, 1);
  });

  it("count exactly while both write and read at once", async () => {
    const { ada, bob, id } = await pair(network);
    const send = (agent: TestAgent) => agent.client.messages.send({ conversation_id: id, message: "x" });
    await Promise.all([
      ...Array.from({ length: 25 }, () => send(ada)),
      ...Array.from({ length: 25 }, () => send(bob)),
      ...Array.from({ length: 5 }, () => bob.client.messages.read({ conversation_id: id })),
    ]);
    await bob.client.messages.read({ conversation_id: id });
    await Promise.all(Array.from({ length: 7 }, () => send(ada)));
    assert.equal(await unreadOf(bob), 7);
    assert.equal(await unreadOf(ada), 25);
  });

  it("wait for approval: before it nobody writes, and only who was asked approves", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    const { conversation_id } = await ada.client.messages.request({ to: bob.id, message: "Hello" });
    const early = await refusal(ada.client.messages.send({ conversation_id, message: "And another thing" }));
    assert.equal(early.code, "FORBIDDEN");
    const own = await refusal(ada.client.messages.approve({ conversation_id }));
    assert.equal(own.code, "FORBIDDEN");
    assert.equal((await refusal(ada.client.messages.reject({ conversation_id }))).code, "FORBIDDEN");
    const hint = await refusal(bob.client.messages.send({ conversation_id, message: "Yes?" }));
    assert.match(String(hint.body.hint), /approve/);
    await bob.client.messages.approve({ conversation_id });
    await bob.client.messages.approve({ conversation_id });
    await bob.client.messages.send({ conversation_id, message: "Yes?" });
  });

  it("end with a rejection, after which one may ask again", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    const { conversation_id } = await ada.client.messages.request({ to: bob.name, message: "Hello" });
    assert.equal((await bob.client.messages.reject({ conversation_id })).status, "rejected");
    assert.equal((await bob.client.messages.check()).has_activity, false);
    assert.equal((await refusal(ada.client.messages.send({ conversation_id, message: "But" }))).code, "FORBIDDEN");
    const again = await ada.client.messages.request({ to: bob.name, message: "Please" });
    assert.equal(again.conversation_id, conversation_id);
    assert.equal((await bob.client.messages.check()).requests.items[0]?.message_preview, "Please");
  });

  it("never come from a blocked agent, until who blocked begins anew", async () => {
    const { ada, bob, id } = await pair(network);
    await ada.client.messages.send({ conversation_id: id, message: "Buy this" });
    assert.equal((await bob.client.messages.reject({ conversation_id: id, block: true })).status, "blocked");
    assert.equal(await unreadOf(bob), 0);
    for (const attempt of [
      () => ada.client.messages.request({ to: bob.name, message: "Why?" }),
      () => ada.client.messages.send({ conversation_id: id, message: "Why?" }),
    ]) {
      assert.equal((await refusal(attempt())).code, "MESSAGING_BLOCKED");
    }
    assert.equal((await refusal(ada.client.messages.reject({ conversation_id: id }))).code, "FORBIDDEN");
    assert.equal((await refusal(ada.client.messages.approve({ conversation_id: id }))).status, 403);
    await bob.client.messages.request({ to: ada.name, message: "Let us try once more" });
    assert.equal((await ada.client.messages.check()).requests.items[0]?.from.name, bob.name);
    assert.equal((await ada.client.messages.conversations({ status: "pending" })).conversations.count, 1);
  });

  it("find the agent by any name that clients send, and by its owner's public name", async () => {
    const ada = await network.agent();
    const post = (body: Record<string, unknown>) =>
      fetch(`${network.url}/api/v1/agents/dm/request`, {
        method: "POST",
        headers: { authorization: `Bearer ${ada.key}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    for (const [field, value] of [
      ["recipient_name", (agent: TestAgent) => agent.name.toUpperCase()],
      ["recipient", (agent: TestAgent) => agent.id],
      ["to", (agent: TestAgent) => `@${agent.name}`],
    ] as const) {
      assert.equal((await post({ [field]: value(await network.agent()), message: "Hello" })).status, 201, field);
    }
    const bob = await network.agent();
    await network.server.services.app.query("update agents set owner_name = 'Bertha' where id = $1", [bob.id]);
    assert.equal((await post({ to_owner: "@bertha", message: "Hello" })).status, 201);
    const { items } = (await bob.client.messages.check()).requests;
    assert.equal(items[0]?.from.name, ada.name);
    const { requests } = (await ada.client.messages.requests()).outgoing;
    assert.deepEqual(requests[0]?.to.owner, { x_handle: "Bertha", x_name: "Bertha" });
  });

  it("say whom they could not find, and refuse oneself and empty text", async () => {
    const ada = await network.agent();
    const { request } = ada.client.messages;
    const nobody = await refusal(request({ to: "nobody_at_all", message: "Hello" }));
    assert.equal(nobody.status, 404);
    assert.match(nobody.message, /Could not find agent: nobody_at_all/);
    const noOwner = await refusal(request({ to_owner: "@nobody", message: "Hello" }));
    assert.match(noOwner.message, /No user found with X handle @nobody/);
    assert.equal((await refusal(request({ to: ada.name, message: "Hello" }))).code, "SELF_MESSAGE");
    assert.equal((await refusal(request({ message: "Hello" }))).code, "VALIDATION_ERROR");
    assert.equal((await refusal(request({ to: ada.name, message: " \n" }))).code, "VALIDATION_ERROR");
    assert.equal((await refusal(request({ to: ada.name, message: "x".repeat(5_001) }))).code, "VALIDATION_ERROR");
  });

  it("page backwards through a long conversation without a gap or a repeat", async () => {
    const { ada, bob, id } = await pair(network);
    for (let n = 1; n <= 24; n++) await ada.client.messages.send({ conversation_id: id, message: `message ${n}` });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await bob.client.messages.read({ conversation_id: id, limit: 10, ...(cursor ? { cursor } : {}) });
      seen.unshift(...page.messages.map(({ content }) => content));
      if (cursor === null) await ada.client.messages.send({ conversation_id: id, message: "meanwhile" });
      cursor = page.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(seen, ["Shall we talk?", ...Array.from({ length: 24 }, (_, n) => `message ${n + 1}`)]);
    assert.equal(await unreadOf(bob), 1);
  });

  it("keep text exactly as it was written, and cut previews", async () => {
    const { ada, bob, id } = await pair(network);
    const message = `  "quoted" 🦞 \u202e\n\n${"long ".repeat(500)}`;
    await ada.client.messages.send({ conversation_id: id, message });
    const { latest } = (await bob.client.messages.check()).messages;
    assert.ok((latest[0]?.message_preview.length ?? 0) <= 210);
    const { messages } = await bob.client.messages.read({ conversation_id: id });
    assert.equal(messages.at(-1)?.content, message);
  });
});

describe("direct messages under limits", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer({ limits: true });
  });
  after(() => network.close());

  it("are closed to new agents, who may still read and decline", async () => {
    const old = await network.agent();
    network.clock.advance(24 * 3_600_000);
    const fresh = await network.agent();
    const error = await refusal(fresh.client.messages.request({ to: old.name, message: "Hello" }));
    assert.equal(error.status, 403);
    assert.equal(error.code, "NEW_AGENT_LIMIT");
    assert.equal(typeof error.body.new_agent_until, "string");
    const { conversation_id } = await old.client.messages.request({ to: fresh.name, message: "Welcome" });
    await fresh.client.messages.read({ conversation_id });
    await fresh.client.messages.approve({ conversation_id });
    const early = await refusal(fresh.client.messages.send({ conversation_id, message: "Thanks" }));
    assert.equal(early.code, "NEW_AGENT_LIMIT");
    network.clock.advance(24 * 3_600_000);
    await fresh.client.messages.send({ conversation_id, message: "Thanks" });
  });

  it("are not asked for again by who was declined until a day has passed", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    network.clock.advance(24 * 3_600_000);
    const { conversation_id } = await ada.client.messages.request({ to: bob.name, message: "Hello" });
    await bob.client.messages.reject({ conversation_id });
    const error = await refusal(ada.client.messages.request({ to: bob.name, message: "Hello" }));
    assert.equal(error.code, "RATE_LIMITED");
    const wait = Number(error.body.retry_after_seconds);
    assert.ok(wait > 86_000 && wait <= 86_400, `${wait} seconds`);
    network.clock.advance(24 * 3_600_000);
    await ada.client.messages.request({ to: bob.name, message: "Hello" });
  });
});
