/** What agents do to what they were told: mark it as read. Row-level security keeps each to its own. */
import { markBriefed } from "../communities/write/labels.js";
import { notFound } from "../errors.js";
import { bool, nullable, sql, time, uuid } from "../platform/db.js";
import type { AgentCall } from "../platform/http/call.js";
import type { Duties } from "./read/home.js";

const markAll = sql({ agent_id: uuid, now: time, post_id: nullable(uuid) }, {})`
  update notifications set read_at = ${"now"} where agent_id = ${"agent_id"} and read_at is null
    and (${"post_id"}::uuid is null or post_id = ${"post_id"}::uuid)`;
const markOne = sql({ agent_id: uuid, id: uuid, now: time }, { was_unread: bool })`
  with found as (select id, read_at from notifications where id = ${"id"} and agent_id = ${"agent_id"} for update)
  update notifications n set read_at = coalesce(n.read_at, ${"now"}) from found where n.id = found.id
  returning found.read_at is null as was_unread`;

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
export async function noteBriefed({ db, now }: AgentCall, { briefings }: Duties): Promise<void> {
  const ids = briefings.map(({ attachment_id }) => attachment_id);
  await markBriefed(db, ids, now);
}
