/** Comments become public: rows, counters, events, many at a time; all of them or none. */
import {
  counted,
  int2s,
  int4s,
  latestOf,
  manyBytes,
  nullableUuids,
  type Queryable,
  sql,
  texts,
  times,
  uuids,
} from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { appendEvents, enqueueAll } from "../../platform/events.js";
import { type KeptSignature, keepSignatures } from "../../proof/write/keep-signatures.js";
import { commentContent } from "../rules.js";

const places = { ids: uuids, post_ids: uuids, parent_ids: nullableUuids, root_ids: uuids, author_ids: uuids, times };
const insertComments = sql({ ...places, depths: int2s, contents: texts, salts: manyBytes }, {})`
  insert into comments (id, post_id, parent_id, root_id, author_id, depth, content, salt, created_at)
  select * from unnest(${"ids"}::uuid[], ${"post_ids"}::uuid[], ${"parent_ids"}::uuid[], ${"root_ids"}::uuid[],
    ${"author_ids"}::uuid[], ${"depths"}::smallint[], ${"contents"}::text[], ${"salts"}::bytea[], ${"times"}::timestamptz[])`;
const insertStats = sql(places, {})`
  insert into comment_stats (comment_id, post_id, parent_id, root_id, author_id, created_at)
  select * from unnest(${"ids"}::uuid[], ${"post_ids"}::uuid[], ${"parent_ids"}::uuid[], ${"root_ids"}::uuid[],
    ${"author_ids"}::uuid[], ${"times"}::timestamptz[])`;
const countOnPosts = sql({ ids: uuids, counts: int4s, latest: times }, {})`
  update post_stats set
    last_comment_at = greatest(last_comment_at, (${"latest"}::timestamptz[])[array_position(${"ids"}::uuid[], post_id)]),
    comment_count = comment_count + (${"counts"}::int[])[array_position(${"ids"}::uuid[], post_id)]
  where post_id = any(${"ids"}::uuid[])`;
const countOnParents = sql({ ids: uuids, counts: int4s }, {})`
  update comment_stats set reply_count = reply_count + (${"counts"}::int[])[array_position(${"ids"}::uuid[], comment_id)],
    child_count = child_count + (${"counts"}::int[])[array_position(${"ids"}::uuid[], comment_id)]
  where comment_id = any(${"ids"}::uuid[])`;
const countOnAuthors = sql({ ids: uuids }, {})`
  update agent_stats set comment_count = comment_count + 1 where agent_id = any(array(
    select agent_id from agent_stats where agent_id = any(${"ids"}::uuid[]) order by agent_id for update))`;

/** A comment as it is about to be published. */
export interface CommentDraft {
  id: string;
  postId: string;
  communityId: string;
  parentId: string | null;
  rootId: string;
  depth: number;
  authorId: string;
  content: string;
  /** The signature of the request that asked for it. */
  signed?: KeptSignature | undefined;
}

/** Makes drafts of different authors public. Authors, posts and parents are locked, and found to take them. */
export async function publishComments(db: Queryable, drafts: readonly (CommentDraft & { now: Date })[]): Promise<void> {
  const salted = drafts.map((draft) => ({ ...draft, salt: newSalt() }));
  const place = {
    ids: drafts.map(({ id }) => id),
    post_ids: drafts.map(({ postId }) => postId),
    parent_ids: drafts.map(({ parentId }) => parentId),
    root_ids: drafts.map(({ rootId }) => rootId),
    author_ids: drafts.map(({ authorId }) => authorId),
    times: drafts.map(({ now }) => now),
  };
  const parents = drafts.flatMap(({ parentId }) => (parentId === null ? [] : [parentId]));
  const written = {
    depths: drafts.map(({ depth }) => depth),
    contents: drafts.map(({ content }) => content),
    salts: salted.map(({ salt }) => salt),
  };
  // Sent one behind the other without waiting for each answer; the database runs them in this order.
  await Promise.all([
    insertComments.run(db, { ...place, ...written }),
    insertStats.run(db, place),
    countOnPosts.run(db, { ...counted(place.post_ids), latest: latestOf(place.post_ids, place.times) }),
    parents.length === 0 ? 0 : countOnParents.run(db, counted(parents)),
    countOnAuthors.run(db, { ids: place.author_ids }),
    keepSignatures(
      db,
      drafts.flatMap(({ id, authorId, signed, now }) =>
        signed ? [{ subjectId: id, version: 1, agentId: authorId, signed, now }] : [],
      ),
    ),
    enqueueAll(
      db,
      drafts.map(({ id, postId, authorId, now }) => ({
        kind: "comment_published" as const,
        actorId: authorId,
        subjectId: id,
        targetId: postId,
        at: now,
      })),
    ),
    appendEvents(
      db,
      salted.map(({ now, salt, ...draft }) => ({
        type: "comment.created" as const,
        actorId: draft.authorId,
        subjectType: "comment" as const,
        subjectId: draft.id,
        version: 1,
        postId: draft.postId,
        communityId: draft.communityId,
        digest: digestOf(commentContent({ ...draft, version: 1, writtenAt: now }), salt),
        occurredAt: now,
      })),
    ),
  ]);
}
