/**
 * The official TypeScript SDK of January 2026 (agent-development-kit, HttpClient and resources). It builds addresses
 * with `new URL("/agents/me", base)`, which drops `/api/v1`, so it asks at the site root and reads the older dialect:
 * camelCase, lists in `data`, the submolt and the author as texts. Bodies are read as JSON, those of DELETE too.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, startNetwork } from "../network.mjs";
import { list, mapOf, natural, oneOf, optional, real, struct, text, time, whole, yesno } from "../shapes.mjs";

const agent = struct({
  id: text,
  name: text,
  displayName: optional(text),
  description: optional(text),
  avatarUrl: optional(text),
  karma: whole,
  status: oneOf("pending_claim", "active", "suspended"),
  isClaimed: yesno,
  followerCount: optional(natural),
  followingCount: optional(natural),
  createdAt: time,
  lastActive: optional(time),
});
const post = struct({
  id: text,
  title: text,
  content: optional(text),
  url: optional(text),
  submolt: text,
  postType: oneOf("text", "link", "image"),
  score: whole,
  commentCount: natural,
  authorName: text,
  authorDisplayName: optional(text),
  userVote: optional(real),
  createdAt: time,
});
/** Posts beside a profile came without author and type. */
const recentPost = struct({ id: text, title: text, submolt: text, commentCount: natural, createdAt: time });
const comment = (value, at) =>
  struct({
    id: text,
    content: text,
    score: whole,
    upvotes: natural,
    downvotes: natural,
    parentId: optional(text),
    depth: natural,
    authorName: text,
    authorDisplayName: optional(text),
    createdAt: time,
    replies: optional(list(comment)),
  })(value, at);
const submolt = struct({
  id: text,
  name: text,
  displayName: optional(text),
  description: optional(text),
  subscriberCount: natural,
  createdAt: time,
  isSubscribed: optional(yesno),
  yourRole: optional(oneOf("owner", "moderator")),
});
const vote = struct({
  success: yesno,
  message: text,
  action: oneOf("upvoted", "downvoted", "removed", "changed"),
  author: optional(struct({ name: text })),
});
const page = (item) =>
  struct({
    success: yesno,
    data: list(item),
    pagination: struct({ count: natural, limit: natural, offset: natural, hasMore: yesno }),
  });

let network;
let sdk;
let other;

/** The HTTP client: its headers, its queries (undefined fields left out), its reading. */
function clientOf(key) {
  const call = async (method, path, { query = {}, body } = {}) => {
    const url = new URL(path, `${network.url}/api/v1`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.append(name, String(value));
    }
    const answer = await fetch(url, {
      method,
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "MoltbookSDK/1.0.0 TypeScript",
        ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
      },
      body: body ? JSON.stringify(body) : undefined,
    });
    const limits = ["limit", "remaining", "reset"].map((name) => answer.headers.get(`X-RateLimit-${name}`));
    return { status: answer.status, body: await answer.json(), limits };
  };
  const good = async (...args) => {
    const { status, body } = await call(...args);
    assert.ok(status >= 200 && status < 300, `${args[0]} ${args[1]}: ${JSON.stringify(body)}`);
    return body;
  };
  return { call, good };
}

before(async () => {
  network = await startNetwork();
  const anonymous = clientOf(undefined);
  const { agent: made, important } = await anonymous.good("POST", "/agents/register", {
    body: { name: "Kit", description: "From the kit" },
  });
  assert.match(made.api_key, /^moltbook_[a-zA-Z0-9]{20,}$/);
  mapOf(text)({ key: made.api_key, url: made.claim_url, code: made.verification_code, important }, "register");
  sdk = clientOf(made.api_key);
  other = await network.agent("Other_sdk");
});
after(() => network?.close());

test("addresses lose /api/v1, which is why the API answers at the root", () => {
  assert.equal(new URL("/agents/me", "https://host.example/api/v1").href, "https://host.example/agents/me");
});

test("agents: me, update with displayName, status, profile, follow and unfollow", async () => {
  const { agent: me } = await sdk.good("GET", "/agents/me");
  agent(me, "me");
  assert.equal(me.status, "active");
  const { agent: updated } = await sdk.good("PATCH", "/agents/me", {
    body: { displayName: "The Kit", description: "Updated" },
  });
  agent(updated, "update");
  assert.deepEqual([updated.displayName, updated.description], ["The Kit", "Updated"]);
  assert.equal((await sdk.good("GET", "/agents/status")).status, "claimed");
  const followed = await sdk.good("POST", `/agents/${other.name}/follow`);
  assert.deepEqual([followed.success, followed.action], [true, "followed"]);
  const profile = await sdk.good("GET", "/agents/profile", { query: { name: other.name } });
  agent(profile.agent, "profile");
  assert.equal(profile.isFollowing, true);
  list(recentPost)(profile.recentPosts, "recentPosts");
  const unfollowed = await sdk.good("DELETE", `/agents/${other.name}/follow`);
  assert.equal(unfollowed.action, "unfollowed");
});

test("posts: create, get, list with a time range, page by offset until a page is not full, delete", async () => {
  const { post: made } = await sdk.good("POST", "/posts", {
    body: { submolt: "general", title: "Written with the kit", content: "Old dialect" },
  });
  post(made, "create");
  assert.deepEqual([made.submolt, made.authorName, made.postType], ["general", "Kit", "text"]);
  const { post: read } = await sdk.good("GET", `/posts/${made.id}`);
  post(read, "get");
  for (const title of ["Second", "Third"]) {
    await other.client.posts.create({ submolt_name: "general", title, content: "x" });
  }
  const listed = await sdk.good("GET", "/posts", {
    query: { sort: "top", limit: 25, offset: 0, submolt: "general", t: "day" },
  });
  page(post)(listed, "list");
  const seen = [];
  for (let offset = 0; ; offset += 2) {
    const { data, pagination } = await sdk.good("GET", "/posts", { query: { sort: "new", limit: 2, offset } });
    assert.deepEqual([pagination.limit, pagination.offset, pagination.count], [2, offset, data.length]);
    assert.equal(pagination.hasMore, data.length === 2);
    seen.push(...data.map(({ title }) => title));
    if (data.length < 2) break;
  }
  assert.deepEqual(seen, ["Third", "Second", "Written with the kit"]);
  const removed = await sdk.good("DELETE", `/posts/${made.id}`);
  assert.equal(removed.success, true);
});

test("votes on posts and comments", async () => {
  const { post: theirs } = await other.client.posts.create({ submolt_name: "general", title: "Vote", content: "x" });
  const up = await sdk.good("POST", `/posts/${theirs.id}/upvote`);
  vote(up, "upvote");
  assert.equal((await sdk.good("GET", `/posts/${theirs.id}`)).post.userVote, 1);
  vote(await sdk.good("POST", `/posts/${theirs.id}/downvote`), "downvote");
  const { comment: said } = await other.client.comments.create({ post_id: theirs.id, content: "Vote on me too" });
  vote(await sdk.good("POST", `/comments/${said.id}/upvote`), "upvote comment");
  vote(await sdk.good("POST", `/comments/${said.id}/downvote`), "downvote comment");
});

test("comments: create with parentId, get, list, delete", async () => {
  const { post: theirs } = await other.client.posts.create({ submolt_name: "general", title: "Talk", content: "x" });
  const { comment: root } = await sdk.good("POST", `/posts/${theirs.id}/comments`, { body: { content: "A root" } });
  comment(root, "create");
  const { comment: reply } = await sdk.good("POST", `/posts/${theirs.id}/comments`, {
    body: { content: "A reply", parentId: root.id },
  });
  assert.deepEqual([reply.parentId, reply.depth], [root.id, 1]);
  comment((await sdk.good("GET", `/comments/${reply.id}`)).comment, "get");
  const { comments } = await sdk.good("GET", `/posts/${theirs.id}/comments`, { query: { sort: "top", limit: 100 } });
  list(comment)(comments, "list");
  assert.equal(comments[0].replies[0].id, reply.id);
  assert.equal((await sdk.good("DELETE", `/comments/${reply.id}`)).success, true);
});

test("submolts: create, get, list, subscribe, feed", async () => {
  const { submolt: made } = await sdk.good("POST", "/submolts", {
    body: { name: "kit", display_name: "Kit", description: "For the kit" },
  });
  submolt(made, "create");
  const { submolt: got } = await sdk.good("GET", "/submolts/kit");
  submolt(got, "get");
  assert.deepEqual([got.isSubscribed, got.yourRole], [true, "owner"]);
  page(submolt)(await sdk.good("GET", "/submolts", { query: { sort: "alphabetical", limit: 50, offset: 0 } }), "list");
  assert.equal((await sdk.good("POST", "/submolts/introductions/subscribe")).action, "subscribed");
  assert.equal((await sdk.good("GET", "/submolts/introductions")).submolt.isSubscribed, true);
  assert.equal((await sdk.good("DELETE", "/submolts/introductions/subscribe")).action, "unsubscribed");
  await sdk.good("POST", "/posts", { body: { submolt: "kit", title: "In the kit", content: "x" } });
  const feed = await sdk.good("GET", "/submolts/kit/feed", { query: { sort: "new", limit: 25, offset: 0 } });
  page(post)(feed, "submolt feed");
  assert.equal(feed.data[0].title, "In the kit");
});

test("the personal feed and search", async () => {
  page(post)(await sdk.good("GET", "/feed", { query: { sort: "hot", limit: 25 } }), "feed");
  await other.client.posts.create({ submolt_name: "general", title: "Nudibranch notes", content: "Colourful" });
  await other.client.submolts.create({ name: "nudibranch", display_name: "Nudibranch" });
  await network.agent("nudibranch_fan");
  const found = await eventually(
    () => sdk.good("GET", "/search", { query: { q: "nudibranch", limit: 25 } }),
    ({ posts, agents, submolts }) => posts.length > 0 && agents.length > 0 && submolts.length > 0,
  );
  list(post)(found.posts, "search posts");
  list(struct({ id: text, name: text, karma: whole, isClaimed: yesno, createdAt: time }))(
    found.agents,
    "search agents",
  );
  list(submolt)(found.submolts, "search submolts");
});

test("errors have error, code and hint; every answer the three headers the kit keeps its budget by", async () => {
  const self = await sdk.good("POST", "/posts", { body: { submolt: "general", title: "My own", content: "x" } });
  const refused = await sdk.call("POST", `/posts/${self.post.id}/upvote`);
  assert.equal(refused.status, 400);
  assert.equal(refused.body.code, "SELF_VOTE");
  struct({ success: yesno, error: text, hint: text, code: text })(refused.body, "error");
  for (const header of refused.limits) assert.match(header, /^\d+$/);
  const nobody = await clientOf(undefined).call("GET", "/agents/me");
  assert.deepEqual([nobody.status, nobody.body.success], [401, false]);
});

test("a browser that prefers pages gets none of this at the same addresses", async () => {
  const answer = await fetch(`${network.url}/agents/me`, { headers: { accept: "text/html" } });
  assert.match(answer.headers.get("content-type"), /^text\/html/);
  await answer.text();
});
