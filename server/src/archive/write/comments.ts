/** Imported comments: each under its post and below its parent; what the post counted already is not counted twice. */
import { MAX_DEPTH } from "@openmolt/contract/limits";
import { lockAgent } from "../../agents/write.js";
import { commentContent } from "../../comments/rules.js";
import { bool, int2, jsonb, type Queryable, sql, uuid, uuids } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { nameId } from "../../platform/ids.js";
import { SYSTEM } from "../../platform/transaction.js";
import { documentOf } from "../../search/rules/words.js";
import type { CommentLine } from "../rules/lines.js";
import { fingerprint } from "../rules/read-line.js";
import { countForAuthors, holdAuthors } from "./authors.js";
import type { Placed } from "./lines.js";
import { NAMESPACE } from "./namespace.js";
import type { Directory } from "./posts.js";
import { recordImports } from "./record.js";
import type { Listener } from "./survey.js";
import { together } from "./turns.js";
import { keepVersions } from "./versions.js";

const holdPosts = sql({ ids: uuids }, { post_id: uuid, community_id: uuid, visible: bool })`
  select post_id, community_id, visible from post_stats where post_id = any(${"ids"}) order by post_id for update`;
const findPlaces = sql({ ids: uuids }, { id: uuid, post_id: uuid, root_id: uuid, depth: int2, visible: bool })`
  select c.id, c.post_id, c.root_id, c.depth, s.visible from comments c join comment_stats s on s.comment_id = c.id
  where c.id = any(${"ids"}) order by c.id for update of s`;
const insertComments = sql({ rows: jsonb }, {})`
  insert into comments (id, post_id, parent_id, root_id, author_id, depth, content, version, salt, created_at, edited_at,
    deleted_at, removed_reason)
  select r.id, r.post_id, r.parent_id, r.root_id, r.author_id, r.depth, r.content, r.version, decode(r.salt, 'hex'),
    r.created_at, r.edited_at, r.deleted_at, r.removed_reason
  from json_to_recordset(${"rows"}::json) as r(id uuid, post_id uuid, parent_id uuid, root_id uuid, author_id uuid,
    depth smallint, content text, version integer, salt text, created_at timestamptz, edited_at timestamptz,
    deleted_at timestamptz, removed_reason text)`;
const insertStats = sql({ rows: jsonb }, {})`
  insert into comment_stats (comment_id, post_id, parent_id, root_id, author_id, created_at, visible, upvotes, downvotes,
    score, imported_upvotes, imported_downvotes)
  select r.id, r.post_id, r.parent_id, r.root_id, r.author_id, r.created_at, r.deleted_at is null, r.upvotes, r.downvotes, r.score, r.upvotes,
    r.downvotes
  from json_to_recordset(${"rows"}::json) as r(id uuid, post_id uuid, parent_id uuid, root_id uuid, author_id uuid,
    created_at timestamptz, deleted_at timestamptz, upvotes integer, downvotes integer, score integer)`;
const insertDocuments = sql({ rows: jsonb }, {})`
  insert into search_documents (id, kind, community_id, author_id, created_at, tsv)
  select r.id, 'comment', r.community_id, r.author_id, r.created_at, r.document::tsvector
  from json_to_recordset(${"rows"}::json) as r(id uuid, community_id uuid, author_id uuid, created_at timestamptz, document text)`;
const countForPosts = sql({ rows: jsonb }, {})`
  with added as (select r.post_id, count(*)::int as comments, max(r.created_at) as last
      from json_to_recordset(${"rows"}::json) as r(post_id uuid, created_at timestamptz, deleted_at timestamptz)
      where r.deleted_at is null group by 1)
  update post_stats s set comment_count = s.comment_count + greatest(added.comments - s.imported_comments, 0),
    imported_comments = greatest(s.imported_comments - added.comments, 0),
    last_comment_at = greatest(s.last_comment_at, added.last)
  from added where s.post_id = added.post_id`;
const countForParents = sql({ rows: jsonb }, {})`
  with added as (select r.parent_id, count(*)::int as children, (count(*) filter (where r.deleted_at is null))::int as replies
      from json_to_recordset(${"rows"}::json) as r(parent_id uuid, deleted_at timestamptz)
      where r.parent_id is not null group by 1)
  update comment_stats s set reply_count = s.reply_count + added.replies, child_count = s.child_count + added.children
  from added where s.comment_id = added.parent_id`;

/** What became of a batch of comments. */
export interface CommentsImported {
  added: number;
  /** Those whose parent is not here yet. */
  waiting: ReadyComment[];
}

/** A comment with all that can be computed before the database is asked. */
export interface ReadyComment {
  id: string;
  line: Placed<CommentLine>;
  authorId: string | null;
  salt: string;
  digest: string;
  document: string;
}

/** Makes a line ready; no database is needed. */
export function prepareComment(line: Placed<CommentLine>, agents: Directory["agents"]): ReadyComment {
  const comment = {
    id: line.id ?? nameId(NAMESPACE, fingerprint(line)),
    line,
    authorId: line.author === null ? null : (agents.get(line.author) ?? null),
    salt: line.salt ?? newSalt().toString("hex"),
    document: line.deletedAt === null ? documentOf("", line.content) : "",
  };
  return { ...comment, digest: digestOfComment(comment) };
}

function digestOfComment({ id, authorId, salt, line }: Omit<ReadyComment, "digest">): string {
  const { postId, parentId, content, version, createdAt: writtenAt } = line;
  const covered = commentContent({ id, postId, parentId, authorId, content, version, writtenAt });
  return digestOf(covered, Buffer.from(salt, "hex")).toString("hex");
}

/** Where a comment stands in its thread. */
interface Place {
  post_id: string;
  root_id: string;
  depth: number;
}

/** Imports one batch in the caller's transaction; comments that are here already, even deleted since, stay as they are. */
export async function importComments(
  tx: Queryable,
  batch: readonly ReadyComment[],
  { refuse }: Listener,
): Promise<CommentsImported> {
  const present = await holdAuthors(tx, batch);
  await lockAgent(tx, SYSTEM);
  const held = await holdPosts.all(tx, { ids: [...new Set(batch.map(({ line }) => line.postId))] });
  const posts = new Map(held.map((post) => [post.post_id, post]));
  const parents = batch.flatMap(({ line: { parentId } }) => parentId ?? []);
  const found = await findPlaces.all(tx, { ids: [...new Set([...batch.map(({ id }) => id), ...parents])] });
  const places = new Map<string, Place>(found.map(({ id, ...place }) => [id, place]));
  const waiting: ReadyComment[] = [];
  const rows = batch.flatMap((ready) => {
    const { id, line } = ready;
    if (places.has(id)) return [];
    const { postId, parentId, at } = line;
    const skip = (problem: string): [] => {
      refuse(at, problem);
      return [];
    };
    const post = posts.get(postId);
    if (!post) return skip(`its post ${postId} is neither in the folder nor here`);
    if (!post.visible) return skip(`its post ${postId} is deleted here`);
    const parent = parentId === null ? null : places.get(parentId);
    if (parent === undefined) {
      waiting.push(ready);
      return [];
    }
    if (parent && parent.post_id !== postId) return skip("its parent is on another post");
    const place = { post_id: postId, root_id: parent?.root_id ?? id, depth: parent ? parent.depth + 1 : 0 };
    if (place.depth > MAX_DEPTH) return skip(`it is deeper than ${MAX_DEPTH} replies`);
    places.set(id, place);
    const isOrphan = ready.authorId !== null && !present.has(ready.authorId);
    const comment = isOrphan ? { ...ready, authorId: null } : ready;
    const digest = isOrphan ? digestOfComment(comment) : ready.digest;
    return { ...rowOf({ ...comment, digest }), ...place, community_id: post.community_id };
  });
  if (rows.length === 0) return { added: 0, waiting };
  const json = JSON.stringify(rows.map(({ versions: _, document: __, ...row }) => row));
  const shown = rows.filter(({ deleted_at: deletedAt }) => deletedAt === null);
  await together([
    insertComments.run(tx, { rows: json }),
    insertStats.run(tx, { rows: json }),
    insertDocuments.run(tx, { rows: JSON.stringify(shown.map(documentRow)) }),
    keepVersions(tx, "comment", rows),
    countForPosts.run(tx, { rows: json }),
    countForParents.run(tx, { rows: json }),
    countForAuthors(
      tx,
      "comment",
      shown.map(({ author_id, score, created_at }) => ({ author_id, score, created_at })),
    ),
    recordImports(
      tx,
      rows.map((row) => ({
        kind: "comment",
        id: row.id,
        authorId: row.author_id,
        postId: row.post_id,
        communityId: row.community_id,
        version: row.version,
        digest: row.digest,
        occurredAt: row.created_at,
      })),
    ),
  ]);
  return { added: rows.length, waiting };
}

const rowOf = ({ id, authorId, salt, digest, document, line }: ReadyComment) => ({
  id,
  parent_id: line.parentId,
  author_id: authorId,
  content: line.content,
  version: line.version,
  versions: line.versions,
  document,
  digest,
  upvotes: line.upvotes,
  downvotes: line.downvotes,
  score: line.upvotes - line.downvotes,
  salt: line.deletedAt === null ? salt : null,
  created_at: line.createdAt,
  edited_at: line.editedAt,
  deleted_at: line.deletedAt,
  removed_reason: line.removedReason,
});
const documentRow = (row: ReturnType<typeof rowOf> & { community_id: string }) => ({
  id: row.id,
  community_id: row.community_id,
  author_id: row.author_id,
  created_at: row.created_at,
  document: row.document,
});
