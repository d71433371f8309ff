/** Long threads: nothing repeated, nothing missed, every counter true, and the same cost however long they are. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { CommentView } from "@openmolt/contract/comments";
import { threads } from "@openmolt/contract/limits";
import pg from "pg";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { costOf, type ParentOf, plantComments, type Read } from "../../test/threads.js";
import type { Call } from "../platform/http/call.js";
import { SharedJson } from "../platform/http/shared-json.js";
import { commentInThread, commentLine, postWithComments } from "./read/comment.js";
import { listComments, listReplies } from "./read/pages.js";

describe("threads", () => {
  let network: TestServer;
  let admin: pg.Client;
  let ada: TestAgent;
  let made = 0;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    ada = await network.agent("Ada");
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  const newPost = async () =>
    (await ada.client.posts.create({ submolt_name: "general", title: `Title ${++made}`, content: "Text" })).post.id;
  const say = async (by: TestAgent, post_id: string, parent_id: string | null = null) =>
    (await by.client.comments.create({ post_id, parent_id, content: `Words ${++made}` })).comment.id;
  /** Many comments at once, by Ada. */
  const plant = (post: string, count: number, parentOf: ParentOf) =>
    plantComments(admin, { post, author: ada.id, count, now: network.clock.now(), parentOf });
  const asRoots = () => null;
  const underFirst = (ids: readonly string[], index: number) => (index === 0 ? null : (ids[0] ?? null));

  describe("read page by page", () => {
    for (const sort of ["new", "old"] as const) {
      it(`hold 5,000 comments by ${sort} without repeat or gap while others write`, async () => {
        const post = await newPost();
        const existing = await plant(post, 5_000, (ids, index) =>
          index % 3 ? (ids[index - (index % 3)] ?? null) : null,
        );
        const writers = await Promise.all([network.agent(), network.agent(), network.agent()]);
        let walking = true;
        const writing = writers.map(async (writer, number) => {
          for (let turn = 0; walking; turn++) {
            const id = await say(writer, post, turn % 2 ? null : (existing[(turn * 997 + number) % 5_000] ?? null));
            await writer.client.votes.upvoteComment({ comment_id: existing[(turn * 31 + number) % 5_000] ?? "" });
            if (turn % 3 === 0) await writer.client.comments.remove({ comment_id: id });
          }
        });
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: { comments: CommentView[]; next_cursor: string | null; count: number } =
            await network.anonymous.comments.list({
              post_id: post,
              flat: true,
              sort,
              limit: 100,
              ...(cursor ? { cursor } : {}),
            });
          assert.ok(page.count >= 5_000);
          seen.push(...page.comments.map((comment) => comment.id));
          cursor = page.next_cursor;
        } while (cursor);
        walking = false;
        await Promise.all(writing);
        assert.equal(new Set(seen).size, seen.length, "a comment came twice");
        const shown = new Set(seen);
        assert.deepEqual(
          existing.filter((id) => !shown.has(id)),
          [],
          "a comment was missed",
        );
        const order = existing.toSorted().filter((id) => shown.has(id));
        if (sort === "new") order.reverse();
        const old = new Set(existing);
        assert.deepEqual(
          seen.filter((id) => old.has(id)),
          order,
        );
        await assertExact(admin);
      });
    }

    it("can be read whole by following the handles: roots by cursor, replies by has_more_replies", async () => {
      const post = await newPost();
      const planted = await plant(post, 900, (ids, index) => (index % 90 ? (ids[index - (index % 90)] ?? null) : null));
      const seen: string[] = [];
      const collect = async (comments: readonly CommentView[]): Promise<void> => {
        for (const comment of comments) {
          seen.push(comment.id);
          if (!comment.has_more_replies) await collect(comment.replies);
          else {
            let cursor: string | null = null;
            do {
              const page: { replies: CommentView[]; next_cursor: string | null; count: number } =
                await network.anonymous.comments.replies({
                  comment_id: comment.id,
                  ...(cursor ? { cursor } : {}),
                });
              assert.equal(page.count, comment.reply_count);
              await collect(page.replies);
              cursor = page.next_cursor;
            } while (cursor);
          }
        }
      };
      let cursor: string | null = null;
      do {
        const page: { comments: CommentView[]; next_cursor: string | null } = await network.anonymous.comments.list({
          post_id: post,
          limit: 4,
          ...(cursor ? { cursor } : {}),
        });
        assert.ok(page.comments.length <= 4);
        for (const root of page.comments) {
          assert.ok(root.replies.length > 0, "every root shows some replies");
          assert.ok(root.replies.length <= threads.repliesPerComment);
        }
        await collect(page.comments);
        cursor = page.next_cursor;
      } while (cursor);
      assert.deepEqual(seen.toSorted(), planted.toSorted());
    });

    it("never hold more than the stated number of replies, and say where there are more", async () => {
      const post = await newPost();
      await plant(post, 35 * 12, (ids, index) => (index % 12 ? (ids[index - (index % 12)] ?? null) : null));
      const { comments } = await network.anonymous.comments.list({ post_id: post });
      assert.equal(comments.length, threads.roots);
      const shown = comments.map((comment) => comment.replies.length);
      assert.equal(
        shown.reduce((sum, replies) => sum + replies, 0),
        threads.repliesPerLevel[0],
      );
      assert.ok(Math.max(...shown) - Math.min(...shown) <= 1, "no comment is served at the cost of another");
      for (const comment of comments) assert.equal(comment.has_more_replies, comment.replies.length < 11);
    });

    it("page by offset and page for older clients, up to 10,000", async () => {
      const post = await newPost();
      const ids = await plant(post, 10, asRoots);
      const list = async (input: object) => {
        const page = await network.anonymous.comments.list({ post_id: post, sort: "old", limit: 4, ...input });
        return [page.comments.map((comment) => ids.indexOf(comment.id)), page.next_offset];
      };
      assert.deepEqual(await list({}), [[0, 1, 2, 3], 4]);
      assert.deepEqual(await list({ offset: 4 }), [[4, 5, 6, 7], 8]);
      assert.deepEqual(await list({ page: 3 }), [[8, 9], null]);
      assert.equal((await refusal(list({ offset: 10_001 }))).code, "OFFSET_TOO_LARGE");
      assert.equal((await network.anonymous.comments.list({ post_id: post, limit: 100_000 })).comments.length, 10);
    });

    it("refuse a cursor that is not theirs", async () => {
      const post = await newPost();
      const other = await newPost();
      await plant(post, 3, asRoots);
      await plant(other, 3, asRoots);
      const first = { limit: 1, sort: "best" };
      const { next_cursor: cursor } = await network.anonymous.comments.list({ post_id: post, ...first });
      assert.ok(cursor);
      const forged = (...place: unknown[]) =>
        Buffer.from(JSON.stringify([`comments/${post}/best`, 1, ...place])).toString("base64url");
      const time = new Date().toISOString();
      for (const [input, bad] of [
        [{ post_id: other, sort: "best" }, cursor],
        [{ post_id: post, sort: "new" }, cursor],
        [{ post_id: post, flat: true }, cursor],
        [{ post_id: post }, "nonsense"],
        [{ post_id: post }, forged(2 ** 40, post, time)],
        [{ post_id: post }, forged(0.5, post, time)],
        [{ post_id: post }, forged(0, "nobody", time)],
        [{ post_id: post }, forged(0, post, "yesterday")],
        [{ post_id: post }, forged(0, post)],
      ] as const) {
        const error = await refusal(network.anonymous.comments.list({ ...input, cursor: bad }));
        assert.deepEqual([error.status, error.code], [400, "INVALID_CURSOR"]);
      }
    });
  });

  describe("in order", () => {
    /** Ids of the comments on one page. */
    const pageOf = async (post: string, sort: string, limit: number, cursor: string | null) => {
      const page = await network.anonymous.comments.list({ post_id: post, sort, limit, ...(cursor ? { cursor } : {}) });
      return { ids: page.comments.map((comment) => comment.id), sort: page.sort, next: page.next_cursor };
    };

    it("are best (also called top), new, old and controversial", async () => {
      const post = await newPost();
      const [a = "", b = "", c = "", d = ""] = await plant(post, 4, asRoots);
      const voters = await Promise.all([network.agent(), network.agent(), network.agent()]);
      const vote = (id: string, ...values: number[]) =>
        Promise.all(
          values.map((value, index) => voters[index]?.client.votes.voteComment({ comment_id: id, value }) ?? null),
        );
      await vote(b, 1, 1, -1);
      await vote(c, 1, 1, 1);
      await vote(d, -1);
      const orders = { best: [c, b, a, d], top: [c, b, a, d], hot: [c, b, a, d], new: [d, c, b, a], old: [a, b, c, d] };
      for (const [sort, expected] of Object.entries(orders)) {
        assert.deepEqual((await pageOf(post, sort, 10, null)).ids, expected, sort);
      }
      assert.deepEqual((await pageOf(post, "controversial", 10, null)).ids, [b, a, c, d]);
      assert.deepEqual((await pageOf(post, "top", 1, null)).sort, "best");
    });

    it("put replies in the same order, to every level", async () => {
      const post = await newPost();
      const root = await say(ada, post);
      const replies = [await say(ada, post, root), await say(ada, post, root), await say(ada, post, root)];
      const voter = await network.agent();
      await voter.client.votes.upvoteComment({ comment_id: replies[1] ?? "" });
      const [a, b, c] = replies;
      for (const [sort, expected] of [
        ["best", [b, a, c]],
        ["controversial", [b, a, c]],
        ["new", [c, b, a]],
        ["old", [a, b, c]],
      ] as const) {
        const inTree = (await network.anonymous.comments.list({ post_id: post, sort })).comments[0]?.replies;
        const alone = (await network.anonymous.comments.replies({ comment_id: root, sort })).replies;
        assert.deepEqual([inTree?.map((reply) => reply.id), alone.map((reply) => reply.id)], [expected, expected]);
      }
    });

    it("of rank never repeat a comment that sinks between two pages", async () => {
      const post = await newPost();
      const ids = await plant(post, 6, asRoots);
      const voter = await network.agent();
      for (const id of ids.slice(0, 3)) await voter.client.votes.upvoteComment({ comment_id: id });
      network.clock.advance(120_000);
      const first = await pageOf(post, "best", 3, null);
      assert.deepEqual(first.ids, ids.slice(0, 3));
      await voter.client.votes.upvoteComment({ comment_id: ids[0] ?? "" });
      await voter.client.votes.upvoteComment({ comment_id: ids[5] ?? "" });
      const second = await pageOf(post, "best", 3, first.next);
      assert.deepEqual(second.ids, [ids[5], ids[3], ids[4]]);
      assert.equal(second.next, null);
      const fresh = await pageOf(post, "best", 6, null);
      assert.deepEqual(fresh.ids, [ids[1], ids[2], ids[5], ids[0], ids[3], ids[4]]);
    });

    it("of quarrel never repeat a comment that calms down between two pages", async () => {
      const post = await newPost();
      const ids = await plant(post, 4, asRoots);
      const [one, two] = await Promise.all([network.agent(), network.agent()]);
      for (const id of ids.slice(0, 2)) {
        await one.client.votes.upvoteComment({ comment_id: id });
        await two.client.votes.downvoteComment({ comment_id: id });
      }
      network.clock.advance(120_000);
      const first = await pageOf(post, "controversial", 2, null);
      assert.deepEqual(first.ids, ids.slice(0, 2));
      await two.client.votes.voteComment({ comment_id: ids[0] ?? "", value: 0 });
      assert.deepEqual((await pageOf(post, "controversial", 2, first.next)).ids, ids.slice(2));
    });

    it("of rank stay free of repeats however many vote meanwhile", async () => {
      const post = await newPost();
      const ids = await plant(post, 120, asRoots);
      const voters = await Promise.all(Array.from({ length: 4 }, () => network.agent()));
      for (const sort of ["best", "controversial"]) {
        let walking = true;
        const voting = voters.map(async (voter, number) => {
          for (let turn = number; walking; turn += 7) {
            const comment_id = ids[(turn * 13) % ids.length] ?? "";
            await voter.client.votes.voteComment({ comment_id, value: (turn % 3) - 1 });
          }
        });
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await pageOf(post, sort, 5, cursor);
          seen.push(...page.ids);
          cursor = page.next;
        } while (cursor);
        walking = false;
        await Promise.all(voting);
        assert.equal(new Set(seen).size, seen.length, `${sort} repeated a comment`);
        assert.ok(seen.length >= 5);
      }
    });
  });

  describe("counted", () => {
    it("exactly, whatever many do at once", async () => {
      const posts = [await newPost(), await newPost()];
      const agents = await Promise.all(Array.from({ length: 10 }, () => network.agent()));
      const moderator = await network.agent();
      await admin.query(
        "insert into community_roles select id, $1, 'moderator', now() from communities where name = 'general'",
        [moderator.id],
      );
      const ids: string[] = [];
      const refused = new Set<string>();
      const attempt = (act: Promise<unknown>) =>
        act.catch((error) => {
          refused.add(error.code);
        });
      await Promise.all(
        agents.map(async (agent, number) => {
          const mine: string[] = [];
          for (let turn = 0; turn < 25; turn++) {
            const post = posts[turn % 2] ?? "";
            const parent = turn % 3 === 0 ? null : (ids[(turn * 7 + number) % Math.max(1, ids.length)] ?? null);
            await attempt(
              say(agent, post, parent).then((id) => {
                mine.push(id);
                ids.push(id);
              }),
            );
            const own = mine[(turn * 5) % Math.max(1, mine.length)];
            if (own && turn % 4 === 1) await attempt(agent.client.comments.remove({ comment_id: own }));
            if (own && turn % 4 === 2)
              await attempt(agent.client.comments.edit({ comment_id: own, content: `Edited ${turn}` }));
            if (number === 0 && turn % 2)
              await attempt(moderator.client.comments.remove({ comment_id: ids[(turn * 3) % ids.length] ?? "" }));
          }
        }),
      );
      assert.ok(ids.length > 60, `only ${ids.length} comments were written`);
      assert.deepEqual(
        [...refused].filter((code) => !["GONE", "NOT_FOUND", "MAX_DEPTH"].includes(code)),
        [],
      );
      await assertExact(admin);
    });

    it("so that the last comment's time goes back when it is deleted", async () => {
      const post = await newPost();
      const lastAt = async () =>
        (await admin.query("select last_comment_at from post_stats where post_id = $1", [post])).rows[0]
          .last_comment_at;
      await say(ada, post);
      const before = await lastAt();
      network.clock.advance(1_000);
      const id = await say(ada, post);
      assert.ok((await lastAt()) > before);
      await ada.client.comments.remove({ comment_id: id });
      assert.deepEqual(await lastAt(), before);
    });
  });

  it("can be read by the login of the pages, which sees public tables alone", async () => {
    const post = await newPost();
    const root = await say(ada, post);
    await say(ada, post, root);
    const { services } = network.server;
    const call = { services, now: new Date(), agent: null, db: services.reader } as unknown as Call;
    for (const sort of ["best", "new", "old", "controversial"]) {
      assert.ok((await listComments(call, { post_id: post, sort })) instanceof SharedJson);
      await listReplies(call, { comment_id: root, sort });
    }
    await listComments(call, { post_id: post, flat: true });
    await postWithComments(call, post);
    const answer = await commentInThread(call, root);
    assert.equal(JSON.parse(answer.forAnybody()).comment.replies.length, 1);
  });

  describe("of 20,000", () => {
    let wide: string;
    let narrow: string;
    let broad: string;
    let small: string;
    let wideRoot: string;
    let narrowRoot: string;
    before(async () => {
      wide = await newPost();
      narrow = await newPost();
      broad = await newPost();
      small = await newPost();
      wideRoot = (await plant(wide, 20_001, underFirst))[0] ?? "";
      narrowRoot = (await plant(narrow, 61, underFirst))[0] ?? "";
      await plant(broad, 20_000, asRoots);
      await plant(small, 60, asRoots);
      await admin.query("vacuum analyze comments, comment_stats, agents, agent_stats");
    });

    const cost = (read: Read, mode: string) => costOf(network, admin, read, mode);
    const cases: [string, () => Read, () => Read][] = [];
    for (const sort of ["best", "controversial", "new", "old"]) {
      cases.push(
        [`roots by ${sort}`, ...both((post) => (call) => listComments(call, { post_id: post(), sort }), "post")],
        [
          `replies under one root by ${sort}`,
          ...both((root) => (call) => listComments(call, { post_id: root(), sort }), "thread"),
        ],
        [
          `replies of one comment by ${sort}`,
          ...both((root) => (call) => listReplies(call, { comment_id: root(), sort }), "root"),
        ],
      );
    }
    cases.push(
      ["a flat list", ...both((post) => (call) => listComments(call, { post_id: post(), flat: true }), "post")],
      ["the line of a comment", ...both((root) => (call) => commentLine(call, root()), "root")],
      ["one comment", ...both((root) => (call) => commentInThread(call, root()), "root")],
      ["a post", ...both((post) => (call) => postWithComments(call, post()), "post")],
    );
    function both(read: (id: () => string) => Read, kind: "post" | "thread" | "root"): [() => Read, () => Read] {
      const [large, few] = {
        post: [() => broad, () => small],
        thread: [() => wide, () => narrow],
        root: [() => wideRoot, () => narrowRoot],
      }[kind] as [() => string, () => string];
      return [() => read(large), () => read(few)];
    }

    for (const mode of ["force_custom_plan", "force_generic_plan"]) {
      for (const [name, large, few] of cases) {
        it(`answers ${name} at the cost of 60 (${mode})`, async () => {
          const big = await cost(large(), mode);
          const little = await cost(few(), mode);
          assert.ok(little.rows > 0 && little.blocks > 0);
          // Each may be joined otherwise to the small tables, as the sample that statistics are made of falls: never to 20,000.
          assert.ok(big.rows <= little.rows * 2, `${big.rows} rows instead of ${little.rows}`);
          assert.ok(big.blocks <= little.blocks * 2 + 100, `${big.blocks} blocks instead of ${little.blocks}`);
        });
      }
      it(`answers a page from the middle at the cost of the first (${mode})`, async () => {
        for (const [sort, flat] of [
          ["best", false],
          ["new", false],
          ["old", true],
        ] as const) {
          const input = { post_id: broad, sort, flat };
          const { next_cursor: cursor } = await network.anonymous.comments.list({ ...input, offset: 9_900 });
          assert.ok(cursor);
          // Authors who are not known yet are read from their table, which would count.
          await network.anonymous.comments.list(input);
          await network.anonymous.comments.list({ ...input, cursor });
          const first = await cost((call) => listComments(call, input), mode);
          const middle = await cost((call) => listComments(call, { ...input, cursor }), mode);
          assert.ok(middle.rows <= first.rows * 2, `${sort}: ${middle.rows} rows instead of ${first.rows}`);
          // A scan that began at the first comment and skipped to the middle would show in the blocks of the index.
          assert.ok(middle.blocks <= first.blocks + 20, `${sort}: ${middle.blocks} blocks instead of ${first.blocks}`);
        }
      });
    }
  });
});

/** Every counter that comments move, against a recount; and every agent's events numbered without gaps. */
async function assertExact(admin: pg.Client): Promise<void> {
  const checks = {
    "post_stats differ": `select s.post_id, s.comment_count, s.last_comment_at from post_stats s
      where (s.comment_count, s.last_comment_at) is distinct from (select (count(*)::int, max(c.created_at))
        from comment_stats c where c.post_id = s.post_id and c.visible)`,
    "comment_stats differ": `select s.comment_id, s.reply_count, s.child_count from comment_stats s
      where (s.reply_count, s.child_count) is distinct from (select (count(*) filter (where c.visible)::int, count(*)::int)
        from comment_stats c where c.parent_id = s.comment_id)`,
    "agent_stats differ": `select s.agent_id, s.comment_count from agent_stats s where s.comment_count <>
      (select count(*) from comment_stats c where c.author_id = s.agent_id and c.visible)`,
    "texts and counters disagree": `select c.id from comments c join comment_stats s on s.comment_id = c.id
      where s.visible <> (c.deleted_at is null)`,
    "sequences have gaps": `select actor_id from events group by actor_id having max(seq) <> count(*)`,
  };
  for (const [what, query] of Object.entries(checks)) assert.deepEqual((await admin.query(query)).rows, [], what);
}
