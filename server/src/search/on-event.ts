/** Keeps the search index at what is public now: outbox work writes or forgets documents, many in one statement. */

import type { OutboxRow, Reaction } from "../platform/background.js";
import { nullable, type Queryable, sql, text, texts, uuid, uuids } from "../platform/db.js";
import { documentOf, fold } from "./rules/words.js";

// Held until the documents are written: an edit that comes meanwhile waits and is indexed after these, never before.
const publicPosts = sql({ ids: uuids }, { id: uuid, title: text, content: nullable(text) })`
  select id, title, content from posts
  where id = any(${"ids"}::uuid[]) and deleted_at is null order by id for share`;
const publicComments = sql({ ids: uuids }, { id: uuid, content: text })`
  select c.id, c.content from comments c join posts p on p.id = c.post_id
  where c.id = any(${"ids"}::uuid[]) and c.deleted_at is null and p.deleted_at is null order by c.id for share of c, p`;
const writePosts = sql({ ids: uuids, documents: texts, title_keys: texts }, {})`
  insert into search_documents (id, kind, community_id, author_id, created_at, tsv, title_key)
  select p.id, 'post', p.community_id, p.author_id, p.created_at, d.document::tsvector, d.title_key
  from unnest(${"ids"}::uuid[], ${"documents"}::text[], ${"title_keys"}::text[]) as d(id, document, title_key)
  join posts p on p.id = d.id order by p.id
  on conflict (id) do update set author_id = excluded.author_id, tsv = excluded.tsv, title_key = excluded.title_key`;
const writeComments = sql({ ids: uuids, documents: texts }, {})`
  insert into search_documents (id, kind, community_id, author_id, created_at, tsv)
  select c.id, 'comment', p.community_id, c.author_id, c.created_at, d.document::tsvector
  from unnest(${"ids"}::uuid[], ${"documents"}::text[]) as d(id, document)
  join comments c on c.id = d.id join posts p on p.id = c.post_id order by c.id
  on conflict (id) do update set author_id = excluded.author_id, tsv = excluded.tsv`;
const forgetDocuments = sql({ ids: uuids }, {})`delete from search_documents where id = any(${"ids"}::uuid[])`;
const forgetThreads = sql({ ids: uuids }, {})`
  delete from search_documents where id in (select comment_id from comment_stats where post_id = any(${"ids"}::uuid[]))`;

/** Indexes what was published or changed; forgets what is gone, a post with its whole thread. */
export const index: Reaction = {
  kinds: ["post_published", "post_changed", "comment_published", "comment_changed"],
  react: async (tx, rows) => {
    const posts = subjectsOf(rows.filter(({ kind }) => kind.startsWith("post_")));
    const comments = subjectsOf(rows.filter(({ kind }) => kind.startsWith("comment_")));
    if (comments.length > 0) await indexComments(tx, comments);
    if (posts.length > 0) await indexPosts(tx, posts);
  },
};

function subjectsOf(rows: readonly OutboxRow[]): string[] {
  return [...new Set(rows.flatMap(({ subject_id: id }) => (id === null ? [] : [id])))];
}

async function indexPosts(tx: Queryable, ids: readonly string[]): Promise<void> {
  const found = await publicPosts.all(tx, { ids });
  await writePosts.run(tx, {
    ids: found.map(({ id }) => id),
    documents: found.map(({ title, content }) => documentOf(title, content ?? "")),
    title_keys: found.map(({ title }) => fold(title)),
  });
  const gone = missing(ids, found);
  if (gone.length === 0) return;
  await forgetDocuments.run(tx, { ids: gone });
  await forgetThreads.run(tx, { ids: gone });
}

async function indexComments(tx: Queryable, ids: readonly string[]): Promise<void> {
  const found = await publicComments.all(tx, { ids });
  await writeComments.run(tx, {
    ids: found.map(({ id }) => id),
    documents: found.map(({ content }) => documentOf("", content)),
  });
  const gone = missing(ids, found);
  if (gone.length > 0) await forgetDocuments.run(tx, { ids: gone });
}

function missing(ids: readonly string[], found: readonly { id: string }[]): string[] {
  const there = new Set(found.map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
}
