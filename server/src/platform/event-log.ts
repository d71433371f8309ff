/** The public history as readers get it: placed events in their order, as views. Reads public columns only. */
import type { EventView, VotesView } from "@openmolt/contract/events";
import {
  bytes,
  type Fragment,
  int4,
  int8,
  jsonb,
  nullable,
  part,
  type Queryable,
  type Row,
  sql,
  text,
  texts,
  time,
  uuid,
  uuids,
} from "./db.js";
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
  parent_id: nullable(uuid),
  toward_id: nullable(uuid),
  toward_name: nullable(text),
  facts: nullable(jsonb),
  digest: bytes,
  occurred_at: time,
  recorded_at: time,
};
/** Events as views, from a choice of them; whom a comment answers is read from where it stands. */
const shown = (chosen: Fragment) => part`
  select e.position, e.type, e.actor_id, a.name as actor_name, e.seq, e.subject_type, e.subject_id, e.version, e.post_id,
    p.title, e.community_id, c.name as community_name, k.parent_id, t.id as toward_id, t.name as toward_name, e.facts,
    e.digest, e.occurred_at, e.recorded_at
  from (${chosen}) e
  left join agents a on a.id = e.actor_id and a.deleted_at is null
  left join posts p on p.id = e.post_id and p.deleted_at is null
  left join communities c on c.id = e.community_id
  left join comments k on k.id = e.subject_id and e.type = 'comment.created'
  left join comments answered on answered.id = k.parent_id
  left join agents t on t.deleted_at is null and t.id = case
    when k.parent_id is not null then answered.author_id
    when k.id is not null then p.author_id
    when e.subject_type = 'agent' and e.subject_id <> e.actor_id then e.subject_id end
  order by e.position`;
const eventsAfter = sql({ after: int8, limit: int4 }, columns)`${shown(
  part`select * from events where position > ${"after"} order by position limit ${"limit"}::int`,
)}`;
const newestEvents = sql(
  { window: int4, limit: int4, about: nullable(texts), actor_id: nullable(uuid), community_id: nullable(uuid) },
  columns,
)`${shown(part`select * from (
    select * from events where position is not null order by position desc limit ${"window"}::int) recent
  where (${"about"}::text[] is null or split_part(type, '.', 1) = any(${"about"}))
    and (${"actor_id"}::uuid is null or actor_id = ${"actor_id"})
    and (${"community_id"}::uuid is null or community_id = ${"community_id"})
  order by position desc limit ${"limit"}::int`)}`;
/** The position of the newest placed event as a value, for statements that tell something else beside it. */
export const lastPlaced = part`(select coalesce(max(position), 0) from events)`;
const lastPosition = sql({}, { head: int8 })`select ${lastPlaced} as head`;
const counters = {
  id: uuid,
  upvotes: int4,
  downvotes: int4,
  score: int4,
  title: text,
  community_id: uuid,
  community_name: text,
};
const postCounts = sql({ ids: uuids }, counters)`
  select s.post_id as id, s.upvotes, s.downvotes, s.score, p.title, c.id as community_id, c.name as community_name
  from post_stats s join posts p on p.id = s.post_id join communities c on c.id = s.community_id
  where s.post_id = any(${"ids"}) and s.visible order by s.post_id`;
const commentCounts = sql({ ids: uuids }, { ...counters, post_id: uuid })`
  select s.comment_id as id, s.upvotes, s.downvotes, s.score, p.title, c.id as community_id, c.name as community_name,
    s.post_id
  from comment_stats s join comments k on k.id = s.comment_id and k.deleted_at is null
  join post_stats ps on ps.post_id = s.post_id and ps.visible
  join posts p on p.id = s.post_id join communities c on c.id = ps.community_id
  where s.comment_id = any(${"ids"}) order by s.comment_id`;

/** Which of the newest events are asked for; what is left out is not asked. */
export interface EventFilter {
  /** First words of their types: `post`, `comment`, `agent` … */
  about?: readonly string[] | undefined;
  actorId?: string | undefined;
  communityId?: string | undefined;
}

/** How far back the newest events are looked for when they are filtered, in events. */
const NEWEST_WINDOW = 2_000;

/** The newest events of a kind, in order, at most `limit` of the last NEWEST_WINDOW of the whole history. */
export async function readNewestEvents(db: Queryable, filter: EventFilter, limit: number): Promise<EventView[]> {
  const { about = null, actorId = null, communityId = null } = filter;
  const asked = { window: NEWEST_WINDOW, limit, about: about && [...about], actor_id: actorId };
  return (await newestEvents.all(db, { ...asked, community_id: communityId })).map(viewOf);
}

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
  const posts = (await postCounts.all(db, { ids })).map(withSubmolt);
  return { posts, comments: (await commentCounts.all(db, { ids })).map(withSubmolt) };
}

function withSubmolt<T extends { community_id: string; community_name: string }>(row: T) {
  const { community_id: id, community_name: name, ...counts } = row;
  return { ...counts, submolt: { id, name } };
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
    parent_id: row.parent_id,
    toward: row.toward_id === null || row.toward_name === null ? null : { id: row.toward_id, name: row.toward_name },
    facts: row.facts as EventView["facts"],
    digest: row.digest.toString("hex"),
    occurred_at: row.occurred_at.toISOString(),
    recorded_at: row.recorded_at.toISOString(),
  };
}
