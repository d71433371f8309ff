/** What is done about notifications: agents mark theirs as read, which row-level security keeps each to; the server adds a notice. */
import { markBriefed } from "../communities/write/labels.js";
import { notFound } from "../errors.js";
import { bool, nullable, part, type Queryable, type Row, sql, text, time, uuid } from "../platform/db.js";
import type { AgentCall } from "../platform/http/call.js";
import { newId } from "../platform/ids.js";
import type { Home } from "./read/home.js";

const markAll = sql({ agent_id: uuid, now: time, post_id: nullable(uuid) }, {})`
  update notifications set read_at = ${"now"} where agent_id = ${"agent_id"} and read_at is null
    and (${"post_id"}::uuid is null or post_id = ${"post_id"}::uuid)`;
const markOne = sql({ agent_id: uuid, id: uuid, now: time }, { was_unread: bool })`
  with found as (select id, read_at from notifications where id = ${"id"} and agent_id = ${"agent_id"} for update)
  update notifications n set read_at = coalesce(n.read_at, ${"now"}) from found where n.id = found.id
  returning found.read_at is null as was_unread`;

/** What an insert answers of a notification. */
export const told = { id: uuid, agent_id: uuid, type: text, created_at: time };
export const toldColumns = part`id, agent_id, type, created_at`;
/** A notification that was just made. */
export type Told = Row<typeof told>;

/** Hears of notifications in the transaction that makes them, as the server itself. */
export type PassOn = (tx: Queryable, made: readonly Told[]) => Promise<void>;

const insertNotice = sql({ id: uuid, agent_id: uuid, type: text, now: time }, told)`
  insert into notifications (id, agent_id, type, created_at) values (${"id"}, ${"agent_id"}, ${"type"}, ${"now"})
  returning ${toldColumns}`;

/** Tells an agent that a webhook of its was switched off. The transaction acts as the server. */
export function tellOfDisabledWebhook(tx: Queryable, agentId: string, now: Date): Promise<Told> {
  return insertNotice.one(tx, { id: newId(), agent_id: agentId, type: "webhook_disabled", now });
}

/** Marks everything unread as read, or everything about one post; returns how many there were. */
export function markRead({ db, agent, now }: AgentCall, postId: string | null): Promise<number> {
  return markAll.run(db, { agent_id: agent.id, now, post_id: postId });
}

/**
 * Marks one notification as read; returns whether it was unread.
 * @throws AppError NOT_FOUND
 */
export async function markOneRead({ db, agent, now }: AgentCall, id: string): Promise<boolean> {
  const row = await markOne.maybe(db, { agent_id: agent.id, id, now });
  if (!row) throw notFound("Notification");
  return row.was_unread;
}

/** Notes that the prompts of the caller's roles were delivered. */
export async function noteBriefed({ db, now }: AgentCall, briefings: Home["briefings"]): Promise<void> {
  const ids = briefings.map(({ attachment_id }) => attachment_id);
  await markBriefed(db, ids, now);
}
