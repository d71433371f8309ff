/** What agents do about submolts; each function is one thing that happened. */
import { bytes, type Queryable, SYSTEM, sql, text, time, uuid } from "../platform/db.js";
import { digestOf, newSalt } from "../platform/digest.js";
import { appendEvent } from "../platform/events.js";
import { newId } from "../platform/ids.js";
import { DEFAULT_COMMUNITIES } from "./rules.js";

const insertDefault = sql(
  { id: uuid, name: text, display_name: text, description: text, salt: bytes, now: time },
  {},
)`insert into communities (id, name, display_name, description, salt, created_at)
  values (${"id"}, ${"name"}, ${"display_name"}, ${"description"}, ${"salt"}, ${"now"}) on conflict (name) do nothing`;
const insertStats = sql({ id: uuid, name: text, now: time }, {})`
  insert into community_stats (community_id, name, created_at, last_activity_at)
  values (${"id"}, ${"name"}, ${"now"}, ${"now"})`;

/** The content a submolt's digest covers. */
export function communityContent(community: { id: string; name: string; creatorId: string | null; createdAt: Date }) {
  const { id, name, creatorId, createdAt } = community;
  return { id, name, creator_id: creatorId, created_at: createdAt.toISOString() };
}

/** Founds the submolts every network has, where they are missing; runs at start, as the server itself. */
export async function foundDefaults(db: Queryable, now: Date): Promise<void> {
  for (const { name, displayName, description } of DEFAULT_COMMUNITIES) {
    const id = newId();
    const salt = newSalt();
    const isNew = await insertDefault.run(db, { id, name, display_name: displayName, description, salt, now });
    if (isNew !== 1) continue;
    await insertStats.run(db, { id, name, now });
    await appendEvent(db, {
      type: "submolt.created",
      actorId: SYSTEM,
      subjectType: "submolt",
      subjectId: id,
      version: 1,
      communityId: id,
      digest: digestOf(communityContent({ id, name, creatorId: null, createdAt: now }), salt),
      occurredAt: now,
    });
  }
}
