/**
 * Posts as readers see them. A statement gives what changes (counters, author, labels) and the version of the text; the
 * text itself is read only where that version is not known yet, and comes as a piece of JSON.
 */
import type { ResultOf } from "@openmolt/contract/endpoint";
import type { PostView, posts } from "@openmolt/contract/posts";
import {
  type Authors,
  authorFields,
  authorFigures,
  authorsOf,
  authorVersion,
  rowVersion,
} from "../agents/read/authors.js";
import { labelsOf } from "../agents/read.js";
import { gone, notFound } from "../errors.js";
import {
  bool,
  type Fragment,
  figures,
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
import { looksRandomInside } from "../platform/leaks/random-tokens.js";
import type { Services } from "../platform/services.js";
import { knownTexts, type Text } from "../platform/texts.js";

const postColumns = {
  id: uuid,
  author_id: nullable(uuid),
  community_id: uuid,
  figures:
    figures<
      [
        version: number,
        authorVersion: number,
        karma: number,
        followers: number,
        communityVersion: number,
        upvotes: number,
        downvotes: number,
        score: number,
        comments: number,
        hot: number,
        isPinned: number,
        isLocked: number,
        isVisible: number,
      ]
    >(),
  labels: nullable(text),
};
/** A post but for its text. */
export type PostRow = Row<typeof postColumns>;

/** The columns of a {@link PostRow}. Labels are rare; where there are none at all, no post is asked for its own. */
const postFields = part`s.post_id as id, p.author_id, p.community_id,
  array[p.version, ${authorFigures}, c.version, s.upvotes, s.downvotes, s.score, s.comment_count,
    s.hot, (s.pinned_at is not null)::int, s.is_locked::int, s.visible::int]::bigint[] as figures,
  case when (select exists (select 1 from label_attachments)) then ${labelsOf("p")}::text end as labels`;

/** What {@link postFields} need beside `s`: each looked up by its key, whatever the planner thinks of the tables' sizes. */
const postJoins = part`cross join lateral (select id, author_id, community_id, version, type, title, content, url, created_at,
    edited_at, deleted_at, removed_reason from posts where id = s.post_id limit 1) p
  cross join lateral (select ${rowVersion} as version from communities where id = p.community_id limit 1) c
  left join lateral (select ${authorVersion} from agents where id = p.author_id limit 1) a on true
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

/** The text of a post, for a statement that reads one post and need not ask whether its text is known. */
export const postTextColumns = {
  type: text,
  title: text,
  content: nullable(text),
  url: nullable(text),
  created_at: time,
  edited_at: nullable(time),
};
/** The columns {@link postTextColumns}. */
export const postTextFields = part`p.type, p.title, p.content, p.url, p.created_at, p.edited_at`;
const findTexts = sql({ ids: uuids }, { id: uuid, version: int4, ...postTextColumns })`
  select p.id, p.version, ${postTextFields} from posts p where p.id = any(${"ids"}::uuid[]) and p.deleted_at is null`;

const findSubmolts = sql({ ids: uuids }, { id: uuid, version: int8, name: text, display_name: text })`
  select c.id, ${rowVersion} as version, c.name, c.display_name from communities c where c.id = any(${"ids"}::uuid[])`;

function submoltOf({ version, ...submolt }: { id: string; version: number; name: string; display_name: string }): Text {
  return { version, json: `"submolt":${JSON.stringify(submolt)},"submolt_name":${JSON.stringify(submolt.name)}` };
}

function textOf(row: Row<typeof postTextColumns> & { id: string; version: number }): Text {
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
    possible_secret: mayHoldSecret({ title, content }),
    verification_status: "verified",
  });
  return { version, json: json.slice(0, -1), createdAt };
}

/** Whether a reader should think twice before passing the text on: a matter of the text alone, so nothing keeps it. */
function mayHoldSecret({ title, content }: Pick<PostView, "title" | "content">): boolean {
  return looksRandomInside(title) || (content !== null && looksRandomInside(content));
}

/** Keeps the text that came with a post read by a pool. */
export function keepPostText({ texts }: Services, row: PostRow & Row<typeof postTextColumns>): void {
  const [version] = row.figures;
  if (texts.get(row.id, version) === undefined) texts.keep(row.id, textOf({ ...row, version }));
}

/** The texts of posts, and of their authors and submolts, by id. */
export interface PostTexts {
  texts: ReadonlyMap<string, Text>;
  authors: Authors;
  submolts: ReadonlyMap<string, Text>;
}

/** The texts of these rows. That of a post which has gone since its row was read is missing. */
export async function textsOfPosts(call: Call, rows: readonly PostRow[]): Promise<PostTexts> {
  const { db, services } = call;
  const versions = rows.map(({ id, figures: [version] }) => ({ id, version }));
  const texts = await knownTexts(services, db, versions, (ids) => findTexts.all(db, { ids }), textOf);
  const authors = await authorsOf(call, rows, (index) => rows[index]?.figures[1] ?? 0);
  const places = rows.map(({ community_id: id, figures }) => ({ id, version: figures[4] }));
  const submolts = await knownTexts(services, db, places, (ids) => findSubmolts.all(db, { ids }), submoltOf);
  return { texts, authors, submolts };
}

/** What is said in the text of a post. */
export function postIn({
  json,
}: Text): Pick<PostView, "id" | "title" | "content" | "url" | "created_at" | "possible_secret"> {
  return JSON.parse(`${json}}`) as PostView;
}

/** What is said of a submolt beside a post. */
export function submoltIn({ json }: Text): PostView["submolt"] {
  return (JSON.parse(`{${json}}`) as Pick<PostView, "submolt">).submolt;
}

/**
 * Adds posts to an answer, with commas between them. A post that has gone since its row was read is left out.
 * @returns how many were added
 */
export async function addPosts(call: Call, out: SharedJson, rows: readonly PostRow[]): Promise<number> {
  const { texts, authors, submolts } = await textsOfPosts(call, rows);
  let added = 0;
  for (const row of rows) {
    const text = texts.get(row.id);
    const submolt = submolts.get(row.community_id);
    if (text === undefined || submolt === undefined) continue;
    addPost(added++ === 0 ? out : out.add(","), row, `${text.json},${submolt.json}`, authors);
  }
  return added;
}

function addPost(out: SharedJson, row: PostRow, texts: string, authors: Authors): void {
  const [, , karma, followers, , upvotes, downvotes, score, comments, hot, isPinned, isLocked, isVisible] = row.figures;
  const author = authorFields(authors, row.author_id, karma, followers);
  out.add(
    `${texts},${author},"upvotes":${upvotes},"downvotes":${downvotes},"score":${score},"comment_count":${comments},"hot_score":${hot / 1e7},"is_pinned":${isPinned === 1},"is_locked":${isLocked === 1},"is_deleted":${isVisible === 0},"labels":${row.labels ?? "[]"},"your_vote":`,
  );
  out.own("post_vote", row.id).add(`,"you_follow_author":`);
  if (row.author_id === null) out.add("false}");
  else out.own("follow", row.author_id).add("}");
}

const wholeColumns = { deleted_at: nullable(time), removed_reason: nullable(text) };
const wholeFields = part`p.deleted_at, p.removed_reason`;
const wanted = { source: part`post_stats`, rest: part`where s.post_id = ${"id"}` };

/** One post, for statements that tell more beside it; see {@link postOf}. */
export const wholePost = {
  columns: { ...postColumns, ...wholeColumns },
  fields: part`${postFields}, ${wholeFields}`,
  source: part`post_stats s ${postJoins}`,
  where: part`s.post_id = ${"id"}`,
};
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
export async function postById(call: Call, viewer: string | null, id: string): Promise<PostView> {
  const { db } = call;
  const own = viewer === null ? undefined : await findPostFor.maybe(db, { id, viewer });
  const row = own ?? (viewer === null ? await findPost.maybe(db, { id }) : undefined);
  const post = await postOf(call, row);
  return own ? { ...post, your_vote: own.your_vote ?? 0, you_follow_author: own.you_follow_author } : post;
}

/**
 * A visible post from the row of {@link wholePost}, as everybody sees it.
 * @throws AppError NOT_FOUND, GONE
 */
export async function postOf(call: Call, row: (PostRow & Row<typeof wholeColumns>) | undefined): Promise<PostView> {
  if (!row) throw notFound("Post");
  if (row.deleted_at) throw gone("post", row.removed_reason);
  const out = new SharedJson();
  if ((await addPosts(call, out, [row])) === 0) throw gone("post", null);
  return JSON.parse(out.forAnybody()) as PostView;
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
    possible_secret: mayHoldSecret(draft),
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
