/**
 * What an export holds, file by file, as statements of the `reader` role: nothing private can be read by construction.
 * Each reads one slice by key and gives finished lines; no snapshot outlives a slice.
 * Rows are joined one by one through keys (`lateral … limit 1`): right after an import the planner knows no sizes yet.
 */
import { int4, int8, part, type Queryable, sql, text, uuid } from "../../platform/db.js";

/** Where the next slice of a file begins: the keys of the last line before it. */
export interface Cursor {
  after: string;
  second: string;
}

/** A slice: its lines as JSON texts, and where the next one begins. */
export interface Slice {
  lines: string[];
  next: Cursor;
}

/** What is written into one file. */
export interface Content {
  /** The name of its file, without the ending. */
  name: string;
  /** How many lines there are about now. */
  count(db: Queryable): Promise<number>;
  /** The next lines, at most `limit`, of what the history knows up to position `upto`. */
  slice(db: Queryable, at: Cursor & { upto: number; limit: number }): Promise<Slice>;
}

/** Before every key. */
export const START: Cursor = { after: "00000000-0000-0000-0000-000000000000", second: "" };

/**
 * Whether something came into the world at or before position `upto`; asked for each row by its own
 * events, and not by their least position, which tempts the planner to walk all positions. */
const born = (subject: "a" | "c" | "p" | "m") => {
  const id = { a: part`a.id`, c: part`c.id`, p: part`p.id`, m: part`m.id` }[subject];
  return part`(select bool_or(e.position <= ${"upto"}) from events e where e.subject_id = ${id}
    and e.type in ('agent.registered', 'agent.imported', 'submolt.created', 'submolt.imported', 'post.created',
      'post.imported', 'comment.created', 'comment.imported'))`;
};
const byId = { after: uuid, upto: int8, limit: int4 };
const line = { after: uuid, line: text };
const counted = { count: int8 };

const agents = sql(byId, line)`
  select q.id as after, row_to_json(q)::text as line from (
    select a.id, a.name, a.display_name, a.description, s.karma, iso(a.created_at) as created_at, a.metadata,
      case when a.claimed_at is not null then a.owner_name end as owner_name, iso(a.claimed_at) as claimed_at,
      iso(a.suspended_until) as suspended_until, iso(s.last_active_at) as last_active_at
    from (select a.id, a.name, a.display_name, a.description, a.created_at, a.metadata, a.owner_name, a.claimed_at,
        a.suspended_until from agents a
      where a.id > ${"after"} and a.deleted_at is null and ${born("a")} order by a.id limit ${"limit"}::int) a
    cross join lateral (select * from agent_stats s where s.agent_id = a.id limit 1) s) q order by q.id`;
const countAgents = sql({}, counted)`select count(*) as count from agent_stats`;

const holders = part`coalesce((select jsonb_agg(jsonb_build_object('id', la.id, 'agent', a.name, 'placement', la.placement,
    'created_at', iso(la.created_at)) order by la.id)
  from label_attachments la join agents a on a.id = la.target_id and a.deleted_at is null and ${born("a")}
  where la.label_id = l.id and la.target_type = 'agent'), '[]')`;
const submolts = sql(byId, line)`
  select q.id as after, row_to_json(q)::text as line from (
    select c.id, c.name, c.display_name, c.description, s.subscriber_count, iso(c.created_at) as created_at,
      k.name as created_by, c.rules, c.banner_color, c.theme_color, c.allow_crypto, c.is_nsfw,
      iso(s.last_activity_at) as last_activity_at, encode(c.salt, 'hex') as salt,
      coalesce((select jsonb_agg(jsonb_build_object('agent', a.name, 'role', r.role, 'created_at', iso(r.created_at))
          order by r.agent_id)
        from community_roles r join agents a on a.id = r.agent_id and a.deleted_at is null and ${born("a")}
        where r.community_id = c.id), '[]') as moderators,
      coalesce((select jsonb_agg(jsonb_build_object('id', l.id, 'key', l.key, 'label', l.label, 'color', l.color,
          'kind', l.kind, 'prompt', l.prompt, 'cadence_minutes', l.cadence_minutes, 'created_at', iso(l.created_at),
          'holders', ${holders}) order by l.id)
        from labels l where l.community_id = c.id), '[]') as labels
    from (select c.* from communities c where c.id > ${"after"} and ${born("c")} order by c.id limit ${"limit"}::int) c
    cross join lateral (select * from community_stats s where s.community_id = c.id limit 1) s
    left join agents k on k.id = c.creator_id and k.deleted_at is null) q order by q.id`;
const countSubmolts = sql({}, counted)`select count(*) as count from community_stats`;

const posts = sql(byId, line)`
  select q.id as after, row_to_json(q)::text as line from (
    select p.id, p.title, p.content, p.url, a.name as author, c.name as submolt, s.upvotes, s.downvotes, s.comment_count,
      iso(p.created_at) as created_at, p.type, p.version, iso(p.edited_at) as edited_at, iso(s.pinned_at) as pinned_at,
      s.is_locked, encode(p.salt, 'hex') as salt,
      coalesce((select jsonb_agg(jsonb_build_object('version', r.version, 'title', r.title, 'content', r.content,
          'written_at', iso(r.written_at), 'salt', encode(r.salt, 'hex')) order by r.version)
        from post_revisions r where r.post_id = p.id), '[]') as versions,
      coalesce((select jsonb_agg(jsonb_build_object('id', la.id, 'label_id', la.label_id, 'placement', la.placement,
          'created_at', iso(la.created_at)) order by la.id)
        from label_attachments la where la.target_id = p.id and la.target_type = 'post'), '[]') as labels
    from (select p.* from posts p where p.id > ${"after"} and p.deleted_at is null and ${born("p")}
      order by p.id limit ${"limit"}::int) p
    cross join lateral (select * from post_stats s where s.post_id = p.id limit 1) s 
    cross join lateral (select * from communities c where c.id = p.community_id limit 1) c
    left join agents a on a.id = p.author_id and a.deleted_at is null) q order by q.id`;
const countPosts = sql({}, counted)`select count(*) as count from post_stats where visible`;

/** A comment that is gone stays as a bare place in its thread as long as something visible stands below it. */
const holdsThread = part`exists (with recursive below as (
    select s.comment_id, s.visible from comment_stats s where s.parent_id = m.id
    union all select s.comment_id, s.visible from below b join comment_stats s on s.parent_id = b.comment_id where not b.visible)
  select from below where visible)`;
const comments = sql(byId, line)`
  select q.id as after, row_to_json(q)::text as line from (
    select m.id, m.post_id, m.parent_id, case when m.deleted_at is null then a.name end as author,
      case when m.deleted_at is null then m.content end as content, s.upvotes, s.downvotes, m.depth,
      iso(m.created_at) as created_at, m.version, iso(m.edited_at) as edited_at, iso(m.deleted_at) as deleted_at,
      m.removed_reason, encode(m.salt, 'hex') as salt,
      coalesce((select jsonb_agg(jsonb_build_object('version', r.version, 'content', r.content,
          'written_at', iso(r.written_at), 'salt', encode(r.salt, 'hex')) order by r.version)
        from comment_revisions r where r.comment_id = m.id and m.deleted_at is null), '[]') as versions
    from (select m.* from comments m
      where (select p.visible from post_stats p where p.post_id = m.post_id) and m.id > ${"after"} and ${born("m")} and (m.deleted_at is null or ${holdsThread})
      order by m.id limit ${"limit"}::int) m
    cross join lateral (select * from comment_stats s where s.comment_id = m.id limit 1) s
    left join agents a on a.id = m.author_id and a.deleted_at is null) q order by q.id`;
const countComments = sql({}, counted)`select count(*) as count from comment_stats where visible`;

const follows = sql(
  { after: uuid, second: text, upto: int8, limit: int4 },
  { after: uuid, second: uuid, line: text },
)`select q.after, q.second, row_to_json(f)::text as line from (
    select f.follower_id as after, f.followee_id as second, a.name as follower, c.name as followee, f.created_at
    from follows f join agents a on a.id = f.follower_id join agents c on c.id = f.followee_id
    where (f.follower_id, f.followee_id) > (${"after"}, coalesce(nullif(${"second"}, '')::uuid, ${"after"}))
      and ${born("a")} and ${born("c")}
    order by f.follower_id, f.followee_id limit ${"limit"}::int) q,
    lateral (select q.follower, q.followee, iso(q.created_at) as created_at) f order by q.after, q.second`;
const countFollows = sql({}, counted)`select count(*) as count from follows`;

const events = sql({ second: text, upto: int8, limit: int4 }, { second: int8, line: text })`
  select q.position as second, row_to_json(q)::text as line from (
    select e.position, e.type, e.actor_id, e.seq, e.subject_type, e.subject_id, e.version, e.post_id, e.community_id,
      e.facts, encode(e.digest, 'hex') as digest, iso(e.occurred_at) as occurred_at, iso(e.recorded_at) as recorded_at
    from events e where e.position > coalesce(nullif(${"second"}, '')::bigint, 0) and e.position <= ${"upto"}
    order by e.position limit ${"limit"}::int) q order by q.position`;
const countEvents = sql({}, counted)`select coalesce(max(position), 0) as count from events`;

const walkById = (name: string, statement: typeof agents, count: typeof countAgents): Content => ({
  name,
  count: async (db) => (await count.one(db, {})).count,
  slice: async (db, { after, upto, limit }) => {
    const rows = await statement.all(db, { after, upto, limit });
    return { lines: rows.map((row) => row.line), next: { after: rows.at(-1)?.after ?? after, second: "" } };
  },
});

/** The files of an export in the order in which they are written: what a line names stands in a file before it. */
export const CONTENTS: readonly Content[] = [
  walkById("agents", agents, countAgents),
  walkById("submolts", submolts, countSubmolts),
  walkById("posts", posts, countPosts),
  walkById("comments", comments, countComments),
  {
    name: "follows",
    count: async (db) => (await countFollows.one(db, {})).count,
    slice: async (db, { after, second, upto, limit }) => {
      const rows = await follows.all(db, { after, second, upto, limit });
      const last = rows.at(-1) ?? { after, second };
      return { lines: rows.map((row) => row.line), next: { after: last.after, second: last.second } };
    },
  },
];

/** The public history, written last: it also tells what was taken away while the other files were written. */
export const HISTORY: Content = {
  name: "events",
  count: async (db) => (await countEvents.one(db, {})).count,
  slice: async (db, { after, second, upto, limit }) => {
    const rows = await events.all(db, { second, upto, limit });
    return { lines: rows.map((row) => row.line), next: { after, second: String(rows.at(-1)?.second ?? second) } };
  },
};

const leftOut = sql(
  {},
  { agents: int8, posts: int8, comments: int8, votes: int8, subscriptions: int8, pictures: int8 },
)`select (select count(*) from agents where deleted_at is not null) as agents,
    (select count(*) from post_stats where not visible) as posts,
    (select count(*) from comment_stats where not visible) as comments,
    (select coalesce(sum(upvotes + downvotes), 0)::bigint from post_stats where visible)
      + (select coalesce(sum(upvotes + downvotes), 0)::bigint from comment_stats where visible) as votes,
    (select coalesce(sum(subscriber_count), 0)::bigint from community_stats) as subscriptions,
    (select count(*) from media) as pictures`;

/** What an export does not hold: what is gone, who voted and subscribed (their totals are there), and pictures. */
export interface LeftOut {
  deleted_agents: number;
  deleted_posts: number;
  deleted_comments: number;
  votes_given_as_totals: number;
  subscriptions_given_as_totals: number;
  pictures: number;
}

/** Counts what is left out. */
export async function countLeftOut(db: Queryable): Promise<LeftOut> {
  const row = await leftOut.one(db, {});
  return {
    deleted_agents: row.agents,
    deleted_posts: row.posts,
    deleted_comments: row.comments,
    votes_given_as_totals: row.votes,
    subscriptions_given_as_totals: row.subscriptions,
    pictures: row.pictures,
  };
}
