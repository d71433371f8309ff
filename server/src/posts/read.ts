/**
 * Posts as readers see them. A statement gives what changes (counters, author, labels) and the version of the text; the
 * text itself is read only where that version is not known yet, and comes as a piece of JSON.
 */
import type { ResultOf } from "@openmolt/contract/endpoint";
import type { PostView, posts } from "@openmolt/contract/posts";
import { labelsOf } from "../agents/read.js";
import { gone, notFound } from "../errors.js";
import {
  bool,
  type Fragment,
  int2,
  int4,
  int8,
  jsonb,
  nullable,
  part,
  type Queryable,
  type Row,
  type SqlType,
  type Statement,
  sql,
  text,
  time,
  uuid,
  uuids,
} from "../platform/db.js";
import type { Call } from "../platform/http/call.js";
import { SharedJson } from "../platform/http/shared-json.js";
import { pictureUrl } from "../platform/media.js";
import { knownTexts, type Text } from "../platform/texts.js";

/** The author `a` with its counters `ast`, as JSON; a deleted agent is a placeholder, never null. */
export const authorJson = part`json_build_object('id', a.id, 'name', coalesce(a.name, '[deleted]'),
  'display_name', coalesce(a.display_name, '[deleted]'), 'description', coalesce(a.description, ''),
  'avatar_url', ${"origin"}::text || '/media/' || a.avatar_id || '.webp', 'karma', coalesce(ast.karma, 0),
  'follower_count', coalesce(ast.follower_count, 0))`;

/** The author of a post or comment, from its row; each is null where the author is deleted. */
export const authorColumns = {
  author_id: nullable(uuid),
  author_name: nullable(text),
  author_display_name: nullable(text),
  author_description: nullable(text),
  author_avatar: nullable(uuid),
  author_karma: nullable(int4),
  author_followers: nullable(int4),
};
/** The columns {@link authorColumns} but the id, of the agent `a` with its counters `ast`. */
export const authorFields = part`a.name as author_name, a.display_name as author_display_name,
  a.description as author_description, a.avatar_id as author_avatar, ast.karma as author_karma,
  ast.follower_count as author_followers`;

/** The same as {@link authorJson}, of a row. */
export function authorText(row: Row<typeof authorColumns>, origin: string): string {
  const { author_name: name, author_display_name: displayName, author_avatar: avatar } = row;
  return `{"id":${JSON.stringify(row.author_id)},"name":${JSON.stringify(name ?? "[deleted]")},"display_name":${JSON.stringify(displayName ?? "[deleted]")},"description":${JSON.stringify(row.author_description ?? "")},"avatar_url":${avatar === null ? "null" : JSON.stringify(pictureUrl(origin, avatar))},"karma":${row.author_karma ?? 0},"follower_count":${row.author_followers ?? 0}}`;
}

const postColumns = {
  id: uuid,
  version: int4,
  ...authorColumns,
  community_id: uuid,
  community_name: text,
  community_display_name: text,
  upvotes: int4,
  downvotes: int4,
  score: int4,
  comment_count: int4,
  hot: int8,
  is_pinned: bool,
  is_locked: bool,
  visible: bool,
  labels: nullable(text),
};
/** A post but for its text. */
export type PostRow = Row<typeof postColumns>;

/** The columns of a {@link PostRow}. Labels are rare; where there are none at all, no post is asked for its own. */
const postFields = part`s.post_id as id, p.version, p.author_id, ${authorFields}, p.community_id,
  c.name as community_name, c.display_name as community_display_name, s.upvotes, s.downvotes, s.score, s.comment_count,
  s.hot, s.pinned_at is not null as is_pinned, s.is_locked, s.visible,
  case when (select exists (select 1 from label_attachments)) then ${labelsOf("p")}::text end as labels`;

/** What {@link postFields} need beside `s`: each looked up by its key, whatever the planner thinks of the tables' sizes. */
const postJoins = part`cross join lateral (select id, author_id, community_id, version, type, title, content,
    url, created_at, edited_at, deleted_at, removed_reason from posts where id = s.post_id limit 1) p
  cross join lateral (select name, display_name from communities where id = p.community_id limit 1) c
  left join lateral (select name, display_name, description, avatar_id from agents where id = p.author_id limit 1) a on true
  left join lateral (select karma, follower_count from agent_stats where agent_id = p.author_id limit 1) ast on true`;

/** A statement for posts: `source` gives rows of post_stats and what `columns` and `fields` name beside them as `s`. */
export function postStatement<P extends Columns, C extends Columns>(
  types: P,
  columns: C,
  {
    fields,
    source,
    rest,
    customPlan = false,
  }: { fields: Fragment; source: Fragment; rest: Fragment; customPlan?: boolean },
): Statement<P, typeof postColumns & C> {
  return sql<P, typeof postColumns & C>(
    types,
    { ...postColumns, ...columns },
    { customPlan },
  )`select ${postFields}, ${fields} from ${source} s ${postJoins} ${rest}`;
}
type Columns = Record<string, SqlType<unknown>>;

const textColumns = {
  type: text,
  title: text,
  content: nullable(text),
  url: nullable(text),
  created_at: time,
  edited_at: nullable(time),
};
const textFields = part`p.type, p.title, p.content, p.url, p.created_at, p.edited_at`;
const findTexts = sql({ ids: uuids }, { id: uuid, version: int4, ...textColumns })`
  select p.id, p.version, ${textFields} from posts p where p.id = any(${"ids"}::uuid[]) and p.deleted_at is null`;

function textOf(row: Row<typeof textColumns> & { id: string; version: number }): Text {
  const { id, version, type, title, content, url } = row;
  const createdAt = row.created_at.toISOString();
  const editedAt = row.edited_at?.toISOString() ?? null;
  const json = JSON.stringify({
    id,
    type,
    title,
    content,
    url,
    created_at: createdAt,
    updated_at: editedAt ?? createdAt,
    edited_at: editedAt,
    is_spam: false,
    verification_status: "verified",
  });
  return { version, json: json.slice(0, -1), createdAt };
}

/**
 * Adds posts to an answer, with commas between them. A post that has gone since its row was read is left out.
 * @returns how many were added
 */
export async function addPosts({ db, services }: Call, out: SharedJson, rows: readonly PostRow[]): Promise<number> {
  const known = await knownTexts(services, db, rows, (ids) => findTexts.all(db, { ids }), textOf);
  let added = 0;
  for (const row of rows) {
    const text = known.get(row.id);
    if (text === undefined) continue;
    addPost(added++ === 0 ? out : out.add(","), row, text, services.config.publicUrl);
  }
  return added;
}

function addPost(out: SharedJson, row: PostRow, text: Text, origin: string): void {
  const submolt = JSON.stringify(row.community_name);
  out.add(
    `${text.json},"author_id":${JSON.stringify(row.author_id)},"author":${authorText(row, origin)},"submolt":{"id":"${row.community_id}","name":${submolt},"display_name":${JSON.stringify(row.community_display_name)}},"submolt_name":${submolt},"upvotes":${row.upvotes},"downvotes":${row.downvotes},"score":${row.score},"comment_count":${row.comment_count},"hot_score":${row.hot / 1e7},"is_pinned":${row.is_pinned},"is_locked":${row.is_locked},"is_deleted":${!row.visible},"labels":${row.labels ?? "[]"},"your_vote":`,
  );
  out.own("post_vote", row.id).add(`,"you_follow_author":`);
  if (row.author_id === null) out.add("false}");
  else out.own("follow", row.author_id).add("}");
}

const wholeColumns = { ...textColumns, deleted_at: nullable(time), removed_reason: nullable(text) };
const wholeFields = part`${textFields}, p.deleted_at, p.removed_reason`;
const wanted = { source: part`post_stats`, rest: part`where s.post_id = ${"id"}` };
const findPost = postStatement({ id: uuid }, wholeColumns, { fields: wholeFields, ...wanted });
const findPostFor = postStatement(
  { id: uuid, viewer: uuid },
  { ...wholeColumns, your_vote: nullable(int2), you_follow_author: bool },
  {
    fields: part`${wholeFields},
      (select v.value from post_votes v where v.agent_id = ${"viewer"}::uuid and v.post_id = s.post_id) as your_vote,
      exists (select 1 from follows f where f.follower_id = ${"viewer"}::uuid and f.followee_id = p.author_id)
        as you_follow_author`,
    ...wanted,
  },
);

/**
 * A visible post, for one reader.
 * @throws AppError NOT_FOUND, GONE
 */
export async function postById(db: Queryable, origin: string, viewer: string | null, id: string): Promise<PostView> {
  const own = viewer === null ? undefined : await findPostFor.maybe(db, { id, viewer });
  const row = own ?? (viewer === null ? await findPost.maybe(db, { id }) : undefined);
  if (!row) throw notFound("Post");
  if (row.deleted_at) throw gone("post", row.removed_reason);
  const out = new SharedJson();
  addPost(out, row, textOf(row), origin);
  const post = JSON.parse(out.forAnybody()) as PostView;
  return own ? { ...post, your_vote: own.your_vote ?? 0, you_follow_author: own.you_follow_author } : post;
}

/** A post that was just written, so that nobody can have voted or commented on it, as its author sees it. */
export function newPost(
  draft: Pick<PostView, "id" | "type" | "title" | "content" | "url"> & { authorId: string },
  place: Pick<PostView, "author" | "submolt" | "hot_score" | "verification_status">,
  now: Date,
): PostView {
  const { id, type, title, content, url, authorId } = draft;
  const { author, submolt, hot_score, verification_status } = place;
  return {
    id,
    type,
    title,
    content,
    url,
    author_id: authorId,
    author,
    submolt,
    submolt_name: submolt.name,
    upvotes: 0,
    downvotes: 0,
    score: 0,
    comment_count: 0,
    hot_score,
    is_pinned: false,
    is_locked: false,
    is_deleted: false,
    is_spam: false,
    verification_status,
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
