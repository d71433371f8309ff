import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type TestOwner, testOwner } from "../../test/owners.js";
import { verifyHistory } from "../audit/read.js";
import { sweepLedger } from "../audit/write.js";

const MINUTE = 60_000;

describe("an owner who parts with an agent or with the network", () => {
  let network: TestServer;
  let admin: pg.Client;
  let agent: TestAgent;
  let friend: TestAgent;
  let owner: TestOwner;
  let postId: string;
  let commentId: string;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    friend = await network.agent();
  });
  after(async () => {
    await admin.end();
    await network.close();
  });
  const setUp = async () => {
    agent = await network.agent();
    owner = await testOwner(network, agent);
    const { client } = agent;
    postId = (await client.posts.create({ submolt_name: "general", title: "Zanzibar", content: "zanzibar" })).post.id;
    await client.posts.edit({ post_id: postId, content: "zanzibar again" });
    const theirs = await friend.client.posts.create({ submolt_name: "general", title: `For ${agent.name}` });
    commentId = (await client.comments.create({ post_id: theirs.post.id, content: "zanzibar too" })).comment.id;
    await friend.client.comments.create({ post_id: theirs.post.id, parent_id: commentId, content: "a reply" });
    await client.messages.request({ to: friend.name, message: "a letter from zanzibar" });
  };
  const verify = async () => {
    await network.settle();
    const { problems } = await verifyHistory(network.server.services.app, () => undefined);
    assert.deepEqual(problems, []);
  };
  /** Rows of any table that hold a text. */
  const traces = async (needle: string) => {
    const { rows } = await admin.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
    );
    const found: string[] = [];
    for (const { relname } of rows) {
      const hit = await admin.query(`select 1 from ${relname} t where t::text ilike $1 limit 1`, [`%${needle}%`]);
      if (hit.rowCount) found.push(relname);
    }
    return found;
  };
  const close = async (fields: Record<string, string>) =>
    owner.browser.submit(await owner.browser.get("/owner"), "/owner/close", { username: owner.username, ...fields });

  it("deletes an agent with its data and leaves its words without its name", async () => {
    await setUp();
    assert.equal((await owner.act(agent, "/owner/agents/delete", { name: "another" })).status, 409);
    assert.equal((await owner.act(agent, "/owner/agents/delete", { name: agent.name })).path, "/owner");
    assert.equal((await refusal(agent.client.agents.me())).code, "KEY_UNKNOWN");
    const { post } = await network.anonymous.posts.get({ post_id: postId });
    assert.equal(post.content, "zanzibar again");
    assert.equal(post.author.name, "[deleted]");
    assert.equal((await admin.query("select from messages")).rowCount, 0);
    await verify();
  });

  it("erases the words with it where that is asked for, and the history verifies and says nothing", async () => {
    await setUp();
    await owner.act(agent, "/owner/agents/delete", { name: agent.name, words: "on" });
    assert.equal((await refusal(network.anonymous.posts.get({ post_id: postId }))).code, "GONE");
    const replies = await admin.query("select content from comments where parent_id = $1", [commentId]);
    assert.equal(replies.rows[0].content, "a reply", "what others wrote stays");
    await network.settle();
    assert.deepEqual(await traces(agent.name), ["posts", "search_documents"], "the friend's title names it");
    const salts = await admin.query(
      "select salt from posts where id = $1 union select salt from comments where id = $2",
      [postId, commentId],
    );
    assert.deepEqual(salts.rows, [{ salt: null }]);
    await verify();
  });

  it("asks for a fresh proof, and reaches no agent of another owner", async () => {
    await setUp();
    const stranger = await testOwner(network, await network.agent());
    const page = await stranger.browser.get("/owner");
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
    for (const verb of ["delete", "release", "offer", "withdraw"]) {
      const fields = { csrf, agent_id: agent.id, name: agent.name, to: "somebody" };
      assert.equal((await stranger.browser.post(`/owner/agents/${verb}`, fields)).status, 404, verb);
    }
    network.clock.advance(16 * MINUTE);
    for (const [verb, fields] of [
      ["delete", { name: agent.name }],
      ["release", {}],
      ["offer", { to: "somebody" }],
    ] as [string, Record<string, string>][]) {
      assert.equal((await owner.act(agent, `/owner/agents/${verb}`, fields)).status, 401, verb);
    }
    assert.equal((await owner.browser.get("/owner/export")).status, 401);
    assert.equal((await close({ agents: "erase" })).status, 401);
    await agent.client.agents.me();
  });

  it("takes everything along: account, agents, keys without secrets, letters, own acts", async () => {
    await setUp();
    await owner.act(agent, "/owner/agents/pause");
    const page = await owner.browser.get("/owner/export");
    assert.match(page.headers.get("content-disposition") ?? "", /attachment/);
    const all = JSON.parse(page.html);
    assert.equal(all.account.username, owner.username);
    assert.equal(all.account.sessions.length, 1);
    assert.deepEqual(
      all.account.acts.map(({ act }: { act: string }) => act),
      ["agent.pause"],
    );
    assert.equal(all.agents.length, 1);
    assert.equal(all.agents[0].name, agent.name);
    assert.equal(all.agents[0].keys.length, 1);
    assert.deepEqual(all.agents[0].proof, { required: "none", signing_keys: [], certificates: [] });
    assert.deepEqual(
      all.agents[0].messages.map(({ text, from, to }: Record<string, string>) => [text, from, to]),
      [["a letter from zanzibar", agent.name, friend.name]],
    );
    assert.ok(!page.html.includes(agent.key));
    assert.doesNotMatch(page.html, /hash|csrf|sealed/);
  });

  it("closes the account: agents released, the person gone from every table, the browser signed out", async () => {
    await setUp();
    assert.equal((await close({ agents: "release", username: "somebody_else" })).status, 409);
    const before = [...owner.browser.cookies];
    assert.equal((await close({ agents: "release" })).path, "/login");
    const { services } = network.server;
    // What was noted of requests a moment before is swept away with the rest.
    await services.ledger.flush();
    await sweepLedger(services);
    assert.deepEqual(await traces(owner.username), []);
    assert.deepEqual(await traces(owner.id), ["audit_log"], "an id that leads nowhere");
    for (const [name, value] of before) owner.browser.cookies.set(name, value);
    assert.equal((await owner.browser.get("/owner")).status, 401);
    assert.equal((await agent.client.agents.status()).claimed, false);
    await verify();
  });

  it("closes the account with the agents and all they wrote", async () => {
    await setUp();
    const second = await network.agent();
    await network.alterAgent(second.id, `owner_id = '${owner.id}'`);
    await second.client.posts.create({ submolt_name: "general", title: "Zanzibar by another" });
    assert.equal((await close({ agents: "erase" })).path, "/login");
    for (const one of [agent, second]) assert.equal((await refusal(one.client.agents.me())).code, "KEY_UNKNOWN");
    assert.equal((await refusal(network.anonymous.posts.get({ post_id: postId }))).code, "GONE");
    const { rowCount } = await admin.query("select from posts where title = 'Zanzibar by another'");
    assert.equal(rowCount, 0);
  });
});
