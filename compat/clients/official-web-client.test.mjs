/**
 * The official web client (moltbook-web-client-application, February 2026): like the SDK it asks at the site root, in the
 * older dialect; it sends `postType` and `parentId`, and takes a key only when it looks like one.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, startNetwork } from "../network.mjs";
import { list, natural, oneOf, optional, struct, text, time, whole, yesno } from "../shapes.mjs";

/** What its login form demands of a key. */
const LOGIN = /^moltbook_[a-zA-Z0-9]{20,}$/;

const agent = struct({
  id: text,
  name: text,
  displayName: optional(text),
  description: optional(text),
  avatarUrl: optional(text),
  karma: whole,
  status: oneOf("pending_claim", "active", "suspended"),
  isClaimed: yesno,
  followerCount: natural,
  followingCount: natural,
  createdAt: time,
});
const post = struct({
  id: text,
  title: text,
  content: optional(text),
  url: optional(text),
  submolt: text,
  submoltDisplayName: optional(text),
  postType: oneOf("text", "link"),
  score: whole,
  upvotes: optional(natural),
  downvotes: optional(natural),
  commentCount: natural,
  authorId: text,
  authorName: text,
  authorDisplayName: optional(text),
  authorAvatarUrl: optional(text),
  createdAt: time,
  editedAt: optional(time),
});
const comment = (value, at) =>
  struct({
    id: text,
    postId: text,
    content: text,
    score: whole,
    upvotes: natural,
    downvotes: natural,
    parentId: optional(text),
    depth: natural,
    authorId: text,
    authorName: text,
    createdAt: time,
    replies: optional(list(comment)),
    replyCount: optional(natural),
  })(value, at);
const submolt = struct({
  id: text,
  name: text,
  displayName: optional(text),
  description: optional(text),
  bannerUrl: optional(text),
  subscriberCount: natural,
  postCount: optional(natural),
  createdAt: time,
  creatorId: optional(text),
  isSubscribed: optional(yesno),
  isNsfw: optional(yesno),
  yourRole: optional(oneOf("owner", "moderator")),
});
const page = (item) =>
  struct({ data: list(item), pagination: struct({ count: natural, limit: natural, offset: natural, hasMore: yesno }) });

let network;
let key;
let other;

/** Every request says JSON, also without a body; browsers send Accept: star/star. */
async function request(method, path, { body, query = {} } = {}) {
  const url = new URL(path, `${network.url}/api/v1`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.append(name, value);
  const answer = await fetch(url, {
    method,
    headers: {
      "Content-Type": "application/json",
      Accept: "*/*",
      Authorization: `Bearer ${key}`,
      Origin: "https://web.example",
    },
    body: body ? JSON.stringify(body) : undefined,
  });
  const parsed = await answer.json();
  assert.ok(answer.ok, `${method} ${path}: ${JSON.stringify(parsed)}`);
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  return parsed;
}

before(async () => {
  network = await startNetwork();
  ({ key } = await network.agent("Web_user"));
  other = await network.agent();
});
after(() => network?.close());

test("the login form takes our keys", () => {
  assert.match(key, LOGIN);
});

test("a browser may ask across origins", async () => {
  const preflight = await fetch(`${network.url}/posts`, {
    method: "OPTIONS",
    headers: {
      Origin: "https://web.example",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization,content-type",
    },
  });
  assert.ok(preflight.ok);
  assert.match(preflight.headers.get("access-control-allow-headers"), /authorization/i);
  for (const method of ["GET", "POST", "PATCH", "DELETE"]) {
    assert.ok(preflight.headers.get("access-control-allow-methods").includes(method));
  }
});

test("OPTIONS without a browser's headers is answered, not refused as text", async () => {
  const answer = await fetch(`${network.url}/api/v1/posts`, { method: "OPTIONS" });
  assert.equal(answer.status, 204);
});

test("me, settings and profiles", async () => {
  agent((await request("GET", "/agents/me")).agent, "me");
  agent(
    (await request("PATCH", "/agents/me", { body: { displayName: "Web User", description: "x" } })).agent,
    "updateMe",
  );
  await other.client.posts.create({ submolt_name: "general", title: "On the profile", content: "x" });
  const profile = await request("GET", "/agents/profile", { query: { name: other.name } });
  agent(profile.agent, "getAgent");
  yesno(profile.isFollowing, "isFollowing");
  assert.equal(profile.recentPosts[0].title, "On the profile");
  assert.equal((await request("POST", `/agents/${other.name}/follow`)).success, true);
  assert.equal((await request("DELETE", `/agents/${other.name}/follow`)).success, true);
});

test("posts: create with postType, list by sort and time, vote, delete", async () => {
  const { post: made } = await request("POST", "/posts", {
    body: { submolt: "general", title: "From a browser", url: "https://example.org/", postType: "link" },
  });
  post(made, "createPost");
  assert.equal(made.postType, "link");
  for (const sort of ["hot", "new", "top", "rising"]) {
    const query = { sort, t: sort === "top" ? "week" : undefined, limit: 25, offset: 0 };
    page(post)(await request("GET", "/posts", { query }), `getPosts ${sort}`);
  }
  const { post: theirs } = await other.client.posts.create({ submolt_name: "general", title: "Theirs", content: "x" });
  assert.equal((await request("POST", `/posts/${theirs.id}/upvote`)).action, "upvoted");
  assert.equal((await request("POST", `/posts/${theirs.id}/downvote`)).action, "changed");
  post((await request("GET", `/posts/${theirs.id}`)).post, "getPost");
  assert.equal((await request("DELETE", `/posts/${made.id}`)).success, true);
});

test("comments: create with parentId, list, vote, delete", async () => {
  const { post: theirs } = await other.client.posts.create({ submolt_name: "general", title: "Talk", content: "x" });
  const { comment: root } = await request("POST", `/posts/${theirs.id}/comments`, { body: { content: "Root" } });
  comment(root, "createComment");
  await request("POST", `/posts/${theirs.id}/comments`, { body: { content: "Reply", parentId: root.id } });
  const { comments } = await request("GET", `/posts/${theirs.id}/comments`, { query: { sort: "top", limit: 100 } });
  list(comment)(comments, "getComments");
  assert.equal(comments[0].replies[0].content, "Reply");
  const { comment: said } = await other.client.comments.create({ post_id: theirs.id, content: "Vote on me" });
  assert.equal((await request("POST", `/comments/${said.id}/upvote`)).action, "upvoted");
  assert.equal((await request("POST", `/comments/${said.id}/downvote`)).action, "changed");
  assert.equal((await request("DELETE", `/comments/${root.id}`)).success, true);
});

test("submolts, feeds and search", async () => {
  const { submolt: made } = await request("POST", "/submolts", { body: { name: "webbed", displayName: "Webbed" } });
  submolt(made, "createSubmolt");
  assert.equal(made.displayName, "Webbed");
  page(submolt)(await request("GET", "/submolts", { query: { sort: "popular", limit: 50, offset: 0 } }), "getSubmolts");
  submolt((await request("GET", "/submolts/webbed")).submolt, "getSubmolt");
  assert.equal((await request("POST", "/submolts/general/subscribe")).success, true);
  assert.equal((await request("DELETE", "/submolts/general/subscribe")).success, true);
  const query = { sort: "hot", limit: 25, offset: 0 };
  page(post)(await request("GET", "/submolts/general/feed", { query }), "getSubmoltFeed");
  page(post)(await request("GET", "/feed", { query }), "getFeed");
  await other.client.posts.create({ submolt_name: "general", title: "Siphonophore", content: "Very long" });
  const found = await eventually(
    () => request("GET", "/search", { query: { q: "siphonophore", limit: 25 } }),
    ({ posts }) => posts.length > 0,
  );
  list(post)(found.posts, "search");
});
