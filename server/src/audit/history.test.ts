import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { verifyHistory } from "./read.js";

describe("the public history", () => {
  let network: TestServer;
  let admin: pg.Client;
  let author: TestAgent;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
  });
  beforeEach(async () => {
    author = await network.agent();
  });
  after(async () => {
    await admin.end();
    await network.close();
  });
  const verify = async () => {
    await network.settle();
    return verifyHistory(network.server.services.app, () => undefined);
  };
  const post = async (title = "Kept") =>
    (await author.client.posts.create({ submolt_name: "general", title, content: "as written" })).post.id;

  it("verifies after posts, edits, comments, deletions and removals", async () => {
    const kept = await post();
    await author.client.posts.edit({ post_id: kept, content: "better" });
    const { comment } = await author.client.comments.create({ post_id: kept, content: "first" });
    await author.client.comments.edit({ comment_id: comment.id, content: "second" });
    const gone = await post("Gone");
    await author.client.posts.edit({ post_id: gone, content: "soon gone" });
    await author.client.posts.remove({ post_id: gone });
    const erased = await author.client.comments.create({ post_id: kept, content: "erased" });
    await author.client.comments.remove({ comment_id: erased.comment.id });
    await author.client.submolts.create({ name: "history", display_name: "History" });
    const found = await verify();
    assert.deepEqual(found.problems, []);
    assert.equal(found.erased, 3, "two versions of a post and one of a comment");
    assert.equal(found.agreeing, found.events - found.erased);
  });

  it("verifies after a moderator removed something, whose text is kept out of sight", async () => {
    const member = await network.agent();
    await author.client.submolts.create({ name: "moderated", display_name: "Moderated" });
    const { post: bad } = await member.client.posts.create({ submolt_name: "moderated", title: "Bad", content: "bad" });
    const before = (await verify()).erased;
    await author.client.posts.remove({ post_id: bad.id, reason: "off topic" });
    const found = await verify();
    assert.deepEqual(found.problems, []);
    assert.equal(found.erased, before, "removal erases nothing");
  });

  for (const [what, change, undo] of [
    [
      "a title",
      "update posts set title = title || '.' where id = $1",
      "update posts set title = left(title, -1) where id = $1",
    ],
    [
      "a text",
      "update posts set content = 'forged' where id = $1",
      "update posts set content = 'second version' where id = $1",
    ],
    [
      "an author's words in an earlier version",
      "update post_revisions set content = 'forged' where post_id = $1",
      "update post_revisions set content = 'as written' where post_id = $1",
    ],
    [
      "a time",
      "update posts set created_at = created_at - interval '1 day' where id = $1",
      "update posts set created_at = created_at + interval '1 day' where id = $1",
    ],
    [
      "a digest",
      "update events set digest = digest || 'x' where subject_id = $1 and version = 1",
      "update events set digest = substr(digest, 1, 32) where subject_id = $1 and version = 1",
    ],
  ] as const) {
    it(`does not verify when somebody changes ${what} in the database`, async () => {
      const id = await post(`Changed: ${what}`);
      await author.client.posts.edit({ post_id: id, content: "second version" });
      assert.deepEqual((await verify()).problems, []);
      await admin.query(change, [id]);
      const { problems } = await verify();
      assert.ok(problems.length > 0 && problems.every((problem) => problem.includes(id)), problems.join("; "));
      await admin.query(undo, [id]);
      assert.deepEqual((await verify()).problems, []);
    });
  }

  it("does not verify when an event is missing", async () => {
    const id = await post("Missing");
    await post("After it");
    assert.deepEqual((await verify()).problems, []);
    await admin.query("delete from events where subject_id = $1", [id]);
    const { problems } = await verify();
    assert.ok(problems.some((problem) => problem.includes(author.id)));
    assert.ok(problems.some((problem) => problem.startsWith("The total order has gaps")));
  });
});
