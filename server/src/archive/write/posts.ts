/** Imported posts: rows, counters, rank, search documents and events of a batch, in one transaction. */
import { lockAgent } from "../../agents/write.js";
import { AppError } from "../../errors.js";
import { jsonb, type Queryable, sql, uuid, uuids } from "../../platform/db.js";
import { digestOf, newSalt } from "../../platform/digest.js";
import { nameId } from "../../platform/ids.js";
import { SYSTEM } from "../../platform/transaction.js";
import { assertPostable, hotRank, postContent } from "../../posts/rules.js";
import { documentOf, fold } from "../../search/rules/words.js";
import type { PostLine } from "../rules/lines.js";
import { fingerprint } from "../rules/read-line.js";
import { attach } from "./attach.js";
import { countForAuthors, holdAuthors } from "./authors.js";
import type { Placed } from "./lines.js";
import { NAMESPACE } from "./namespace.js";
import { recordImports } from "./record.js";
import { FALLBACK, type Listener } from "./survey.js";
import { together } from "./turns.js";
import { keepVersions } from "./versions.js";

const findKnown = sql({ ids: uuids }, { id: uuid })`select id from posts where id = any(${"ids"})`;
const insertPosts = sql({ rows: jsonb }, {})`
  insert into posts (id, author_id, community_id, type, title, content, url, version, salt, created_at, edited_at)
  select r.id, r.author_id, r.community_id, r.type, r.title, r.content, r.url, r.version, decode(r.salt, 'hex'),
    r.created_at, r.edited_at
  from json_to_recordset(${"rows"}::json) as r(id uuid, author_id uuid, community_id uuid, type text, title text, content text,
    url text, version integer, salt text, created_at timestamptz, edited_at timestamptz)`;
const insertStats = sql({ rows: jsonb }, {})`
  insert into post_stats (post_id, community_id, author_id, created_at, upvotes, downvotes, score, comment_count, hot,
    imported_upvotes, imported_downvotes, imported_comments, pinned_at, is_locked)
  select r.id, r.community_id, r.author_id, r.created_at, r.upvotes, r.downvotes, r.upvotes - r.downvotes, r.comments,
    r.hot, r.upvotes, r.downvotes, r.comments, r.pinned_at, r.is_locked
  from json_to_recordset(${"rows"}::json) as r(id uuid, community_id uuid, author_id uuid, created_at timestamptz,
    upvotes integer, downvotes integer, comments integer, hot bigint, pinned_at timestamptz, is_locked boolean)`;
const insertDocuments = sql({ rows: jsonb }, {})`
  insert into search_documents (id, kind, community_id, author_id, created_at, tsv, title_key)
  select r.id, 'post', r.community_id, r.author_id, r.created_at, r.document::tsvector, r.title_key
  from json_to_recordset(${"rows"}::json) as r(id uuid, community_id uuid, author_id uuid, created_at timestamptz,
    document text, title_key text)`;
const countForCommunities = sql({ rows: jsonb }, {})`
  with added as (select r.community_id, count(*)::int as posts, max(r.created_at) as last
      from json_to_recordset(${"rows"}::json) as r(community_id uuid, created_at timestamptz) group by 1),
    held as materialized (select s.community_id from community_stats s
      where s.community_id in (select community_id from added) order by s.community_id for update)
  update community_stats s set post_count = s.post_count + added.posts,
    last_activity_at = greatest(s.last_activity_at, added.last)
  from held join added using (community_id) where s.community_id = held.community_id`;

/** Where names lead. */
export interface Directory {
  agents: ReadonlyMap<string, string>;
  submolts: ReadonlyMap<string, string>;
}

/** A post with all that can be computed before the database is asked. */
export interface ReadyPost {
  id: string;
  line: Placed<PostLine>;
  authorId: string | null;
  communityId: string;
  type: string;
  url: string | null;
  /** What had to be left out, one sentence. */
  note: string | null;
  salt: string;
  digest: string;
  document: string;
  titleKey: string;
}

/** Makes a line ready; no database is needed. */
export function preparePost(line: Placed<PostLine>, { agents, submolts }: Directory): ReadyPost {
  const communityId = submolts.get((line.submolt ?? FALLBACK).toLowerCase()) ?? submolts.get(FALLBACK);
  if (communityId === undefined) throw new Error(`There is no submolt ${FALLBACK}`);
  const post = {
    id: line.id ?? nameId(NAMESPACE, fingerprint(line)),
    line,
    authorId: line.author === null ? null : (agents.get(line.author) ?? null),
    communityId,
    salt: line.salt ?? newSalt().toString("hex"),
    document: documentOf(line.title, line.content ?? ""),
    titleKey: fold(line.title),
    ...addressOf(line),
  };
  return { ...post, digest: digestOfPost(post) };
}

function digestOfPost(post: Omit<ReadyPost, "digest">): string {
  const { id, authorId, communityId, type, url, salt, line } = post;
  const { title, content, createdAt } = line;
  const covered = postContent({ id, authorId, communityId, type, title, content, url, createdAt });
  return digestOf(covered, Buffer.from(salt, "hex")).toString("hex");
}

/**
 * Imports one batch in the caller's transaction; posts that are here already, even deleted since, stay as they are.
 * @returns how many are new
 */
export async function importPosts(tx: Queryable, batch: readonly ReadyPost[], { note }: Listener): Promise<number> {
  const present = await holdAuthors(tx, batch);
  await lockAgent(tx, SYSTEM);
  const here = new Set((await findKnown.all(tx, { ids: batch.map(({ id }) => id) })).map(({ id }) => id));
  const posts = batch.flatMap((ready) => {
    if (here.has(ready.id)) return [];
    here.add(ready.id);
    if (ready.note !== null) note(ready.note);
    if (ready.authorId === null || present.has(ready.authorId)) return ready;
    const orphan = { ...ready, authorId: null };
    return { ...orphan, digest: digestOfPost(orphan) };
  });
  if (posts.length === 0) return 0;
  const written = posts.map(({ authorId, line }) => ({
    author_id: authorId,
    score: line.upvotes - line.downvotes,
    created_at: line.createdAt,
  }));
  await together([
    insertPosts.run(tx, { rows: JSON.stringify(posts.map(rowOf)) }),
    insertStats.run(tx, { rows: JSON.stringify(posts.map(statsOf)) }),
    insertDocuments.run(tx, { rows: JSON.stringify(posts.map(documentRow)) }),
    keepVersions(
      tx,
      "post",
      posts.map(({ id, line: { versions } }) => ({ id, versions })),
    ),
    attach(
      tx,
      "post",
      posts.flatMap(({ id, line: { labels } }) => labels.map((label) => ({ ...label, targetId: id }))),
    ),
    countForCommunities.run(tx, {
      rows: JSON.stringify(
        posts.map(({ communityId, line }) => ({ community_id: communityId, created_at: line.createdAt })),
      ),
    }),
    countForAuthors(tx, "post", written),
    recordImports(
      tx,
      posts.map(({ id, authorId, communityId, digest, line }) => ({
        kind: "post",
        id,
        authorId,
        postId: id,
        communityId,
        version: line.version,
        digest,
        occurredAt: line.createdAt,
      })),
    ),
  ]);
  return posts.length;
}

const rowOf = ({ id, authorId, communityId, type, url, salt, line }: ReadyPost) => ({
  id,
  author_id: authorId,
  community_id: communityId,
  type,
  title: line.title,
  content: line.content,
  url,
  version: line.version,
  salt,
  created_at: line.createdAt,
  edited_at: line.editedAt,
});
const statsOf = ({ id, authorId, communityId, line }: ReadyPost) => ({
  id,
  author_id: authorId,
  community_id: communityId,
  created_at: line.createdAt,
  upvotes: line.upvotes,
  downvotes: line.downvotes,
  comments: line.comments,
  hot: hotRank(line.upvotes - line.downvotes, line.createdAt),
  pinned_at: line.pinnedAt,
  is_locked: line.isLocked,
});
const documentRow = ({ id, authorId, communityId, document, titleKey, line }: ReadyPost) => ({
  id,
  author_id: authorId,
  community_id: communityId,
  created_at: line.createdAt,
  document,
  title_key: titleKey,
});

/** An address nobody may post here is left out, and that is told. */
function addressOf({ url, type, at }: Placed<PostLine>): { url: string | null; type: string; note: string | null } {
  if (url === null) return { url, type: "text", note: null };
  try {
    return { url, type: assertPostable({ url, ...(type === null ? {} : { type }) }), note: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const note = `${at.file} line ${at.line}: its url is left out: ${error.message}`;
    return { url: null, type: "text", note };
  }
}
