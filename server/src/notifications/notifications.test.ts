import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { appointModerator } from "../communities/write/moderators.js";
import { SYSTEM, transaction } from "../platform/transaction.js";

describe("notifications", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  const told = async (agent: TestAgent) => {
    await network.settle();
    return (await agent.client.notifications.list()).notifications;
  };
  const newPost = (agent: TestAgent, title: string, content = "Some text") =>
    agent.client.posts.create({ submolt_name: "general", title, content });

  it("tell of a follower, once however often it comes and goes", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    await ada.client.agents.follow({ name: bob.name });
    await ada.client.agents.unfollow({ name: bob.name });
    await ada.client.agents.follow({ name: bob.name });
    const [only, ...more] = await told(bob);
    assert.equal(more.length, 0);
    assert.equal(only?.type, "new_follower");
    assert.equal(only?.content, `${ada.name} follows you`);
    assert.deepEqual(only?.from_agent, { id: ada.id, name: ada.name });
    assert.equal((await told(ada)).length, 0);
  });

  it("carry the camelCase and the snake_case keys, no success key, and the same facts in both", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    await newPost(ada, "For you", `Look, @${bob.name.toUpperCase()}: and again @${bob.name}`);
    await network.settle();
    const answer = await bob.client.notifications.list();
    assert.equal("success" in answer, false);
    assert.equal(answer.unread_count, 1);
    const [item] = answer.notifications;
    assert.ok(item);
    assert.equal(item.type, "mention");
    assert.equal(item.agentId, bob.id);
    assert.equal(item.post_title, "For you");
    assert.equal(item.post?.title, "For you");
    assert.equal(item.post?.authorId, ada.id);
    assert.deepEqual(
      [item.relatedPostId, item.isRead, item.createdAt, item.content],
      [item.post_id, item.is_read, item.created_at, item.message],
    );
    assert.equal(item.content.includes("For you"), false);
  });

  it("come from a request to talk and from its approval", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    const { conversation_id } = await ada.client.messages.request({ to: bob.name, message: "the secret plan" });
    const [asked] = await told(bob);
    assert.equal(asked?.type, "dm_request");
    assert.equal(asked?.conversation_id, conversation_id);
    assert.equal(JSON.stringify(asked).includes("secret"), false);
    await bob.client.messages.approve({ conversation_id });
    assert.equal((await told(ada))[0]?.type, "dm_approved");
  });

  it("are marked as read one by one, by post and all at once", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    const { post } = await newPost(ada, "First", `@${bob.name}`);
    await newPost(ada, "Second", `@${bob.name}`);
    await newPost(ada, "Third", `@${bob.name}`);
    await ada.client.agents.follow({ name: bob.name });
    const all = await told(bob);
    assert.equal(all.length, 4);
    const { notifications } = bob.client;
    assert.equal((await notifications.readByPost({ post_id: post.id })).marked, 1);
    assert.equal((await notifications.readByPost({ post_id: post.id })).marked, 0);
    const second = all.find((item) => item.post_title === "Second");
    assert.equal((await notifications.readOne({ notification_id: second?.id ?? "" })).marked, 1);
    const unread = await notifications.list({ unread_only: true });
    assert.deepEqual(
      unread.notifications.map((item) => item.post_title ?? item.type),
      ["new_follower", "Third"],
    );
    assert.equal(unread.unread_count, 2);
    assert.deepEqual(await notifications.list({ filter: "unread" }), unread);
    assert.equal((await notifications.readAll()).marked, 2);
    assert.equal((await notifications.list()).unread_count, 0);
    assert.equal((await notifications.list()).notifications.length, 4);
  });

  it("belong to one agent: nobody else reads or marks them", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    await ada.client.agents.follow({ name: bob.name });
    const [item] = await told(bob);
    const error = await refusal(ada.client.notifications.readOne({ notification_id: item?.id ?? "" }));
    assert.equal(error.code, "NOT_FOUND");
    await ada.client.notifications.readAll();
    assert.equal((await bob.client.notifications.list()).unread_count, 1);
    const app = new pg.Client(network.database.app);
    await app.connect();
    try {
      assert.equal((await app.query("select * from notifications")).rowCount, 0);
    } finally {
      await app.end();
    }
  });

  it("page without a gap or a repeat while more arrive, and start where since says", async () => {
    const bob = await network.agent();
    for (let n = 0; n < 7; n++) await (await network.agent()).client.agents.follow({ name: bob.name });
    const first = await told(bob);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await bob.client.notifications.list({ limit: 3, ...(cursor ? { cursor } : {}) });
      seen.push(...page.notifications.map(({ id }) => id));
      if (cursor === null) {
        await (await network.agent()).client.agents.follow({ name: bob.name });
        await network.settle();
      }
      cursor = page.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(
      seen,
      first.map(({ id }) => id),
    );
    const since = first[2]?.created_at ?? "";
    const later = await bob.client.notifications.list({ since });
    assert.equal(later.notifications.length, 3);
    assert.equal((await refusal(bob.client.notifications.list({ since: "yesterday" }))).code, "VALIDATION_ERROR");
  });
});

describe("home", () => {
  let network: TestServer;
  before(async () => {
    network = await startTestServer();
  });
  after(() => network.close());

  it("has every documented key, no success key, and integers for counters", async () => {
    const agent = await network.agent();
    const home = await agent.client.home.get();
    assert.deepEqual(Object.keys(home), [
      "your_account",
      "activity_on_your_posts",
      "your_direct_messages",
      "latest_moltbook_announcement",
      "posts_from_accounts_you_follow",
      "explore",
      "what_to_do_next",
      "next_check_after",
      "quick_links",
    ]);
    assert.deepEqual(home.your_account, { name: agent.name, karma: 0, unread_notification_count: 0 });
    assert.deepEqual(home.your_direct_messages, { pending_request_count: 0, unread_message_count: 0 });
    assert.equal(home.latest_moltbook_announcement, null);
    for (const link of Object.values(home.quick_links)) assert.match(link, /^(GET|POST) \/api\/v1\/\S+ - \w/);
  });

  it("shows what waits: messages, followed agents, the latest announcement", async () => {
    const ada = await network.agent();
    const bob = await network.agent();
    const { app, clock } = network.server.services;
    await transaction(app, { actor: SYSTEM }, (db) =>
      appointModerator({ db, now: clock.now() }, "announcements", ada.name, { kind: "server", id: null }),
    );
    await ada.client.posts.create({ submolt_name: "announcements", title: "Old news" });
    const long = `# Hello\n\n**bold** ${"word ".repeat(200)}`;
    await ada.client.posts.create({ submolt_name: "announcements", title: "News", content: long });
    await ada.client.messages.request({ to: bob.name, message: "Hello" });
    await bob.client.agents.follow({ name: ada.name });
    await network.settle();
    const home = await bob.client.home.get();
    assert.equal(home.latest_moltbook_announcement?.title, "News");
    assert.equal(home.latest_moltbook_announcement?.author_name, ada.name);
    assert.match(home.latest_moltbook_announcement?.preview ?? "", /^Hello bold word/);
    assert.ok([...(home.latest_moltbook_announcement?.preview ?? "")].length <= 200);
    assert.equal(home.your_direct_messages.pending_request_count, 1);
    assert.equal(home.your_account.unread_notification_count, 1);
    const followed = home.posts_from_accounts_you_follow;
    assert.equal(followed.total_following, 1);
    assert.deepEqual(
      followed.posts.map(({ title, author_name, submolt_name }) => [title, author_name, submolt_name]),
      [
        ["News", ada.name, "announcements"],
        ["Old news", ada.name, "announcements"],
      ],
    );
    assert.match(home.what_to_do_next[0] ?? "", /dm\/requests/);
  });

  it("needs a key", async () => {
    assert.equal((await refusal(network.anonymous.home.get())).status, 401);
  });
});
