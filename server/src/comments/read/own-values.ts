/** What one agent has with what everybody reads: its votes, and whether it follows the authors. */
import { int4, type Queryable, sql, text, uuid, uuids } from "../../platform/db.js";
import type { OwnValues, Place, Relation } from "../../platform/http/shared-json.js";

const findOwn = sql(
  { agent_id: uuid, posts: uuids, comments: uuids, authors: uuids },
  { relation: text, id: uuid, value: int4 },
)`
  select 'post_vote' as relation, post_id as id, value::int from post_votes
    where agent_id = ${"agent_id"} and post_id = any(${"posts"}::uuid[])
  union all select 'comment_vote', comment_id, value from comment_votes
    where agent_id = ${"agent_id"} and comment_id = any(${"comments"}::uuid[])
  union all select 'follow', followee_id, 1 from follows
    where follower_id = ${"agent_id"} and followee_id = any(${"authors"}::uuid[])`;

/** An agent's own values at these places, in one statement. */
export async function readOwnValues(db: Queryable, agentId: string, places: readonly Place[]): Promise<OwnValues> {
  const own = {
    post_vote: new Map<string, string>(),
    comment_vote: new Map<string, string>(),
    follow: new Map<string, string>(),
  };
  if (places.length === 0) return own;
  const idsOf = (relation: Relation) => places.flatMap((place) => (place.relation === relation ? [place.id] : []));
  const rows = await findOwn.all(db, {
    agent_id: agentId,
    posts: idsOf("post_vote"),
    comments: idsOf("comment_vote"),
    authors: idsOf("follow"),
  });
  for (const { relation, id, value } of rows) {
    if (value !== 0) own[relation as Relation].set(id, relation === "follow" ? "true" : String(value));
  }
  return own;
}
