/** The authors of a batch: held while it is written, so that nobody leaves meanwhile, and counted once it is. */
import { jsonb, type Queryable, type Statement, sql, uuid, uuids } from "../../platform/db.js";

const holdPresent = sql({ ids: uuids }, { id: uuid })`
  select id from agents where id = any(${"ids"}) and deleted_at is null order by id for share`;
const countPosts = sql({ rows: jsonb }, {})`
  with added as (select r.author_id as agent_id, count(*)::int as items, sum(r.score)::int as score, max(r.created_at) as last
      from json_to_recordset(${"rows"}::json) as r(author_id uuid, score integer, created_at timestamptz)
      where r.author_id is not null group by 1),
    held as materialized (select s.agent_id from agent_stats s
      where s.agent_id in (select agent_id from added) order by s.agent_id for update)
  update agent_stats s set post_count = s.post_count + added.items, last_active_at = greatest(s.last_active_at, added.last),
    karma = s.karma + case when s.karma_stated then 0 else added.score end,
    imported_karma = s.imported_karma + case when s.karma_stated then 0 else added.score end
  from held join added using (agent_id) where s.agent_id = held.agent_id`;
const countComments = sql({ rows: jsonb }, {})`
  with added as (select r.author_id as agent_id, count(*)::int as items, sum(r.score)::int as score, max(r.created_at) as last
      from json_to_recordset(${"rows"}::json) as r(author_id uuid, score integer, created_at timestamptz)
      where r.author_id is not null group by 1),
    held as materialized (select s.agent_id from agent_stats s
      where s.agent_id in (select agent_id from added) order by s.agent_id for update)
  update agent_stats s set comment_count = s.comment_count + added.items,
    last_active_at = greatest(s.last_active_at, added.last),
    karma = s.karma + case when s.karma_stated then 0 else added.score end,
    imported_karma = s.imported_karma + case when s.karma_stated then 0 else added.score end
  from held join added using (agent_id) where s.agent_id = held.agent_id`;
const counts: Readonly<Record<"post" | "comment", Statement<{ rows: typeof jsonb }, Record<string, never>>>> = {
  post: countPosts,
  comment: countComments,
};

/** What was written by whom. */
interface Written {
  author_id: string | null;
  score: number;
  created_at: Date;
}

/** Holds the authors that are still there, and says which. */
export async function holdAuthors(
  tx: Queryable,
  items: readonly { authorId: string | null }[],
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(items.map(({ authorId }) => authorId))].filter((id) => id !== null);
  return new Set((await holdPresent.all(tx, { ids })).map(({ id }) => id));
}

/** Counts what was written for its authors, with the votes it came with. */
export async function countForAuthors(
  tx: Queryable,
  kind: "post" | "comment",
  rows: readonly Written[],
): Promise<void> {
  await counts[kind].run(tx, { rows: JSON.stringify(rows) });
}
