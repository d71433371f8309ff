/**
 * HiroyukiNIshimura/moltbook-client (TypeScript, February 2026): JSON headers on every request, also without a body;
 * `retry_after_*` of a refusal; a DELETE with a body; and the documents it downloads.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, startNetwork } from "../network.mjs";
import { formWith } from "../pictures.mjs";
import { list, natural, oneOf, optional, real, struct, text, time, whole, yesno } from "../shapes.mjs";

const author = struct({ name: text, avatar_url: optional(text) });
const submoltRef = struct({ name: text, display_name: text, description: optional(text) });
const post = struct({
  id: text,
  title: text,
  content: optional(text),
  url: optional(text),
  submolt: submoltRef,
  author,
  upvotes: natural,
  downvotes: natural,
  comment_count: natural,
  created_at: time,
  is_pinned: optional(yesno),
});
/** Posts beside a profile, of which it reads these. */
const recentPost = struct({ id: text, title: text, comment_count: natural });
const comment = struct({
  id: text,
  content: text,
  author,
  parent_id: optional(text),
  upvotes: natural,
  downvotes: natural,
  created_at: time,
});
const agent = struct({
  name: text,
  description: text,
  karma: whole,
  follower_count: natural,
  following_count: natural,
  is_claimed: yesno,
  is_active: yesno,
  created_at: time,
  last_active: time,
  avatar_url: optional(text),
});
const details = struct({
  name: text,
  display_name: text,
  subscriber_count: optional(natural),
  post_count: optional(natural),
  created_at: optional(time),
  banner_color: optional(text),
  theme_color: optional(text),
  avatar_url: optional(text),
  banner_url: optional(text),
});
const hit = struct({
  id: text,
  type: oneOf("post", "comment"),
  title: optional(text),
  content: text,
  upvotes: natural,
  downvotes: natural,
  similarity: real,
  author,
  submolt: optional(submoltRef),
  post_id: text,
  created_at: time,
});

let network;
let bot;
let other;

before(async () => {
  network = await startNetwork();
  bot = await network.agent("T69");
  other = await network.agent();
});
after(() => network?.close());

async function request(path, options = {}) {
  const answer = await fetch(`${network.url}/api/v1${path}`, {
    ...options,
    headers: { Authorization: `Bearer ${bot.key}`, "Content-Type": "application/json", ...options.headers },
  });
  const body = await answer.json();
  assert.ok(answer.ok, `${path}: ${JSON.stringify(body)}`);
  return body;
}
const send = (method, path, json) =>
  request(path, { method, ...(json === undefined ? {} : { body: JSON.stringify(json) }) });
/** A form goes without the JSON header. */
async function upload(path, form) {
  const headers = { Authorization: `Bearer ${bot.key}` };
  const answer = await fetch(`${network.url}/api/v1${path}`, { method: "POST", headers, body: form });
  const body = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(body));
  return body;
}

test("its heartbeat: me, posts, replies on the own posts, vote, comment, follow", async () => {
  const me = await request("/agents/me");
  agent(me.agent, "me");
  const { post: theirs } = await other.client.posts.create({ submolt_name: "general", title: "Hello", content: "x" });
  const { posts } = await request("/posts?sort=new&limit=15");
  list(post)(posts, "posts");
  const up = await send("POST", `/posts/${theirs.id}/upvote`);
  struct({ success: yesno, message: optional(text), author: optional(author), already_following: optional(yesno) })(
    up,
    "up",
  );
  const made = await send("POST", `/posts/${theirs.id}/comments`, { content: "Hello to you" });
  comment(made.comment, "comment");
  author(made.author, "author of the post");
  const mine = await send("POST", "/posts", { submolt: "general", title: "Mine", content: "x" });
  post(mine.post, "created");
  await other.client.comments.create({ post_id: mine.post.id, content: "A reply" });
  const profile = await request(`/agents/profile?name=${encodeURIComponent(bot.name)}`);
  list(recentPost)(profile.recentPosts, "recentPosts");
  assert.equal(profile.recentPosts[0].comment_count, 1);
  const { comments } = await request(`/posts/${mine.post.id}/comments?sort=new`);
  list(comment)(comments, "comments");
  assert.equal((await send("POST", `/agents/${other.name}/follow`)).success, true);
  assert.equal((await send("DELETE", `/agents/${other.name}/follow`)).success, true);
});

test("everything else it has: status, profile, avatar, feeds, links, pins, votes, search", async () => {
  oneOf("pending_claim", "claimed")((await request("/agents/status")).status, "status");
  const profileUpdate = { description: "Speaks Hakata", metadata: { mood: "teasing" } };
  assert.equal((await send("PATCH", "/agents/me", profileUpdate)).success, true);
  text((await upload("/agents/me/avatar", formWith("file", {}, "image/png"))).avatar_url, "avatar_url");
  assert.equal((await send("DELETE", "/agents/me/avatar")).success, true);
  list(post)((await request("/feed?sort=new&limit=25")).posts, "feed");
  const link = await send("POST", "/posts", { submolt: "general", title: "Cuttlefish", url: "https://example.org/" });
  list(post)((await request("/submolts/general/feed?sort=new&limit=25")).posts, "submolt feed");
  assert.equal((await send("DELETE", `/posts/${link.post.id}`)).success, true);
  const { post: theirs } = await other.client.posts.create({
    submolt_name: "general",
    title: "Cuttlebone",
    content: "x",
  });
  const { comment: said } = await other.client.comments.create({ post_id: theirs.id, content: "A cuttlebone floats" });
  assert.equal((await send("POST", `/posts/${theirs.id}/downvote`)).success, true);
  assert.equal((await send("POST", `/comments/${said.id}/upvote`)).success, true);
  assert.equal((await send("POST", `/comments/${said.id}/downvote`)).success, true);
  const found = await eventually(
    () => request("/search?q=cuttlebone&type=all&limit=10"),
    ({ results }) => results.length === 2,
  );
  list(hit)(found.results, "results");
  assert.deepEqual([found.query, found.type, found.count], ["cuttlebone", "all", 2]);
});

test("submolts: create, settings, pictures in one form with `type`, moderators with the name in the body", async () => {
  const made = await send("POST", "/submolts", { name: "hakata", display_name: "Hakata", description: "Dialect" });
  details(made.submolt, "created");
  list(details)((await request("/submolts")).submolts, "submolts");
  details((await request("/submolts/hakata")).submolt, "submolt");
  const settings = { description: "More", banner_color: "#000000", theme_color: "#ffffff" };
  assert.equal((await send("PATCH", "/submolts/hakata/settings", settings)).success, true);
  for (const type of ["avatar", "banner"]) {
    const { success } = await upload("/submolts/hakata/settings", formWith("file", { type }, ""));
    assert.equal(success, true);
  }
  const { post: pinned } = await send("POST", "/posts", { submolt: "hakata", title: "Pin", content: "x" });
  assert.equal((await send("POST", `/posts/${pinned.id}/pin`)).success, true);
  assert.equal((await send("DELETE", `/posts/${pinned.id}/pin`)).success, true);
  await send("POST", "/submolts/hakata/moderators", { agent_name: other.name, role: "moderator" });
  assert.equal((await request("/submolts/hakata/moderators")).moderators.length, 2);
  await send("DELETE", "/submolts/hakata/moderators", { agent_name: other.name });
  assert.equal((await request("/submolts/hakata/moderators")).moderators.length, 1);
  assert.equal((await send("POST", "/submolts/introductions/subscribe")).success, true);
  assert.equal((await send("DELETE", "/submolts/introductions/subscribe")).success, true);
});

test("the documents it downloads when the version in skill.json has changed", async () => {
  const { version } = await (await fetch(`${network.url}/skill.json`)).json();
  assert.match(version, /^\d+\.\d+\.\d+/);
  for (const file of ["skill.md", "heartbeat.md", "messaging.md"]) {
    const answer = await fetch(`${network.url}/${file}`);
    assert.ok(answer.ok && (await answer.text()).length > 500, file);
  }
});
