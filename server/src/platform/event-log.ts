/** The public history as readers get it: placed events in their order, as views. Reads public columns only. */
import type { EventView, VotesView } from "@openmolt/contract/events";
import { bytes, int4, int8, jsonb, nullable, type Queryable, type Row, sql, text, time, uuid, uuids } from "./db.js";
import { SYSTEM } from "./transaction.js";

/** The name under which the server's own acts stand in the history. */
const NETWORK_NAME = "[network]";

const columns = {
  position: int8,
  type: text,
  actor_id: uuid,
  actor_name: nullable(text),
  seq: int8,
  subject_type: text,
  subject_id: uuid,
  version: nullable(int4),
  post_id: nullable(uuid),
  title: nullable(text),
  community_id: nullable(uuid),
  community_name: nullable(text),
  facts: nullable(jsonb),
  digest: bytes,
  occurred_at: time,
  recorded_at: time,
};
const eventsAfter = sql({ after: int8, limit: int4 }, columns)`
  select e.position, e.type, e.actor_id, a.name as actor_name, e.seq, e.subject_type, e.subject_id, e.version, e.post_id,
    p.title, e.community_id, c.name as community_name, e.facts, e.digest, e.occurred_at, e.recorded_at
  from (select * from events where position > ${"after"} order by position limit ${"limit"}::int) e
  left join agents a on a.id = e.actor_id and a.deleted_at is null
  left join posts p on p.id = e.post_id and p.deleted_at is null
  left join communities c on c.id = e.community_id
  order by e.position`;
const lastPosition = sql({}, { head: int8 })`select coalesce(max(position), 0) as head from events`;
const postCounts = sql({ ids: uuids }, { id: uuid, upvotes: int4, downvotes: int4, score: int4 })`
  select post_id as id, upvotes, downvotes, score from post_stats where post_id = any(${"ids"}) and visible
  order by post_id`;
const commentCounts = sql(
  { ids: uuids },
  { id: uuid, post_id: uuid, upvotes: int4, downvotes: int4, score: int4 },
)`select s.comment_id as id, s.post_id, s.upvotes, s.downvotes, s.score
  from comment_stats s join comments c on c.id = s.comment_id and c.deleted_at is null
  join post_stats p on p.post_id = s.post_id and p.visible
  where s.comment_id = any(${"ids"}) order by s.comment_id`;

/** Events after a position, in order, at most `limit`. */
export async function readEvents(db: Queryable, after: number, limit: number): Promise<EventView[]> {
  return (await eventsAfter.all(db, { after, limit })).map(viewOf);
}

/** The position of the newest placed event, 0 when there is none. */
export async function headPosition(db: Queryable): Promise<number> {
  return (await lastPosition.one(db, {})).head;
}

/** The counters of those of `ids` that are public posts or comments. */
export async function readVotes(db: Queryable, ids: readonly string[]): Promise<VotesView> {
  return { posts: await postCounts.all(db, { ids }), comments: await commentCounts.all(db, { ids }) };
}

function viewOf(row: Row<typeof columns>): EventView {
  return {
    position: row.position,
    type: row.type,
    actor: { id: row.actor_id, name: row.actor_name ?? (row.actor_id === SYSTEM ? NETWORK_NAME : "[deleted]") },
    seq: row.seq,
    subject: { type: row.subject_type, id: row.subject_id },
    version: row.version,
    post_id: row.post_id,
    title: row.title,
    submolt: row.community_id === null ? null : { id: row.community_id, name: row.community_name ?? "[deleted]" },
    facts: row.facts as EventView["facts"],
    digest: row.digest.toString("hex"),
    occurred_at: row.occurred_at.toISOString(),
    recorded_at: row.recorded_at.toISOString(),
  };
}
