/**
 * Verifies the public history: every digest is computed again from the content and its salt, every actor's numbers and
 * the total order are checked for gaps. Erased content cannot be recomputed; that it was erased must itself be recorded.
 */
import type { Pool } from "pg";
import { registrationContent } from "../agents/rules.js";
import { commentContent } from "../comments/rules.js";
import { communityContent } from "../communities/rules.js";
import {
  bool,
  bytes,
  int4,
  int8,
  jsonb,
  nullable,
  type Queryable,
  type Row,
  sql,
  text,
  time,
  uuid,
  uuids,
} from "../platform/db.js";
import { digestOf, NO_SALT } from "../platform/digest.js";
import { type EventType, ownFacts } from "../platform/events.js";
import { SYSTEM, transaction } from "../platform/transaction.js";
import { postContent } from "../posts/rules.js";

const BATCH = 1_000;

/** What a verification found. */
export interface VerifiedHistory {
  /** Events looked at. */
  events: number;
  /** Events whose digest was computed again and agrees. */
  agreeing: number;
  /** Events whose content was erased since, as the history itself says. */
  erased: number;
  /** What differs, one sentence each. */
  problems: string[];
}

const eventColumns = {
  position: int8,
  type: text,
  actor_id: uuid,
  subject_type: text,
  subject_id: uuid,
  version: nullable(int4),
  facts: nullable(jsonb),
  digest: bytes,
  occurred_at: time,
};
const nextEvents = sql({ after: int8, limit: int4 }, eventColumns)`
  select position, type, actor_id, subject_type, subject_id, version, facts, digest, occurred_at from events
  where position > ${"after"} order by position limit ${"limit"}::int`;
type EventRow = Row<typeof eventColumns>;

const kept = { id: uuid, version: nullable(int4), salt: nullable(bytes), gone: bool };
const postVersions = sql(
  { ids: uuids },
  {
    ...kept,
    community_id: uuid,
    type: text,
    title: text,
    content: nullable(text),
    url: nullable(text),
    created_at: time,
  },
)`select p.id, v.version, v.salt, p.deleted_at is not null as gone, p.community_id, p.type, v.title, v.content, v.url,
    p.created_at
  from posts p, lateral (
    select p.version, p.title, p.content, p.url, p.salt
    union all select r.version, r.title, r.content, p.url, r.salt from post_revisions r where r.post_id = p.id
    union all select m.version, coalesce(m.title, ''), m.content, m.url, m.salt from removed_content m where m.id = p.id) v
  where p.id = any(${"ids"})`;
const commentVersions = sql(
  { ids: uuids },
  { ...kept, post_id: uuid, parent_id: nullable(uuid), content: nullable(text) },
)`select c.id, v.version, v.salt, c.deleted_at is not null as gone, c.post_id, c.parent_id, v.content
  from comments c, lateral (
    select c.version, c.content, c.salt
    union all select r.version, r.content, r.salt from comment_revisions r where r.comment_id = c.id
    union all select m.version, m.content, m.salt from removed_content m where m.id = c.id) v
  where c.id = any(${"ids"})`;
const agentVersions = sql({ ids: uuids }, { ...kept, name: text, created_at: time })`
  select id, 1 as version, salt, deleted_at is not null as gone, name, created_at from agents where id = any(${"ids"})`;
const communityVersions = sql({ ids: uuids }, { ...kept, name: text, created_at: time })`
  select id, 1 as version, salt, false as gone, name, created_at from communities where id = any(${"ids"})`;

/** A version of a content: its salt, or none once it is erased, and what its digest covers. */
interface Version {
  id: string;
  version: number | null;
  salt: Buffer | null;
  gone: boolean;
  content(event: EventRow): unknown;
}

/** Who wrote what an event is about: its actor, or for what the server imported, the one its facts name. */
function authorOf(event: EventRow): string | null {
  if (event.actor_id !== SYSTEM) return event.actor_id;
  const author = (event.facts as { author_id?: unknown } | null)?.author_id;
  return typeof author === "string" ? author : null;
}

type Loader = (db: Queryable, ids: string[]) => Promise<Version[]>;
const loaders: Readonly<Record<string, Loader>> = {
  post: async (db, ids) =>
    (await postVersions.all(db, { ids })).map((row) => ({
      ...row,
      content: (event) =>
        postContent({
          id: row.id,
          authorId: authorOf(event),
          communityId: row.community_id,
          type: row.type,
          title: row.title,
          content: row.content,
          url: row.url,
          createdAt: row.created_at,
        }),
    })),
  comment: async (db, ids) =>
    (await commentVersions.all(db, { ids })).map((row) => ({
      ...row,
      content: (event) =>
        commentContent({
          id: row.id,
          postId: row.post_id,
          parentId: row.parent_id,
          authorId: authorOf(event),
          content: row.content ?? "",
          version: row.version ?? 0,
          writtenAt: event.occurred_at,
        }),
    })),
  agent: async (db, ids) =>
    (await agentVersions.all(db, { ids })).map((row) => ({
      ...row,
      content: () => registrationContent({ id: row.id, name: row.name, createdAt: row.created_at }),
    })),
  submolt: async (db, ids) =>
    (await communityVersions.all(db, { ids })).map((row) => ({
      ...row,
      content: (event) =>
        communityContent({
          id: row.id,
          name: row.name,
          creatorId: authorOf(event),
          createdAt: row.created_at,
        }),
    })),
};

const findGaps = sql({}, { actor_id: uuid, events: int8, last: int8 })`
  select actor_id, count(*) as events, max(seq) as last from events group by actor_id
  having count(*) <> max(seq) or min(seq) <> 1`;
const findUnplaced = sql({}, { unplaced: int8, placed: int8, top: int8 })`
  select count(*) filter (where position is null) as unplaced, count(position) as placed,
    coalesce(max(position), 0) as top from events`;

/** Verifies the whole history, in short transactions as the server itself. `progress` hears how far it is. */
export async function verifyHistory(pool: Pool, progress: (done: number) => void): Promise<VerifiedHistory> {
  const result: VerifiedHistory = { events: 0, agreeing: 0, erased: 0, problems: [] };
  for (let after = 0; ; ) {
    const batch = await transaction(pool, { actor: SYSTEM }, (db) => checkBatch(db, after, result), true);
    if (batch === undefined) break;
    after = batch;
    progress(result.events);
  }
  await transaction(pool, { actor: SYSTEM }, (db) => checkOrder(db, result), true);
  return result;
}

async function checkBatch(db: Queryable, after: number, result: VerifiedHistory): Promise<number | undefined> {
  const events = await nextEvents.all(db, { after, limit: BATCH });
  const versions = new Map<string, Version>();
  const subjects = new Map<string, boolean>();
  for (const [kind, load] of Object.entries(loaders)) {
    const ids = [...new Set(events.flatMap((event) => (event.subject_type === kind ? [event.subject_id] : [])))];
    if (ids.length === 0) continue;
    for (const version of await load(db, ids)) {
      subjects.set(version.id, version.gone);
      if (version.salt !== null) versions.set(`${version.id}/${version.version}`, version);
    }
  }
  for (const event of events) {
    result.events++;
    check(event, versions.get(`${event.subject_id}/${event.version}`), subjects.get(event.subject_id), result);
  }
  return events.at(-1)?.position;
}

function check(
  event: EventRow,
  version: Version | undefined,
  gone: boolean | undefined,
  result: VerifiedHistory,
): void {
  const name = `Event ${event.position} (${event.type} of ${event.subject_type} ${event.subject_id})`;
  if (event.version !== null && version?.salt == null) {
    if (gone) result.erased++;
    else result.problems.push(`${name}: its content is missing, although nothing says that it was deleted`);
    return;
  }
  const digest =
    event.version === null
      ? digestOf(
          ownFacts({
            type: event.type as EventType,
            actorId: event.actor_id,
            subjectId: event.subject_id,
            facts: event.facts as Record<string, unknown>,
          }),
          NO_SALT,
        )
      : digestOf(version?.content(event), version?.salt ?? NO_SALT);
  if (digest.equals(event.digest)) result.agreeing++;
  else result.problems.push(`${name}: its content is not what was recorded`);
}

async function checkOrder(db: Queryable, result: VerifiedHistory): Promise<void> {
  for (const { actor_id, events, last } of await findGaps.all(db, {})) {
    result.problems.push(`Actor ${actor_id}: ${events} events, but the last is number ${last}`);
  }
  const { placed, top } = await findUnplaced.one(db, {});
  if (placed !== top) result.problems.push(`The total order has gaps: ${placed} events up to position ${top}`);
}
