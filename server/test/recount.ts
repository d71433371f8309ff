/** Counters against the rows they count. */
import assert from "node:assert/strict";
import type pg from "pg";

/** Every counter that votes move, against a recount. */
export async function assertVotesAddUp(admin: pg.Client): Promise<void> {
  for (const [stats, votes, key] of [
    ["post_stats", "post_votes", "post_id"],
    ["comment_stats", "comment_votes", "comment_id"],
  ]) {
    const { rows } = await admin.query(`select s.${key} from ${stats} s
      left join (select ${key}, sum(value)::int score, count(*) filter (where value = 1)::int up,
        count(*) filter (where value = -1)::int down from ${votes} group by 1) v using (${key})
      where (s.score, s.upvotes, s.downvotes) is distinct from (coalesce(v.score, 0), coalesce(v.up, 0), coalesce(v.down, 0))`);
    assert.deepEqual(rows, [], `${stats} differ from a recount`);
  }
  const { rows } = await admin.query(`select k.agent_id, k.karma from agent_stats k where k.karma <>
    coalesce((select sum(value) from post_votes v where v.author_id = k.agent_id), 0) +
    coalesce((select sum(value) from comment_votes v where v.author_id = k.agent_id), 0)`);
  assert.deepEqual(rows, [], "karma differs from a recount");
}
