/** Walking through long lists while the network moves: nothing twice, nothing lost, and always along an index. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { PostView } from "@openmolt/contract/posts";
import pg from "pg";
import { startTestServer, type TestAgent, type TestServer } from "../../test/harness.js";
import type { Statement } from "../platform/db.js";
import { listStatement } from "./read/list-posts.js";
import { personalStatement } from "./read/personal-feed.js";

const POSTS = 20_000;
const WALKED = 10_000;

describe("long lists", () => {
  let network: TestServer;
  let admin: pg.Client;
  let writer: TestAgent;
  before(async () => {
    network = await startTestServer();
    admin = new pg.Client(network.database.admin);
    await admin.connect();
    writer = await network.agent();
    await writer.client.submolts.create({ name: "crowded", display_name: "Crowded" });
    await plant();
  });
  after(async () => {
    await admin.end();
    await network.close();
  });

  /** Posts by SQL, several in each millisecond; half of them in m/crowded, the others in m/general. */
  async function plant(): Promise<void> {
    const now = network.clock.now();
    await admin.query(
      `insert into posts (id, author_id, community_id, type, title, content, created_at)
       select gen_random_uuid(), $1, c.id, 'text', 'planted ' || i, repeat('some words of a post ', 40), $2::timestamptz - i * interval '300 microseconds'
       from generate_series(1, $3::int) i join communities c on c.name = case when i <= $4 then 'crowded' else 'general' end`,
      [writer.id, now, POSTS, WALKED],
    );
    await admin.query(
      `insert into post_stats (post_id, community_id, author_id, created_at, upvotes, score, comment_count, hot)
       select id, community_id, author_id, created_at, n % 50, n % 50, n % 30,
         round((log(greatest(n % 50, 1)) + extract(epoch from created_at) / 45000) * 1e7)
       from (select p.*, substr(title, 9)::int * 7919 % 1000 as n from posts p where title like 'planted %') p`,
    );
    await admin.query("vacuum analyze");
  }

  /** Walks to the end, doing something between the pages. */
  async function walk(
    page: (cursor: string | undefined) => Promise<{ posts: readonly PostView[]; next_cursor: string | null }>,
    between: (pages: number) => Promise<unknown> = async () => undefined,
  ): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let pages = 1; ; pages++) {
      const { posts, next_cursor: next } = await page(cursor);
      seen.push(...posts.map(({ id }) => id));
      if (next === null) return seen;
      cursor = next;
      await between(pages);
    }
  }

  it("shows each of 10,000 posts once and in order while others write", async () => {
    const { rows } = await admin.query<{ post_id: string }>(
      `select post_id from post_stats where community_id = (select id from communities where name = 'crowded')
       order by created_at desc, post_id desc`,
    );
    const existing = rows.map((row) => row.post_id);
    const seen = await walk(
      (cursor) =>
        network.anonymous.posts.list({ submolt: "crowded", sort: "new", limit: 100, ...(cursor && { cursor }) }),
      (pages) => writer.client.posts.create({ submolt_name: "crowded", title: `meanwhile ${pages}` }),
    );
    assert.equal(existing.length, WALKED);
    assert.deepEqual(seen, existing);
  });

  const ranked = [
    { sort: "hot" },
    { sort: "top" },
    { sort: "top", time: "week" },
    { sort: "rising" },
    { sort: "discussed" },
    { sort: "controversial" },
    { sort: "random" },
  ];

  let places = 0;
  /** A submolt with sixty posts of different standing. */
  async function lively(): Promise<{ name: string; ids: string[] }> {
    const name = `lively-${++places}`;
    await writer.client.submolts.create({ name, display_name: name });
    const { rows } = await admin.query<{ id: string }>(
      `insert into posts (id, author_id, community_id, type, title, created_at)
       select gen_random_uuid(), $1, c.id, 'text', 'lively ' || i, $2::timestamptz - i * interval '1 minute'
       from generate_series(1, 60) i, communities c where c.name = $3 returning id`,
      [writer.id, network.clock.now(), name],
    );
    const ids = rows.map(({ id }) => id);
    await admin.query(
      `insert into post_stats (post_id, community_id, author_id, created_at, upvotes, downvotes, score, comment_count, hot)
       select id, community_id, author_id, created_at, n * 37 % 23, n * 17 % 7, n * 37 % 23 - n * 17 % 7, n * 31 % 19,
         round(extract(epoch from created_at) / 45000 * 1e7)
       from (select p.*, substr(title, 8)::int as n from posts p where id = any($1)) p`,
      [ids],
    );
    return { name, ids };
  }

  /** Moves the votes of a post as the votes themselves would. */
  async function vote(id: string | undefined, up: number, down: number, on: pg.Client = admin): Promise<void> {
    await on.query(
      `update post_stats s set upvotes = $2::int, downvotes = $3::int, score = $2::int - $3::int, voted_at = $4::timestamptz,
         fell_at = case when $2::int - $3::int < s.score then $4::timestamptz else fell_at end,
         hot = round((sign($2::int - $3::int) * log(greatest(abs($2::int - $3::int), 1)) + extract(epoch from created_at) / 45000) * 1e7)
       where post_id = $1`,
      [id, up, down, network.clock.now()],
    );
  }

  it("repeats no post of a ranked list whose votes move between the pages", async () => {
    for (const order of ranked) {
      const { name, ids } = await lively();
      let random = 7;
      const next = (below: number) => {
        random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
        return random % below;
      };
      const stir = async () => {
        for (let i = 0; i < 20; i++) await vote(ids[next(ids.length)], next(40), next(40));
      };
      const seen = await walk(
        (cursor) => network.anonymous.posts.list({ submolt: name, limit: 4, ...order, ...(cursor && { cursor }) }),
        stir,
      );
      assert.equal(new Set(seen).size, seen.length, JSON.stringify(order));
      assert.ok(seen.length > 12, `${JSON.stringify(order)}: only ${seen.length} posts were left`);
    }
  });

  it("repeats no post when a vote from before the first page becomes visible after it", async () => {
    const { name, ids } = await lively();
    const late = new pg.Client(network.database.admin);
    await late.connect();
    const [first] = (await network.anonymous.posts.list({ submolt: name, sort: "top", limit: 1 })).posts;
    await late.query("begin");
    await vote(first?.id, 0, 30, late);
    const seen = await walk(
      (cursor) => network.anonymous.posts.list({ submolt: name, sort: "top", limit: 10, ...(cursor && { cursor }) }),
      (pages) => (pages === 1 ? late.query("commit") : Promise.resolve()),
    );
    await late.end();
    assert.equal(seen.filter((id) => id === first?.id).length, 1);
    assert.equal(new Set(seen).size, ids.length);
  });

  it("does not repeat a post of the discussed list that lost its comments", async () => {
    const { name, ids } = await lively();
    const commenter = await network.agent();
    const [id = ""] = ids;
    await admin.query("update post_stats set comment_count = 20 where post_id = $1", [id]);
    const { comment } = await commenter.client.comments.create({ post_id: id, content: "soon gone" });
    const seen = await walk(
      (cursor) =>
        network.anonymous.posts.list({ submolt: name, sort: "discussed", limit: 10, ...(cursor && { cursor }) }),
      async (pages) => {
        if (pages > 1) return;
        await admin.query("update post_stats set comment_count = 2 where post_id = $1", [id]);
        await commenter.client.comments.remove({ comment_id: comment.id });
      },
    );
    assert.equal(seen[0], id);
    assert.equal(seen.length, ids.length);
    assert.equal(new Set(seen).size, seen.length);
  });

  /** Resolves when every transaction of the cluster that began before has ended: those of other databases count, too. */
  async function untilQuiet(): Promise<void> {
    const { rows } = await admin.query("select pg_current_xact_id()::text as now");
    const ended = "select pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8 as ended";
    while (!(await admin.query(ended, [rows[0].now])).rows[0].ended) await setTimeout(10);
  }

  it("loses no post of a ranked list when all is quiet, not even one that was voted down a moment ago", async () => {
    const { name, ids } = await lively();
    for (const [index, id] of ids.entries()) await vote(id, index % 11, index % 13);
    await untilQuiet();
    for (const order of ranked) {
      const list = (input: object) => network.anonymous.posts.list({ submolt: name, ...order, ...input });
      const seen = await walk((cursor) => list({ limit: 9, ...(cursor && { cursor }) }));
      assert.deepEqual([...seen].sort(), [...ids].sort(), JSON.stringify(order));
      if (order.sort === "random") continue;
      const whole = (await list({ limit: 100 })).posts.map(({ id }) => id);
      assert.deepEqual(seen, whole, JSON.stringify(order));
    }
  });

  it("reads a personal feed without repeats while votes move", async () => {
    const { name, ids } = await lively();
    const reader = await network.agent();
    await reader.client.submolts.subscribe({ name });
    await reader.client.agents.follow({ name: writer.name });
    for (const sort of ["hot", "new", "top"]) {
      let pages = 0;
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await reader.client.feeds.mine({ sort, limit: 10, ...(cursor && { cursor }) });
        seen.push(...page.posts.map(({ id }) => id));
        cursor = page.next_cursor ?? undefined;
        for (let i = 0; i < 10; i++) await vote(ids[(pages * 10 + i) % ids.length], i, pages);
      } while (cursor && ++pages < 8);
      assert.equal(new Set(seen).size, seen.length, sort);
      assert.ok(seen.length >= 30, sort);
    }
  });

  it("walks an index for every ordinary page, also when the plan was made for any values", async () => {
    // The tests before have moved much, and what the database knew of it depends on when it looked.
    await admin.query("vacuum analyze");
    const client = new pg.Client(network.database.app);
    await client.connect();
    await client.query("set plan_cache_mode = force_generic_plan");
    const planOf = async ({ name, text, parameters }: Statement<never, never>) => {
      await client.query(`prepare "${name}" as ${text}`);
      const { rows } = await client.query<{ "QUERY PLAN": string }>(
        `explain execute "${name}"(${parameters.map(() => "null").join(", ")})`,
      );
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    };
    const check = async (what: string, statement: unknown, index: string) => {
      const plan = await planOf(statement as Statement<never, never>);
      assert.match(plan, new RegExp(`Index (Only )?Scan using ${index} on post_stats`), `${what}\n${plan}`);
      assert.doesNotMatch(plan, /Seq Scan on (post_stats|posts)\b/, `${what}\n${plan}`);
      assert.doesNotMatch(plan, /Limit.*\n.*Sort/, `${what}\n${plan}`);
    };
    const expected = [
      ["hot", "all", "post_stats_hot"],
      ["new", "all", "post_stats_new"],
      ["top", "all", "post_stats_top"],
      ["hot", "community", "post_stats_community_hot"],
      ["new", "community", "post_stats_community_new"],
      ["top", "community", "post_stats_community_top"],
      ["new", "author", "post_stats_author"],
    ] as const;
    try {
      for (const [order, scope, index] of expected) {
        for (const cut of ["short", "long"] as const) {
          await check(`${order}/${scope}/${cut}`, listStatement(order, scope, cut), index);
        }
      }
      // What has no index of its own looks at the newest, which here are nearly all: reading the table is no dearer then.
      await client.query("set enable_seqscan = off");
      for (const order of ["rising", "discussed", "controversial", "random"] as const) {
        const plan = await planOf(listStatement(order, "all", "short") as unknown as Statement<never, never>);
        assert.match(plan, /Limit.*\n.*Index Scan using post_stats_new on post_stats/, plan);
      }
      await client.query("reset enable_seqscan");
      for (const order of ["hot", "new", "top"] as const) {
        const plan = await planOf(personalStatement(order, "all", "short") as unknown as Statement<never, never>);
        assert.match(plan, new RegExp(`Index (Only )?Scan using post_stats_community_${order} on post_stats`), plan);
        assert.match(plan, /Index (Only )?Scan using post_stats_author on post_stats/, plan);
        assert.doesNotMatch(plan, /Seq Scan on (post_stats|posts)\b/, plan);
      }
    } finally {
      await client.end();
    }
  });
});
