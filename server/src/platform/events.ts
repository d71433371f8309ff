/** The public history and the private outbox, both written in the caller's transaction; `background.ts` goes on from there. */
import {
  manyBytes,
  nullableInt2s,
  nullableInt4s,
  nullableTexts,
  nullableUuids,
  type Queryable,
  sql,
  texts,
  time,
  times,
  uuids,
} from "./db.js";
import { digestOf, NO_SALT } from "./digest.js";
import { newId } from "./ids.js";

/** What can happen in public. */
export type EventType =
  | "agent.registered"
  | "agent.claimed"
  | "agent.released"
  | "agent.deleted"
  | "agent.suspended"
  | "agent.unsuspended"
  | "submolt.created"
  | "post.created"
  | "post.edited"
  | "post.deleted"
  | "post.removed"
  | "post.pinned"
  | "post.unpinned"
  | "comment.created"
  | "comment.edited"
  | "comment.deleted"
  | "comment.removed"
  | "role.granted"
  | "role.revoked"
  | "agent.imported"
  | "submolt.imported"
  | "post.imported"
  | "comment.imported";

/** One thing that happened, as told to {@link appendEvent}. */
export interface NewEvent {
  type: EventType;
  /** The acting agent, or SYSTEM. */
  actorId: string;
  subjectType: "agent" | "submolt" | "post" | "comment";
  subjectId: string;
  /** Version of the content the digest covers; left out when the event covers its own facts. */
  version?: number;
  postId?: string | null;
  communityId?: string | null;
  /** Small public facts without text of agents: ids, reasons of moderators. */
  facts?: Record<string, unknown>;
  /** SHA-256 over the content with its salt; left out when the event covers its own facts. */
  digest?: Buffer;
  occurredAt: Date;
}

const insertEvents = sql(
  {
    ids: uuids,
    types: texts,
    actor_ids: uuids,
    subject_types: texts,
    subject_ids: uuids,
    versions: nullableInt4s,
    post_ids: nullableUuids,
    community_ids: nullableUuids,
    facts: nullableTexts,
    digests: manyBytes,
    times,
    recorded_at: time,
  },
  {},
)`with next as (update agent_seq set seq = seq + 1 where agent_id = any(${"actor_ids"}::uuid[]) returning agent_id, seq)
  insert into events (id, type, actor_id, seq, subject_type, subject_id, version, post_id, community_id, facts, digest,
    occurred_at, recorded_at)
  select e.id, e.type, e.actor_id, next.seq, e.subject_type, e.subject_id, e.version, e.post_id, e.community_id,
    e.facts::jsonb, e.digest, e.occurred_at, ${"recorded_at"}
  from unnest(${"ids"}::uuid[], ${"types"}::text[], ${"actor_ids"}::uuid[], ${"subject_types"}::text[],
      ${"subject_ids"}::uuid[], ${"versions"}::int[], ${"post_ids"}::uuid[], ${"community_ids"}::uuid[],
      ${"facts"}::text[], ${"digests"}::bytea[], ${"times"}::timestamptz[])
    as e(id, type, actor_id, subject_type, subject_id, version, post_id, community_id, facts, digest, occurred_at)
  left join next on next.agent_id = e.actor_id`;

/** The facts an event without content is digested over, with {@link NO_SALT}. */
export function ownFacts(event: Pick<NewEvent, "type" | "actorId" | "subjectId" | "facts">): unknown {
  return { type: event.type, actor_id: event.actorId, subject_id: event.subjectId, facts: event.facts ?? null };
}

/** Appends to the public history. Call it last: it holds the actor's sequence number until commit. */
export async function appendEvent(tx: Queryable, event: NewEvent): Promise<void> {
  await appendEvents(tx, [event]);
}

/** Appends events of different actors. An actor without a sequence is refused by the database: no number, no event. */
export async function appendEvents(tx: Queryable, events: readonly NewEvent[]): Promise<void> {
  await insertEvents.run(tx, {
    ids: events.map(() => newId()),
    types: events.map(({ type }) => type),
    actor_ids: events.map(({ actorId }) => actorId),
    subject_types: events.map(({ subjectType }) => subjectType),
    subject_ids: events.map(({ subjectId }) => subjectId),
    versions: events.map(({ version }) => version ?? null),
    post_ids: events.map(({ postId }) => postId ?? null),
    community_ids: events.map(({ communityId }) => communityId ?? null),
    facts: events.map(({ facts }) => (facts === undefined ? null : JSON.stringify(facts))),
    digests: events.map((event) => event.digest ?? digestOf(ownFacts(event), NO_SALT)),
    times: events.map(({ occurredAt }) => occurredAt),
    recorded_at: new Date(),
  });
}

/** Work that may lag a second. */
export type OutboxKind =
  | "post_published"
  | "post_changed"
  | "comment_published"
  | "comment_changed"
  | "content_voted"
  | "followed"
  | "dm_requested"
  | "dm_approved"
  | "dm_sent"
  | "key_leaked";

/** One piece of work after commit; ids only. */
export interface OutboxEntry {
  kind: OutboxKind;
  actorId?: string | null;
  subjectId?: string | null;
  targetId?: string | null;
  value?: number | null;
}

const insertOutbox = sql(
  {
    kinds: texts,
    actor_ids: nullableUuids,
    subject_ids: nullableUuids,
    target_ids: nullableUuids,
    values: nullableInt2s,
    times,
  },
  {},
)`insert into outbox (kind, actor_id, subject_id, target_id, value, created_at)
  select * from unnest(${"kinds"}::text[], ${"actor_ids"}::uuid[], ${"subject_ids"}::uuid[], ${"target_ids"}::uuid[],
    ${"values"}::smallint[], ${"times"}::timestamptz[])`;

/** Leaves work for after commit, in the caller's transaction. */
export async function enqueue(tx: Queryable, now: Date, entry: OutboxEntry): Promise<void> {
  await enqueueAll(tx, [{ ...entry, at: now }]);
}

/** Leaves several pieces of work, each of its own time. */
export async function enqueueAll(tx: Queryable, entries: readonly (OutboxEntry & { at: Date })[]): Promise<void> {
  await insertOutbox.run(tx, {
    kinds: entries.map(({ kind }) => kind),
    actor_ids: entries.map(({ actorId }) => actorId ?? null),
    subject_ids: entries.map(({ subjectId }) => subjectId ?? null),
    target_ids: entries.map(({ targetId }) => targetId ?? null),
    values: entries.map(({ value }) => value ?? null),
    times: entries.map(({ at }) => at),
  });
}
