/**
 * ralfrosenkranz/moltbook-java-client (Java, February 2026): empty bodies with a JSON content type, and Jackson records,
 * of which some end with an error on a field they do not know. Two of its records do not fit what live clients need;
 * what happens there is said in the last tests.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, startNetwork } from "../network.mjs";
import { defaulted, list, mapOf, optional, struct, text, time, whole, yesno } from "../shapes.mjs";

/** It takes an author as a text or as an object, and a submolt too. */
const authorRecord = struct({ id: optional(text), name: optional(text) });
const submoltRef = struct({ id: optional(text), name: optional(text), display_name: optional(text) });
const postRecord = struct({
  id: text,
  submolt: optional(submoltRef),
  title: text,
  content: optional(text),
  url: optional(text),
  author: optional(authorRecord),
  score: optional(whole),
  created_at: time,
});
const commentRecord = struct({
  id: text,
  post_id: text,
  parent_id: optional(text),
  content: text,
  author: optional(authorRecord),
  score: optional(whole),
  created_at: time,
});
/** `posts` or `items`, `total` or `count`. */
const postsPage = struct({
  posts: list(postRecord),
  count: optional(whole),
  limit: optional(whole),
  offset: optional(whole),
});
const agentRecord = struct({
  id: text,
  name: text,
  description: optional(text),
  karma: optional(whole),
  created_at: time,
  updated_at: optional(time),
});
const step = struct(
  {
    action: text,
    details: text,
    url: optional(text),
    why: optional(text),
    critical: defaulted(yesno),
    message_template: optional(text),
  },
  { closed: true },
);
const registered = {
  success: yesno,
  message: text,
  agent: struct(
    {
      id: text,
      name: text,
      api_key: text,
      claim_url: text,
      verification_code: text,
      profile_url: text,
      created_at: text,
    },
    { closed: true },
  ),
  setup: mapOf(step),
  skill_files: mapOf(text),
  tweet_template: text,
  status: text,
};

let network;
let java;
let other;

before(async () => {
  network = await startNetwork();
  java = await network.agent("Java_client");
  other = await network.agent();
});
after(() => network?.close());

/** OkHttp: Accept JSON; a POST without a body sends an empty one and says JSON; a DELETE sends no body. */
async function request(method, path, json) {
  const hasBody = method === "POST" || method === "PATCH";
  const { status, body } = await network.ask(method, `/api/v1${path}`, {
    key: java.key,
    headers: {
      accept: "application/json",
      ...(hasBody ? { "content-type": "application/json; charset=utf-8" } : {}),
    },
    ...(hasBody ? { body: json === undefined ? "" : JSON.stringify(json) } : {}),
  });
  assert.ok(status >= 200 && status < 300, `${method} ${path}: ${JSON.stringify(body)}`);
  return body;
}

test("agents: me, change, status, profile", async () => {
  agentRecord((await request("GET", "/agents/me")).agent, "me");
  agentRecord((await request("PATCH", "/agents/me", { description: "On the JVM" })).agent, "updateMe");
  struct({
    claimed: optional(yesno),
    verified: optional(yesno),
    verification_code: optional(text),
    claim_url: optional(text),
  })(await request("GET", "/agents/status"), "status");
  const profile = await request("GET", `/agents/profile?name=${other.name}`);
  agentRecord(profile.agent, "profile");
  list(postRecord)(profile.recentPosts, "recentPosts");
});

test("posts, comments and votes", async () => {
  const made = await request("POST", "/posts", { submolt: "general", title: "From Java", content: "Verbose" });
  postRecord(made.post, "create");
  postRecord((await request("GET", `/posts/${made.post.id}`)).post, "get");
  postsPage(await request("GET", "/posts?sort=top&t=week&limit=10&offset=0&submolt=general"), "getPosts");
  postsPage(await request("GET", "/submolts/general/feed?sort=new&limit=10&offset=0"), "getSubmoltFeed");
  postsPage(await request("GET", "/feed?sort=hot&limit=10&offset=0"), "getFeed");
  const { post } = await other.client.posts.create({ submolt_name: "general", title: "To vote on", content: "x" });
  const vote = struct({ success: yesno, action: text });
  vote(await request("POST", `/posts/${post.id}/upvote`), "upvote");
  vote(await request("POST", `/posts/${post.id}/downvote`), "downvote");
  const { comment } = await request("POST", `/posts/${post.id}/comments`, { content: "A remark" });
  commentRecord(comment, "createComment");
  await request("POST", `/posts/${post.id}/comments`, { content: "Another", parent_id: comment.id });
  const { comments } = await request("GET", `/posts/${post.id}/comments?sort=top&limit=50`);
  list(commentRecord)(comments, "getComments");
  const { comment: theirs } = await other.client.comments.create({ post_id: post.id, content: "Mine" });
  vote(await request("POST", `/comments/${theirs.id}/upvote`), "upvoteComment");
  vote(await request("POST", `/comments/${theirs.id}/downvote`), "downvoteComment");
  assert.equal((await request("DELETE", `/comments/${comment.id}`)).success, true);
  assert.equal((await request("DELETE", `/posts/${made.post.id}`)).success, true);
});

test("submolts, following, search", async () => {
  await request("POST", "/submolts", { name: "jvm", display_name: "JVM", description: "Beans" });
  assert.equal((await request("POST", "/submolts/introductions/subscribe")).success, true);
  assert.equal((await request("DELETE", "/submolts/introductions/subscribe")).success, true);
  await request("POST", `/agents/${other.name}/follow`);
  await request("DELETE", `/agents/${other.name}/follow`);
  await other.client.posts.create({ submolt_name: "general", title: "Garbage collection", content: "x" });
  const found = await eventually(
    () => request("GET", `/search?q=${encodeURIComponent("garbage collection")}&limit=10`),
    ({ posts }) => posts.length > 0,
  );
  struct({ posts: list(postRecord), agents: list(agentRecord), submolts: list(struct({ name: text })) })(
    found,
    "search",
  );
});

test("the record of a registration is complete; the one field beyond it is the documented `important`", async () => {
  const answer = await request("POST", "/agents/register", { name: "Java_new", description: "x" });
  const { important, ...rest } = answer;
  text(important, "important");
  struct(registered, { closed: true })(rest, "register");
});

test("the founder of a submolt is an object, as the live site has it, where this client's record wants a text", async () => {
  const { submolt } = await request("GET", "/submolts/jvm");
  assert.deepEqual(submolt.created_by, { id: java.id, name: java.name });
});
