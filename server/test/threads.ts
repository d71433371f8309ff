/** Long threads for tests: planted at once, and what it costs the database to read of them. */
import pg from "pg";
import type { Queryable } from "../src/platform/db.js";
import type { Call } from "../src/platform/http/call.js";
import { newId } from "../src/platform/ids.js";
import type { TestServer } from "./harness.js";

/** What the comment at `index` answers, a root or null; the ids are those of all comments in their order. */
export type ParentOf = (ids: readonly string[], index: number) => string | null;

/**
 * Many comments at once, three of them in each millisecond of the last hours; counters as after as many calls.
 * @param admin a connection that may write anything
 * @returns their ids, oldest first
 */
export async function plantComments(
  admin: pg.Client,
  {
    post,
    author,
    count,
    now,
    parentOf,
  }: { post: string; author: string; count: number; now: Date; parentOf: ParentOf },
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  const parents = ids.map((_, index) => parentOf(ids, index));
  const start = new Date(now.getTime() - 3 * 3_600_000);
  await admin.query(
    `with planted as (select * from unnest($1::uuid[], $2::uuid[]) with ordinality p(id, parent_id, n)),
      texts as (insert into comments (id, post_id, parent_id, root_id, author_id, depth, content, salt, created_at)
        select id, $3, parent_id, coalesce(parent_id, id), $4, (parent_id is not null)::int, 'Planted ' || n, '\\x00',
          $5::timestamptz + n / 3 * interval '1 ms' from planted)
     insert into comment_stats (comment_id, post_id, parent_id, root_id, author_id, created_at, reply_count, child_count)
     select id, $3, parent_id, coalesce(parent_id, id), $4, $5::timestamptz + n / 3 * interval '1 ms', coalesce(k.replies, 0), coalesce(k.replies, 0)
     from planted p left join (select parent_id as id, count(*) as replies from planted group by parent_id) k using (id)`,
    [ids, parents, post, author, start],
  );
  await admin.query(
    `update post_stats set comment_count = comment_count + $2,
      last_comment_at = (select max(created_at) from comment_stats where post_id = $1) where post_id = $1`,
    [post, count],
  );
  await admin.query("update agent_stats set comment_count = comment_count + $2 where agent_id = $1", [author, count]);
  return ids;
}

/** Something that reads by running statements. */
export type Read = (call: Call) => Promise<unknown>;

/**
 * What the statements of a read cost: rows that scans of tables and indexes yielded or threw away, and blocks.
 * @param mode of the plan cache: force_custom_plan or force_generic_plan
 */
export async function costOf(
  { server: { services }, clock }: TestServer,
  admin: pg.Client,
  read: Read,
  mode: string,
): Promise<{ rows: number; blocks: number }> {
  const asked: { text: string; values: unknown[] }[] = [];
  const db: Queryable = {
    query: (config) => {
      asked.push(config);
      return services.app.query(config);
    },
  };
  const call = { services, now: clock.now(), agent: null, db } as unknown as Call;
  // Texts and authors that are not known yet are read from their tables, which would count.
  await read(call);
  asked.length = 0;
  await read(call);
  const cost = { rows: 0, blocks: 0 };
  await admin.query(`set plan_cache_mode = ${mode}`);
  for (const { text, values } of asked) {
    const literals = values.map((value) => {
      if (value === null) return "null";
      if (Array.isArray(value)) return pg.escapeLiteral(`{${value.join()}}`);
      return pg.escapeLiteral(value instanceof Date ? value.toISOString() : String(value));
    });
    const given = literals.length === 0 ? "" : ` (${literals.join()})`;
    await admin.query(`prepare asked as ${text}`);
    const { rows } = await admin.query(`explain (analyze, buffers, format json) execute asked${given}`);
    await admin.query("deallocate asked");
    const [{ Plan: plan }] = rows[0]["QUERY PLAN"];
    cost.blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
    cost.rows += scannedRows(plan);
  }
  return cost;
}

interface PlanNode {
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: PlanNode[];
}

function scannedRows(node: PlanNode): number {
  const dropped = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  const own = node["Relation Name"] === undefined ? 0 : (node["Actual Rows"] + dropped) * node["Actual Loops"];
  return (node.Plans ?? []).reduce((sum, child) => sum + scannedRows(child), own);
}
