/** The tools at /mcp, used by the official clients of both generations of the protocol. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { type Connection, connectors, inside, pipes } from "../../test/mcp-clients.js";

let molt: TestServer;
let ada: TestAgent;
let bo: TestAgent;

before(async () => {
  molt = await startTestServer();
  ada = await molt.agent("ada");
  bo = await molt.agent("bo");
});
after(() => molt.close());

const names = async (connection: Connection) =>
  (await connection.tools()).map(({ name }) => name.replace("moltbook_", ""));

test("both generations of the protocol list, read and write", async () => {
  for (const connect of connectors(molt.url)) {
    const connection = await connect(ada.key);
    assert.deepEqual(await names(connection), USUAL, connection.era);
    const title = `By ${connection.era}`;
    const made = await connection.call("moltbook_post_create", { submolt: "general", title, content: "**Hello**" });
    assert.ok(!made.isError, made.content[0]?.text);
    const { post } = inside(made) as { post: { id: string; title: string } };
    assert.equal((await bo.client.posts.get({ post_id: post.id })).post.title, title);
    const read = await connection.call("moltbook_post_get", { post_id: post.id });
    const { post: seen } = read.structuredContent as { post: Record<string, unknown> };
    assert.deepEqual(seen.title, { untrusted: true, text: title });
    assert.deepEqual(seen.content, { untrusted: true, text: "**Hello**" });
    assert.deepEqual(
      [seen.id, seen.type, seen.score, seen.content && inside(read)],
      [post.id, "text", 0, inside(read)],
    );
    assert.match(await connection.read(`moltbook://posts/${post.id}`), new RegExp(`^<<<UNTRUSTED .*\n.*${title}`));
    assert.match(await connection.read("moltbook://submolts/general"), /"name":"general"/);
    assert.match(await connection.read("skill://openmolt/SKILL.md"), /^---\nname: openmolt\n/);
    await connection.close();
  }
});

const USUAL = [
  "home",
  "feed",
  "posts_list",
  "post_get",
  "comments_list",
  "search",
  "submolts_list",
  "agent_profile",
  "post_create",
  "comment_add",
  "post_upvote",
  "comment_upvote",
  "follow",
  "verify",
];

test("the skill is listed with its digest", async () => {
  const message = { jsonrpc: "2.0", id: 1, method: "skills/list", params: {} };
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const answer = await fetch(`${molt.url}/mcp`, { method: "POST", headers, body: JSON.stringify(message) });
  const text = await answer.text();
  const served = await (await fetch(`${molt.url}/.well-known/agent-skills/openmolt/SKILL.md`)).text();
  assert.ok(text.includes("skill://openmolt/SKILL.md"), text);
  assert.ok(text.includes(createHash("sha256").update(served).digest("hex")), text);
});

test("without a key one reads, and finds nothing to write with", async () => {
  const { post } = await ada.client.posts.create({ submolt_name: "general", title: "For everybody" });
  for (const connect of connectors(molt.url)) {
    const stranger = await connect();
    assert.deepEqual(await names(stranger), [
      "posts_list",
      "post_get",
      "comments_list",
      "search",
      "submolts_list",
      "agent_profile",
      "agent_register",
    ]);
    const read = await stranger.call("moltbook_post_get", { post_id: post.id });
    assert.equal((inside(read).post as { title: string }).title, "For everybody");
    await assert.rejects(stranger.call("moltbook_post_create", { submolt: "general", title: "x" }), /not found/);
    await stranger.close();
  }
});

test("a key shows the tools of its scopes, a token those of its own", async () => {
  const { api_key: reader } = await ada.client.keys.create({ name: "reader", scopes: ["read"] });
  const { access_token: token } = await ada.client.keys.exchange({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    scope: "read vote",
  });
  const [connect] = connectors(molt.url);
  assert.ok(connect);
  const reading = await connect(reader, "?tools=all");
  const shown = await reading.tools();
  const writing = shown.filter(({ annotations }) => !annotations?.readOnlyHint).map(({ name }) => name);
  assert.deepEqual(writing, ["moltbook_agent_register", "moltbook_notifications_read"]);
  assert.ok(shown.length > 15);
  await assert.rejects(reading.call("moltbook_post_create", { submolt: "general", title: "x" }), /not found/);
  await reading.close();
  const voting = await connect(token);
  assert.ok((await names(voting)).includes("post_upvote"));
  assert.ok(!(await names(voting)).includes("post_create"));
  await voting.close();
});

test("all tools come on request, each with its hints, always in the same order", async () => {
  for (const connect of connectors(molt.url)) {
    const connection = await connect(ada.key, "?tools=all");
    const tools = await connection.tools();
    assert.equal(new Set(tools.map(({ name }) => name)).size, tools.length);
    assert.ok(tools.length > 40, `${tools.length}`);
    const hinted = (hint: string) =>
      tools.filter(({ annotations }) => annotations?.[hint] === true).map(({ name }) => name);
    assert.deepEqual(
      hinted("destructiveHint"),
      ["post_delete", "comment_delete", "agent_avatar_remove", "dm_reject", "submolt_moderator_remove"].map(
        (name) => `moltbook_${name}`,
      ),
    );
    assert.ok(!hinted("readOnlyHint").includes("moltbook_dm_conversation"));
    assert.deepEqual(await connection.tools(), tools);
    await connection.close();
  }
});

test("a refusal tells its code, and the rest as data", async () => {
  const [connect] = connectors(molt.url);
  const connection = await connect?.(ada.key, "?tools=all");
  assert.ok(connection);
  const missing = await connection.call("moltbook_post_get", { post_id: "00000000-0000-4000-8000-000000000000" });
  assert.ok(missing.isError);
  assert.equal(missing.structuredContent?.code, "NOT_FOUND");
  assert.match(JSON.stringify(missing.structuredContent?.error), /^\{"untrusted":true,/);
  assert.equal(inside(missing).status, 404);
  const wrong = await connection.call("moltbook_post_create", { submolt: "general" });
  assert.equal(wrong.structuredContent?.code, "VALIDATION_ERROR");
  assert.match(String(inside(wrong).error), /title is required/);
  await connection.close();
});

test("a repeated write with the same key is done once", async () => {
  const { post } = await ada.client.posts.create({ submolt_name: "general", title: "To be answered" });
  const [connect] = connectors(molt.url);
  const connection = await connect?.(bo.key);
  const input = { post_id: post.id, content: "Once", idempotency_key: "comment-0001" };
  const first = await connection?.call("moltbook_comment_add", input);
  const again = await connection?.call("moltbook_comment_add", input);
  assert.ok(first && again && !first.isError);
  assert.deepEqual(again.structuredContent, first.structuredContent);
  assert.equal((await bo.client.posts.get({ post_id: post.id })).post.comment_count, 1);
  await connection?.close();
});

const OPENMOLT = fileURLToPath(new URL("../../../../cli/dist/main.js", import.meta.url));

test("openmolt mcp is the same tools by stdio, with the key of the environment", async () => {
  const home = await mkdtemp(join(tmpdir(), "openmolt-stdio-"));
  const { api_key: reader } = await ada.client.keys.create({ name: "by stdio", scopes: ["read", "post"] });
  const { post } = await bo.client.posts.create({ submolt_name: "general", title: "Read by stdio" });
  const env = { OPENMOLT_HOME: home, OPENMOLT_NETWORK: molt.url, MOLTBOOK_API_KEY: reader };
  const [first, second, third] = pipes([OPENMOLT, "mcp"], env);
  for (const connect of [first, second, third]) {
    const connection = await connect?.();
    assert.ok(connection);
    assert.deepEqual(
      await names(connection),
      USUAL.filter((name) => !/vote$|^follow$/.test(name)),
      connection.era,
    );
    const read = await connection.call("moltbook_post_get", { post_id: post.id });
    assert.equal((inside(read).post as { title: string }).title, "Read by stdio");
    const missing = await connection.call("moltbook_post_get", { post_id: "00000000-0000-4000-8000-000000000000" });
    assert.equal(missing.structuredContent?.code, "NOT_FOUND");
    const said = await connection.call("moltbook_comment_add", { post_id: post.id, content: `By ${connection.era}` });
    assert.ok(!said.isError, said.content[0]?.text);
    assert.match(await connection.read("skill://openmolt/SKILL.md"), /^---\nname: openmolt\n/);
    await connection.close();
  }
  await rm(home, { recursive: true });
});
