import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { assertVotesAddUp } from "../../test/recount.js";
import { hotRank } from "../posts/rules.js";

const NOBODY = "00000000-0000-7000-8000-000000000000";

describe("votes", () => {
  let network: TestServer;
  let admin: pg.Client;
  let author: TestAgent;
  let reader: TestAgent;
  let titles = 0;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    author = await network.agent("Author");
    reader = await network.agent("Reader");
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  const newPost = async (by = author) =>
    (await by.client.posts.create({ submolt_name: "general", title: `Title ${++titles}`, content: "Text" })).post.id;
  const newComment = async (post_id: string, by = author) =>
    (await by.client.comments.create({ post_id, content: `Comment ${++titles}` })).comment.id;
  const karmaOf = async (agent: TestAgent) => (await agent.client.agents.me()).agent.karma;

  /** The same votes on a post and on a comment. */
  const kinds = [
    {
      kind: "post",
      make: () => newPost(),
      up: (voter: TestAgent, id: string) => voter.client.votes.upvotePost({ post_id: id }),
      down: (voter: TestAgent, id: string) => voter.client.votes.downvotePost({ post_id: id }),
      set: (voter: TestAgent, id: string, value: number) => voter.client.votes.votePost({ post_id: id, value }),
      hide: async (id: string, reason: string | null) => {
        await admin.query("update posts set deleted_at = now(), removed_reason = $2 where id = $1", [id, reason]);
        await admin.query("update post_stats set visible = false where post_id = $1", [id]);
      },
    },
    {
      kind: "comment",
      make: async () => newComment(await newPost()),
      up: (voter: TestAgent, id: string) => voter.client.votes.upvoteComment({ comment_id: id }),
      down: (voter: TestAgent, id: string) => voter.client.votes.downvoteComment({ comment_id: id }),
      set: (voter: TestAgent, id: string, value: number) => voter.client.votes.voteComment({ comment_id: id, value }),
      hide: async (id: string, reason: string | null) => {
        await admin.query("update comments set deleted_at = now(), removed_reason = $2 where id = $1", [id, reason]);
        await admin.query("update comment_stats set visible = false where comment_id = $1", [id]);
      },
    },
  ];
  for (const { kind, make, up, down, set, hide } of kinds) {
    it(`on a ${kind} toggle, switch and move the author's karma`, async () => {
      const id = await make();
      const karma = await karmaOf(author);
      const first = await up(reader, id);
      const { success, message, action, author: by, already_following } = first;
      assert.deepEqual(
        { success, message, action, by, already_following },
        { success: true, message: "Upvoted", action: "upvoted", by: { name: "Author" }, already_following: false },
      );
      assert.match(first.tip, /agents\/Author\/follow/);
      assert.deepEqual(countsOf(first), [1, 0, 1, 1]);
      assert.equal(await karmaOf(author), karma + 1);

      const switched = await down(reader, id);
      assert.equal(switched.action, "changed");
      assert.deepEqual(countsOf(switched), [0, 1, -1, -1]);
      assert.equal(await karmaOf(author), karma - 1);

      const back = await down(reader, id);
      assert.equal(back.action, "removed");
      assert.deepEqual(countsOf(back), [0, 0, 0, 0]);
      assert.equal(await karmaOf(author), karma);

      assert.equal((await down(reader, id)).action, "downvoted");
    });

    it(`on a ${kind} set by value may be repeated and change nothing then`, async () => {
      const id = await make();
      const none = await set(reader, id, 0);
      assert.equal(none.action, "removed");
      assert.deepEqual(countsOf(none), [0, 0, 0, 0]);
      for (const action of ["upvoted", "upvoted"] as const) {
        const answer = await set(reader, id, 1);
        assert.equal(answer.action, action);
        assert.deepEqual(countsOf(answer), [1, 0, 1, 1]);
      }
      assert.equal((await set(reader, id, -1)).action, "changed");
      assert.deepEqual(countsOf(await set(reader, id, -1)), [0, 1, -1, -1]);
      assert.deepEqual(countsOf(await set(reader, id, 0)), [0, 0, 0, 0]);
      for (const value of [2, -2, 0.5]) {
        assert.equal((await refusal(set(reader, id, value))).code, "VALIDATION_ERROR");
      }
    });

    it(`on one's own ${kind} are refused`, async () => {
      const id = await make();
      for (const vote of [up, down, (voter: TestAgent, target: string) => set(voter, target, 1)]) {
        const error = await refusal(vote(author, id));
        assert.equal(error.status, 400);
        assert.equal(error.code, "SELF_VOTE");
        assert.equal(error.body.error, "Cannot vote on your own content");
      }
      assert.deepEqual(countsOf(await up(reader, id)), [1, 0, 1, 1]);
    });

    it(`on a ${kind} that is gone or never was are refused`, async () => {
      const unknown = await refusal(up(reader, NOBODY));
      assert.equal(unknown.status, 404);
      assert.match(unknown.message, kind === "post" ? /Post not found/ : /Comment not found/);
      const deleted = await make();
      await hide(deleted, null);
      assert.equal((await refusal(up(reader, deleted))).code, "GONE");
      const removed = await make();
      await hide(removed, "spam");
      const error = await refusal(up(reader, removed));
      assert.equal(error.status, 410);
      assert.equal(error.body.reason, "spam");
    });
  }

  it("on a comment of a deleted post are refused", async () => {
    const post = await newPost();
    const comment = await newComment(post);
    await admin.query("update posts set deleted_at = now(), removed_reason = 'off topic' where id = $1", [post]);
    await admin.query("update post_stats set visible = false where post_id = $1", [post]);
    const error = await refusal(reader.client.votes.upvoteComment({ comment_id: comment }));
    assert.equal(error.code, "GONE");
    assert.equal(error.body.reason, "off topic");
  });

  it("on content whose author is gone count for the content alone", async () => {
    const ghost = await network.agent();
    const post = await newPost(ghost);
    await admin.query("update agents set deleted_at = now() where id = $1", [ghost.id]);
    await admin.query("update post_stats set author_id = null where post_id = $1", [post]);
    const answer = await reader.client.votes.upvotePost({ post_id: post });
    assert.deepEqual(answer.author, { name: "[deleted]" });
    assert.equal(answer.score, 1);
  });

  it("say whether you follow the author", async () => {
    const post = await newPost();
    const fan = await network.agent();
    await fan.client.agents.follow({ name: "Author" });
    const answer = await fan.client.votes.upvotePost({ post_id: post });
    assert.equal(answer.already_following, true);
    assert.doesNotMatch(answer.tip, /follow/);
  });

  it("show to the voter alone, on post and comment", async () => {
    const post = await newPost();
    const comment = await newComment(post);
    await reader.client.votes.upvotePost({ post_id: post });
    await reader.client.votes.downvoteComment({ comment_id: comment });
    const seenBy = async (client: TestAgent["client"]) => {
      const { post: view, comments } = await client.posts.get({ post_id: post });
      return [view.your_vote, comments[0]?.your_vote, view.score, comments[0]?.score];
    };
    assert.deepEqual(await seenBy(reader.client), [1, -1, 1, -1]);
    assert.deepEqual(await seenBy(author.client), [0, 0, 1, -1]);
    assert.deepEqual(await seenBy(network.anonymous), [null, null, 1, -1]);
  });

  it("leave ids alone in the outbox, and nothing when nothing changed", async () => {
    const post = await newPost();
    await network.settle();
    // Rows are taken the moment they are committed, so look from inside: a trigger on this database only.
    await admin.query("create table seen_outbox (row jsonb)");
    await admin.query(`create function see_outbox() returns trigger language plpgsql security definer as
      $$ begin insert into seen_outbox values (to_jsonb(new)); return new; end $$`);
    await admin.query(
      "create trigger see_outbox before insert on outbox for each row when (new.kind = 'content_voted') execute function see_outbox()",
    );
    await reader.client.votes.votePost({ post_id: post, value: -1 });
    await reader.client.votes.votePost({ post_id: post, value: -1 });
    await admin.query("drop trigger see_outbox on outbox");
    const seen = await admin.query(
      "select row ->> 'actor_id' as actor_id, row ->> 'subject_id' as subject_id, row ->> 'target_id' as target_id, (row ->> 'value')::int as value from seen_outbox",
    );
    assert.deepEqual(seen.rows, [{ actor_id: reader.id, subject_id: post, target_id: author.id, value: -1 }]);
  });

  it("add up after a thousand concurrent rounds of toggles", async () => {
    const voters = await Promise.all(Array.from({ length: 20 }, () => network.agent()));
    const writers = voters.slice(0, 4);
    const posts = await Promise.all(writers.map((writer) => newPost(writer)));
    const comments = await Promise.all(
      posts.map((post, index) => newComment(post, writers[(index + 1) % writers.length])),
    );
    const acts = [
      (voter: TestAgent, at: number) => voter.client.votes.upvotePost({ post_id: posts[at] ?? "" }),
      (voter: TestAgent, at: number) => voter.client.votes.downvotePost({ post_id: posts[at] ?? "" }),
      (voter: TestAgent, at: number) => voter.client.votes.upvoteComment({ comment_id: comments[at] ?? "" }),
      (voter: TestAgent, at: number) => voter.client.votes.downvoteComment({ comment_id: comments[at] ?? "" }),
      (voter: TestAgent, at: number) => voter.client.votes.votePost({ post_id: posts[at] ?? "", value: (at % 3) - 1 }),
    ];
    const codes = new Set<string>();
    let counted = 0;
    await Promise.all(
      voters.map(async (voter, number) => {
        for (let round = 0; round < 50; round++) {
          // Every other round the same agent votes twice on one target at the same moment.
          const act = acts[(round * 7 + number * 3) % acts.length];
          const twins = round % 2 === 0 ? 1 : 2;
          const results = await Promise.allSettled(
            Array.from({ length: twins }, () => act?.(voter, (round + number) % posts.length)),
          );
          for (const result of results) {
            if (result.status === "fulfilled") counted++;
            else codes.add(result.reason.code);
          }
        }
      }),
    );
    assert.deepEqual([...codes], ["SELF_VOTE"]);
    assert.ok(counted > 1_000, `only ${counted} votes were taken`);
    await assertVotesAddUp(admin);
  });

  it("rank posts by the formula of the law", async () => {
    const { rows } = await admin.query("select score, created_at, hot from post_stats where voted_at is not null");
    assert.ok(rows.length > 5);
    assert.ok(rows.some((row) => row.score > 1) && rows.some((row) => row.score < 0));
    for (const { score, created_at, hot } of rows) {
      // The two logarithms may differ in their last bit, which is at most one unit after rounding.
      assert.ok(Math.abs(Number(hot) - hotRank(score, created_at)) <= 1, `score ${score}: ${hot}`);
    }
  });

  it("remember when a score last fell", async () => {
    const post = await newPost();
    const fellAt = async () =>
      (await admin.query("select voted_at, fell_at from post_stats where post_id = $1", [post])).rows[0];
    await reader.client.votes.upvotePost({ post_id: post });
    const risen = await fellAt();
    assert.ok(risen.voted_at);
    assert.equal(risen.fell_at, null);
    network.clock.advance(60_000);
    await reader.client.votes.upvotePost({ post_id: post });
    const fallen = await fellAt();
    assert.ok(fallen.fell_at > risen.voted_at);
    network.clock.advance(-120_000);
    await reader.client.votes.downvotePost({ post_id: post });
    assert.deepEqual(await fellAt(), fallen, "a clock that goes back takes nothing back");
    network.clock.advance(60_000);
  });
});

function countsOf(answer: { upvotes: number; downvotes: number; score: number; your_vote: number }): number[] {
  return [answer.upvotes, answer.downvotes, answer.score, answer.your_vote];
}
