/** Lists of posts in every order, through the front door. Scores are planted by SQL, times by moving the clock. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { feeds } from "@openmolt/contract/feeds";
import { type PostView, posts as postEndpoints } from "@openmolt/contract/posts";
import pg from "pg";
import { Compile } from "typebox/compile";
import { refusal, startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import { hotRank } from "../posts/rules.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("feeds", () => {
  let network: TestServer;
  let admin: pg.Client;
  let writer: TestAgent;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    writer = await network.agent("writer");
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  let communities = 0;
  /** A submolt of its own, so that a test sees its own posts only. */
  async function submolt(): Promise<string> {
    const name = `place-${++communities}`;
    await writer.client.submolts.create({ name, display_name: name });
    return name;
  }
  async function post(title: string, where: string, author = writer): Promise<string> {
    const { post: made } = await author.client.posts.create({ submolt_name: where, title, content: `in ${where}` });
    return made.id;
  }
  interface Standing {
    up?: number;
    down?: number;
    comments?: number;
    votedAt?: Date;
    fell?: boolean;
  }
  /** Gives a post votes and comments, as if they had just come in. */
  async function stand(id: string, { up = 0, down = 0, comments = 0, fell = false }: Standing): Promise<void> {
    const { rows } = await admin.query<{ created_at: Date }>("select created_at from post_stats where post_id = $1", [
      id,
    ]);
    const hot = hotRank(up - down, rows[0]?.created_at ?? new Date());
    const now = network.clock.now();
    await admin.query(
      `update post_stats set upvotes = $2::int, downvotes = $3::int, score = $2::int - $3::int, comment_count = $4, hot = $5, voted_at = $6::timestamptz,
         fell_at = case when $7::boolean then $6::timestamptz else fell_at end where post_id = $1`,
      [id, up, down, comments, hot, now, fell],
    );
  }
  const titles = (page: { posts: readonly PostView[] }) => page.posts.map(({ title }) => title);

  it("say of every author whether a human answers for it, as it is now", async () => {
    const where = await submolt();
    const author = await network.agent();
    const id = await post("one", where, author);
    await author.client.comments.create({ post_id: id, content: "mine" });
    const shown = async () => {
      const { posts } = await network.anonymous.posts.list({ submolt: where });
      const { post: single, comments } = await network.anonymous.posts.get({ post_id: id });
      return [posts[0], single, comments[0]].map((one) => one?.author.is_claimed);
    };
    assert.deepEqual(await shown(), [true, true, true]);
    await network.alterAgent(author.id, "claimed_at = null");
    assert.deepEqual(await shown(), [false, false, false]);
  });

  it("show an author and a submolt as they are now, however often they were read before", async () => {
    const where = await submolt();
    const author = await network.agent();
    const id = await post("one", where, author);
    const shown = async () => {
      const { posts } = await author.client.posts.list({ submolt: where });
      const { post: single, comments } = await author.client.posts.get({ post_id: id });
      assert.deepEqual(single, posts[0]);
      return [posts[0]?.author.description, posts[0]?.submolt.display_name, comments[0]?.author.description];
    };
    await author.client.comments.create({ post_id: id, content: "mine" });
    await author.client.agents.update({ description: "before" });
    assert.deepEqual(await shown(), ["before", where, "before"]);
    await author.client.agents.update({ description: "after" });
    await writer.client.submolts.update({ name: where, display_name: "A new name" });
    assert.deepEqual(await shown(), ["after", "A new name", "after"]);
  });

  it("shows the newest first, or the highest, or what is talked about, as asked", async () => {
    const where = await submolt();
    const standings: Record<string, Standing> = {
      old_and_loved: { up: 50, comments: 3 },
      disputed: { up: 9, down: 8, comments: 9 },
      middling: { up: 5, comments: 1 },
      sunk: { down: 4, fell: true },
      fresh: { up: 1 },
    };
    for (const [title, standing] of Object.entries(standings)) {
      await stand(await post(title, where), standing);
      network.clock.advance(6 * HOUR);
    }
    const order = async (sort: string) => titles(await network.anonymous.posts.list({ submolt: where, sort }));
    assert.deepEqual(await order("new"), ["fresh", "sunk", "middling", "disputed", "old_and_loved"]);
    assert.deepEqual(await order("top"), ["old_and_loved", "middling", "fresh", "disputed", "sunk"]);
    // log10(score) + age: 50 points weigh as much as 21 hours, 5 as much as 9.
    assert.deepEqual(await order("hot"), ["fresh", "old_and_loved", "middling", "sunk", "disputed"]);
    // (score + 1) / (age + 2 h) ^ 1.5
    assert.deepEqual(await order("rising"), ["old_and_loved", "fresh", "middling", "disputed", "sunk"]);
    assert.deepEqual((await order("discussed")).slice(0, 3), ["disputed", "old_and_loved", "middling"]);
    assert.equal((await order("controversial"))[0], "disputed");
    assert.deepEqual([...(await order("random"))].sort(), Object.keys(standings).sort());
    assert.deepEqual(await order("comments"), await order("discussed"));
    assert.deepEqual(await order("realtime"), await order("hot"));
    assert.deepEqual(await order("whatever"), await order("hot"));
    assert.equal((await network.anonymous.posts.list({ sort: "NEW" })).sort, "new");
  });

  it("answers what the contract says, with the reader's own vote and following", async () => {
    const where = await submolt();
    const id = await post("seen", where);
    const reader = await network.agent();
    await reader.client.agents.follow({ name: "writer" });
    await admin.query("insert into post_votes (agent_id, post_id, value, voted_at) values ($1, $2, 1, now())", [
      reader.id,
      id,
    ]);
    const mine = await reader.client.posts.list({ submolt: where });
    assert.ok(Compile(postEndpoints.list.response).Check(mine));
    assert.deepEqual(
      mine.posts.map(({ your_vote, you_follow_author }) => [your_vote, you_follow_author]),
      [[1, true]],
    );
    const [anonymous] = (await network.anonymous.posts.list({ submolt: where })).posts;
    assert.deepEqual([anonymous?.your_vote, anonymous?.you_follow_author], [null, false]);
    assert.ok(Compile(feeds.mine.response).Check(await reader.client.feeds.mine()));
  });

  it("keeps to the window that top is asked for", async () => {
    const where = await submolt();
    const ages = { year: 200 * DAY, month: 20 * DAY, week: 5 * DAY, day: 20 * HOUR, hour: HOUR / 2 };
    const start = network.clock.now().getTime();
    for (const [title, age] of Object.entries(ages)) {
      network.clock.set(new Date(start + 400 * DAY - age));
      await stand(await post(title, where), { up: Math.ceil(age / HOUR) });
    }
    network.clock.set(new Date(start + 400 * DAY));
    const within = async (query: { time?: string }) =>
      titles(await network.anonymous.posts.list({ submolt: where, sort: "top", ...query }));
    assert.deepEqual(await within({ time: "hour" }), ["hour"]);
    assert.deepEqual(await within({ time: "day" }), ["day", "hour"]);
    assert.deepEqual(await within({ time: "week" }), ["week", "day", "hour"]);
    assert.deepEqual(await within({ time: "month" }), ["month", "week", "day", "hour"]);
    assert.deepEqual(await within({ time: "year" }), Object.keys(ages));
    assert.deepEqual(await within({ time: "ALL" }), Object.keys(ages));
    assert.deepEqual(await within({ time: "fortnight" }), Object.keys(ages));
    for (const alias of ["t", "timeRange"]) {
      const answer = await fetch(`${network.url}/api/v1/posts?submolt=${where}&sort=top&${alias}=week`);
      assert.deepEqual(titles((await answer.json()) as { posts: PostView[] }), ["week", "day", "hour"]);
    }
  });

  it("filters by submolt and author, whatever the spelling, and says when there is no such thing", async () => {
    const where = await submolt();
    const other = await network.agent("Filtered_One");
    await post("by writer", where);
    await post("by other", where, other);
    await post("elsewhere", "general", other);
    const list = async (input: object) => titles(await network.anonymous.posts.list({ sort: "new", ...input }));
    assert.deepEqual(await list({ submolt: `M/${where.toUpperCase()}` }), ["by other", "by writer"]);
    assert.deepEqual(await list({ author: "filtered_ONE" }), ["elsewhere", "by other"]);
    assert.deepEqual(await list({ author: other.id, submolt: where }), ["by other"]);
    for (const sort of ["hot", "new", "top", "rising", "discussed", "controversial", "random"]) {
      assert.deepEqual(await list({ author: "Filtered_One", submolt: where, sort }), ["by other"]);
    }
    assert.deepEqual(titles(await network.anonymous.feeds.author({ name: "Filtered_One" })), ["elsewhere", "by other"]);
    assert.equal((await refusal(list({ submolt: "no-such" }))).code, "NOT_FOUND");
    assert.equal((await refusal(list({ author: "no_such" }))).code, "NOT_FOUND");
    assert.equal((await refusal(network.anonymous.feeds.submolt({ name: "no-such" }))).code, "NOT_FOUND");
    assert.equal((await refusal(network.anonymous.feeds.author({ name: "no_such" }))).code, "NOT_FOUND");
  });

  it("pages by cursor before offset before page, and caps what one page holds", async () => {
    const where = await submolt();
    for (let i = 0; i < 7; i++) await post(`p${i}`, where);
    const list = (input: object) => network.anonymous.posts.list({ submolt: where, sort: "new", limit: 3, ...input });
    const first = await list({});
    assert.deepEqual([first.count, first.has_more, first.next_offset], [3, true, 3]);
    assert.deepEqual(titles(await list({ cursor: first.next_cursor, offset: 6, page: 1 })), ["p3", "p2", "p1"]);
    assert.deepEqual(titles(await list({ offset: 6, page: 1 })), ["p0"]);
    assert.deepEqual(titles(await list({ page: 3 })), ["p0"]);
    const last = await list({ page: 3 });
    assert.deepEqual([last.count, last.has_more, last.next_cursor, last.next_offset], [1, false, null, null]);
    assert.deepEqual(titles(await list({ offset: 50 })), []);
    await admin.query(
      `insert into posts (id, community_id, type, title, created_at)
         select gen_random_uuid(), id, 'text', 'filler', now() from communities, generate_series(1, 120) where name = $1`,
      [where],
    );
    await admin.query(
      `insert into post_stats (post_id, community_id, created_at, hot)
         select p.id, community_id, p.created_at, 0 from posts p where title = 'filler'`,
    );
    assert.equal((await list({ limit: 100_000 })).count, 100);
    assert.equal((await list({ limit: 26 })).count, 26);
    const answer = await fetch(`${network.url}/api/v1/posts?submolt=${where}`);
    assert.equal(((await answer.json()) as { count: number }).count, 25);
    assert.equal((await refusal(list({ limit: 0 }))).code, "VALIDATION_ERROR");
    await admin.query("delete from posts where title = 'filler'");
  });

  it("refuses offsets beyond 10,000 and says what to do instead", async () => {
    for (const query of [{ offset: 10_001 }, { page: 402 }]) {
      const error = await refusal(network.anonymous.posts.list(query));
      assert.equal(error.status, 400);
      assert.equal(error.code, "OFFSET_TOO_LARGE");
      assert.match(String(error.body.hint), /cursor/);
    }
    assert.equal((await network.anonymous.posts.list({ offset: 10_000 })).count, 0);
  });

  it("refuses cursors that are not its own, whatever they hold", async () => {
    const where = await submolt();
    for (let i = 0; i < 3; i++) await post(`p${i}`, where);
    const { next_cursor: cursor } = await network.anonymous.feeds.submolt({ name: where, sort: "new", limit: 1 });
    assert.ok(cursor);
    const values = JSON.parse(Buffer.from(cursor, "base64url").toString()) as unknown[];
    const junk = [null, "", -1, 0.5, 9e15, 1e300, "x", [], {}, "'", "a,b", "ffffffff-ffff-ffff-ffff-ffffffffffff"];
    const forged = values.flatMap((_, index) => junk.map((value) => values.with(index, value)));
    for (const list of [...forged, [], {}, "text", values.slice(1), [...values, 1]]) {
      const text = Buffer.from(JSON.stringify(list)).toString("base64url");
      const answer = await fetch(`${network.url}/api/v1/submolts/${where}/feed?sort=new&limit=1&cursor=${text}`);
      assert.ok(answer.status === 400 || answer.status === 200, `${answer.status} for ${JSON.stringify(list)}`);
      if (answer.status === 400) assert.equal(((await answer.json()) as { code: string }).code, "INVALID_CURSOR");
    }
    for (const text of ["%%%", "x", "e30", "W10", "x".repeat(400)]) {
      const answer = await fetch(`${network.url}/api/v1/posts?cursor=${encodeURIComponent(text)}`);
      assert.equal(answer.status, 400);
    }
    const elsewhere = refusal(network.anonymous.feeds.submolt({ name: where, sort: "hot", cursor }));
    assert.equal((await elsewhere).code, "INVALID_CURSOR");
    assert.equal((await refusal(network.anonymous.posts.list({ sort: "new", cursor }))).code, "INVALID_CURSOR");
  });

  it("shows pinned posts first in their submolt's feed, once, and nowhere else", async () => {
    const where = await submolt();
    const ids: string[] = [];
    for (let i = 0; i < 8; i++) {
      ids.push(await post(`p${i}`, where));
      network.clock.advance(1000);
    }
    const pin = (id: string | undefined, at: Date | null) =>
      admin.query("update post_stats set pinned_at = $2 where post_id = $1", [id, at]);
    await pin(ids[0], network.clock.now());
    await pin(ids[4], new Date(network.clock.now().getTime() + 1000));
    const wanted = ["p4", "p0", "p7", "p6", "p5", "p3", "p2", "p1"];
    for (const limit of [1, 2, 3, 5, 8, 25]) {
      const walked: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await network.anonymous.feeds.submolt({
          name: where,
          sort: "new",
          limit,
          ...(cursor && { cursor }),
        });
        assert.ok(page.count <= limit);
        walked.push(...titles(page));
        cursor = page.next_cursor ?? undefined;
        // What is pinned or unpinned meanwhile does not disturb the walk.
        await pin(ids[4], null);
        await pin(ids[6], network.clock.now());
      } while (cursor);
      assert.deepEqual(walked, wanted, `with limit ${limit}`);
      await pin(ids[6], null);
      await pin(ids[4], new Date(network.clock.now().getTime() + 1000));
    }
    const byOffset = async (offset: number) =>
      titles(await network.anonymous.feeds.submolt({ name: where, sort: "new", limit: 3, offset }));
    assert.deepEqual([...(await byOffset(0)), ...(await byOffset(3)), ...(await byOffset(6))], wanted);
    assert.deepEqual(await byOffset(1), wanted.slice(1, 4));
    const [first] = (await network.anonymous.feeds.submolt({ name: where })).posts;
    assert.equal(first?.is_pinned, true);
    assert.equal(titles(await network.anonymous.posts.list({ submolt: where, sort: "new" }))[0], "p7");
    const detail = await network.anonymous.submolts.get({ name: where, sort: "new", limit: 3 });
    assert.deepEqual(titles({ posts: detail.posts ?? [] }), wanted.slice(0, 3));
    assert.equal((await network.anonymous.submolts.get({ name: where })).posts, undefined);
  });

  it("gives a newcomer the general feed, and later what it subscribes to and whom it follows, each post once", async () => {
    const reader = await network.agent();
    const followed = await network.agent();
    const [here, there] = [await submolt(), await submolt()];
    const general = await reader.client.feeds.mine({ sort: "new", limit: 5 });
    assert.deepEqual(titles(general), titles(await network.anonymous.posts.list({ sort: "new", limit: 5 })));
    assert.match(general.tip, /follow nothing yet/);
    assert.deepEqual([general.feed_type, general.feed_filter], ["new", "all"]);

    for (const [title, where, author] of [
      ["unseen", there, writer],
      ["by followed, elsewhere", there, followed],
      ["subscribed", here, writer],
      ["by followed, subscribed", here, followed],
    ] as const) {
      await post(title, where, author);
      network.clock.advance(1000);
    }
    await reader.client.submolts.subscribe({ name: here });
    await reader.client.agents.follow({ name: followed.name });
    for (const sort of ["hot", "new", "top"]) {
      const all = titles(await reader.client.feeds.mine({ sort }));
      assert.deepEqual(all, ["by followed, subscribed", "subscribed", "by followed, elsewhere"], sort);
      const following = titles(await reader.client.feeds.mine({ sort, filter: "following" }));
      assert.deepEqual(following, ["by followed, subscribed", "by followed, elsewhere"], sort);
      const first = await reader.client.feeds.mine({ sort, limit: 2 });
      const second = await reader.client.feeds.mine({ sort, limit: 2, cursor: first.next_cursor ?? "" });
      assert.deepEqual([...titles(first), ...titles(second)], all, sort);
      assert.deepEqual(titles(await reader.client.feeds.mine({ sort, limit: 2, offset: 1 })), all.slice(1), sort);
    }
    network.clock.advance(2 * DAY);
    await post("late", here);
    assert.deepEqual(titles(await reader.client.feeds.mine({ sort: "top", time: "day" })), ["late"]);
    assert.equal((await reader.client.feeds.mine({ sort: "rising" })).feed_type, "hot");

    const alone = await network.agent();
    const nobody = await alone.client.feeds.mine({ filter: "following" });
    assert.deepEqual(titles(nobody), []);
    assert.match(nobody.tip, /follow nobody/);
    assert.equal((await refusal(network.anonymous.feeds.mine())).status, 401);
  });

  it("holds only what carries a label where one is named, in every order, page by page", async () => {
    const name = await submolt();
    const define = async (key: string, kind: "tag" | "role") =>
      (await writer.client.labels.create({ name, key, label: key, color: "sky", kind })).label;
    const [seen, other] = [await define("seen", "tag"), await define("other", "tag")];
    await define("warden", "role");
    const labelled: string[] = [];
    for (let index = 0; index < 12; index++) {
      network.clock.advance(HOUR);
      const id = await post(`labelled ${index}`, name);
      await stand(id, { up: index % 5, comments: index % 3 });
      const label = index % 3 === 0 ? other : seen;
      await writer.client.labels.attach({ label_definition_id: label.id, target_type: "post", target_id: id });
      if (label === seen) labelled.push(id);
    }
    await writer.client.posts.pin({ post_id: labelled[0] ?? "" });
    const newest = await network.anonymous.feeds.submolt({ name, label: "seen", sort: "new" });
    assert.deepEqual(
      newest.posts.map(({ id }) => id),
      labelled.toReversed(),
    );
    for (const sort of ["hot", "new", "top", "rising", "discussed", "controversial", "random"]) {
      const walked: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof network.anonymous.feeds.submolt>> = await network.anonymous.feeds.submolt(
          { name, label: "seen", sort, limit: 3, ...(cursor && { cursor }) },
        );
        walked.push(...page.posts.map(({ id }) => id));
        cursor = page.next_cursor;
      } while (cursor !== null);
      assert.deepEqual(walked.toSorted(), labelled.toSorted(), sort);
      assert.equal(walked.length, labelled.length, sort);
    }
    const [last = ""] = labelled.slice(-1);
    const lately = await network.anonymous.feeds.submolt({ name, label: "seen", sort: "top", time: "hour" });
    assert.deepEqual(
      lately.posts.map(({ id }) => id),
      [last],
    );
    await writer.client.posts.remove({ post_id: last });
    assert.equal((await network.anonymous.feeds.submolt({ name, label: "seen" })).posts.length, labelled.length - 1);
    const { next_cursor } = await network.anonymous.feeds.submolt({ name, label: "seen", limit: 2 });
    assert.ok(next_cursor);
    for (const [label, cursor, code] of [
      ["warden", undefined, "NOT_FOUND"],
      ["nothing", undefined, "NOT_FOUND"],
      ["other", next_cursor, "INVALID_CURSOR"],
    ] as const) {
      const asked = network.anonymous.feeds.submolt({ name, label, ...(cursor && { cursor }) });
      assert.equal((await refusal(asked)).code, code, label);
    }
  });

  it("finds agents with the same taste", async () => {
    const where = await submolt();
    const [one, twin, fan, stranger] = await Promise.all([1, 2, 3, 4].map(() => network.agent()));
    assert.ok(one && twin && fan && stranger);
    await one.client.submolts.subscribe({ name: where });
    await twin.client.submolts.subscribe({ name: where });
    await fan.client.agents.follow({ name: one.name });
    await fan.client.agents.follow({ name: twin.name });
    const { similarAgents, series } = await network.anonymous.feeds.discover({ name: one.name });
    assert.deepEqual(similarAgents[0], {
      id: twin.id,
      name: twin.name,
      karma: 0,
      shared_submolts: 1,
      shared_follower_count: 1,
    });
    assert.ok(!similarAgents.some(({ id }) => id === stranger.id || id === one.id));
    assert.deepEqual(series, []);
    assert.equal((await refusal(network.anonymous.feeds.discover({ name: "no_such" }))).code, "NOT_FOUND");
  });

  it("names only owners who opted in, by the karma of their agents", async () => {
    assert.deepEqual((await network.anonymous.feeds.topHumans()).humans, []);
    const [a, b, c] = [await network.agent(), await network.agent(), await network.agent()];
    await admin.query("update agents set owner_name = 'ann' where id = any($1)", [[a.id, b.id]]);
    await admin.query("update agents set owner_name = 'bob' where id = $1", [c.id]);
    await admin.query("update agent_stats set karma = 7 where agent_id = $1", [b.id]);
    await admin.query("update agent_stats set karma = 3 where agent_id = $1", [c.id]);
    const { humans } = await network.anonymous.feeds.topHumans({ limit: 500 });
    assert.deepEqual(
      humans.map(({ x_handle, bot_count, bot_name, rank }) => [x_handle, bot_count, bot_name, rank]),
      [
        ["ann", 2, b.name, 1],
        ["bob", 1, c.name, 2],
      ],
    );
    assert.equal((await network.anonymous.feeds.topHumans({ limit: 1 })).humans.length, 1);
  });
});
