/**
 * The package @moltcraft/moltbook-mcp 1.10.0, as published but for the one file its tarball lacks: each of its 18 tools
 * for the network does what it says. Tools that only look at the package's own notes are asked about what the others did.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { folderOf, startMcp } from "./mcp.mjs";
import { eventually, startNetwork } from "./network.mjs";

const PACKAGE = "@moltcraft/moltbook-mcp";
/** All others of its tools talk to other services. */
const TOOLS = [
  ...["post", "post_create", "comment", "vote", "search", "submolts", "profile", "profile_update", "follow"],
  ...["github_map", "state", "thread_diff", "digest", "trust", "karma", "pending", "export", "import"],
].map((tool) => `moltbook_${tool}`);
/** The package writes it beside its own code. */
const githubMap = () => join(folderOf(PACKAGE), "github-mappings.json");

let network;
let home;
let mcp;
let carol;
let dave;

const called = new Set();
const start = (settings = {}, place = home) =>
  startMcp({
    name: PACKAGE,
    program: "index.js",
    env: { MOLTBOOK_API_KEY: carol.key, OPENMOLT_URL: network.url, ...settings },
    home: place,
    called,
  });

before(async () => {
  network = await startNetwork();
  home = await mkdtemp(join(tmpdir(), "openmolt-moltcraft-"));
  carol = await network.agent("Carol_mcp");
  dave = await network.agent("Dave_sdk");
  mcp = await start();
});

after(async () => {
  await mcp?.close();
  await network?.close();
  await rm(home, { recursive: true, force: true });
  await rm(githubMap(), { force: true });
});

async function run(tool, input) {
  const { isError, text } = await mcp.call(tool, input);
  assert.ok(!isError, `${tool}: ${text}`);
  return text;
}

const runJson = async (tool, input) => JSON.parse(await run(tool, input));

async function davesPost(title, content = `A tool for ${title}: npm install it`) {
  const { post } = await dave.client.posts.create({ submolt_name: "general", title, content });
  return post;
}

test("it offers its 18 tools for the network", () => {
  assert.deepEqual(
    TOOLS.filter((tool) => !mcp.tools.includes(tool)),
    [],
  );
  assert.equal(TOOLS.length, 18);
});

test("moltbook_post shows a post with author, submolt, counts and its comments", async () => {
  const post = await davesPost("reading posts");
  const { comment } = await dave.client.comments.create({ post_id: post.id, content: "A first word" });
  await dave.client.comments.create({ post_id: post.id, content: "A second word", parent_id: comment.id });
  const text = await run("moltbook_post", { post_id: post.id });
  assert.match(text, /reading posts.*by @Dave_sdk in m\/general/);
  assert.match(text, /0↑ 0↓ 2 comments/);
  assert.match(text, new RegExp(`@Dave_sdk \\[0↑\\] \\(id:${comment.id}\\): .*A first word`));
  assert.match(text, /\n {2}@Dave_sdk .*A second word/);
});

test("moltbook_post_create posts", async () => {
  const { success, post } = await runJson("moltbook_post_create", {
    submolt: "general",
    title: "Posted through the package",
    content: "With a body",
  });
  assert.equal(success, true);
  const seen = await dave.client.posts.get({ post_id: post.id });
  assert.deepEqual(
    [seen.post.title, seen.post.content, seen.post.author.name],
    [post.title, "With a body", carol.name],
  );
});

test("moltbook_comment comments and replies", async () => {
  const post = await davesPost("being commented on");
  const { comment } = await runJson("moltbook_comment", { post_id: post.id, content: "From the package" });
  const reply = await runJson("moltbook_comment", { post_id: post.id, content: "And on", parent_id: comment.id });
  const { comments } = await dave.client.comments.list({ post_id: post.id });
  assert.deepEqual([comments[0].content, comments[0].replies[0].id], ["From the package", reply.comment.id]);
});

test("moltbook_vote votes on posts and comments, and does not take an upvote back by mistake", async () => {
  const post = await davesPost("being voted on");
  const { comment } = await dave.client.comments.create({ post_id: post.id, content: "Vote on me" });
  const onPost = await runJson("moltbook_vote", { type: "post", id: post.id, direction: "upvote" });
  assert.equal(onPost.action, "upvoted");
  assert.match(await run("moltbook_vote", { type: "post", id: post.id, direction: "upvote" }), /Already upvoted/);
  assert.equal((await dave.client.posts.get({ post_id: post.id })).post.score, 1);
  await runJson("moltbook_vote", { type: "comment", id: comment.id, direction: "downvote" });
  assert.equal((await dave.client.comments.get({ comment_id: comment.id })).comment.downvotes, 1);
});

test("moltbook_submolts lists every submolt with its readers", async () => {
  await dave.client.submolts.create({ name: "workshop", display_name: "The Workshop" });
  assert.match(await run("moltbook_submolts"), /^m\/workshop \(1 subs\) — The Workshop$/m);
});

test("moltbook_profile shows oneself and others; moltbook_profile_update changes oneself", async () => {
  await runJson("moltbook_profile_update", { description: "Rewritten through the package" });
  const { agent } = await dave.client.agents.profile({ name: carol.name });
  assert.equal(agent.description, "Rewritten through the package");
  assert.equal((await runJson("moltbook_profile")).agent.id, carol.id);
  assert.equal((await runJson("moltbook_profile", { name: dave.name })).agent.id, dave.id);
});

test("moltbook_follow follows and unfollows", async () => {
  const followers = async () => (await dave.client.agents.profile({ name: dave.name })).agent.follower_count;
  const { action } = await runJson("moltbook_follow", { name: dave.name, action: "follow" });
  assert.equal(action, "followed");
  assert.equal(await followers(), 1);
  await runJson("moltbook_follow", { name: dave.name, action: "unfollow" });
  assert.equal(await followers(), 0);
});

test("moltbook_digest reads the feed, one submolt, and widely", async () => {
  const post = await davesPost("digesting");
  const found = new RegExp(`digesting.*by @Dave_sdk in m/general\\s+ID: ${post.id}`, "s");
  assert.match(await run("moltbook_digest", {}), found);
  assert.match(await run("moltbook_digest", { submolt: "general", sort: "new", limit: 5 }), found);
  assert.match(await run("moltbook_digest", { mode: "wide", sort: "hot" }), /^Digest \(\d+ signal posts/);
});

test("moltbook_thread_diff tells which threads have grown", async () => {
  const post = await davesPost("growing");
  await run("moltbook_post", { post_id: post.id });
  await dave.client.comments.create({ post_id: post.id, content: "It grows" });
  const text = await run("moltbook_thread_diff", { scope: "all" });
  assert.match(text, new RegExp(`\\[\\+1\\] .*growing.* in m/general \\(1 total\\)\\s+ID: ${post.id}`, "s"));
  assert.doesNotMatch(text, /Failed to check/);
});

test("moltbook_karma sets karma against posts and comments", async () => {
  await carol.client.agents.follow({ name: dave.name });
  const { agent } = await carol.client.agents.profile({ name: dave.name });
  const row = (await run("moltbook_karma", { authors: [dave.name] })).split("\n").at(-1);
  const [, , karma, posts, comments, followers, name] = row.split("|").map((cell) => cell.trim());
  assert.deepEqual([karma, posts, comments, followers].map(Number), [
    agent.karma,
    agent.posts_count,
    agent.comments_count,
    agent.follower_count,
  ]);
  assert.ok(agent.posts_count > 0 && agent.comments_count > 0);
  assert.equal(name, `@${dave.name}`);
});

test("moltbook_trust and moltbook_state know what was seen, commented and voted on", async () => {
  const post = await davesPost("being trusted");
  await run("moltbook_post", { post_id: post.id });
  await run("moltbook_vote", { type: "post", id: post.id, direction: "upvote" });
  await run("moltbook_comment", { post_id: post.id, content: "I trust this" });
  assert.match(await run("moltbook_trust", { author: dave.name }), /Upvoted: [1-9]\d* \| Commented: [1-9]/);
  const state = await run("moltbook_state", { format: "full" });
  assert.match(state, /This session actions: .*posted "Posted through the package" in m\/general/);
  assert.match(state, /- Items voted on: [1-9]/);
});

test("moltbook_pending keeps a comment that was refused for want of a key, and sends it once there is one", async () => {
  const post = await davesPost("waiting for the key");
  const place = await mkdtemp(join(home, "keyless-"));
  const keyless = await start({ MOLTBOOK_API_KEY: "" }, place);
  const refused = JSON.parse((await keyless.call("moltbook_comment", { post_id: post.id, content: "Later" })).text);
  await keyless.close();
  assert.deepEqual([refused.success, refused._queued], [false, true]);
  const keyed = await start({}, place);
  assert.match((await keyed.call("moltbook_pending", { action: "list" })).text, /1 pending comment/);
  assert.match((await keyed.call("moltbook_pending", { action: "retry" })).text, /1\/1 succeeded/);
  await keyed.close();
  const { comments } = await dave.client.comments.list({ post_id: post.id });
  assert.deepEqual(
    comments.map(({ content, author }) => [content, author.name]),
    [["Later", carol.name]],
  );
});

test("a comment on a deleted post is refused without a word about the key, so that none is kept for later", async () => {
  const post = await davesPost("going away");
  await dave.client.posts.remove({ post_id: post.id });
  const refused = await runJson("moltbook_comment", { post_id: post.id, content: "Too late" });
  assert.deepEqual([refused.success, refused.statusCode, refused._queued], [false, 410, undefined]);
});

test("moltbook_export and moltbook_import carry the notes from one agent to another", async () => {
  const text = await run("moltbook_export");
  const notes = text.slice(text.indexOf("{"));
  assert.ok(Object.keys(JSON.parse(notes).seen).length > 0);
  assert.match(await run("moltbook_import", { state_json: notes }), /Import complete\. Added: seen: \+0/);
});

test("moltbook_github_map remembers where an agent's code is", async () => {
  await run("moltbook_github_map", { handle: dave.name, github: "https://github.com/example" });
  assert.match(await run("moltbook_github_map", {}), /@Dave_sdk\s+GitHub: https:\/\/github\.com\/example/);
});

test("moltbook_search asks in the current form, and finds by kind when the reroute groups the results", async () => {
  const post = await davesPost("Quetzal sightings");
  await eventually(
    () => dave.client.search.find({ q: "quetzal" }),
    ({ results }) => results.some(({ id }) => id === post.id),
  );
  assert.equal(await run("moltbook_search", { query: "quetzal" }), "No results.");
  const grouping = await start({ OPENMOLT_SEARCH: "grouped" });
  try {
    const { text } = await grouping.call("moltbook_search", { query: "quetzal", limit: 5 });
    assert.match(text, new RegExp(`Posts:\\s+\\[0↑\\] .*Quetzal sightings.* by @Dave_sdk \\(${post.id}\\)`, "s"));
  } finally {
    await grouping.close();
  }
});

test("every one of the 18 tools has been called", () => {
  assert.deepEqual(
    TOOLS.filter((tool) => !called.has(tool)),
    [],
  );
});
