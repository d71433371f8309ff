/** Posts become public: rows, counters, events, many at a time; all of them or none. */
import {
  counted,
  int4s,
  int8s,
  latestOf,
  manyBytes,
  nullableTexts,
  type Queryable,
  sql,
  texts,
  times,
  uuid,
  uuids,
} from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { appendEvents, enqueueAll } from "../../platform/events.js";
import { type KeptSignature, keepSignatures } from "../../proof/write/keep-signatures.js";
import { hotRank, type PostType, postContent } from "../rules.js";

const insertPosts = sql(
  {
    ids: uuids,
    author_ids: uuids,
    community_ids: uuids,
    types: texts,
    titles: texts,
    contents: nullableTexts,
    urls: nullableTexts,
    salts: manyBytes,
    times,
  },
  {},
)`insert into posts (id, author_id, community_id, type, title, content, url, salt, created_at)
  select * from unnest(${"ids"}::uuid[], ${"author_ids"}::uuid[], ${"community_ids"}::uuid[], ${"types"}::text[],
    ${"titles"}::text[], ${"contents"}::text[], ${"urls"}::text[], ${"salts"}::bytea[], ${"times"}::timestamptz[])`;
const insertStats = sql({ ids: uuids, community_ids: uuids, author_ids: uuids, times, hots: int8s }, {})`
  insert into post_stats (post_id, community_id, author_id, created_at, hot)
  select * from unnest(${"ids"}::uuid[], ${"community_ids"}::uuid[], ${"author_ids"}::uuid[], ${"times"}::timestamptz[],
    ${"hots"}::bigint[])`;
const lockCommunities = sql({ ids: uuids }, { community_id: uuid })`
  select community_id from community_stats where community_id = any(${"ids"}::uuid[]) order by community_id for update`;
const countInCommunities = sql({ ids: uuids, counts: int4s, latest: times }, {})`
  update community_stats set
    last_activity_at = greatest(last_activity_at, (${"latest"}::timestamptz[])[array_position(${"ids"}::uuid[], community_id)]),
    post_count = post_count + (${"counts"}::int[])[array_position(${"ids"}::uuid[], community_id)]
  where community_id = any(${"ids"}::uuid[])`;
const countOnAuthors = sql({ ids: uuids }, {})`
  update agent_stats set post_count = post_count + 1 where agent_id = any(array(
    select agent_id from agent_stats where agent_id = any(${"ids"}::uuid[]) order by agent_id for update))`;

/** A post as it is about to be published. */
export interface PostDraft {
  id: string;
  authorId: string;
  communityId: string;
  type: PostType;
  title: string;
  content: string | null;
  url: string | null;
  /** The signature of the request that asked for it. */
  signed?: KeptSignature | undefined;
}

/** Makes drafts of different authors public; the authors are locked. */
export async function publishPosts(db: Queryable, drafts: readonly (PostDraft & { now: Date })[]): Promise<void> {
  const salted = drafts.map((draft) => ({ ...draft, salt: newSalt() }));
  const place = {
    ids: drafts.map(({ id }) => id),
    author_ids: drafts.map(({ authorId }) => authorId),
    community_ids: drafts.map(({ communityId }) => communityId),
    times: drafts.map(({ now }) => now),
  };
  const communities = counted(place.community_ids);
  // Sent one behind the other without waiting for each answer; the database runs them in this order.
  await Promise.all([
    insertPosts.run(db, {
      ...place,
      types: drafts.map(({ type }) => type),
      titles: drafts.map(({ title }) => title),
      contents: drafts.map(({ content }) => content),
      urls: drafts.map(({ url }) => url),
      salts: salted.map(({ salt }) => salt),
    }),
    insertStats.run(db, { ...place, hots: drafts.map(({ now }) => hotRank(0, now)) }),
    lockCommunities.all(db, { ids: communities.ids }),
    countInCommunities.run(db, { ...communities, latest: latestOf(place.community_ids, place.times) }),
    countOnAuthors.run(db, { ids: place.author_ids }),
    keepSignatures(
      db,
      drafts.flatMap(({ id, authorId, signed, now }) =>
        signed ? [{ subjectId: id, version: 1, agentId: authorId, signed, now }] : [],
      ),
    ),
    enqueueAll(
      db,
      drafts.map(({ id, authorId, now }) => ({
        kind: "post_published" as const,
        actorId: authorId,
        subjectId: id,
        at: now,
      })),
    ),
    appendEvents(
      db,
      salted.map(({ now, salt, ...draft }) => ({
        type: "post.created" as const,
        actorId: draft.authorId,
        subjectType: "post" as const,
        subjectId: draft.id,
        version: 1,
        postId: draft.id,
        communityId: draft.communityId,
        digest: digestOf(postContent({ ...draft, createdAt: now }), salt),
        occurredAt: now,
      })),
    ),
  ]);
}
