import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";

const SERVER_ID = "00000000-0000-0000-0000-000000000000";

describe("submolts", () => {
  let network: TestServer;
  let ada: TestAgent;
  let bob: TestAgent;
  before(async () => {
    network = await startTestServer();
    ada = await network.agent("ada");
    bob = await network.agent("bob");
  });
  after(() => network.close());

  const query = async (text: string, values: unknown[] = []) =>
    (await network.server.services.app.query(text, values)).rows;
  const eventsOf = async (subject: string) =>
    (await query("select type from events where subject_id = $1 order by id", [subject])).map(({ type }) => type);
  const recount = async (name: string) =>
    (
      await query(
        `select s.subscriber_count, (select count(*)::int from subscriptions u where u.community_id = c.id) as recounted
         from communities c join community_stats s on s.community_id = c.id where c.name = $1`,
        [name],
      )
    )[0] as { subscriber_count: number; recounted: number };

  it("founds a submolt whose creator owns it, is subscribed, and stands in the history", async () => {
    const made = await ada.client.submolts.create({
      name: "tide-tables",
      display_name: "Tide Tables",
      description: "When the water comes",
      allow_crypto: true,
    });
    assert.equal(made.visible, true);
    assert.equal(made.your_role, "owner");
    const { submolt } = made;
    assert.equal(submolt.verification_status, "verified");
    assert.deepEqual(submolt.created_by, { id: ada.id, name: "ada" });
    assert.equal(submolt.creator_id, ada.id);
    assert.equal(submolt.subscriber_count, 1);
    assert.equal(submolt.allow_crypto, true);
    assert.equal(submolt.created_at_ts, Date.parse(submolt.created_at));

    const read = await ada.client.submolts.get({ name: "tide-tables" });
    assert.equal(read.your_role, "owner");
    assert.equal(read.is_subscribed, true);
    assert.deepEqual(
      read.moderators.map(({ name, agent_name, role }) => [name, agent_name, role]),
      [["ada", "ada", "owner"]],
    );
    assert.deepEqual(await eventsOf(submolt.id), ["submolt.created"]);
  });

  it("takes the older spellings of its fields and needs no more than a name", async () => {
    const answer = await fetch(`${network.url}/api/v1/submolts`, {
      method: "POST",
      headers: { authorization: `Bearer ${ada.key}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "old_style", displayName: "Old Style", allowCrypto: true, is_private: true }),
    });
    assert.equal(answer.status, 201);
    const { submolt } = (await answer.json()) as { submolt: Record<string, unknown> };
    assert.equal(submolt.display_name, "Old Style");
    assert.equal(submolt.allow_crypto, true);
    assert.equal(submolt.is_private, false);
    const bare = await ada.client.submolts.create({ name: "bare" });
    assert.equal(bare.submolt.display_name, "bare");
  });

  it("refuses names that break the form, and reserved ones", async () => {
    for (const name of [
      "a",
      "x".repeat(31),
      "Upper",
      "with space",
      "-dash",
      "_low",
      "dot.ted",
      "ümlaut",
      "m/slash",
      "",
    ]) {
      const error = await refusal(ada.client.submolts.create({ name }));
      assert.equal(error.code, "VALIDATION_ERROR", name);
    }
    for (const name of ["admin", "api", "all", "www", "mod", "search", "settings", "login", "u", "m", "popular"]) {
      const error = await refusal(ada.client.submolts.create({ name }));
      assert.equal(error.code, name.length < 2 ? "VALIDATION_ERROR" : "NAME_TAKEN", name);
    }
    const taken = await refusal(bob.client.submolts.create({ name: "general" }));
    assert.deepEqual([taken.status, taken.code], [409, "NAME_TAKEN"]);
    assert.equal((await refusal(ada.client.submolts.create({ name: "okay", display_name: " " }))).status, 400);
  });

  it("gives a name to exactly one of many who ask for it at once", async () => {
    const agents = await Promise.all(Array.from({ length: 10 }, () => network.agent()));
    for (let round = 0; round < 10; round++) {
      const name = `contested-${round}`;
      const outcomes = await Promise.allSettled(agents.map(({ client }) => client.submolts.create({ name })));
      assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
      for (const outcome of outcomes) {
        if (outcome.status === "rejected") assert.equal(outcome.reason.code, "NAME_TAKEN");
      }
      assert.deepEqual(await recount(name), { subscriber_count: 1, recounted: 1 });
    }
    const [{ n }] = (await query(
      "select count(*)::int as n from events e join communities c on c.id = e.subject_id where c.name like 'contested-%'",
    )) as [{ n: number }];
    assert.equal(n, 10);
  });

  it("says once per agent that it subscribed and once that it left", async () => {
    const { client } = bob;
    assert.equal((await client.submolts.subscribe({ name: "tide-tables" })).action, "subscribed");
    assert.equal((await client.submolts.subscribe({ name: "Tide-Tables" })).action, "already_subscribed");
    assert.equal((await client.submolts.get({ name: "tide-tables" })).submolt.subscriber_count, 2);
    assert.equal((await client.submolts.unsubscribe({ name: "tide-tables" })).action, "unsubscribed");
    assert.equal((await client.submolts.unsubscribe({ name: "tide-tables" })).action, "not_subscribed");
    assert.equal((await client.submolts.get({ name: "tide-tables" })).is_subscribed, false);
    assert.equal((await refusal(client.submolts.subscribe({ name: "nowhere" }))).code, "NOT_FOUND");
    assert.equal((await refusal(network.anonymous.submolts.subscribe({ name: "general" }))).status, 401);
  });

  it("counts subscribers exactly through 1,000 rounds of joining and leaving at once", async () => {
    const agents = await Promise.all(Array.from({ length: 8 }, () => network.agent()));
    const acts = Array.from({ length: 1_000 }, (_, round) => ({
      client: (agents[round % agents.length] as TestAgent).client,
      joins: (round * 7919) % 3 !== 0,
      name: round % 5 === 0 ? "introductions" : "general",
    }));
    const results: { action: string; name: string }[] = [];
    const queue = acts.values();
    await Promise.all(
      Array.from({ length: 24 }, async () => {
        for (const { client, joins, name } of queue) {
          const call = joins ? client.submolts.subscribe : client.submolts.unsubscribe;
          results.push({ name, action: (await call({ name })).action });
        }
      }),
    );
    assert.equal(results.length, 1_000);
    for (const name of ["general", "introductions"]) {
      const { subscriber_count, recounted } = await recount(name);
      assert.equal(subscriber_count, recounted, name);
      const of = (action: string) =>
        results.filter((result) => result.name === name && result.action === action).length;
      assert.equal(recounted, of("subscribed") - of("unsubscribed"), name);
    }
  });

  it("lists the most subscribed first, the newest first, or by name, and walks every page once", async () => {
    for (const sort of ["popular", "hot", "new", "alphabetical", "nonsense"]) {
      const [{ n }] = (await query("select count(*)::int as n from communities")) as [{ n: number }];
      const seen: { name: string; subscriber_count: number; created_at: string }[] = [];
      let cursor: string | undefined;
      do {
        const page = await network.anonymous.submolts.list({ sort, limit: 7, ...(cursor ? { cursor } : {}) });
        assert.equal(page.count, n);
        assert.equal(page.has_more, page.next_cursor !== null);
        seen.push(...page.submolts);
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      assert.equal(new Set(seen.map(({ name }) => name)).size, n, sort);
      assert.equal(seen.length, n, sort);
      const ordered = seen.toSorted((a, b) => {
        if (sort === "alphabetical") return a.name < b.name ? -1 : 1;
        if (sort === "new") return b.created_at.localeCompare(a.created_at);
        return b.subscriber_count - a.subscriber_count;
      });
      const key = sort === "alphabetical" ? "name" : sort === "new" ? "created_at" : "subscriber_count";
      assert.deepEqual(
        seen.map((submolt) => submolt[key]),
        ordered.map((submolt) => submolt[key]),
        sort,
      );
    }
  });

  it("pages by offset and by page number too", async () => {
    const { anonymous } = network;
    const first = await anonymous.submolts.list({ sort: "alphabetical", limit: 3 });
    assert.equal(first.next_offset, 3);
    const all = await anonymous.submolts.list({ sort: "alphabetical", limit: 500 });
    assert.equal(all.has_more, false);
    const second = await anonymous.submolts.list({ sort: "alphabetical", limit: 3, offset: 3 });
    const page = await anonymous.submolts.list({ sort: "alphabetical", limit: 3, page: 2 });
    assert.deepEqual(second.submolts, all.submolts.slice(3, 6));
    assert.deepEqual(page.submolts, second.submolts);
    assert.equal((await refusal(anonymous.submolts.list({ offset: 10_001 }))).code, "OFFSET_TOO_LARGE");
    const { next_cursor } = await anonymous.submolts.list({ limit: 1 });
    assert.equal((await refusal(anonymous.submolts.list({ cursor: "rubbish" }))).code, "INVALID_CURSOR");
    const elsewhere = anonymous.submolts.list({ sort: "new", cursor: next_cursor ?? "" });
    assert.equal((await refusal(elsewhere)).code, "INVALID_CURSOR");
    for (const count of [0.5, -(2 ** 53) + 1, 2 ** 53 - 1]) {
      const forged = Buffer.from(JSON.stringify(["submolts/popular", 1, count, SERVER_ID])).toString("base64url");
      await anonymous.submolts.list({ cursor: forged });
    }
  });

  it("counts the network's posts and comments, and tells counts as numbers", async () => {
    const other = await startTestServer();
    try {
      const agent = await other.agent();
      await agent.client.posts.create({ submolt_name: "general", title: "One" });
      const list = await other.anonymous.submolts.list({});
      assert.deepEqual([list.total_posts, list.total_comments, list.count], [1, 0, 3]);
      assert.equal(list.submolts.find(({ name }) => name === "general")?.post_count, 1);
    } finally {
      await other.close();
    }
  });

  it("names the network itself as the founder of the first submolts", async () => {
    const { submolt, your_role, moderators, is_subscribed } = await network.anonymous.submolts.get({ name: "general" });
    assert.deepEqual(submolt.created_by, { id: SERVER_ID, name: "[server]" });
    assert.deepEqual([your_role, moderators, is_subscribed], [null, [], false]);
  });

  it("finds a submolt in any case and by id, and believes the key alone about who reads", async () => {
    const { submolt } = await bob.client.submolts.get({ name: "TIDE-tables" });
    assert.equal((await bob.client.submolts.get({ name: submolt.id })).submolt.name, "tide-tables");
    const answer = await fetch(`${network.url}/api/v1/submolts/tide-tables?requester_id=${ada.id}`, {
      headers: { authorization: `Bearer ${bob.key}` },
    });
    const body = (await answer.json()) as Record<string, unknown>;
    assert.equal(body.your_role, null);
    assert.equal("moderator_actions" in body, false);
    assert.equal((await refusal(bob.client.submolts.get({ name: "nowhere" }))).code, "NOT_FOUND");
    assert.equal((await refusal(bob.client.submolts.get({ name: SERVER_ID }))).code, "NOT_FOUND");
  });
});

describe("founding pauses", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer({ limits: true });
  });
  after(() => network.close());

  it("lets a new agent found one submolt, and an older one found one an hour", async () => {
    const { client } = await network.agent();
    await client.submolts.create({ name: "first-one" });
    const fresh = await refusal(client.submolts.create({ name: "second-one" }));
    assert.deepEqual([fresh.status, fresh.code], [403, "NEW_AGENT_LIMIT"]);
    assert.match(String(fresh.body.new_agent_until), /^\d{4}-/);
    network.clock.advance(24 * 3_600_000);
    await client.submolts.create({ name: "second-one" });
    const soon = await refusal(client.submolts.create({ name: "third-one" }));
    assert.deepEqual([soon.status, soon.code], [429, "RATE_LIMITED"]);
    const wait = Number(soon.body.retry_after_seconds);
    assert.ok(wait > 3_590 && wait <= 3_600, String(wait));
    network.clock.advance(wait * 1_000);
    await client.submolts.create({ name: "third-one" });
  });

  it("cannot be outrun by founding two at once", async () => {
    const { client } = await network.agent();
    const outcomes = await Promise.allSettled(
      ["race-a", "race-b", "race-c"].map((name) => client.submolts.create({ name })),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  });
});

describe("submolts that wait for a challenge", () => {
  let network: TestServer;
  let admin: pg.Client;
  before(async () => {
    network = await startTestServer({ challenges: true, limits: true });
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  const found = async (agent: TestAgent, name: string) => {
    const made = await agent.client.submolts.create({ name });
    const code = made.submolt.verification?.verification_code ?? "";
    const { rows } = await admin.query("select answer from challenges where code = $1", [code]);
    return { made, solve: () => agent.client.verification.answer({ verification_code: code, answer: rows[0].answer }) };
  };

  it("are out of sight until it is solved, and then exist as if founded at once", async () => {
    const agent = await network.agent();
    const { made, solve } = await found(agent, "patience");
    assert.deepEqual([made.visible, made.your_role, made.submolt.verification_status], [false, null, "pending"]);
    assert.deepEqual(made.submolt.created_by, { id: agent.id, name: agent.name });
    assert.equal((await refusal(agent.client.submolts.get({ name: "patience" }))).code, "NOT_FOUND");
    assert.equal((await admin.query("select 1 from events where subject_id = $1", [made.submolt.id])).rowCount, 0);
    const solved = await solve();
    assert.deepEqual([solved.content_type, solved.content_id], ["submolt", made.submolt.id]);
    const { submolt, your_role, is_subscribed } = await agent.client.submolts.get({ name: "patience" });
    assert.deepEqual([submolt.id, your_role, is_subscribed], [made.submolt.id, "owner", true]);
    assert.equal(submolt.subscriber_count, 1);
  });

  it("lose their name to whoever is verified first", async () => {
    const [slow, quick] = [await network.agent(), await network.agent()];
    const first = await found(slow, "sprint");
    const second = await found(quick, "sprint");
    await second.solve();
    assert.equal((await refusal(first.solve())).code, "NAME_TAKEN");
    assert.equal((await quick.client.submolts.get({ name: "sprint" })).your_role, "owner");
    assert.equal((await refusal(slow.client.submolts.create({ name: "sprint" }))).code, "NAME_TAKEN");
  });

  it("count as founded while they wait", async () => {
    const agent = await network.agent();
    await found(agent, "waiting-room");
    assert.equal((await refusal(agent.client.submolts.create({ name: "another-room" }))).code, "NEW_AGENT_LIMIT");
    network.clock.advance(25 * 3_600_000);
    const later = await found(agent, "later-room");
    assert.equal((await refusal(agent.client.submolts.create({ name: "next-room" }))).code, "RATE_LIMITED");
    network.clock.advance(60_000);
    await later.solve();
    const error = await refusal(agent.client.submolts.create({ name: "next-room" }));
    assert.equal(error.code, "RATE_LIMITED");
    assert.ok(Number(error.body.retry_after_seconds) <= 3_540, "the pause runs from the founding, not from the answer");
  });
});
