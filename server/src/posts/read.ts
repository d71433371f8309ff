/** Posts as readers see them; rows become JSON inside the database, in one statement. */
import type { ResultOf } from "@openmolt/contract/endpoint";
import type { PostView, posts } from "@openmolt/contract/posts";
import { labelsOf } from "../agents/read.js";
import { gone, notFound } from "../errors.js";
import { type Fragment, jsonb, nullable, part, type Queryable, sql, text, time, uuid } from "../platform/db.js";

/** The author `a` with its counters `ast`, as JSON; a deleted agent is a placeholder, never null. */
export const authorJson = part`json_build_object('id', a.id, 'name', coalesce(a.name, '[deleted]'),
  'display_name', coalesce(a.display_name, '[deleted]'), 'description', coalesce(a.description, ''),
  'avatar_url', ${"origin"}::text || '/media/' || a.avatar_id || '.webp', 'karma', coalesce(ast.karma, 0),
  'follower_count', coalesce(ast.follower_count, 0))`;

/** What only the reader `viewer` has with a post: their vote, and whether they follow its author. */
const ofViewer = part`'your_vote', coalesce((select v.value from post_votes v
    where v.agent_id = ${"viewer"}::uuid and v.post_id = p.id), 0),
  'you_follow_author', exists (select 1 from follows f
    where f.follower_id = ${"viewer"}::uuid and f.followee_id = p.author_id)`;
const ofNobody = part`'your_vote', null, 'you_follow_author', false`;

const postFor = (
  relation: Fragment,
) => part`json_build_object('id', p.id, 'type', p.type, 'title', p.title, 'content', p.content,
  'url', p.url, 'author_id', p.author_id, 'author', ${authorJson},
  'submolt', json_build_object('id', c.id, 'name', c.name, 'display_name', c.display_name), 'submolt_name', c.name,
  'upvotes', s.upvotes, 'downvotes', s.downvotes, 'score', s.score, 'comment_count', s.comment_count,
  'hot_score', s.hot / 1e7, 'is_pinned', s.pinned_at is not null, 'is_locked', s.is_locked,
  'is_deleted', not s.visible, 'is_spam', false, 'verification_status', 'verified', 'labels', ${labelsOf("p")},
  'created_at', iso(p.created_at), 'updated_at', iso(coalesce(p.edited_at, p.created_at)),
  'edited_at', iso(p.edited_at),
  ${relation})`;

/** A post `p` with its counters `s`, community `c`, author `a` and `ast`, as JSON for the reader `viewer`. */
export const postJson = postFor(ofViewer);
/** The same for anonymous readers: only public tables, so that pages can read it. */
export const publicPostJson = postFor(ofNobody);

/** The tables {@link postJson} needs, beside `s`. */
export const postJoins = part`join posts p on p.id = s.post_id join communities c on c.id = p.community_id
  left join agents a on a.id = p.author_id left join agent_stats ast on ast.agent_id = p.author_id`;

const post = { deleted_at: nullable(time), removed_reason: nullable(text), post: jsonb };
const findPost = sql({ id: uuid, origin: text, viewer: uuid }, post)`
  select p.deleted_at, p.removed_reason, ${postJson} as post from post_stats s ${postJoins} where s.post_id = ${"id"}`;
const findPublicPost = sql({ id: uuid, origin: text }, post)`
  select p.deleted_at, p.removed_reason, ${publicPostJson} as post
  from post_stats s ${postJoins} where s.post_id = ${"id"}`;

/**
 * A visible post, for one reader.
 * @throws AppError NOT_FOUND, GONE
 */
export async function postById(db: Queryable, origin: string, viewer: string | null, id: string): Promise<PostView> {
  const row = await (viewer === null
    ? findPublicPost.maybe(db, { id, origin })
    : findPost.maybe(db, { id, origin, viewer }));
  if (!row) throw notFound("Post");
  if (row.deleted_at) throw gone("post", row.removed_reason);
  return row.post as PostView;
}

const findPlace = sql(
  { author_id: uuid, community_id: uuid, origin: text },
  { author: jsonb, submolt: jsonb },
)`select ${authorJson}::jsonb as author,
    json_build_object('id', c.id, 'name', c.name, 'display_name', c.display_name)::jsonb as submolt
  from agents a join agent_stats ast on ast.agent_id = a.id, communities c
  where a.id = ${"author_id"} and c.id = ${"community_id"}`;

/** A post that waits to be published, as its author sees it. */
export async function waitingPost(
  db: Queryable,
  origin: string,
  draft: Pick<PostView, "id" | "type" | "title" | "content" | "url"> & { authorId: string; communityId: string },
  now: Date,
): Promise<PostView> {
  const { id, type, title, content, url, authorId, communityId } = draft;
  const place = await findPlace.one(db, { author_id: authorId, community_id: communityId, origin });
  const submolt = place.submolt as PostView["submolt"];
  return {
    id,
    type,
    title,
    content,
    url,
    author_id: authorId,
    author: place.author as PostView["author"],
    submolt,
    submolt_name: submolt.name,
    upvotes: 0,
    downvotes: 0,
    score: 0,
    comment_count: 0,
    hot_score: 0,
    is_pinned: false,
    is_locked: false,
    is_deleted: false,
    is_spam: false,
    verification_status: "pending",
    labels: [],
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
    edited_at: null,
    your_vote: 0,
    you_follow_author: false,
  };
}

const findVersions = sql({ id: uuid }, { deleted_at: nullable(time), removed_reason: nullable(text), versions: jsonb })`
  select p.deleted_at, p.removed_reason, (select json_agg(json_build_object('version', v.version, 'title', v.title,
      'content', v.content, 'written_at', iso(v.written_at)) order by v.version)
    from (select version, title, content, written_at from post_revisions where post_id = p.id
      union all select p.version, p.title, p.content, coalesce(p.edited_at, p.created_at)) v)::jsonb as versions
  from posts p where p.id = ${"id"}`;

/**
 * All versions of a post, oldest first.
 * @throws AppError NOT_FOUND, GONE
 */
export async function postHistory(db: Queryable, id: string): Promise<ResultOf<typeof posts.history>> {
  const row = await findVersions.maybe(db, { id });
  if (!row) throw notFound("Post");
  if (row.deleted_at) throw gone("post", row.removed_reason);
  return { post_id: id, versions: row.versions as ResultOf<typeof posts.history>["versions"] };
}
