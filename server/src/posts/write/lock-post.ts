/** A post held for the rest of the transaction, so that two changes of it come one after the other. */
import { notFound } from "../../errors.js";
import { bytes, int4, nullable, type Queryable, type Row, sql, text, time, uuid } from "../../platform/db.js";
import type { PostState, PostType } from "../rules.js";

const lockStats = sql({ id: uuid }, { post_id: uuid })`
  select post_id from post_stats where post_id = ${"id"} for update`;
const columns = {
  id: uuid,
  author_id: nullable(uuid),
  community_id: uuid,
  type: text,
  title: text,
  content: nullable(text),
  url: nullable(text),
  version: int4,
  salt: nullable(bytes),
  created_at: time,
  deleted_at: nullable(time),
  removed_reason: nullable(text),
  pinned_at: nullable(time),
};
// A statement of its own: one that locked and read would show the text as it was before it waited for the lock.
const readPost = sql({ id: uuid }, columns)`
  select p.id, p.author_id, p.community_id, p.type, p.title, p.content, p.url, p.version, p.salt, p.created_at,
    p.deleted_at, p.removed_reason, s.pinned_at
  from posts p join post_stats s on s.post_id = p.id where p.id = ${"id"}`;

/** A locked post. */
export interface LockedPost extends PostState {
  id: string;
  communityId: string;
  type: PostType;
  title: string;
  content: string | null;
  url: string | null;
  salt: Buffer | null;
  createdAt: Date;
  isPinned: boolean;
}

/**
 * Locks a post, deleted or not; after the lock of the actor, before any other.
 * @throws AppError NOT_FOUND
 */
export async function lockPost(db: Queryable, id: string): Promise<LockedPost> {
  if (!(await lockStats.maybe(db, { id }))) throw notFound("Post");
  const row: Row<typeof columns> = await readPost.one(db, { id });
  return {
    id: row.id,
    authorId: row.author_id,
    communityId: row.community_id,
    type: row.type as PostType,
    title: row.title,
    content: row.content,
    url: row.url,
    version: row.version,
    salt: row.salt,
    createdAt: row.created_at,
    deletedAt: row.deleted_at,
    removedReason: row.removed_reason,
    isPinned: row.pinned_at !== null,
  };
}
