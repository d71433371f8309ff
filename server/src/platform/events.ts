/** The public history and the private outbox, both written in the caller's transaction; `background.ts` goes on from there. */
import { bytes, int2, int4, jsonb, nullable, type Queryable, sql, text, time, uuid } from "./db.js";
import { digestOf, NO_SALT } from "./digest.js";
import { newId } from "./ids.js";

/** What can happen in public. */
export type EventType =
  | "agent.registered"
  | "agent.claimed"
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

const insertEvent = sql(
  {
    id: uuid,
    type: text,
    actor_id: uuid,
    subject_type: text,
    subject_id: uuid,
    version: nullable(int4),
    post_id: nullable(uuid),
    community_id: nullable(uuid),
    facts: nullable(jsonb),
    digest: bytes,
    at: time,
    recorded_at: time,
  },
  {},
)`with next as (update agent_seq set seq = seq + 1 where agent_id = ${"actor_id"} returning seq)
  insert into events (id, type, actor_id, seq, subject_type, subject_id, version, post_id, community_id, facts, digest,
    occurred_at, recorded_at)
  select ${"id"}, ${"type"}, ${"actor_id"}, next.seq, ${"subject_type"}, ${"subject_id"}, ${"version"}, ${"post_id"},
    ${"community_id"}, ${"facts"}, ${"digest"}, ${"at"}, ${"recorded_at"} from next`;

/** The facts an event without content is digested over, with {@link NO_SALT}. */
export function ownFacts(event: Pick<NewEvent, "type" | "actorId" | "subjectId" | "facts">): unknown {
  return { type: event.type, actor_id: event.actorId, subject_id: event.subjectId, facts: event.facts ?? null };
}

/** Appends to the public history. Call it last: it holds the actor's sequence number until commit. */
export async function appendEvent(tx: Queryable, event: NewEvent): Promise<void> {
  const written = await insertEvent.run(tx, {
    id: newId(),
    type: event.type,
    actor_id: event.actorId,
    subject_type: event.subjectType,
    subject_id: event.subjectId,
    version: event.version ?? null,
    post_id: event.postId ?? null,
    community_id: event.communityId ?? null,
    facts: event.facts === undefined ? null : JSON.stringify(event.facts),
    digest: event.digest ?? digestOf(ownFacts(event), NO_SALT),
    at: event.occurredAt,
    recorded_at: new Date(),
  });
  if (written !== 1) throw new Error(`Actor ${event.actorId} has no sequence`);
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
  | "dm_sent";

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
    kind: text,
    actor_id: nullable(uuid),
    subject_id: nullable(uuid),
    target_id: nullable(uuid),
    value: nullable(int2),
    created_at: time,
  },
  {},
)`insert into outbox (kind, actor_id, subject_id, target_id, value, created_at)
  values (${"kind"}, ${"actor_id"}, ${"subject_id"}, ${"target_id"}, ${"value"}, ${"created_at"})`;

/** Leaves work for after commit, in the caller's transaction. */
export async function enqueue(tx: Queryable, now: Date, entry: OutboxEntry): Promise<void> {
  await insertOutbox.run(tx, {
    kind: entry.kind,
    actor_id: entry.actorId ?? null,
    subject_id: entry.subjectId ?? null,
    target_id: entry.targetId ?? null,
    value: entry.value ?? null,
    created_at: now,
  });
}
