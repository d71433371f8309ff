/** The access ledger: whatever is done with a key, or by owners and operators, is there, and stays as it was. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import type { ActivityEntry as Entry } from "../../src/audit/read/activity.js";
import { verifyLedger } from "../../src/audit/read/verify-ledger.js";
import { sweepLedger } from "../../src/audit/write.js";
import { AccessLedger } from "../../src/platform/ledger/access-ledger.js";
import { Browser, type Page } from "../browser.js";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../harness.js";

const DAY = 86_400_000;

interface Owner {
  browser: Browser;
  agent: TestAgent;
}

describe("the access ledger", () => {
  let network: TestServer;
  let admin: pg.Client;
  let operator: Browser;
  let ada: Owner;
  before(async () => {
    network = await startTestServer({ claimMethods: ["operator"] });
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    operator = new Browser(network.url);
    const link = new URL(await network.server.operatorLink()).pathname;
    await operator.submit(await operator.get(link), "/confirm");
    ada = await owner("ada");
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  /** An owner with an agent. */
  const owner = async (username: string): Promise<Owner> => {
    const invited = await operator.submit(await operator.get("/operator/invitations"), "/operator/owners", {
      username,
    });
    const handover = /http:\/\/molt\.test(\/confirm\/\w+)/.exec(invited.html)?.[1] ?? "";
    const browser = new Browser(network.url);
    await browser.submit(await browser.get(handover), "/confirm");
    const name = `${username}_agent`;
    const page = await browser.submit(await browser.get("/owner/invitations"), "/owner/agents", { name });
    const key = keyIn(page);
    const client = network.clientFor(key);
    const { id } = (await client.agents.me()).agent;
    return { browser, agent: { id, name, key, claimUrl: "", client } };
  };
  const keyIn = (page: Page) => /moltbook_[A-Za-z0-9]{49}/.exec(page.html)?.[0] ?? "";
  const flush = () => network.server.services.ledger.flush();
  const entriesOf = async ({ browser }: Owner, query = ""): Promise<Entry[]> => {
    await flush();
    const { status, html } = await browser.get(`/owner/activity.json${query}`);
    assert.equal(status, 200, html);
    return (JSON.parse(html) as { entries: Entry[] }).entries;
  };
  const verify = async () => {
    await flush();
    return verifyLedger(network.server.services.app);
  };

  it("holds every request of a key: when, which key, what, how it was answered, from which network", async () => {
    const { client, id } = ada.agent;
    const { post } = await client.posts.create({ submolt_name: "general", title: "Noted" });
    await client.comments.create({ post_id: post.id, content: "gathered with others" });
    await client.posts.get({ post_id: post.id });
    await client.votes.upvotePost({ post_id: post.id }).catch(() => undefined);
    const entries = (await entriesOf(ada)).filter(({ agent }) => agent === id);
    const { rows } = await admin.query("select id from agent_keys where agent_id = $1", [id]);
    const seen = entries.map(({ method, route, status }) => `${method} ${route} ${status}`).toReversed();
    assert.deepEqual(seen, [
      "GET /api/v1/agents/me 200",
      "POST /api/v1/posts 201",
      "POST /api/v1/posts/:post_id/comments 201",
      "GET /api/v1/posts/:post_id 200",
      "POST /api/v1/posts/:post_id/upvote 400",
    ]);
    for (const entry of entries) {
      assert.equal(entry.key, rows[0].id);
      assert.match(entry.network ?? "", /^(127\.0\.0\.0\/24|0:0:0::\/48)$/);
      assert.equal(entry.signed, false);
      assert.ok(Math.abs(Date.parse(entry.at) - network.clock.now().getTime()) < 60_000);
    }
  });

  it("holds requests that were refused: paused, not allowed, not understood", async () => {
    const { agent } = ada;
    await network.alterAgent(agent.id, "paused_at = now()");
    assert.equal(
      (await refusal(agent.client.posts.create({ submolt_name: "general", title: "x" }))).code,
      "AGENT_PAUSED",
    );
    await network.alterAgent(agent.id, "paused_at = null");
    await refusal(agent.client.posts.create({ submolt_name: "general", title: "" }));
    const statuses = (await entriesOf(ada)).map(({ status }) => status);
    assert.deepEqual(statuses.slice(0, 2), [400, 403]);
  });

  it("holds no path, text, address or key, whatever is asked for", async () => {
    await fetch(`${network.url}/api/v1/search?q=whispered`, {
      headers: {
        authorization: `Bearer ${ada.agent.key}`,
        "x-forwarded-for": '1.2.3.4","status":1',
        "user-agent": "whispered",
      },
    });
    await entriesOf(ada);
    const { rows } = await admin.query("select entries from access_ledger");
    const all = rows.map(({ entries }) => entries).join("\n");
    assert.ok(all.includes("/api/v1/search"));
    for (const secret of ["whispered", "127.0.0.1", "1.2.3.4", ada.agent.key]) assert.ok(!all.includes(secret), secret);
  });

  it("holds acts of owners and operators from the moment they are committed", async () => {
    const eve = await owner("eve");
    await eve.browser.submit(await eve.browser.get(`/owner/agents/${eve.agent.name}`), "/owner/keys/replace");
    const acts = async (subject: string) => {
      const { rows } = await admin.query("select entries from access_ledger where subject_id = $1 order by number", [
        subject,
      ]);
      return rows.flatMap(({ entries }) => entries.split("\n")).map((line) => JSON.parse(line) as Entry);
    };
    const { rows } = await admin.query("select owner_id from agents where id = $1", [eve.agent.id]);
    const own = (await acts(rows[0].owner_id)).filter(({ act }) => act !== undefined);
    assert.deepEqual(
      own.map(({ act, by }) => `${act} by ${by}`),
      [
        "owner.invite by operator",
        "owner.sign_in by owner",
        "agent.register by owner",
        "agent.claim by owner",
        "agent.replace_keys by owner",
      ],
    );
    const reason = { agent_name: eve.agent.name, hours: "1", reason: "test" };
    await operator.submit(await operator.get("/operator"), "/operator/suspensions", reason);
    assert.equal((await entriesOf(eve))[0]?.act, "agent.suspend");
    assert.equal((await entriesOf(eve, `?of=${eve.agent.id}`))[0]?.by, "operator");
  });

  it("shows owners their own and nobody else's, by agent, key and day", async () => {
    const bob = await owner("bob");
    assert.ok((await entriesOf(bob)).every(({ agent }) => agent === undefined || agent === bob.agent.id));
    assert.equal((await bob.browser.get(`/owner/activity.json?of=${ada.agent.id}`)).status, 404);
    assert.equal((await bob.browser.get("/owner/activity?day=2026-99-99")).status, 400);
    assert.deepEqual(await entriesOf(bob, "?day=2020-02-29"), []);
    const { rows } = await admin.query("select id from agent_keys where agent_id = $1", [bob.agent.id]);
    const ofKey = await entriesOf(bob, `?of=${rows[0].id}`);
    assert.ok(ofKey.length > 0 && ofKey.every(({ key }) => key === rows[0].id));
    const page = await bob.browser.get("/owner/activity");
    assert.match(page.html, /GET \/api\/v1\/agents\/me/);
    assert.ok(!page.html.includes(ada.agent.name));
    const csv = await bob.browser.get("/owner/activity.csv");
    assert.match(
      csv.headers.get("content-disposition") ?? "",
      /^attachment; filename="activity-\d{4}-\d\d-\d\d\.csv"$/,
    );
    assert.match(csv.html, /^at,agent,key,method,route,status,/);
    for (const path of ["/owner/activity", "/owner/activity.csv", "/owner/activity.json"]) {
      assert.equal((await new Browser(network.url).get(path)).status, 401);
      assert.equal((await operator.get(path)).status, 401);
    }
  });

  for (const [what, change, undo, finds] of [
    [
      "a flipped byte",
      "update access_ledger set entries = overlay(entries placing 'X' from 40 for 1) where (subject_id, month, number) = ($1, $2, 2)",
      "update access_ledger set entries = $4 where (subject_id, month, number) = ($1, $2, 2) and $3::bytea is not null",
      "row 2 is not what was recorded",
    ],
    [
      "another digest",
      "update access_ledger set digest = sha256('x') where (subject_id, month, number) = ($1, $2, 2)",
      "update access_ledger set digest = $3 where (subject_id, month, number) = ($1, $2, 2) and $4::text is not null",
      "row 2 is not what was recorded",
    ],
    [
      "a missing row",
      "update access_ledger set subject_id = '00000000-0000-7000-8000-00000000dead' where (subject_id, month, number) = ($1, $2, 2)",
      "update access_ledger set subject_id = $1 where subject_id = '00000000-0000-7000-8000-00000000dead' and month = $2 and $3::bytea is not null and $4::text is not null",
      "row 2 is missing",
    ],
    [
      "a missing last row",
      "update access_ledger_heads set number = number + 1 where (subject_id, month) = ($1, $2)",
      "update access_ledger_heads set number = number - 1 where (subject_id, month) = ($1, $2) and $3::bytea is not null and $4::text is not null",
      "is missing",
    ],
    [
      "two rows in each other's place",
      "update access_ledger l set entries = o.entries, digest = o.digest from access_ledger o where (l.subject_id, l.month) = ($1, $2) and (o.subject_id, o.month) = ($1, $2) and l.number in (2, 3) and o.number = 5 - l.number",
      "update access_ledger l set entries = o.entries, digest = o.digest from access_ledger o where (l.subject_id, l.month) = ($1, $2) and (o.subject_id, o.month) = ($1, $2) and l.number in (2, 3) and o.number = 5 - l.number and $3::bytea is not null and $4::text is not null",
      "row 2 is not what was recorded",
    ],
  ] as const) {
    it(`does not verify with ${what}`, async () => {
      await ada.agent.client.agents.me();
      const before = await verify();
      assert.deepEqual(before.problems, []);
      assert.ok(before.rows > before.chains);
      const { rows } = await admin.query(
        `select l.subject_id, l.month, l.digest, l.entries from access_ledger l join agents a on a.owner_id = l.subject_id
         where a.id = $1 and l.number = 2`,
        [ada.agent.id],
      );
      const { subject_id, month, digest, entries } = rows[0];
      await admin.query(change, [subject_id, month]);
      const { problems } = await verifyLedger(network.server.services.app);
      assert.ok(
        problems.some((problem) => problem.includes(subject_id) && problem.includes(finds)),
        problems.join("; "),
      );
      await admin.query(undo, [subject_id, month, digest, entries]);
      assert.deepEqual((await verify()).problems, []);
    });
  }

  it("stays one chain when several servers append to it at once", async () => {
    const { services } = network.server;
    const actor = await services.knownKeys.agentOf(ada.agent.key, network.clock.now());
    const reported: unknown[] = [];
    const others = [1, 2, 3].map(() => new AccessLedger(services.app, (error) => reported.push(error)));
    for (let round = 0; round < 5; round++) {
      for (const ledger of others) ledger.note({ ...call, agent: actor, at: network.clock.now() });
      await Promise.all(others.map((ledger) => ledger.flush()));
    }
    assert.deepEqual(reported, []);
    assert.deepEqual((await verify()).problems, []);
    const mine = (await entriesOf(ada)).filter(({ route }) => route === "/somewhere");
    assert.equal(mine.length, 15);
  });

  const call = { method: "GET", route: "/somewhere", status: 200, address: "2001:db8:1:2::3", isSigned: true };

  it("keeps what cannot be appended, within bounds, and tells later how much it lost", async () => {
    const { services } = network.server;
    const actor = await services.knownKeys.agentOf((await owner("lost")).agent.key, network.clock.now());
    const reported: unknown[] = [];
    const ledger = new AccessLedger(services.app, (error) => reported.push(error), 10_000);
    const name = "append_to_ledger(uuid[], date[], timestamptz[], timestamptz[], text[])";
    await admin.query(`alter function ${name} rename to away`);
    for (let n = 0; n < 12_000; n++) ledger.note({ ...call, route: "/lost", agent: actor, at: network.clock.now() });
    await ledger.flush();
    assert.equal(reported.length, 1);
    assert.deepEqual(ledger.state, { waiting: 7_000, lost: 5_000 });
    await admin.query(
      "alter function away(uuid[], date[], timestamptz[], timestamptz[], text[]) rename to append_to_ledger",
    );
    await ledger.flush();
    assert.deepEqual(ledger.state, { waiting: 0, lost: 0 });
    const { rows } = await admin.query("select entries from access_ledger where subject_id = $1", [actor.ownerId]);
    const entries = rows.flatMap((row) => row.entries.split("\n")).map((line) => JSON.parse(line) as Entry);
    assert.deepEqual(
      entries.flatMap(({ lost }) => lost ?? []),
      [5_000],
    );
    assert.equal(entries.filter(({ route }) => route === "/lost").length, 7_000);
    assert.equal(entries.find(({ route }) => route === "/lost")?.network, "2001:db8:1::/48");
    assert.deepEqual((await verify()).problems, []);
  });

  it("is kept for as long as the operator says, in whole months, and never less than one", async () => {
    const { services } = network.server;
    const actor = await services.knownKeys.agentOf(ada.agent.key, network.clock.now());
    const ledger = new AccessLedger(services.app, (error) => assert.fail(String(error)));
    const now = network.clock.now().getTime();
    for (const days of [0, 300, 500, 900]) ledger.note({ ...call, agent: actor, at: new Date(now - days * DAY) });
    await ledger.flush();
    const months = async () =>
      (await admin.query("select distinct month from access_ledger where subject_id = $1", [actor.ownerId])).rowCount;
    assert.equal(await months(), 4);
    await sweepLedger(services);
    assert.equal(await months(), 2);
    assert.deepEqual((await verify()).problems, []);
    const app = new pg.Client(network.database.app);
    await app.connect();
    await app.query("select drop_ledger_months('9999-01-01')");
    await app.end();
    assert.equal(await months(), 1, "the present month stays, whoever asks");
  });

  it("forgets an agent that nobody owned when it deletes itself, and keeps what an owner answers for", async () => {
    const agent = await network.agent();
    await agent.client.agents.me();
    await flush();
    const rowsOf = async (id: string) =>
      (await admin.query("select from access_ledger where subject_id = $1", [id])).rowCount ?? 0;
    assert.ok((await rowsOf(agent.id)) > 0);
    await agent.client.agents.remove();
    assert.equal(await rowsOf(agent.id), 0);
    await flush();
    assert.equal(await rowsOf(agent.id), 0, "nor does the answer to its deletion begin another chain");
    const grace = await owner("grace");
    await grace.agent.client.agents.remove();
    const acts = (await entriesOf(grace)).flatMap(({ act }) => act ?? []);
    assert.ok(acts.includes("agent.delete"), acts.join());
    assert.deepEqual((await verify()).problems, []);
  });
});
