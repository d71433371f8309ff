/**
 * shimo4228/contemplative-moltbook (Python): keeps a budget for reads and one for writes by the headers of every answer,
 * follows no redirect, takes `action` for what happened, and waits, or gives up, as a 429 says.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, startNetwork } from "../network.mjs";

const ID = /^[A-Za-z0-9_-]+$/;

/** A session of the client: one request, its budget, and the status an error is raised for. */
function sessionOf(network, key) {
  const budget = { read: null, write: null, reset: null };
  const request = async (method, path, json) => {
    const { status, headers, body, text } = await network.ask(method, `/api/v1${path}`, {
      key,
      headers: { "content-type": "application/json", "user-agent": "ContemplativeAgent/0.1" },
      ...(json === undefined ? {} : { json }),
    });
    assert.ok(status < 300 || status >= 400, `${path} redirects`);
    budget[method === "GET" ? "read" : "write"] = Number(headers.get("x-ratelimit-remaining"));
    budget.reset = Number(headers.get("x-ratelimit-reset"));
    return { status, headers, body, text };
  };
  return { budget, request };
}

describe("on a network without limits", () => {
  let network;
  let me;
  let other;
  let session;
  before(async () => {
    network = await startNetwork();
    const { body } = await sessionOf(network, undefined).request("POST", "/agents/register", {
      name: "contemplative-agent",
      description: "An agent that looks on",
    });
    me = { id: body.agent.id, key: body.agent.api_key, name: body.agent.name };
    other = await network.agent();
    session = sessionOf(network, me.key);
  });
  after(() => network?.close());

  const ok = async (...args) => {
    const { status, body } = await session.request(...args);
    assert.ok(status < 300, `${args[0]} ${args[1]}: ${JSON.stringify(body)}`);
    return body;
  };

  test("every answer tells what is left, of reads and of writes", async () => {
    await ok("GET", "/agents/me");
    await ok("POST", "/submolts/general/subscribe");
    const { read, write, reset } = session.budget;
    assert.deepEqual([Number.isInteger(read), Number.isInteger(write)], [true, true]);
    assert.ok(read > 5 && write > 3);
    assert.ok(reset > Date.now() / 1000 - 1 && reset < Date.now() / 1000 + 86_400);
  });

  test("subscribing twice is no error", async () => {
    assert.equal((await ok("POST", "/submolts/introductions/subscribe")).action, "subscribed");
    assert.equal((await ok("POST", "/submolts/introductions/subscribe")).action, "already_subscribed");
    await ok("DELETE", "/submolts/introductions/subscribe");
  });

  test("following is told by action", async () => {
    assert.equal((await ok("POST", `/agents/${other.name}/follow`)).action, "followed");
    assert.equal((await ok("POST", `/agents/${other.name}/follow`)).action, "already_following");
    const { post } = await other.client.posts.create({ submolt_name: "general", title: "Followed", content: "x" });
    const { posts } = await ok("GET", "/feed?filter=following&sort=new&limit=25");
    assert.deepEqual([posts[0].id, posts[0].author.id, posts[0].submolt_name], [post.id, other.id, "general"]);
    await ok("DELETE", `/agents/${other.name}/follow`);
  });

  test("posts into a submolt, reads its feed, votes, comments; ids are of its alphabet", async () => {
    const { post } = await ok("POST", "/posts", { title: "A note", content: "On tides", submolt: "general" });
    assert.match(post.id, ID);
    assert.ok((await ok("GET", "/submolts/general/feed")).posts.some(({ id }) => id === post.id));
    const { post: theirs } = await other.client.posts.create({
      submolt_name: "general",
      title: "Theirs",
      content: "y",
    });
    assert.equal((await ok("POST", `/posts/${theirs.id}/upvote`)).action, "upvoted");
    const { comment } = await ok("POST", `/posts/${theirs.id}/comments`, { content: "I looked on" });
    assert.match(comment.id, ID);
    const { comment: said } = await other.client.comments.create({ post_id: theirs.id, content: "Thanks" });
    await ok("POST", `/comments/${said.id}/upvote`);
    const { comments } = await ok("GET", `/posts/${theirs.id}/comments`);
    assert.ok(comments.every(({ id, content, author }) => ID.test(id) && content && author.id && author.name));
    const own = await session.request("POST", `/posts/${post.id}/upvote`);
    assert.equal(own.status, 400);
  });

  test("notifications since a time, home, marking as read", async () => {
    const since = new Date(Date.now() - 1_000).toISOString();
    const { post } = await ok("POST", "/posts", { title: "Ask me", content: "Anything", submolt: "general" });
    await other.client.comments.create({ post_id: post.id, content: "What is a tide?" });
    const { notifications } = await eventually(
      () => ok("GET", `/notifications?since=${encodeURIComponent(since)}`),
      (seen) => seen.notifications.length > 0,
    );
    const [latest] = notifications;
    assert.deepEqual([latest.type, latest.post_id, latest.relatedPostId], ["post_comment", post.id, post.id]);
    const home = await ok("GET", "/home");
    assert.equal(home.your_account.name, me.name);
    const activity = home.activity_on_your_posts.find(({ post_id }) => post_id === post.id);
    assert.equal(activity.new_notification_count, 1);
    await ok("POST", `/notifications/read-by-post/${post.id}`);
    await ok("POST", "/notifications/read-all");
    assert.equal((await ok("GET", "/home")).your_account.unread_notification_count, 0);
  });

  test("search by kind, and the profile with metadata", async () => {
    await other.client.posts.create({ submolt_name: "general", title: "Equanimity", content: "A calm sea" });
    const { results } = await eventually(
      () => ok("GET", "/search?q=equanimity&type=posts&limit=10"),
      (found) => found.results.length > 0,
    );
    assert.ok(results[0].id && results[0].content && results[0].author.id);
    await ok("PATCH", "/agents/me", { description: "Looks on", metadata: { practice: ["sitting"] } });
    assert.equal((await ok("GET", "/agents/status")).status, "claimed");
  });
});

describe("on a network with limits", () => {
  let network;
  let session;
  let general;
  before(async () => {
    network = await startNetwork({ OPENMOLT_LIMITS: "on" });
    const me = await network.agent("hasty");
    session = sessionOf(network, me.key);
    const { post } = await me.client.posts.create({ submolt_name: "general", title: "First", content: "x" });
    general = post;
  });
  after(() => network?.close());

  /** What a refusal says to each client that reads one. */
  const assertWaits = ({ status, headers, body }) => {
    assert.equal(status, 429);
    const seconds = Number(headers.get("retry-after"));
    assert.ok(Number.isInteger(seconds) && seconds > 0);
    assert.deepEqual(
      [body.success, body.code, body.remaining, body.retry_after_seconds, body.retryAfter],
      [false, "RATE_LIMITED", 0, seconds, seconds],
    );
    assert.deepEqual([body.retry_after_minutes, body.retryAfterMinutes], Array(2).fill(Math.ceil(seconds / 60)));
    assert.ok(Date.parse(body.reset_at) > Date.now());
    return seconds;
  };

  test("a second post at once is refused with the time to wait", async () => {
    const refused = await session.request("POST", "/posts", { title: "Second", content: "x", submolt: "general" });
    const seconds = assertWaits(refused);
    assert.ok(seconds > 7_000 && seconds <= 7_200);
    assert.doesNotMatch(refused.text, /limit reached/i);
  });

  test("a second comment at once too, with what is left of the day", async () => {
    await session.request("POST", `/posts/${general.id}/comments`, { content: "One" });
    const refused = await session.request("POST", `/posts/${general.id}/comments`, { content: "Two" });
    assert.ok(assertWaits(refused) <= 60);
    assert.equal(refused.body.daily_remaining, 19);
  });

  test("writes have thirty a minute, reads sixty; the headers count down to it", async () => {
    const remaining = [];
    for (let index = 0; index < 40; index += 1) {
      const answer = await session.request("POST", "/notifications/read-all");
      if (answer.status === 429) {
        assert.ok(assertWaits(answer) <= 60);
        break;
      }
      remaining.push(session.budget.write);
    }
    assert.ok(remaining.length <= 30 && remaining.length > 20, String(remaining.length));
    assert.equal(remaining.at(-1), 0);
    assert.deepEqual(
      remaining,
      [...remaining].sort((a, b) => b - a),
    );
    await session.request("GET", "/agents/me");
    assert.ok(session.budget.read > 50);
  });
});
