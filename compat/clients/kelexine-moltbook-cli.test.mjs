/**
 * kelexine/moltbook-cli (Rust, June 2026): its requests, and its structures, which end with an error when a field is
 * missing, has another type, or comes under two names.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, startNetwork } from "../network.mjs";
import { formWith } from "../pictures.mjs";
import * as shape from "../shapes.mjs";

const { text, yesno, real, whole, natural, anything, list, optional, defaulted, struct } = shape;

const owner = struct({
  x_handle: optional(text, "xHandle"),
  x_name: optional(text, "xName"),
  x_avatar: optional(text, "xAvatar"),
  x_bio: optional(text, "xBio"),
  x_follower_count: optional(natural),
  x_following_count: optional(natural),
  x_verified: optional(yesno),
});
const author = struct({
  id: optional(text),
  name: text,
  description: optional(text),
  karma: optional(whole),
  follower_count: optional(natural, "followerCount"),
  owner: optional(owner),
  avatar_url: optional(text),
});
const post = struct({
  id: text,
  title: text,
  content: optional(text),
  url: optional(text),
  upvotes: whole,
  downvotes: whole,
  comment_count: optional(natural),
  created_at: text,
  author,
  submolt: optional(struct({ name: text, display_name: text })),
  submolt_name: optional(text),
  you_follow_author: optional(yesno),
  type: optional(text),
  author_id: optional(text),
  score: optional(whole),
  hot_score: optional(real),
  is_pinned: optional(yesno),
  is_locked: optional(yesno),
  is_deleted: optional(yesno),
  updated_at: optional(text),
});
const agent = struct({
  id: text,
  name: text,
  description: optional(text),
  karma: optional(whole),
  follower_count: optional(natural, "followerCount"),
  following_count: optional(natural, "followingCount"),
  is_claimed: optional(yesno, "isClaimed"),
  is_active: optional(yesno, "isActive"),
  created_at: optional(text, "createdAt"),
  last_active: optional(text, "lastActive"),
  claimed_at: optional(text, "claimedAt"),
  owner_id: optional(text, "ownerId"),
  owner: optional(owner),
  avatar_url: optional(text, "avatarUrl"),
  stats: optional(struct({ posts: optional(natural), comments: optional(natural), subscriptions: optional(natural) })),
  metadata: optional(anything),
  recent_posts: optional(list(post)),
});
const submolt = struct({
  id: optional(text),
  name: text,
  display_name: text,
  description: optional(text),
  subscriber_count: optional(natural),
  allow_crypto: optional(yesno),
  creator_id: optional(text),
  created_by: optional(agent),
  post_count: optional(natural),
  is_nsfw: optional(yesno),
  is_private: optional(yesno),
  created_at: optional(text),
  last_activity_at: optional(text),
});
const feed = struct({
  success: yesno,
  posts: list(post),
  feed_type: optional(text),
  context: optional(struct({ page: optional(natural), limit: optional(natural), total: optional(natural) })),
});
const hit = struct({
  id: text,
  type: text,
  title: optional(text),
  content: optional(text),
  upvotes: whole,
  downvotes: whole,
  similarity: optional(real, "relevance"),
  author,
  post_id: optional(text),
});
const dmRequest = struct({
  from: author,
  message: optional(text),
  message_preview: optional(text),
  conversation_id: text,
});
const conversation = struct({
  conversation_id: text,
  with_agent: author,
  you_initiated: defaulted(yesno),
  status: defaulted(text),
  unread_count: defaulted(natural),
});
const message = struct({
  id: defaulted(text),
  sender: shape.required(author, "from_agent"),
  content: shape.required(text, "message"),
  needs_human_input: defaulted(yesno),
  created_at: shape.required(text, "createdAt"),
});
const dmCheck = struct({
  has_activity: yesno,
  summary: optional(text),
  requests: optional(struct({ count: optional(natural), items: list(dmRequest) })),
  messages: optional(struct({ total_unread: natural })),
});
const label = struct({
  id: text,
  key: text,
  label: text,
  color: optional(text),
  kind: text,
  prompt: optional(text),
  cadence_minutes: optional(natural),
  submolt_name: optional(text),
  created_at: optional(text),
});
const role = struct({
  id: text,
  key: text,
  label: text,
  color: optional(text),
  prompt: optional(text),
  cadence_minutes: optional(natural),
  holders: optional(list(struct({ agent: optional(author), attachment_id: optional(text) }))),
});
const attached = struct({
  success: yesno,
  message: optional(text),
  attachment: optional(
    struct({
      id: optional(text),
      label_definition_id: optional(text),
      target_type: optional(text),
      target_id: optional(text),
      placement: optional(text),
    }),
  ),
});
const notifications = struct({
  success: optional(yesno),
  notifications: optional(
    list(
      struct({
        id: text,
        type: optional(text),
        message: optional(text),
        post_id: optional(text),
        post_title: optional(text),
        comment_id: optional(text),
        from_agent: optional(author),
        is_read: optional(yesno),
        created_at: optional(text),
      }),
    ),
  ),
  total: optional(natural),
  unread_count: optional(natural),
  has_more: optional(yesno),
  next_cursor: optional(text),
});
const home = struct({
  success: optional(yesno),
  your_account: optional(struct({ name: text, karma: optional(whole), unread_notification_count: optional(natural) })),
  activity_on_your_posts: optional(
    list(
      struct({
        post_id: text,
        post_title: optional(text),
        submolt_name: optional(text),
        new_notification_count: optional(natural),
        latest_at: optional(text),
        latest_commenters: optional(list(text)),
        preview: optional(text),
        suggested_actions: optional(list(text)),
      }),
    ),
  ),
  your_direct_messages: optional(
    struct({ unread_count: optional(natural), pending_requests: optional(natural), summary: optional(text) }),
  ),
  latest_moltbook_announcement: optional(
    struct({ post_id: optional(text), title: optional(text), preview: optional(text) }),
  ),
  posts_from_accounts_you_follow: optional(
    struct({
      posts: optional(
        list(
          struct({
            post_id: optional(text),
            title: optional(text),
            content_preview: optional(text),
            submolt_name: optional(text),
            author_name: optional(text),
            upvotes: optional(whole),
            comment_count: optional(natural),
            created_at: optional(text),
          }),
        ),
      ),
      total_following: optional(natural),
      see_more: optional(text),
      hint: optional(text),
    }),
  ),
  explore: optional(struct({ description: optional(text), endpoint: optional(text) })),
  check_in: optional(
    struct({
      briefings: optional(
        list(
          struct({
            your_role: optional(text),
            submolt_name: optional(text),
            prompt: optional(text),
            message: optional(text),
            cadence_minutes: optional(natural),
          }),
        ),
      ),
    }),
  ),
  what_to_do_next: optional(list(text)),
  quick_links: optional(anything),
  moderator_status: optional(anything),
});

let network;
let kay;
let lee;

before(async () => {
  network = await startNetwork();
  kay = await network.agent("Kay_cli");
  lee = await network.agent("Lee_sdk");
});
after(() => network?.close());

const base = "/api/v1";
/** An answer of status 200 or 201, read with a structure. */
async function get(path, reader = anything) {
  const { status, body } = await network.ask("GET", base + path, { key: kay.key });
  assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
  reader(body, path);
  return body;
}
/** Every write sends a JSON body, `{}` when there is nothing to say, and looks at `success`. */
async function write(method, path, json = {}) {
  const { status, body } = await network.ask(method, base + path, {
    key: kay.key,
    ...(method === "DELETE" ? {} : { json }),
  });
  assert.ok(status === 200 || status === 201, `${path}: ${JSON.stringify(body)}`);
  assert.equal(body.success, true, path);
  return body;
}
async function upload(path) {
  const { status, body } = await network.ask("POST", base + path, { key: kay.key, body: formWith("file") });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.success, true);
}

test("register reads success and the four fields of the agent", async () => {
  const { status, body } = await network.ask("POST", `${base}/agents/register`, {
    json: { name: "Fresh_cli", description: "" },
  });
  assert.equal(status, 201);
  struct({
    success: yesno,
    agent: struct({ name: text, api_key: text, claim_url: text, verification_code: text }),
  })(body, "register");
});

test("profile, view-profile and status are agents in full", async () => {
  const mine = await get("/agents/me");
  agent(mine.agent, "me");
  const other = await get(`/agents/profile?name=${lee.name.toUpperCase()}`);
  agent(other.agent, "profile");
  assert.equal(other.agent.name, lee.name);
  const status = await get(
    "/agents/status",
    struct({
      status: optional(text),
      message: optional(text),
      next_step: optional(text),
      agent: optional(agent),
    }),
  );
  assert.equal(status.status, "claimed");
});

test("update-profile, upload-avatar and remove-avatar succeed", async () => {
  await write("PATCH", "/agents/me", { description: "A command line" });
  await upload("/agents/me/avatar");
  agent((await get("/agents/me")).agent, "me with avatar");
  await write("DELETE", "/agents/me/avatar");
  assert.equal((await get("/agents/me")).agent.description, "A command line");
});

test("post, view-post, global, feed, posts of an author and of a submolt are read as posts", async () => {
  const made = await write("POST", "/posts", { submolt_name: "general", title: "From Rust", content: "Memory safe" });
  post(made.post, "created");
  const link = await write("POST", "/posts", { submolt_name: "general", title: "A crate", url: "https://crates.io/" });
  const { post: seen } = await get(`/posts/${link.post.id}`);
  post(seen, "view-post");
  assert.equal(seen.type, "link");
  for (const sort of ["hot", "new", "top", "rising", "controversial"]) {
    await get(`/posts?sort=${sort}&limit=10`, feed);
    await get(`/feed?sort=${sort}&limit=10`, feed);
  }
  await get("/feed?limit=3", feed);
  await get("/feed?sort=new&limit=10&filter=following", feed);
  const { posts } = await get(`/posts?sort=new&limit=10&author=${kay.name}`, feed);
  assert.deepEqual(
    posts.map(({ title }) => title),
    ["A crate", "From Rust"],
  );
  const page = await get(
    "/submolts/general/feed?sort=new&limit=1",
    struct({ posts: list(post), total: optional(natural) }),
  );
  const next = await get(`/submolts/general/feed?sort=new&limit=1&cursor=${page.next_cursor}`);
  assert.notEqual(next.posts[0].id, page.posts[0].id);
  await write("DELETE", `/posts/${link.post.id}`);
});

test("votes read success, comments read the tree", async () => {
  const { post: theirs } = await lee.client.posts.create({ submolt_name: "general", title: "Vote here", content: "x" });
  await write("POST", `/posts/${theirs.id}/upvote`);
  await write("POST", `/posts/${theirs.id}/downvote`);
  const { comment } = await write("POST", `/posts/${theirs.id}/comments`, { content: "A comment" });
  await write("POST", `/posts/${theirs.id}/comments`, { content: "A reply", parent_id: comment.id });
  const { comment: other } = await lee.client.comments.create({ post_id: theirs.id, content: "Another" });
  await write("POST", `/comments/${other.id}/upvote`);
  for (const sort of ["best", "new", "top", "controversial"]) {
    const { comments } = await get(`/posts/${theirs.id}/comments?sort=${sort}`);
    assert.equal(comments.length, 2);
    for (const each of comments) author(each.author, "comment.author");
  }
});

test("search reads hits of every type", async () => {
  await write("POST", "/posts", { submolt_name: "general", title: "Axolotl care", content: "Feed the axolotl well" });
  const search = async (type) => {
    const { results } = await get(`/search?q=${encodeURIComponent("axolotl care")}&type=${type}&limit=10`);
    list(hit)(results, `search ${type}`);
    return results;
  };
  await eventually(
    () => search("all"),
    (results) => results.length > 0,
  );
  assert.equal((await search("posts"))[0].title, "Axolotl care");
  await search("comments");
  await lee.client.submolts.create({ name: "axolotl", display_name: "Axolotl care" });
  await eventually(
    () => search("submolts"),
    (results) => results.length > 0,
  );
  await network.agent("axolotl_keeper");
  await eventually(
    () => get("/search?q=axolotl_keeper&type=agents&limit=5"),
    ({ results }) => {
      list(hit)(results, "search agents");
      return results.length > 0;
    },
  );
});

test("submolts, submolt-info and create-submolt are read as submolts", async () => {
  await write("POST", "/submolts", {
    name: "rustaceans",
    display_name: "Rustaceans",
    description: null,
    allow_crypto: true,
  });
  const { submolts } = await get("/submolts?sort=hot&limit=50");
  list(submolt)(submolts, "submolts");
  const info = await get("/submolts/rustaceans", struct({ submolt, your_role: optional(text) }));
  assert.equal(info.your_role, "owner");
  assert.equal(info.submolt.allow_crypto, true);
  const asModerator = await get(`/submolts/rustaceans?requester_id=${kay.id}`);
  assert.ok(Array.isArray(asModerator.moderator_actions));
});

test("a submolt whose founder has gone is still read", async () => {
  const founder = await network.agent();
  await founder.client.submolts.create({ name: "orphaned", display_name: "Orphaned" });
  await founder.client.agents.remove();
  await get("/submolts/orphaned", struct({ submolt, your_role: optional(text) }));
  list(submolt)((await get("/submolts?sort=new&limit=50")).submolts, "submolts");
});

test("subscribing, settings, pictures, pins and moderators succeed, with the moderator in the path to remove", async () => {
  await write("POST", "/submolts", { name: "crabs", display_name: "Crabs", description: "x", allow_crypto: false });
  await write("POST", "/submolts/general/subscribe");
  await write("DELETE", "/submolts/general/subscribe");
  await write("PATCH", "/submolts/crabs/settings", { description: "About crabs", theme_color: "#abcdef" });
  await upload("/submolts/crabs/avatar");
  await upload("/submolts/crabs/banner");
  const { post: pinned } = await write("POST", "/posts", { submolt_name: "crabs", title: "Pin", content: "x" });
  await write("POST", `/posts/${pinned.id}/pin`);
  await write("DELETE", `/posts/${pinned.id}/pin`);
  await write("POST", "/submolts/crabs/moderators", { agent_name: lee.name, role: "moderator" });
  const { moderators } = await get("/submolts/crabs/moderators");
  assert.deepEqual(
    moderators.map(({ agent_name, role: held }) => [agent_name, held]),
    [
      [kay.name, "owner"],
      [lee.name, "moderator"],
    ],
  );
  await write("DELETE", `/submolts/crabs/moderators/${lee.name}`);
  assert.equal((await get("/submolts/crabs/moderators")).moderators.length, 1);
});

test("labels: define, list, roles, attach to posts and agents, revoke; the role's prompt comes home", async () => {
  await write("POST", "/submolts", {
    name: "labelled",
    display_name: "Labelled",
    description: null,
    allow_crypto: false,
  });
  const define = (body) => write("POST", "/submolts/labelled/labels", body);
  const tag = await define({ key: "tip", label: "Tip", color: "emerald", kind: "tag" });
  const greeter = await define({
    key: "greeter",
    label: "Greeter",
    color: "sky",
    kind: "role",
    prompt: "Greet who is new",
    cadence_minutes: 0,
  });
  await get("/submolts/labelled/labels", struct({ success: optional(yesno), labels: optional(list(label)) }));
  const posted = await write("POST", "/posts", { submolt_name: "labelled", title: "Tagged", content: "x" });
  const { post: made } = posted;
  const [suggested] = posted.consider_labels;
  assert.equal(posted.consider_labels.length, 1);
  assert.deepEqual([suggested.id, suggested.key, typeof suggested.how_to_attach], [tag.label.id, "tip", "string"]);
  const onPost = await write("POST", "/labels/attach", {
    label_definition_id: tag.label.id,
    target_type: "post",
    target_id: made.id,
  });
  attached(onPost, "attach");
  const onAgent = await write("POST", "/labels/attach", {
    label_definition_id: greeter.label.id,
    target_type: "agent",
    target_id: kay.id,
    placement: "metadata",
  });
  attached(onAgent, "attach");
  const { roles } = await get(
    "/submolts/labelled/roles",
    struct({ success: optional(yesno), roles: optional(list(role)) }),
  );
  assert.equal(roles[0].holders[0].agent.name, kay.name);
  const { check_in } = await get("/home", home);
  assert.equal(check_in.briefings[0].prompt, "Greet who is new");
  post((await get(`/posts/${made.id}`)).post, "labelled post");
  agent((await get("/agents/me")).agent, "agent with a role");
  await write("DELETE", `/labels/attach/${onPost.attachment.id}`);
  await write("DELETE", `/labels/attach/${onAgent.attachment.id}`);
});

test("direct messages: by name and by owner, approve, reject with block, list, read, send", async () => {
  const theirs = await lee.client.messages.request({ to: kay.name, message: "Hello Kay, may I write to you?" });
  await get("/agents/dm/check", dmCheck);
  const { requests } = await get("/agents/dm/requests");
  list(dmRequest)(requests.items, "dm-requests");
  assert.equal(requests.items[0].from.name, lee.name);
  await write("POST", `/agents/dm/requests/${theirs.conversation_id}/approve`);
  await lee.client.messages.send({ conversation_id: theirs.conversation_id, message: "Thanks" });
  const listed = await get(
    "/agents/dm/conversations",
    struct({ conversations: struct({ items: list(conversation) }), total_unread: natural }),
  );
  assert.equal(listed.total_unread, listed.conversations.items[0].unread_count);
  const read = await get(`/agents/dm/conversations/${theirs.conversation_id}`);
  list(message)(read.messages, "dm-read");
  const sent = { message: "Any time", needs_human_input: false };
  await write("POST", `/agents/dm/conversations/${theirs.conversation_id}/send`, sent);
  const other = await network.agent();
  await write("POST", "/agents/dm/request", { to: other.name, message: "Hello, shall we talk about crates?" });
  const asking = await network.agent();
  const request = await asking.client.messages.request({ to: kay.name, message: "Hello, may I ask a thing?" });
  await write("POST", `/agents/dm/requests/${request.conversation_id}/reject`, { block: true });
  const byOwner = await network.ask("POST", `${base}/agents/dm/request`, {
    key: kay.key,
    json: { to_owner: "@nobody_at_all", message: "Hello, is there anybody?" },
  });
  assert.equal(byOwner.status, 404);
  assert.match(byOwner.body.error, /@?nobody_at_all/);
});

test("home and notifications are read, and marked as read by post and all", async () => {
  const { post: mine } = await write("POST", "/posts", { submolt_name: "general", title: "Answer me", content: "x" });
  await lee.client.comments.create({ post_id: mine.id, content: "An answer" });
  await lee.client.agents.follow({ name: kay.name });
  await kay.client.agents.follow({ name: lee.name });
  await eventually(
    () => get("/notifications?limit=20", notifications),
    (seen) => seen.notifications.some(({ post_id }) => post_id === mine.id),
  );
  const page = await get("/notifications?limit=1&filter=unread", notifications);
  await get(`/notifications?limit=1&cursor=${page.next_cursor}&filter=unread`, notifications);
  const dashboard = await get("/home", home);
  assert.ok(!("success" in dashboard));
  assert.equal(dashboard.activity_on_your_posts.find(({ post_id }) => post_id === mine.id).new_notification_count, 1);
  await write("POST", `/notifications/read-by-post/${mine.id}`);
  await write("POST", "/notifications/read-all");
  assert.equal((await get("/notifications?limit=20", notifications)).unread_count, 0);
});

test("follow and unfollow resolve the name first", async () => {
  const other = await network.agent();
  await write("POST", `/agents/${other.name}/follow`);
  await write("DELETE", `/agents/${other.name}/follow`);
});

test("report and setup-owner-email succeed", async () => {
  const { post: spam } = await lee.client.posts.create({ submolt_name: "general", title: "Buy now", content: "x" });
  await write("POST", `/posts/${spam.id}/report`, { reason: "spam" });
  await write("POST", "/agents/me/setup-owner-email", { email: "kay@example.org" });
});

test("an error has its sentence in error and what to do in hint, both texts", async () => {
  const { status, body } = await network.ask("GET", `${base}/posts/00000000-0000-4000-8000-000000000000`, {
    key: kay.key,
  });
  assert.equal(status, 404);
  struct({ success: yesno, error: text, hint: text })(body, "error");
});
